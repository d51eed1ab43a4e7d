//! `mork-space viz FILE…`: the nodes of the trie, and what versions share.

use std::io::Write;
use std::path::PathBuf;

use mork_space::expr::Item;
use mork_space::{Expr, Pattern, Space};
use pathmap::PathMap;
use pathmap::inspect::Picture;
use pathmap::zipper::ZipperInfallibleSubtries;

use super::args::Drawing;
use super::units::count;
use super::{CliError, files, note};

/// So many nodes are more than anybody looks at.
pub const MANY: usize = 200;

pub fn run(paths: &[PathBuf], prefix: Option<&str>, format: Drawing, out: &mut impl Write) -> Result<(), CliError> {
    let prefix = prefix.map(|text| text.parse::<Pattern>().map_err(CliError::Pattern)).transpose()?;
    let prefix = prefix.as_ref().map_or(&[][..], |pattern| bound_bytes(pattern.as_expr()));
    let parts: Vec<_> = files::open_versions(paths)?.iter().map(|space| below(space, prefix)).collect();
    let picture = Picture::of(paths.iter().map(|path| path.display().to_string()).zip(&parts));
    match format {
        Drawing::Text => write!(out, "{picture}")?,
        Drawing::Dot => write!(out, "{}", picture.to_dot())?,
        Drawing::Svg => write!(out, "{}", picture.to_svg())?,
    }
    out.flush()?;
    let n_nodes = pathmap::inspect::Sharing::of(&parts).unique.nodes;
    if n_nodes > MANY {
        note(format_args!("{} nodes; --prefix draws a part of them", count(n_nodes)));
    }
    Ok(())
}

/// What follows a prefix in a space, sharing its nodes.
pub fn below(space: &Space, prefix: &[u8]) -> PathMap<()> {
    space.as_map().read_zipper_at_path(prefix).make_map()
}

/// The bytes of an expression before its first variable.
pub fn bound_bytes(expr: Expr<'_>) -> &[u8] {
    let bound = expr.items().map_while(|item| match item {
        Item::Arity(_) => Some(1),
        Item::Symbol(symbol) => Some(symbol.encoded().len()),
        Item::NewVar | Item::VarRef(_) => None,
    });
    &expr.bytes()[..bound.sum()]
}
