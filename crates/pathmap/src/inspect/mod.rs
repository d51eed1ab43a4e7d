//! How much memory maps take, together and apart, and pictures of their nodes.
//!
//! A [`Census`] counts each node once, however many maps it is added from; so the difference
//! between one census over several maps and one census for each is what they share.
//!
//! ```
//! use pathmap::{PathMap, inspect::Census};
//!
//! let old = PathMap::from([("a", 1), ("b", 2)]);
//! let new = old.clone();
//! let mut census = Census::new();
//! let first = old.add_to_census(&mut census);
//! let second = new.add_to_census(&mut census);
//! assert!(first.nodes > 0);
//! assert_eq!((second.nodes, second.bytes), (0, 0)); // all shared
//! ```

mod picture;

use trie_nodes::NodeAlloc;

pub use picture::Picture;
pub use trie_nodes::{Census, NodeTotals, Portion, Spread};

use crate::PathMap;

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// The totals of this map's nodes. O(nodes).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// assert!(map.census().bytes > 0);
    /// ```
    pub fn census(&self) -> NodeTotals {
        self.add_to_census(&mut Census::new())
    }

    /// Adds this map's nodes to `census`, and returns the totals of those it did not know yet.
    /// O(nodes that are new).
    ///
    /// ```
    /// use pathmap::{PathMap, inspect::Census};
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// let mut census = Census::new();
    /// let added = map.add_to_census(&mut census);
    /// assert_eq!(added, census.totals());
    /// ```
    pub fn add_to_census<'a>(&'a self, census: &mut Census<'a>) -> NodeTotals {
        census.add(&self.place)
    }

    /// The totals of this map's nodes by their depth: how many nodes lie above on the shortest way. O(nodes).
    ///
    /// ```
    /// let map: pathmap::PathMap<u32> = (0..1000u32).map(|n| (n.to_be_bytes(), n)).collect();
    /// let levels = map.census_by_depth();
    /// assert_eq!(levels[0].nodes, 1);
    /// assert_eq!(levels.iter().map(|level| level.bytes).sum::<usize>(), map.census().bytes);
    /// ```
    pub fn census_by_depth(&self) -> Vec<NodeTotals> {
        trie_nodes::totals_by_depth(&self.place)
    }

    /// What would be freed if this map were dropped now: the nodes that no other map holds, known to the caller or not.
    /// O(nodes freed). A hint if other threads clone or drop maps meanwhile.
    ///
    /// ```
    /// let map: pathmap::PathMap<u32> = (0..1000u32).map(|n| (n.to_be_bytes(), n)).collect();
    /// assert_eq!(map.freed_with(), map.census());
    /// let mut version = map.clone();
    /// assert_eq!(map.freed_with().bytes, 0);
    /// version.insert("another", 0);
    /// assert!(version.freed_with().bytes * 4 < version.census().bytes);
    /// ```
    pub fn freed_with(&self) -> NodeTotals {
        trie_nodes::freed_with(&self.place)
    }

    /// What is wrong with the nodes: nothing, or tests would fail. O(size).
    #[doc(hidden)]
    pub fn faults(&self) -> Vec<String> {
        trie_nodes::check::faults(&self.place)
    }
}

/// How often the nodes of a set of maps stand for more than one.
///
/// ```
/// use pathmap::{PathMap, inspect::Sharing};
///
/// let map: PathMap<u32> = (0..1000u32).map(|n| (n.to_be_bytes(), n)).collect();
/// let copies = vec![map; 10];
/// assert_eq!(Sharing::of(&copies).factor(), 10.0);
/// assert_eq!(Sharing::of(&copies[..1]).factor(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sharing {
    /// The nodes there are, each counted once.
    pub unique: NodeTotals,
    /// The nodes there would be if every path had its own; `usize::MAX` if there are more.
    pub logical_nodes: usize,
}

impl Sharing {
    /// Counts the nodes of any number of maps. O(nodes of each map).
    ///
    /// ```
    /// use pathmap::{PathMap, inspect::Sharing};
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// assert_eq!(Sharing::of([&map, &map.clone()]).unique, map.census());
    /// ```
    pub fn of<'a, V: 'a, A: NodeAlloc + 'a>(maps: impl IntoIterator<Item = &'a PathMap<V, A>>) -> Self {
        let mut census = Census::new();
        let mut logical_nodes = 0usize;
        for map in maps {
            map.add_to_census(&mut census);
            logical_nodes = logical_nodes.saturating_add(trie_nodes::logical_nodes(&map.place));
        }
        Sharing { unique: census.totals(), logical_nodes }
    }

    /// How many nodes each node stands for, on average; 1 without nodes.
    ///
    /// ```
    /// assert_eq!(pathmap::inspect::Sharing::default().factor(), 1.0);
    /// ```
    pub fn factor(&self) -> f64 {
        match self.unique.nodes {
            0 => 1.0,
            nodes => self.logical_nodes as f64 / nodes as f64,
        }
    }
}

/// How the nodes of some maps are spread over them: what each has alone, and what is in exactly so many of them. O(nodes of each map,
/// added up).
///
/// ```
/// use pathmap::{PathMap, inspect::spread};
///
/// let map = PathMap::from([("a", 1)]);
/// let spread = spread([&map, &map.clone()]);
/// assert_eq!(spread.by_owners[1], map.census());
/// assert_eq!(spread.portions[0].exclusive.nodes, 0);
/// ```
pub fn spread<'a, V: 'a, A: NodeAlloc + 'a>(maps: impl IntoIterator<Item = &'a PathMap<V, A>>) -> Spread {
    trie_nodes::spread(maps.into_iter().map(|map| &*map.place))
}
