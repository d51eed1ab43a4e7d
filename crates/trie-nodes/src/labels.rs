//! The labels of one node, taken from either end.
//!
//! Reads the bytes of a node only, so that a walk can hold its links and values on other terms than its bytes: borrowed,
//! borrowed for change, or owned. What is taken says how many of these stand at it.
//!
//! Leaves to others: the links and values themselves, and the way down (`walk`).

use odrc::{NodeAlloc, Tag};

use crate::bridge::BRIDGE;
use crate::bytes::single;
use crate::cell_byte::{CELL_BYTE, cell_of};
use crate::dense_byte::{self, DENSE_BYTE};
use crate::line_list::Lines;
use crate::mask::{BitMask, ByteMask};
use crate::spot::View;

/// What has not been taken yet of a node whose bytes the caller holds.
#[derive(Clone)]
pub(crate) enum Labels {
    /// Nothing.
    Taken,
    /// Lines `lo..hi`, from byte `depth` on.
    Lines { lo: usize, hi: usize, depth: usize },
    /// The slots of a dense node.
    Slots { rest: ByteMask, children: ByteMask, with_value: ByteMask },
    /// The cells of a wide node, as bits. They have no bytes.
    Cells { rest: u16 },
    /// A run, from byte `depth` on.
    Run { depth: usize, has_value: bool, has_child: bool },
}

/// Takes a label: to append it to a path, or to see it where it stands.
pub(crate) trait Label<'b> {
    fn push(&mut self, b: u8);
    fn extend_from_slice(&mut self, label: &'b [u8]);
}

impl<'b> Label<'b> for Vec<u8> {
    #[inline]
    fn push(&mut self, b: u8) {
        self.push(b);
    }

    #[inline]
    fn extend_from_slice(&mut self, label: &'b [u8]) {
        self.extend_from_slice(label);
    }
}

/// A label, seen where it stands.
pub(crate) struct Seen<'a>(pub &'a [u8]);

impl<'a> Label<'a> for Seen<'a> {
    #[inline]
    fn push(&mut self, b: u8) {
        self.0 = single(b);
    }

    #[inline]
    fn extend_from_slice(&mut self, label: &'a [u8]) {
        self.0 = label;
    }
}

/// What stands at the end of a label.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    pub has_value: bool,
    pub has_child: bool,
}

/// What was left out at one end.
#[derive(Default)]
pub(crate) struct Skipped {
    pub n_values: usize,
    pub n_links: usize,
    /// Whether the label that is now at that end leads on to the key: it is a proper prefix of it and has a child.
    pub leads_on: bool,
}

impl Labels {
    /// All labels of a node with these bytes, values and links.
    #[inline]
    pub fn new(tag: Tag, bytes: &[u8], n_values: usize, n_links: usize) -> Self {
        match tag {
            DENSE_BYTE => {
                let (children, with_value) = dense_byte::masks(bytes);
                Self::Slots { rest: children | with_value, children, with_value }
            }
            CELL_BYTE => Self::Cells { rest: cells(bytes) },
            BRIDGE => Self::Run { depth: 0, has_value: n_values > 0, has_child: n_links > 0 },
            _ => Self::Lines { lo: 0, hi: usize::from(bytes[0]), depth: 0 },
        }
    }

    /// The labels of a view that is a part of a node.
    pub fn of_part<V, A: NodeAlloc>(view: View<'_, V, A>) -> Self {
        match view {
            View::Lines { lo, hi, depth, .. } => Self::Lines { lo: lo.into(), hi: hi.into(), depth: depth.into() },
            View::Bridge { node, depth } => {
                Self::Run { depth: depth.into(), has_value: !node.values().is_empty(), has_child: !node.links().is_empty() }
            }
            View::Dense { .. } | View::Cells { .. } => unreachable!("views of dense nodes are whole"),
            View::Empty => Self::Taken,
        }
    }

    pub fn is_taken(&self) -> bool {
        match *self {
            Self::Taken => true,
            Self::Lines { lo, hi, .. } => lo == hi,
            Self::Slots { rest, .. } => rest.is_empty_mask(),
            Self::Cells { rest } => rest == 0,
            Self::Run { .. } => false,
        }
    }

    /// Takes the first label, or the last one, and gives it to `path`.
    #[inline]
    pub fn take<'b, const FIRST: bool>(&mut self, bytes: &'b [u8], path: &mut impl Label<'b>) -> Option<Marks> {
        match self {
            Self::Taken => None,
            Self::Lines { lo, hi, depth } => {
                if lo == hi {
                    return None;
                }
                let line_idx = if FIRST { *lo } else { *hi - 1 };
                *(if FIRST { lo } else { hi }) = if FIRST { line_idx + 1 } else { line_idx };
                let lines = Lines::new(bytes);
                path.extend_from_slice(&lines.line(line_idx)[*depth..]);
                Some(Marks { has_value: lines.has_value(line_idx), has_child: lines.has_child(line_idx) })
            }
            Self::Slots { rest, children, with_value } => {
                let b = if FIRST { rest.take_first() } else { rest.take_last() }?;
                path.push(b);
                Some(Marks { has_value: with_value.test_bit(b), has_child: children.test_bit(b) })
            }
            Self::Cells { rest } => {
                if *rest == 0 {
                    return None;
                }
                *rest ^= if FIRST { *rest & rest.wrapping_neg() } else { 1 << rest.ilog2() };
                Some(Marks { has_value: false, has_child: true })
            }
            Self::Run { depth, has_value, has_child } => {
                path.extend_from_slice(&bytes[*depth..]);
                let marks = Marks { has_value: *has_value, has_child: *has_child };
                *self = Self::Taken;
                Some(marks)
            }
        }
    }

    /// Takes the first slots, if they are several and have values with nothing below.
    #[inline]
    pub fn take_leaves(&mut self) -> Option<ByteMask> {
        let Self::Slots { rest, children, .. } = self else { return None };
        let mut kept = *rest;
        let leaves = kept.take_before(children);
        leaves.has_several().then(|| {
            *rest = kept;
            leaves
        })
    }

    /// Leaves out what is less than `key`, which is not empty, up to a label that leads on to it.
    pub fn skip_below(&mut self, bytes: &[u8], key: &[u8]) -> Skipped {
        match self {
            Self::Taken => Skipped::default(),
            Self::Lines { lo, hi, depth } => {
                let lines = Lines::new(bytes);
                let (at, leads_on) = seek(&lines, *lo, *hi, *depth, key);
                let first = at - usize::from(leads_on);
                let (n_values, n_links) = lines.count(*lo..first);
                *lo = first;
                Skipped { n_values, n_links, leads_on }
            }
            Self::Slots { rest, children, with_value } => {
                let b = key[0];
                let leads_on = key.len() > 1 && rest.test_bit(b) && children.test_bit(b);
                let keeps_b = leads_on || key.len() == 1;
                let kept = rest.and(&if keeps_b { ByteMask::from_range(b..) } else { above(b) });
                let skipped = std::mem::replace(rest, kept).andn(&kept);
                skipped_slots(skipped, children, with_value, leads_on)
            }
            Self::Cells { rest } => {
                let cell = cell_of(key[0]);
                let skipped = *rest & ((1 << cell) - 1);
                *rest ^= skipped;
                Skipped { n_values: 0, n_links: skipped.count_ones() as usize, leads_on: *rest >> cell & 1 == 1 }
            }
            Self::Run { depth, has_child, .. } => {
                let run = &bytes[*depth..];
                let leads_on = run < key && *has_child && key.starts_with(run);
                if run < key && !leads_on { self.skip_run() } else { Skipped { leads_on, ..Skipped::default() } }
            }
        }
    }

    /// Leaves out what is not less than `key`, which is not empty.
    pub fn skip_from(&mut self, bytes: &[u8], key: &[u8]) -> Skipped {
        match self {
            Self::Taken => Skipped::default(),
            Self::Lines { lo, hi, depth } => {
                let lines = Lines::new(bytes);
                let (at, leads_on) = seek(&lines, *lo, *hi, *depth, key);
                let (n_values, n_links) = lines.count(at..*hi);
                *hi = at;
                Skipped { n_values, n_links, leads_on }
            }
            Self::Slots { rest, children, with_value } => {
                let b = key[0];
                let kept = rest.and(&if key.len() > 1 { ByteMask::from_range(..=b) } else { ByteMask::from_range(..b) });
                let skipped = std::mem::replace(rest, kept).andn(&kept);
                let leads_on = kept.test_bit(b) && children.test_bit(b);
                skipped_slots(skipped, children, with_value, leads_on)
            }
            Self::Cells { rest } => {
                let cell = cell_of(key[0]);
                let kept = *rest & (u16::MAX >> (15 - cell));
                let skipped = std::mem::replace(rest, kept) ^ kept;
                Skipped { n_values: 0, n_links: skipped.count_ones() as usize, leads_on: kept >> cell & 1 == 1 }
            }
            Self::Run { depth, has_child, .. } => {
                let run = &bytes[*depth..];
                if run >= key {
                    self.skip_run()
                } else {
                    Skipped { leads_on: *has_child && key.starts_with(run), ..Skipped::default() }
                }
            }
        }
    }

    fn skip_run(&mut self) -> Skipped {
        match std::mem::replace(self, Self::Taken) {
            Self::Run { has_value, has_child, .. } => {
                Skipped { n_values: has_value.into(), n_links: has_child.into(), leads_on: false }
            }
            _ => Skipped::default(),
        }
    }
}

/// The first of lines `lo..hi` that is not less than `key`, and whether the one before it leads on to that.
fn seek(lines: &Lines<'_>, lo: usize, hi: usize, depth: usize, key: &[u8]) -> (usize, bool) {
    let at = lines.lower_bound(lo, hi, depth, key);
    (at, at > lo && lines.has_child(at - 1) && key.starts_with(&lines.line(at - 1)[depth..]))
}

fn above(b: u8) -> ByteMask {
    b.checked_add(1).map_or(ByteMask::EMPTY, |next| ByteMask::from_range(next..))
}

fn skipped_slots(skipped: ByteMask, children: &ByteMask, with_value: &ByteMask, leads_on: bool) -> Skipped {
    Skipped { n_values: skipped.and(with_value).count_bits(), n_links: skipped.and(children).count_bits(), leads_on }
}

/// The cells in use, of a wide node's bytes.
fn cells(bytes: &[u8]) -> u16 {
    u16::from_le_bytes(*bytes.first_chunk().expect("a wide node has a mask"))
}
