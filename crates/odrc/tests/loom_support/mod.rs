//! What the models share: values that loom sees being read, written and dropped, small nodes of
//! them, and the check that nothing is left.

use loom::cell::UnsafeCell;
use odrc::testing::{Audit, Checked, both_ways};
use odrc::{Odrc, Room, Tag};

pub type Node = Odrc<Seen, Checked>;

/// A number in a cell of loom's: it fails the model when accesses are not ordered.
pub struct Seen(UnsafeCell<u32>);

#[expect(unsafe_code, reason = "loom checks what the compiler would")]
// SAFETY: written and dropped through exclusive access alone; loom fails the model otherwise.
unsafe impl Sync for Seen {}

#[expect(unsafe_code, reason = "loom's pointers to the cell are raw")]
impl Seen {
    pub fn new(n: u32) -> Self {
        Self(UnsafeCell::new(n))
    }

    pub fn get(&self) -> u32 {
        // SAFETY: loom has checked that no write is concurrent.
        self.0.with(|n| unsafe { *n })
    }

    pub fn set(&mut self, to: u32) {
        // SAFETY: loom has checked that no other access is concurrent.
        self.0.with_mut(|n| unsafe { *n = to });
    }
}

impl Clone for Seen {
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        // Silent while a failure unwinds, so that it is reported.
        if !std::thread::panicking() {
            self.0.with_mut(|_| ());
        }
    }
}

pub fn leaf(audit: &Audit, value: u32) -> Node {
    let room = Room { bytes: 1, links: 0, values: 1 };
    let mut leaf = Odrc::new_in(Tag::new(1), room, audit.handle());
    let mut unique = Odrc::get_unique(&mut leaf).unwrap();
    unique.bytes_mut()[0] = value as u8;
    unique.push_value(Seen::new(value));
    leaf
}

/// A node with one value, above one leaf.
pub fn two_levels(audit: &Audit) -> Node {
    let room = Room { bytes: 1, links: 1, values: 1 };
    let mut node = Odrc::new_in(Tag::new(2), room, audit.handle());
    let mut unique = Odrc::get_unique(&mut node).unwrap();
    unique.push_link(Some(leaf(audit, 1)));
    unique.push_value(Seen::new(2));
    node
}

pub fn below(node: &Node) -> &Node {
    node.links()[0].as_ref().unwrap()
}

/// The value of the leaf and that of the node.
pub fn read(node: &Node) -> (u32, u32) {
    (below(node).values()[0].get(), node.values()[0].get())
}

/// Explores every interleaving of a model; each must free every block and drop every handle.
pub fn explore(model: impl Fn(&Audit) + Copy + Send + Sync + 'static) {
    both_ways(|| {
        loom::model(move || {
            let audit = Audit::default();
            model(&audit);
            audit.assert_clean();
        });
    });
}
