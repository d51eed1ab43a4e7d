//! Pictures of the nodes of small maps: as text, for Graphviz, and as SVG.
//!
//! Each node is shown once, with a number and how many owners it has; a node with several arrows to it is shared. A node has one
//! row for each label in it, with the value at its end and the node below. For looking at a few dozen nodes: nothing is left out.

use std::collections::HashMap;
use std::fmt::{self, Debug, Write};

use trie_nodes::{NodeAlloc, NodeEnd, NodeShown, shown_nodes};

use crate::PathMap;

/// The nodes of some maps, to be drawn.
///
/// ```
/// use pathmap::{PathMap, inspect::Picture, zipper::*};
///
/// let part = PathMap::from([("x", 1), ("y", 2)]);
/// let mut map = PathMap::new();
/// map.write_zipper_at_path(b"left").graft_map(part.clone());
/// map.write_zipper_at_path(b"right").graft_map(part);
/// let picture = Picture::of([("map", &map)]);
/// assert_eq!(picture.to_string().matches("-> #2").count(), 2);
/// assert!(picture.to_dot().starts_with("digraph"));
/// assert!(picture.to_svg().ends_with("</svg>\n"));
/// ```
pub struct Picture {
    /// The names of the maps, and which node each begins with.
    maps: Vec<(String, Option<usize>)>,
    nodes: Vec<Node>,
}

/// A node as it is drawn.
struct Node {
    title: String,
    is_shared: bool,
    depth: usize,
    rows: Vec<Row>,
}

/// A label in a node, with the value at its end, and the node below it.
struct Row {
    text: String,
    below: Option<usize>,
}

impl Picture {
    /// The picture of some maps, each with a name. O(nodes and their bytes).
    ///
    /// ```
    /// use pathmap::{PathMap, inspect::Picture};
    ///
    /// let old = PathMap::from([("a", 1)]);
    /// let new = old.clone();
    /// let text = Picture::of([("old", &old), ("new", &new)]).to_string();
    /// assert!(text.starts_with("old -> #1\nnew -> #1\n#1 "));
    /// ```
    pub fn of<'a, N, V, A>(maps: impl IntoIterator<Item = (N, &'a PathMap<V, A>)>) -> Self
    where
        N: Into<String>,
        V: Debug + 'a,
        A: NodeAlloc + 'a,
    {
        let maps: Vec<_> = maps.into_iter().map(|(name, map)| (name.into(), map)).collect();
        let nodes = shown_nodes(maps.iter().map(|(_, map)| &*map.place));
        let numbers: HashMap<u64, usize> = nodes.iter().enumerate().map(|(idx, node)| (node.id, idx)).collect();
        let number_of = |id: Option<u64>| id.map(|id| numbers[&id]);
        let maps = maps.into_iter().map(|(name, map)| (name, number_of(map.place.top_id()))).collect();
        let nodes = nodes.iter().enumerate().map(|(idx, node)| Node::of(idx, node, number_of)).collect();
        Picture { maps, nodes }
    }

    /// A graph in the language of Graphviz; shared nodes are filled.
    ///
    /// ```
    /// use pathmap::{PathMap, inspect::Picture};
    ///
    /// let dot = Picture::of([("a \"map\"", &PathMap::from([("k", 1)]))]).to_dot();
    /// assert!(dot.contains(r#"m0 [shape=plaintext, label="a \"map\""]"#));
    /// ```
    pub fn to_dot(&self) -> String {
        let mut out = String::from("digraph nodes {\n  node [shape=record, fontname=monospace];\n");
        for (idx, (name, first)) in self.maps.iter().enumerate() {
            put(&mut out, format_args!("  m{idx} [shape=plaintext, label=\"{}\"];\n", quoted(name, "\"\\")));
            if let Some(first) = first {
                put(&mut out, format_args!("  m{idx} -> n{first};\n"));
            }
        }
        for (idx, node) in self.nodes.iter().enumerate() {
            let rows =
                node.rows.iter().enumerate().map(|(row, Row { text, .. })| format!("|<r{row}> {}\\l", quoted(text, "\"\\{}|<> ")));
            let style = if node.is_shared { ", style=filled, fillcolor=lightblue" } else { "" };
            let rows = rows.collect::<String>();
            put(&mut out, format_args!("  n{idx} [label=\"{{{}{rows}}}\"{style}];\n", quoted(&node.title, "\"\\{}|<>")));
            for (row, below) in node.rows.iter().enumerate().filter_map(|(row, end)| Some((row, end.below?))) {
                put(&mut out, format_args!("  n{idx}:r{row} -> n{below};\n"));
            }
        }
        out + "}\n"
    }

    /// A drawing by itself: nodes in rows by their depth, shared ones filled.
    ///
    /// ```
    /// use pathmap::{PathMap, inspect::Picture};
    ///
    /// let svg = Picture::of([("map", &PathMap::from([("<k>", 1)]))]).to_svg();
    /// assert!(svg.starts_with("<svg xmlns=") && svg.contains("&lt;k&gt;"));
    /// ```
    pub fn to_svg(&self) -> String {
        Drawing::of(self).into_svg(self)
    }
}

impl Node {
    fn of<V: Debug>(idx: usize, node: &NodeShown<'_, V>, number_of: impl Fn(Option<u64>) -> Option<usize>) -> Self {
        let (is_shared, owners) = (node.owners > 1, if node.owners == 1 { "owner" } else { "owners" });
        let title = format!("#{} {}, {} bytes, {} {owners}", idx + 1, node.kind, node.bytes, node.owners);
        let rows = node.ends.iter().map(|end| Row { text: row_text(end), below: number_of(end.child) }).collect();
        Node { title, is_shared, depth: node.depth, rows }
    }
}

fn row_text<V: Debug>(end: &NodeEnd<'_, V>) -> String {
    let label = format!("\"{}\"", end.label.escape_ascii());
    match end.val {
        Some(val) => format!("{label} = {val:?}"),
        None if end.child.is_none() => format!("{label} dangling"),
        None => label,
    }
}

impl fmt::Display for Picture {
    /// As text: the maps, then each node with its rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, first) in &self.maps {
            match first {
                Some(first) => writeln!(f, "{name} -> #{}", first + 1)?,
                None => writeln!(f, "{name} is empty")?,
            }
        }
        for node in &self.nodes {
            writeln!(f, "{}{}", node.title, if node.is_shared { " (shared)" } else { "" })?;
            for row in &node.rows {
                match row.below {
                    Some(below) => writeln!(f, "    {} -> #{}", row.text, below + 1)?,
                    None => writeln!(f, "    {}", row.text)?,
                }
            }
        }
        Ok(())
    }
}

/// Sizes in pixels: a character, a line of text, and the space around boxes.
const CHAR: usize = 8;
const LINE: usize = 18;
const GAP: usize = 40;

/// Where the boxes of a picture are.
struct Drawing {
    /// Left, top, width and height of each node's box.
    boxes: Vec<[usize; 4]>,
    width: usize,
    height: usize,
}

impl Drawing {
    fn of(picture: &Picture) -> Self {
        let mut boxes = vec![[0; 4]; picture.nodes.len()];
        let names_width: usize = picture.maps.iter().map(|(name, _)| name.chars().count() * CHAR + GAP).sum();
        let (mut top, mut width) = (GAP + LINE, names_width);
        let n_levels = picture.nodes.iter().map(|node| node.depth + 1).max().unwrap_or(0);
        for depth in 0..n_levels {
            let (mut left, mut tallest) = (GAP / 2, 0);
            for (idx, node) in picture.nodes.iter().enumerate().filter(|(_, node)| node.depth == depth) {
                let texts = node.rows.iter().map(|row| &row.text).chain([&node.title]);
                let columns = texts.map(|text| text.chars().count()).max().unwrap_or(0);
                let (box_width, box_height) = ((columns + 2) * CHAR, (node.rows.len() + 1) * LINE + LINE / 2);
                boxes[idx] = [left, top, box_width, box_height];
                left += box_width + GAP / 2;
                tallest = tallest.max(box_height);
            }
            top += tallest + GAP;
            width = width.max(left);
        }
        Drawing { boxes, width, height: top }
    }

    fn into_svg(self, picture: &Picture) -> String {
        let (width, height) = (self.width, self.height);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"13\">\n"
        );
        out += "<defs><marker id=\"to\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"4\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";
        let mut left = GAP / 2;
        for (name, first) in &picture.maps {
            put_text(&mut out, left, LINE, name);
            first.iter().for_each(|first| self.put_arrow(&mut out, [left + CHAR, LINE + 4], *first));
            left += name.chars().count() * CHAR + GAP;
        }
        for (node, [left, top, width, height]) in picture.nodes.iter().zip(&self.boxes) {
            let fill = if node.is_shared { "#cde4f7" } else { "white" };
            put(
                &mut out,
                format_args!(
                    "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"4\" fill=\"{fill}\" stroke=\"black\"/>\n"
                ),
            );
            put_text(&mut out, left + CHAR, top + LINE, &node.title);
            for (row_idx, row) in node.rows.iter().enumerate() {
                let baseline = top + (row_idx + 2) * LINE;
                put_text(&mut out, left + CHAR, baseline, &row.text);
                row.below.iter().for_each(|below| self.put_arrow(&mut out, [left + width, baseline - LINE / 3], *below));
            }
        }
        out + "</svg>\n"
    }

    /// A line from a point to the top of a node's box.
    fn put_arrow(&self, out: &mut String, [from_x, from_y]: [usize; 2], to: usize) {
        let [left, top, width, _] = self.boxes[to];
        let to_x = left + width / 2;
        let bend = top.saturating_sub(GAP);
        put(
            out,
            format_args!(
                "<path d=\"M{from_x} {from_y}C{from_x} {top} {to_x} {bend} {to_x} {top}\" fill=\"none\" stroke=\"gray\" marker-end=\"url(#to)\"/>\n"
            ),
        );
    }
}

fn put_text(out: &mut String, x: usize, y: usize, text: &str) {
    let text: String = text.chars().map(escaped).collect();
    put(out, format_args!("<text x=\"{x}\" y=\"{y}\" xml:space=\"preserve\">{text}</text>\n"));
}

/// A character as XML has it; control characters, which XML does not have, as a mark.
fn escaped(c: char) -> String {
    match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => '\u{FFFD}'.to_string(),
        c => c.to_string(),
    }
}

/// A text in which some characters are led by a backslash.
fn quoted(text: &str, special: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out += "\\n",
            c => {
                if special.contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

fn put(out: &mut String, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all that is written");
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("maps", &self.maps).field("nodes", &self.nodes.len()).finish_non_exhaustive()
    }
}
