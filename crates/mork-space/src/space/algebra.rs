//! Spaces from spaces: as sets, and as versions of each other.
//!
//! What both have in common is shared, not copied. Leaves to others: the walks over both tries (`pathmap`), merges with conflicts
//! ([`Space::merge_by_key`]).

use super::{Space, SpaceDiff};

impl Space {
    /// The facts of both, with the indexes of this one.
    ///
    /// ```
    /// let a: mork_space::Space = ["(a)".parse()?].into_iter().collect();
    /// let b: mork_space::Space = ["(b)".parse()?].into_iter().collect();
    /// assert_eq!(a.union(&b).len(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn union(&self, other: &Space) -> Space {
        self.with_map(self.map.join(&other.map))
    }

    /// The facts that both have, without indexes.
    ///
    /// ```
    /// let a: mork_space::Space = ["(a)".parse()?].into_iter().collect();
    /// let both: mork_space::Space = ["(a)".parse()?, "(b)".parse()?].into_iter().collect();
    /// assert_eq!(a.intersection(&both), a);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn intersection(&self, other: &Space) -> Space {
        Space::trusted(self.map.meet(&other.map))
    }

    /// The facts that `other` does not have, without indexes.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let (mut a, mut b) = (Space::new(), Space::new());
    /// a.load(b"(a) (b)")?;
    /// b.load(b"(b) (c)")?;
    /// assert_eq!((a.union(&b).len(), a.intersection(&b).len(), a.difference(&b).len()), (3, 1, 1));
    /// assert!(a.intersection(&b).is_subset(&a));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn difference(&self, other: &Space) -> Space {
        Space::trusted(self.map.subtract(&other.map))
    }

    /// Whether `other` has every fact of this one.
    ///
    /// ```
    /// let a: mork_space::Space = ["(a)".parse()?].into_iter().collect();
    /// assert!(mork_space::Space::new().is_subset(&a) && !a.is_subset(&mork_space::Space::new()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn is_subset(&self, other: &Space) -> bool {
        self.difference(other).is_empty()
    }

    /// What it takes to come from this space to `newer`, in the order of the facts. In time proportional to the changes where the
    /// two share their history.
    ///
    /// ```
    /// let (old, new) = (mork_space::Space::new(), ["(a)".parse()?].into_iter().collect::<mork_space::Space>());
    /// assert!(old.diff(&new).next().is_some() && new.diff(&new.clone()).next().is_none());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn diff<'a>(&'a self, newer: &'a Space) -> SpaceDiff<'a> {
        SpaceDiff { diff: self.map.diff(&newer.map) }
    }

    /// A space with the facts of `fresh` that shares with this one whatever did not change: how a new dump of the same source
    /// becomes a version of the old one. O(nodes of both) once; afterwards `diff` costs what the changes cost.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let (mut old, mut fresh) = (Space::new(), Space::new());
    /// old.load(b"(a) (b)")?;
    /// fresh.load(b"(b) (c)")?;
    /// assert_eq!(old.derive(&fresh), fresh);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn derive(&self, fresh: &Space) -> Space {
        let mut map = fresh.map.clone();
        map.reshare_with(&self.map);
        self.with_map(map)
    }

    /// Three-way merge: the facts of both sides, without those that either removed since `base`, with the indexes of `ours`. Sets never
    /// conflict. In time proportional to what `theirs` changed.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut base = Space::new();
    /// base.load(b"(a) (b)")?;
    /// let (mut ours, mut theirs) = (base.clone(), base.clone());
    /// ours.load(b"(c)")?;
    /// theirs.clear();
    /// assert_eq!(Space::merge(&base, &ours, &theirs).iter().next().unwrap().to_string(), "(c)");
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn merge(base: &Space, ours: &Space, theirs: &Space) -> Space {
        ours.with_map(pathmap_versioned::merge(&base.map, &ours.map, &theirs.map).map)
    }
}
