//! Zippers of a map.

use trie_nodes::NodeAlloc;

use super::PathMap;
use crate::zipper::{
    ReadZipperOwned, ReadZipperUntracked, TrieRefBorrowed, WriteZipperOwned, WriteZipperUntracked, ZipperConcrete, ZipperHead,
    ZipperHeadOwned,
};

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// A read zipper at the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_until());
    /// assert_eq!(zipper.path(), b"ab");
    /// ```
    pub fn read_zipper(&self) -> ReadZipperUntracked<'_, 'static, V, A> {
        self.read_zipper_at_path([])
    }

    /// A read zipper whose root is `path`, which need not exist. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperValues};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// assert_eq!(map.read_zipper_at_path("a").val_at("b"), Some(&1));
    /// ```
    pub fn read_zipper_at_path<K>(&self, path: K) -> ReadZipperUntracked<'_, 'static, V, A>
    where
        K: AsRef<[u8]>,
    {
        let path = path.as_ref().to_vec();
        let root = path.len();
        ReadZipperUntracked::new(self, path, root)
    }

    /// [`read_zipper_at_path`](Self::read_zipper_at_path), for a path that outlives the zipper.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperValues};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// assert_eq!(map.read_zipper_at_borrowed_path(b"a").val_at("b"), Some(&1));
    /// ```
    pub fn read_zipper_at_borrowed_path<'path>(&self, path: &'path [u8]) -> ReadZipperUntracked<'_, 'path, V, A> {
        ReadZipperUntracked::new(self, path.to_vec(), path.len())
    }

    /// The location at `path`, which need not exist. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperReadOnlyValues};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// assert_eq!(map.trie_ref_at_path("ab").get_val(), Some(&1));
    /// ```
    pub fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefBorrowed<'_, V, A> {
        TrieRefBorrowed::new(self.place.spot().descend(path.as_ref()), &self.alloc)
    }

    /// A write zipper at the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::new();
    /// map.write_zipper().set_val(1);
    /// assert_eq!(map[""], 1);
    /// ```
    pub fn write_zipper(&mut self) -> WriteZipperUntracked<'_, 'static, V, A> {
        self.write_zipper_at_path(&[])
    }

    /// A write zipper whose root is `path`, which need not exist and is not created.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperWriting}};
    ///
    /// let mut map = PathMap::new();
    /// let mut zipper = map.write_zipper_at_path(b"a");
    /// zipper.descend_to("b");
    /// zipper.set_val(1);
    /// assert_eq!(map["ab"], 1);
    /// ```
    pub fn write_zipper_at_path<'path>(&mut self, path: &'path [u8]) -> WriteZipperUntracked<'_, 'path, V, A> {
        WriteZipperUntracked::new(self, path)
    }

    /// A read zipper that owns the map, with its root at `path`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperValues};
    ///
    /// let zipper = PathMap::from([("ab", 1)]).into_read_zipper("a");
    /// assert_eq!(zipper.val_at("b"), Some(&1));
    /// ```
    pub fn into_read_zipper<K: AsRef<[u8]>>(self, path: K) -> ReadZipperOwned<V, A> {
        ReadZipperOwned::at(self, path.as_ref())
    }

    /// A write zipper that owns the map, with its root at `path`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut zipper = PathMap::from([("ab", 1)]).into_write_zipper("a");
    /// zipper.set_val(2);
    /// assert_eq!(zipper.into_map(), PathMap::from([("a", 2), ("ab", 1)]));
    /// ```
    pub fn into_write_zipper<K: AsRef<[u8]>>(self, path: K) -> WriteZipperOwned<V, A> {
        WriteZipperOwned::at(self, path.as_ref())
    }

    /// A head at the root, from which zippers at several paths live at the same time, some of which write.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperWriting}};
    ///
    /// let mut map = PathMap::new();
    /// let head = map.zipper_head();
    /// head.write_zipper_at_exclusive_path("a").unwrap().set_val(1);
    /// drop(head);
    /// assert_eq!(map["a"], 1);
    /// ```
    pub fn zipper_head(&mut self) -> ZipperHead<'_, '_, V, A> {
        ZipperHead::new(self, &[])
    }

    /// A head at `path` that owns the map.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperWriting}};
    ///
    /// let head = PathMap::new().into_zipper_head("a");
    /// head.write_zipper_at_exclusive_path("b").unwrap().set_val(1);
    /// assert_eq!(head.into_map()["ab"], 1);
    /// ```
    pub fn into_zipper_head<K: AsRef<[u8]>>(self, path: K) -> ZipperHeadOwned<V, A> {
        ZipperHeadOwned::new(self, path.as_ref())
    }
}

impl<V, A: NodeAlloc> ZipperConcrete for PathMap<V, A> {
    fn shared_node_id(&self) -> Option<u64> {
        self.place.spot().node_id()
    }

    fn is_shared(&self) -> bool {
        self.place.spot().is_shared()
    }
}
