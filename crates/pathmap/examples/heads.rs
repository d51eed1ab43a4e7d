//! Threads that fill parts of one map, each through a writer of its own, while another part is read and a snapshot stays as it is.
//!
//! `cargo run -p pathmap --example heads`

use std::thread;

use pathmap::PathMap;
use pathmap::zipper::{ZipperCreation, ZipperIteration, ZipperMoving, ZipperWriting};

fn main() {
    let mut library: PathMap<usize> = ["in/dune", "in/emma", "in/ulysses"].into_iter().map(|path| (path, path.len())).collect();
    let before = library.clone();

    let head = library.zipper_head();
    thread::scope(|scope| {
        for shelf in ["out/by-length/", "out/reversed/"] {
            let mut titles = head.read_zipper_at_path("in/").expect("nobody writes there");
            let mut writer = head.write_zipper_at_exclusive_path(shelf).expect("each thread has a shelf");
            scope.spawn(move || {
                while titles.to_next_val() {
                    let title = titles.path();
                    match shelf {
                        "out/reversed/" => writer.descend_to(title.iter().rev().copied().collect::<Vec<_>>()),
                        _ => writer.descend_to(format!("{:02}", title.len())),
                    }
                    *writer.get_val_or_set_mut_with(|| 0) += 1;
                    writer.reset();
                }
            });
        }
        // Both shelves are taken while the threads hold their writers, or free again afterwards.
        match head.write_zipper_at_exclusive_path("in") {
            Ok(_) => println!("the titles are free to be changed"),
            Err(conflict) => println!("{conflict}"),
        }
    });
    drop(head);

    for (path, n) in &library {
        println!("{} {n}", path.escape_ascii());
    }
    println!("{} paths before, {} now", before.len(), library.len());
}
