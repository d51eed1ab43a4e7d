//! How much memory maps take, together and apart.
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

use trie_nodes::NodeAlloc;

pub use trie_nodes::{Census, NodeTotals};

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
}
