//! Trying something out: a named snapshot, changes, a look at both, and the way back.
//!
//! `cargo run -p mork-space --example snapshots`

use mork_space::VersionedMORKSpace;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut family = VersionedMORKSpace::new();
    family.load(b"(parent Tom Bob) (parent Tom Liz) (parent Bob Ann)")?;
    family.snapshot("as told");

    // Somebody is not sure who Ann's parent is.
    family.update(|space| space.remove_all(&"(parent $who Ann)".parse().expect("a pattern")));
    family.load(b"(parent Liz Ann)")?;

    let of_ann = "(parent $who Ann)".parse()?;
    for (when, space) in [("as told", family.at("as told")?), ("now", family.space())] {
        for answer in space.query(&of_ann) {
            println!("{when}: {} is a parent of Ann", answer.get("who").expect("a variable of the pattern"));
        }
    }

    family.restore("as told")?;
    assert_eq!(family.space(), family.at("as told")?);
    family.undo()?; // Restoring is a change like others.
    assert!(family.space().exists(&"(parent Liz Ann)".parse()?));
    Ok(())
}
