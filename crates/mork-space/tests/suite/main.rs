//! Every test of the crate: one program, so that what they share is compiled once.

mod bag;
mod codec;
mod command;
mod contexts;
mod errors;
mod exec;
mod files;
mod index;
mod keyed;
mod knowledge;
mod load;
mod parallel;
mod prolog;
mod query;
mod repl;
mod semantics;
mod space;
mod stats;
mod text;
mod versions;
