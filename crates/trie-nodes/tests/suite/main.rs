//! Every test of the crate but those in `deep.rs`: one program, so that what they share is compiled once.

mod common;

mod built;
mod census;
mod diff;
mod finger;
mod kinds;
mod mask;
mod model;
mod orders;
mod panics;
mod path;
mod ranges;
mod reconcile;
mod shown;
mod spots;
mod trail;
mod versions;
