//! One type for several kinds of zippers: tables that are in memory, or seen below a prefix, in one list.
//!
//! `cargo run -p pathmap --example poly_zipper`

use pathmap::PathMap;
use pathmap::zipper::{
    PolyZipper, PrefixZipper, ReadZipperOwned, ReadZipperUntracked, ZipperIteration, ZipperMoving, ZipperValues,
};

#[derive(PolyZipper)]
enum Table<'trie, V: Clone> {
    Borrowed(ReadZipperUntracked<'trie, 'trie, V>),
    Owned(ReadZipperOwned<V>),
    Lowered(PrefixZipper<'trie, ReadZipperUntracked<'trie, 'trie, V>>),
}

fn main() {
    let prices = PathMap::from([("apple", 3), ("pear", 4)]);
    let tables = [
        Table::from(prices.read_zipper()),
        Table::from(PathMap::from([("plum", 5)]).into_read_zipper("")),
        Table::from(PrefixZipper::new(b"market/", prices.read_zipper())),
    ];
    for mut table in tables {
        let kind = match &table {
            Table::Borrowed(_) => "borrowed",
            Table::Owned(_) => "owned",
            Table::Lowered(_) => "lowered",
        };
        println!("{kind}: {} values", table.val_count());
        while table.to_next_val() {
            println!("  {} {:?}", table.path().escape_ascii(), table.val());
        }
    }
}
