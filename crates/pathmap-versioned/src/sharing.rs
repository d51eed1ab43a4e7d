//! What a set of versions costs together and apart.
//!
//! Leaves to others: walking nodes and counting each once (`pathmap::inspect`).

use pathmap::PathMap;
use pathmap::inspect::{Census, NodeTotals, Portion, Spread, spread};

/// The nodes of a set of versions: of each, of all together, and by the number of versions that have them.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::SharingReport;
///
/// let old: PathMap<u32> = (0..10_000u32).map(|i| (i.to_be_bytes(), i)).collect();
/// let mut new = old.clone();
/// new.insert("one more", 0);
///
/// let report = SharingReport::of([&old, &new]);
/// assert!(report.versions[1].common() > 0.99);
/// assert!(report.together.bytes * 10 < report.apart().bytes * 6);
/// assert!(report.by_owners[1].bytes > 10 * report.versions[1].exclusive.bytes);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharingReport {
    /// Each version, in the order given.
    pub versions: Vec<VersionSharing>,
    /// All versions, each node counted once: what they really take.
    pub together: NodeTotals,
    /// The nodes that exactly one version has, exactly two, and so on to all of them.
    pub by_owners: Vec<NodeTotals>,
}

/// The nodes of one version in a [`SharingReport`].
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::SharingReport;
///
/// let map = PathMap::from([("a", 1)]);
/// let report = SharingReport::of([&map, &map.clone()]);
/// assert_eq!(report.versions[0].alone, report.versions[1].alone);
/// assert_eq!((report.versions[0].common(), report.versions[1].common()), (0.0, 1.0));
/// assert_eq!(report.versions[0].exclusive.nodes, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionSharing {
    /// All its nodes: what it would take if there were no other.
    pub alone: NodeTotals,
    /// Those of its nodes that no version before it has.
    pub added: NodeTotals,
    /// Those of its nodes that no other version has: what would be freed with it.
    pub exclusive: NodeTotals,
}

impl VersionSharing {
    /// The share of its nodes that some version before it has too, from 0 to 1. 1 for an empty map.
    ///
    /// ```
    /// let report = pathmap_versioned::SharingReport::of([&pathmap::PathMap::from([("a", 1)])]);
    /// assert_eq!(report.versions[0].common(), 0.0);
    /// ```
    pub fn common(&self) -> f64 {
        match self.alone.nodes {
            0 => 1.0,
            nodes => 1.0 - self.added.nodes as f64 / nodes as f64,
        }
    }
}

impl SharingReport {
    /// Counts the nodes of each version and of all together. O(nodes of each version, added up).
    ///
    /// ```
    /// let report = pathmap_versioned::SharingReport::of([&pathmap::PathMap::from([("a", 1)])]);
    /// assert_eq!(report.together, report.versions[0].alone);
    /// ```
    pub fn of<'a, V: 'a>(maps: impl IntoIterator<Item = &'a PathMap<V>>) -> Self {
        let Spread { portions, by_owners } = spread(maps);
        let mut together = NodeTotals::default();
        by_owners.iter().for_each(|nodes| together += *nodes);
        let version = |Portion { alone, added, exclusive }| VersionSharing { alone, added, exclusive };
        SharingReport { versions: portions.into_iter().map(version).collect(), together, by_owners }
    }

    /// The sum over the versions: what they would take if they shared nothing. O(versions).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// let report = pathmap_versioned::SharingReport::of([&map, &map]);
    /// assert_eq!(report.apart().bytes, 2 * report.together.bytes);
    /// ```
    pub fn apart(&self) -> NodeTotals {
        let mut sum = NodeTotals::default();
        self.versions.iter().for_each(|version| sum += version.alone);
        sum
    }
}

/// The nodes that `map` has and none of `others`: what would be freed with it. O(nodes of all).
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::sharing::exclusive;
///
/// let (map, other) = (PathMap::from([("a", 1)]), PathMap::from([("a", 1)]));
/// assert_eq!(exclusive(&map, [&other]), map.census());
/// assert_eq!(exclusive(&map, [&map.clone()]).nodes, 0);
/// ```
pub fn exclusive<'a, V: 'a>(map: &'a PathMap<V>, others: impl IntoIterator<Item = &'a PathMap<V>>) -> NodeTotals {
    let mut census = Census::new();
    for other in others {
        other.add_to_census(&mut census);
    }
    map.add_to_census(&mut census)
}
