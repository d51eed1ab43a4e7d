//! What a builder leaves in a list, and what it puts into a node of its own: at each limit, and one beyond it.

use trie_nodes::{Builder, Census, Global, check};

/// How many nodes keys take beside a list of thirteen lines, which nothing is folded into.
fn nodes_below(keys: impl IntoIterator<Item = Vec<u8>>) -> usize {
    let mut builder = Builder::new(Global);
    keys.into_iter().for_each(|key| builder.push(&key, ()).expect("keys ascend"));
    assert!(!builder.is_empty());
    (0..13).for_each(|b| builder.push(&[0x80 + b], ()).expect("keys ascend"));
    let place = builder.finish();
    assert_eq!(check::faults(&place), Vec::<String>::new());
    Census::new().add(&place).nodes - 1
}

fn branch(head: &[u8], n: u8, tail: &[u8]) -> Vec<Vec<u8>> {
    (0..n).map(|b| [head, &[b], tail].concat()).collect()
}

#[test]
fn a_branch_of_few_lines_stays() {
    assert_eq!((nodes_below(branch(b"ab", 16, b"")), nodes_below(branch(b"ab", 17, b""))), (0, 1));
}

#[test]
fn a_branch_of_little_text_stays() {
    // Two lines of 128 bytes each are as much as half of a list.
    let lines = |len: usize| branch(b"a", 2, &vec![b'x'; len - 2]);
    assert_eq!((nodes_below(lines(128)), nodes_below(lines(129))), (0, 1));
}

#[test]
fn a_branch_of_few_children_stays() {
    let with_children = |n: u8| (0..n).flat_map(|b| branch(&[b'a', b], 17, b""));
    assert_eq!((nodes_below(with_children(4)), nodes_below(with_children(5))), (4, 6));
}

#[test]
fn a_builder_is_empty_until_the_first_key() {
    let mut builder = Builder::new(Global);
    assert!(builder.is_empty());
    builder.push(b"", 1).expect("nothing comes before");
    assert!(!builder.is_empty() && builder.len() == 1);
}
