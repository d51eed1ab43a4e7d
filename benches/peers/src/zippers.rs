//! Zippers and folds, which two of the peers have, in the same words for both.
//!
//! Each measure goes over a whole map or a whole product and returns something that must be the same for both, so that neither
//! leaves work out.

use std::hint::black_box;

use crate::data::Key;
use crate::peer::{Peer, Val};

/// What zippers are asked to do.
pub trait Zippers<V: Val>: Peer<V> {
    /// All locations `k` bytes deep.
    fn k_paths(&self, k: usize) -> usize;
    /// All locations `below` bytes below those `k` bytes deep.
    fn k_paths_nested(&self, k: usize, below: usize) -> usize;
    /// Down to each child and up again, one byte at a time.
    fn walk(&self) -> usize;
    fn steps(&self) -> usize;
    fn vals_read(&self) -> usize;
    /// With a zipper that may write: 0.3.5 iterates with owned ones only.
    fn vals_write(&mut self) -> usize;
    /// Consumes a clone.
    fn vals_owned(&self) -> usize;
    /// The value of each key, by moving there from the one before.
    fn visit(&self, keys: &[Key]) -> usize;
    /// A new map, its keys set by moving from one to the next.
    fn set_each(keys: &[Key]) -> Self;
    /// All steps of a product of the map with the others.
    fn product_steps(&self, others: &[Self]) -> usize;
    fn product_vals(&self, others: &[Self]) -> usize;
    fn product_walk(&self, others: &[Self]) -> usize;
    fn fold(&self) -> usize;
    fn fold_jumping(&self) -> usize;
    fn fold_cached(&self) -> usize;
}

macro_rules! zippers {
    ($krate:ident, $write:ident => $writer:expr) => {
        impl<V: Val> Zippers<V> for $krate::PathMap<V> {
            fn k_paths(&self, k: usize) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                let (mut zipper, mut n_bytes) = (self.read_zipper(), 0);
                let mut found = zipper.descend_first_k_path(k);
                while found {
                    n_bytes += black_box(zipper.path()).len();
                    found = zipper.to_next_k_path(k);
                }
                n_bytes
            }

            fn k_paths_nested(&self, k: usize, below: usize) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                let (mut zipper, mut n_bytes) = (self.read_zipper(), 0);
                let mut found = zipper.descend_first_k_path(k);
                while found {
                    let mut found_below = zipper.descend_first_k_path(below);
                    while found_below {
                        n_bytes += black_box(zipper.path()).len();
                        found_below = zipper.to_next_k_path(below);
                    }
                    found = zipper.to_next_k_path(k);
                }
                n_bytes
            }

            fn walk(&self) -> usize {
                use $krate::zipper::{Zipper, ZipperMoving};
                walk!($krate, self.read_zipper())
            }

            fn steps(&self) -> usize {
                use $krate::zipper::ZipperMoving;
                all!(self.read_zipper(), to_next_step)
            }

            fn vals_read(&self) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                all!(self.read_zipper(), to_next_val)
            }

            fn vals_write(&mut self) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                let $write = self;
                all!($writer, to_next_val)
            }

            fn vals_owned(&self) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                all!(self.clone().into_read_zipper(b""), to_next_val)
            }

            fn visit(&self, keys: &[Key]) -> usize {
                use $krate::zipper::{Zipper, ZipperMoving};
                let (mut zipper, mut n_vals) = (self.read_zipper(), 0);
                for key in keys {
                    zipper.move_to_path(key);
                    n_vals += usize::from(zipper.is_val());
                }
                n_vals
            }

            fn set_each(keys: &[Key]) -> Self {
                use $krate::zipper::{ZipperMoving, ZipperWriting};
                let mut map = Self::new();
                let mut zipper = map.write_zipper();
                for (n, key) in (0..).zip(keys) {
                    zipper.move_to_path(key);
                    black_box(zipper.set_val(V::of(n)));
                }
                drop(zipper);
                map
            }

            fn product_steps(&self, others: &[Self]) -> usize {
                use $krate::zipper::{ProductZipper, ZipperMoving};
                all!(ProductZipper::new(self.read_zipper(), others.iter().map(|map| map.read_zipper())), to_next_step)
            }

            fn product_vals(&self, others: &[Self]) -> usize {
                use $krate::zipper::{ProductZipper, ZipperIteration, ZipperMoving};
                all!(ProductZipper::new(self.read_zipper(), others.iter().map(|map| map.read_zipper())), to_next_val)
            }

            fn product_walk(&self, others: &[Self]) -> usize {
                use $krate::zipper::{ProductZipper, Zipper, ZipperMoving};
                walk!($krate, ProductZipper::new(self.read_zipper(), others.iter().map(|map| map.read_zipper())))
            }

            fn fold(&self) -> usize {
                use $krate::morphisms::Catamorphism;
                self.read_zipper().into_cata_side_effect(|_, below: &mut [usize], val, path| {
                    black_box(path);
                    below.iter().sum::<usize>() + usize::from(val.is_some())
                })
            }

            fn fold_jumping(&self) -> usize {
                use $krate::morphisms::Catamorphism;
                self.read_zipper().into_cata_jumping_side_effect(|_, below: &mut [usize], _, val, path| {
                    black_box(path);
                    below.iter().sum::<usize>() + usize::from(val.is_some())
                })
            }

            fn fold_cached(&self) -> usize {
                use $krate::morphisms::Catamorphism;
                self.read_zipper()
                    .into_cata_cached(|_, below: &mut [usize], val| below.iter().sum::<usize>() + usize::from(val.is_some()))
            }
        }
    };
}

/// Moves as long as that works, and sums up the lengths of the paths.
macro_rules! all {
    ($zipper:expr, $next:ident) => {{
        let (mut zipper, mut n_bytes) = ($zipper, 0);
        while zipper.$next() {
            n_bytes += black_box(zipper.path()).len();
        }
        n_bytes
    }};
}

/// Goes down to each child of each location and up again; returns the number of locations.
macro_rules! walk {
    ($krate:ident, $zipper:expr) => {{
        let mut zipper = $zipper;
        let (mut open, mut n_locations) = (vec![(zipper.child_mask(), None::<u8>)], 1);
        while let Some((mask, last)) = open.last_mut() {
            let next = match *last {
                None => mask.indexed_bit::<true>(0),
                Some(last) => mask.next_bit(last),
            };
            match next {
                Some(byte) => {
                    *last = Some(byte);
                    zipper.descend_to_byte(byte);
                    n_locations += 1;
                    open.push((zipper.child_mask(), None));
                }
                None => {
                    open.pop();
                    zipper.ascend_byte();
                }
            }
        }
        n_locations
    }};
}

zippers!(pathmap, map => map.write_zipper());
zippers!(registry_pathmap, map => map.clone().into_write_zipper(b""));
