//! What a journal asks of the disk, and the disk.
//!
//! Leaves to others: what is written and when it is synced (`durable`). What a crash may leave is in `tests::machine`, the stand-in
//! of the tests.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::JournalError;

/// The journal's own folder, and files in it.
///
/// What was written to a file is durable once that file was synced, and a name once names were. Before that a crash may leave any
/// part of it.
pub(super) trait Storage {
    /// A file that is open.
    type File;

    /// Opens a file, if there is one of that name, and answers what is in it.
    fn open(&mut self, name: &str) -> io::Result<Option<(Self::File, Vec<u8>)>>;

    /// A new file, in place of one that has the name.
    fn create(&mut self, name: &str) -> io::Result<Self::File>;

    fn append(&mut self, file: &mut Self::File, bytes: &[u8]) -> io::Result<()>;

    /// Takes away what comes after the first `len` bytes.
    fn cut(&mut self, file: &mut Self::File, len: u64) -> io::Result<()>;

    fn sync(&mut self, file: &mut Self::File) -> io::Result<()>;

    /// Gives a file another name, in place of the file that has it.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file, if there is one of that name.
    fn remove(&mut self, name: &str) -> io::Result<()>;

    fn sync_names(&mut self) -> io::Result<()>;
}

/// A folder that is ours as long as this is there.
pub(super) struct Disk {
    dir: PathBuf,
    /// Locked until it is closed, if only because the process has ended.
    _lock: File,
}

impl Disk {
    /// Takes possession of a folder, which is made if it is not there.
    pub(super) fn lock(dir: &Path) -> Result<Self, JournalError> {
        let made = fs::create_dir(dir);
        let is_there = made.as_ref().is_err_and(|error| error.kind() == ErrorKind::AlreadyExists);
        if !is_there {
            made?;
        }
        // Also if it is there: who made it may have been killed before this.
        match sync_folder(dir.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))) {
            // Others may have made it, where we may not look around.
            Err(error) if is_there && error.kind() == ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(dir.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Disk { dir: dir.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl Storage for Disk {
    type File = File;

    fn open(&mut self, name: &str) -> io::Result<Option<(File, Vec<u8>)>> {
        let mut file = match OpenOptions::new().read(true).write(true).open(self.dir.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some((file, bytes)))
    }

    fn create(&mut self, name: &str) -> io::Result<File> {
        File::create(self.dir.join(name))
    }

    fn append(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn cut(&mut self, file: &mut File, len: u64) -> io::Result<()> {
        file.set_len(len)?;
        file.seek(SeekFrom::Start(len)).map(drop)
    }

    fn sync(&mut self, file: &mut File) -> io::Result<()> {
        file.sync_data()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.dir.join(from), self.dir.join(to))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.dir.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn sync_names(&mut self) -> io::Result<()> {
        sync_folder(&self.dir)
    }
}

/// Makes the names in a folder durable. Only Unix has a call for that.
fn sync_folder(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
