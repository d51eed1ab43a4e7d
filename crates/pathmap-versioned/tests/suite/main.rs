//! Every test of the crate but the models: one program, so that what they share is compiled once.

mod common;

mod concurrent;
mod crash;
mod diff;
mod graph;
mod history;
mod journal;
mod merge;
mod merge_corners;
mod overlay;
mod patch_bytes;
mod policy;
mod serialisable;
mod sharing;
mod snapshot;
mod transaction;
