//! The last so many states of a map, in a line.
//!
//! Invariants: the versions kept are the last `maps.len()` of those recorded, `first` is the number of the
//! oldest of them, and there are `limit` at most.
//! Leaves to others: parents, messages, and a choice of what stays ([`history`](mod@crate::history)).

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;

use pathmap::PathMap;

use crate::history::{VersionError, VersionId};

/// A line of versions of which the last `limit` can be read.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{BoundedVersionHistory, VersionError};
///
/// let mut history = BoundedVersionHistory::new(2.try_into()?);
/// let mut map = PathMap::new();
/// let ids: Vec<_> = (0..3)
///     .map(|i| {
///         map.insert("n", i);
///         history.record(&map)
///     })
///     .collect();
///
/// assert_eq!(history.at(ids[1])?.get("n"), Some(&1));
/// assert_eq!(history.at(ids[0]).unwrap_err(), VersionError::Gone { id: ids[0] });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BoundedVersionHistory<V> {
    first: u64,
    maps: VecDeque<PathMap<V>>,
    limit: NonZeroUsize,
}

impl<V> BoundedVersionHistory<V> {
    /// An empty history that keeps `limit` versions.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// assert_eq!(BoundedVersionHistory::<u8>::new(NonZeroUsize::MIN).len(), 0);
    /// ```
    pub const fn new(limit: NonZeroUsize) -> Self {
        BoundedVersionHistory { first: 0, maps: VecDeque::new(), limit }
    }

    /// Keeps the state of a map as the next version; if there are too many, the oldest goes. O(1).
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// let mut history = BoundedVersionHistory::new(2.try_into()?);
    /// let id = history.record(&PathMap::from([("a", 1)]));
    /// assert_eq!(history.latest(), Some((id, &PathMap::from([("a", 1)]))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn record(&mut self, map: &PathMap<V>) -> VersionId {
        let id = VersionId::new(self.first + self.maps.len() as u64);
        self.maps.push_back(map.clone());
        if self.maps.len() > self.limit.get() {
            self.first += 1;
            self.maps.pop_front();
        }
        id
    }

    /// The map of a version. O(1).
    ///
    /// # Errors
    /// If the version was never recorded, or is no longer kept.
    ///
    /// ```
    /// use pathmap_versioned::{BoundedVersionHistory, VersionError, VersionId};
    ///
    /// let history = BoundedVersionHistory::<u8>::new(2.try_into()?);
    /// let id = VersionId::new(7);
    /// assert_eq!(history.at(id).unwrap_err(), VersionError::Unknown { id });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at(&self, id: VersionId) -> Result<&PathMap<V>, VersionError> {
        let idx = id.get().checked_sub(self.first).ok_or(VersionError::Gone { id })?;
        let idx = usize::try_from(idx).map_err(|_| VersionError::Unknown { id })?;
        self.maps.get(idx).ok_or(VersionError::Unknown { id })
    }

    /// The last version recorded. O(1).
    ///
    /// ```
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// assert!(BoundedVersionHistory::<u8>::new(2.try_into()?).latest().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn latest(&self) -> Option<(VersionId, &PathMap<V>)> {
        self.iter().next_back()
    }

    /// The versions that are kept, oldest first. O(1) each.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// let mut history = BoundedVersionHistory::new(2.try_into()?);
    /// (0..5).for_each(|i| drop(history.record(&PathMap::from([("n", i)]))));
    /// assert!(history.iter().map(|(_, map)| map["n"]).eq([3, 4]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (VersionId, &PathMap<V>)> + ExactSizeIterator {
        self.maps.iter().enumerate().map(|(idx, map)| (VersionId::new(self.first + idx as u64), map))
    }

    /// How many versions are kept now.
    ///
    /// ```
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// assert_eq!(BoundedVersionHistory::<u8>::new(2.try_into()?).len(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn len(&self) -> usize {
        self.maps.len()
    }

    /// True before the first version is recorded.
    ///
    /// ```
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// assert!(BoundedVersionHistory::<u8>::new(2.try_into()?).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty()
    }

    /// How many versions are kept at most.
    ///
    /// ```
    /// use pathmap_versioned::BoundedVersionHistory;
    ///
    /// assert_eq!(BoundedVersionHistory::<u8>::new(2.try_into()?).limit().get(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn limit(&self) -> NonZeroUsize {
        self.limit
    }
}

impl<V: fmt::Debug> fmt::Debug for BoundedVersionHistory<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
