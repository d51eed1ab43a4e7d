//! A mapped file shows what is in it.
// Miri maps no files.
#![cfg(not(any(loom, miri)))]

use std::io::Write;

use odrc::Mapped;

#[test]
fn a_mapped_file_is_its_bytes() -> std::io::Result<()> {
    let mut file = tempfile::tempfile()?;
    file.write_all(b"as it is on the disk")?;
    let mapped = Mapped::new(&file)?;
    assert_eq!(&*mapped, b"as it is on the disk");
    assert_eq!(mapped.as_ref(), b"as it is on the disk");
    Ok(())
}
