//! Two people work on one knowledge base: what did each change, and what comes of both?
//!
//! `cargo run -p mork-space --example compare`

use mork_space::{Space, diff_knowledge_bases, merge_knowledge_bases};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut base = Space::new();
    base.load(b"(is-a neuron cell) (is-a astrocyte neuron) (is-a hepatocyte cell)")?;

    let mut ours = base.clone(); // O(1)
    ours.remove_all(&"(is-a astrocyte $what)".parse()?);
    ours.load(b"(is-a astrocyte cell)")?;
    let mut theirs = base.clone();
    theirs.load(b"(is-a microglia cell)")?;

    for (who, side) in [("ours", &ours), ("theirs", &theirs)] {
        let diff = diff_knowledge_bases(&base, side);
        diff.removed.iter().for_each(|fact| println!("{who}: - {fact}"));
        diff.added.iter().for_each(|fact| println!("{who}: + {fact}"));
    }

    let merged = merge_knowledge_bases(&base, &ours, &theirs);
    merged.iter().for_each(|fact| println!("{fact}"));
    assert_eq!(merged.len(), 4);
    assert!(!merged.exists(&"(is-a astrocyte neuron)".parse()?));

    // A difference is a value: taken back, it leads to where it came from.
    let mut back = merged.clone();
    diff_knowledge_bases(&base, &merged).invert().apply(&mut back);
    assert_eq!(back, base);
    Ok(())
}
