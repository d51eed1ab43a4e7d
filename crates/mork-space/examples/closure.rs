//! A program of exec facts: the transitive closure of a relation.

use mork_space::Space;

pub fn main() {
    let mut space = Space::new();
    let edges: String = (0..8).map(|i| format!("(edge {i} {}) ", i + 1)).collect();
    space.load(edges.as_bytes()).expect("the facts are well formed");
    // Each round doubles the length of the paths that are known.
    let program = b"
        (exec 0 (, (edge $x $y)) (, (path $x $y)))
        (exec 1 (, (path $x $y) (path $y $z)) (, (path $x $z)))
        (exec 2 (, (path $x $y) (path $y $z)) (, (path $x $z)))
        (exec 3 (, (path $x $y) (path $y $z)) (, (path $x $z)))";
    space.load(program).expect("the program is well formed");
    let stats = space.run(100).expect("the program can run");
    let n_paths = space.count(&"(path $x $y)".parse().expect("a pattern"));
    println!("{n_paths} paths after {} steps", stats.steps);
    assert_eq!((n_paths, stats.steps), (9 * 8 / 2, 4), "every pair in order");
}
