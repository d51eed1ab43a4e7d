//! A zipper of which nothing shows but its movements.

use pathmap::ByteMask;
use pathmap::zipper::*;

use super::Bits;

/// A zipper that has the primitives only, so that every provided method is tried, too.
#[derive(Clone)]
pub struct Plain<'a>(pub ReadZipperUntracked<'a, 'a, Bits>);

impl Zipper for Plain<'_> {
    fn path_exists(&self) -> bool {
        self.0.path_exists()
    }

    fn is_val(&self) -> bool {
        self.0.is_val()
    }

    fn child_count(&self) -> usize {
        self.0.child_count()
    }

    fn child_mask(&self) -> ByteMask {
        self.0.child_mask()
    }
}

impl ZipperMoving for Plain<'_> {
    fn path(&self) -> &[u8] {
        self.0.path()
    }

    fn val_count(&self) -> usize {
        self.0.val_count()
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.0.descend_to(path);
    }

    fn ascend(&mut self, n: usize) -> bool {
        self.0.ascend(n)
    }
}

impl ZipperAbsolutePath for Plain<'_> {
    fn origin_path(&self) -> &[u8] {
        self.0.origin_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        self.0.root_prefix_path()
    }
}

impl ZipperIteration for Plain<'_> {}

impl ZipperValues<Bits> for Plain<'_> {
    fn val(&self) -> Option<&Bits> {
        self.0.val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&Bits> {
        self.0.val_at(path)
    }
}

impl ZipperForking<Bits> for Plain<'_> {
    type ReadZipperT<'t>
        = ReadZipperUntracked<'t, 't, Bits>
    where
        Self: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        self.0.fork_read_zipper()
    }
}
