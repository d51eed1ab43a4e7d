//! Freeing a block and all below it that nothing else holds: no recursion, no allocation, no word
//! set aside for it in live blocks.
//!
//! The walk goes down through dead blocks by turning pointers round (Schorr and Waite, 1967): the
//! link through which it came to a child is taken out of the parent, and the freed slot remembers
//! the parent's own parent. The number of links still in a dead block says where it stands there.
//!
//! ```text
//!  before   A ──> B ──> C          at C   A <── B     C      (A's slot holds nothing: the root)
//! ```
//!
//! Invariants: `at` and every block on the way up from it are dead: the walk is their only owner.
//! Each handle moves with its pointer, and is dropped once, after its block is freed. A block
//! holds no links when its values are dropped, and no values when it is freed, so a panic leaves a
//! walk that can go on.

use std::mem::ManuallyDrop;

use crate::alloc::NodeAlloc;
use crate::block::SoleBlock;
use crate::shared::{Dead, Odrc};

/// Frees a block whose last handle has been released, and what only it kept alive.
///
/// Should dropping a value panic, everything else is still dropped and freed while that unwinds;
/// a second panic aborts, as it does in `Vec`.
#[cold]
#[inline(never)]
pub(crate) fn reclaim<V, A: NodeAlloc>(root: Dead<V, A>) {
    ask_below(&root);
    Walk { at: Some(root), above: None }.run();
}

struct Walk<V, A: NodeAlloc> {
    /// The dead block under work; none once all is freed.
    at: Option<Dead<V, A>>,
    /// The dead block above it; none at the root.
    above: Option<Dead<V, A>>,
}

impl<V, A: NodeAlloc> Walk<V, A> {
    fn run(&mut self) {
        while let Some(at) = &mut self.at {
            let block = content(at);
            match block.pop_link() {
                Some(link) => {
                    if let Some(child) = link.and_then(Odrc::release) {
                        ask_below(&child);
                        // Into the slot just emptied.
                        block.push_link(self.above.take().map(ManuallyDrop::into_inner));
                        self.above = self.at.replace(child);
                    }
                }
                None => {
                    block.drop_values();
                    self.free_and_go_up();
                }
            }
        }
    }

    /// Frees the empty block under work. The last link of the one above points further up.
    fn free_and_go_up(&mut self) {
        let mut above = self.above.take();
        if let Some(parent) = &mut above {
            self.above = content(parent).pop_link().flatten().map(ManuallyDrop::new);
        }
        let empty = std::mem::replace(&mut self.at, above);
        // SAFETY: dead blocks have one owner, this walk, which has just taken this one out.
        empty.into_iter().for_each(|dead| unsafe { Odrc::free(dead) });
    }
}

/// Asks for the counts of all children at once: each is released soon, which would else wait for one after another.
fn ask_below<V, A: NodeAlloc>(dead: &Dead<V, A>) {
    dead.links().iter().flatten().for_each(|child| child.prefetch_count());
}

/// The content of a dead block.
fn content<V, A: NodeAlloc>(dead: &mut Dead<V, A>) -> &mut SoleBlock<V, A> {
    // SAFETY: dead blocks have one owner, the walk.
    unsafe { dead.block.assume_sole() }
}

/// Carries on when a value's drop has panicked.
impl<V, A: NodeAlloc> Drop for Walk<V, A> {
    fn drop(&mut self) {
        self.run();
    }
}
