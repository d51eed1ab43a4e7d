//! Every test of the crate but those in `deep.rs`: one program, so that what they share is compiled once.

mod common;

mod algebra;
mod anamorphism;
mod arena_compact;
mod claims;
mod combined;
mod crash;
mod folds;
mod heads;
mod in_order;
mod inspect;
mod map;
mod merkleization;
mod moves;
mod parallel;
mod paths;
mod ranges;
mod serde;
mod writes;
