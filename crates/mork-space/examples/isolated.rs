//! What if: many small worlds over one base, each with facts and removals of its own, one of them brought back.
//!
//! `cargo run -p mork-space --example isolated`

use mork_space::{IsolatedMORKSpace, Space};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut base = Space::new();
    base.load(b"(at key hall) (at lamp hall) (door hall cellar) (locked cellar)")?;

    // In each world something else is picked up; the base stays as it is.
    let mut worlds = vec![];
    for thing in ["key", "lamp"] {
        let mut world = IsolatedMORKSpace::new(&base);
        world.update(|space| space.remove_all(&format!("(at {thing} hall)").parse().expect("a pattern")));
        world.load(format!("(have {thing})").as_bytes())?;
        worlds.push(world);
    }
    for world in &worlds {
        let changes = world.changes();
        println!("{} facts: {} added, {} removed", world.space().len(), changes.added.len(), changes.removed.len());
    }
    assert_eq!(base.len(), 4);

    // Meanwhile the base moves on; the first world's changes are merged into what it is now.
    base.load(b"(dark cellar)")?;
    let merged = worlds[0].merge_into(&base);
    for fact in &merged {
        println!("{fact}");
    }
    assert!(merged.exists(&"(have key)".parse()?) && merged.exists(&"(dark cellar)".parse()?));
    assert!(!merged.exists(&"(at key hall)".parse()?));
    Ok(())
}
