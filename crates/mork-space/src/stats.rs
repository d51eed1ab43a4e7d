//! What is in a space, and what it costs.
//!
//! Leaves to others: counting nodes and what spaces share (`pathmap::inspect`).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound;

use pathmap::inspect::{NodeTotals, spread};
use pathmap::zipper::ZipperMoving;

use crate::expr::{Encoded, Expr, Item};
use crate::space::Space;

/// The figures of a space, from [`Space::stats`].
///
/// ```
/// let stats = mork_space::Space::new().stats();
/// assert_eq!(stats, mork_space::SpaceStats::default());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpaceStats {
    /// Facts.
    pub facts: usize,
    /// Facts with variables.
    pub with_vars: usize,
    /// The most variables of a fact.
    pub max_vars: usize,
    /// How deep the deepest fact is nested: 0 for a symbol or a variable.
    pub max_depth: usize,
    /// The length of all paths.
    pub path_bytes: usize,
    /// Facts by what they begin with, the most frequent first.
    pub by_head: Vec<HeadCount>,
    /// The nodes of the trie: how many of each kind, and the bytes allocated for them.
    pub memory: NodeTotals,
    /// The bytes allocated for the nodes of [indexes](Space::add_index).
    pub index_bytes: usize,
}

/// How many facts begin in one way.
///
/// ```
/// let space: mork_space::Space = ["(is-a cat animal)".parse()?].into_iter().collect();
/// let head = &space.heads()[0];
/// assert_eq!((head.head.as_ref().map(|head| head.to_string()).as_deref(), head.arity, head.count), (Some("is-a"), Some(3), 1));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadCount {
    /// The symbol that they begin with; `None` for expressions that begin with something else, and for what is no expression.
    pub head: Option<Encoded>,
    /// How many items they have, the head included; `None` for what is no expression.
    pub arity: Option<usize>,
    /// How many there are.
    pub count: usize,
}

impl Space {
    /// What is in this space, and what it costs in memory. O(size): what the trie does not know, depths and variables, takes one look at
    /// every fact. Heads alone cost less by [`heads`](Self::heads).
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(is-a cat animal) (is-a dog animal) (likes $x (pizza $x $y)) done")?;
    /// let stats = space.stats();
    /// assert_eq!((stats.facts, stats.with_vars, stats.max_vars, stats.max_depth), (4, 1, 2, 2));
    /// assert_eq!(stats.by_head[0].head, Some("is-a".parse()?));
    /// assert_eq!((stats.by_head[0].arity, stats.by_head[0].count), (Some(3), 2));
    /// assert!(stats.memory.bytes > 0 && stats.memory.nodes > 0);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn stats(&self) -> SpaceStats {
        let (memory, mut by_head) = (self.map.census(), self.heads());
        by_head.sort_by_key(|head| Reverse(head.count));
        let index_bytes = self.indexes.iter().map(|index| index.facts.census().bytes).sum();
        let mut stats = SpaceStats { facts: self.len(), by_head, memory, index_bytes, ..SpaceStats::default() };
        let mut facts = self.iter();
        while let Some(fact) = facts.next_expr() {
            let n_vars = fact.n_vars();
            stats.with_vars += usize::from(n_vars > 0);
            stats.max_vars = stats.max_vars.max(n_vars);
            stats.max_depth = stats.max_depth.max(fact.depth());
            stats.path_bytes += fact.bytes().len();
        }
        stats
    }

    /// How many facts begin with each symbol and have so many items, in the order of the facts; before them how many have no such head.
    /// O(heads × their length + nodes): facts with the same beginning are counted by the trie, not one by one.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(is-a cat animal) (is-a dog animal) (is-a $x) ($x y) done")?;
    /// let heads = space.heads().into_iter().map(|it| (it.head.map(|head| head.to_string()), it.arity, it.count));
    /// let is_a = || Some("is-a".to_owned());
    /// assert!(heads.eq([(None, None, 1), (None, Some(2), 1), (is_a(), Some(2), 1), (is_a(), Some(3), 2)]));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn heads(&self) -> Vec<HeadCount> {
        let (mut heads, mut others) = (vec![], BTreeMap::<Option<usize>, usize>::new());
        let mut from = Some(Bound::Unbounded);
        while let Some(start) = from
            && let Some((path, ())) = self.map.entries_range((start, Bound::Unbounded)).next()
        {
            let fact = Expr::trusted(path);
            let (beginning, arity) = (beginning(fact), fact.arity());
            let count = self.map.read_zipper_at_path(beginning).val_count();
            match fact.head() {
                Some(head) => {
                    let head = Encoded::trusted(head.encoded().into());
                    heads.push(HeadCount { head: Some(head), arity, count });
                }
                None => *others.entry(arity).or_default() += count,
            }
            from = after(beginning).map(Bound::Included);
        }
        let others = others.into_iter().map(|(arity, count)| HeadCount { head: None, arity, count });
        others.chain(heads).collect()
    }

    /// The nodes, and the bytes allocated for them, that this space and another both have: what the two cost less than two spaces
    /// apart. O(nodes of both).
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(is-a cat animal)")?;
    /// let version = space.clone();
    /// assert_eq!(space.shared_with(&version), space.stats().memory);
    /// assert_eq!(space.shared_with(&Space::new()).bytes, 0);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn shared_with(&self, other: &Space) -> NodeTotals {
        spread([&self.map, &other.map]).by_owners[1]
    }
}

/// The bytes that a fact has in common with those of the same head and length: of an expression that begins with no symbol its first
/// two, and of what is no expression its first.
fn beginning(fact: Expr<'_>) -> &[u8] {
    let mut items = fact.items();
    let len = match (items.next(), items.next()) {
        (Some(Item::Arity(_)), Some(Item::Symbol(symbol))) => 1 + symbol.encoded().len(),
        (Some(Item::Arity(_)), Some(_)) => 2,
        _ => 1,
    };
    &fact.bytes()[..len]
}

/// The first bytes after all that begin like this.
fn after(beginning: &[u8]) -> Option<Vec<u8>> {
    let last = beginning.iter().rposition(|&byte| byte < u8::MAX)?;
    let mut next = beginning[..=last].to_vec();
    next[last] += 1;
    Some(next)
}
