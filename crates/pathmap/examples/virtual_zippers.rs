//! Tries that are nowhere in memory: an overlay of defaults and settings, seen below a prefix, and the product of two vocabularies.
//!
//! `cargo run -p pathmap --example virtual_zippers`

use pathmap::PathMap;
use pathmap::zipper::{OverlayZipper, PrefixZipper, ProductZipper, ZipperIteration, ZipperMoving, ZipperProduct, ZipperValues};

fn main() {
    let defaults = PathMap::from([("color", "grey"), ("font", "serif"), ("width", "80")]);
    let settings = PathMap::from([("color", "green"), ("shell", "sh")]);
    let both = OverlayZipper::new(settings.read_zipper(), defaults.read_zipper());
    let mut config = PrefixZipper::new(b"user/", both);
    println!("{} settings", config.val_count());
    while config.to_next_val() {
        println!("{} = {}", config.path().escape_ascii(), config.val().unwrap_or(&""));
    }

    // Each adjective before each noun, without a map of all pairs.
    let adjectives: PathMap<()> = ["big ", "blue ", "small "].into_iter().map(|word| (word, ())).collect();
    let nouns: PathMap<()> = ["ball", "boat"].into_iter().map(|word| (word, ())).collect();
    let mut phrases = ProductZipper::new(adjectives.read_zipper(), [nouns.read_zipper()]);
    while phrases.to_next_val() {
        let Some(&seam) = phrases.path_indices().first() else { continue };
        if phrases.path().len() > seam {
            let (adjective, noun) = phrases.path().split_at(seam);
            println!("{}| {}", adjective.escape_ascii(), noun.escape_ascii());
        }
    }
}
