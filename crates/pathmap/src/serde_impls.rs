//! Maps in the formats of serde.
//!
//! A map is a pair: its values as pairs of a key and a value, in key order, and the keys of its dangling paths, which have no
//! value to be found by. Keys are bytes.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, SerializeTuple, Serializer};
use trie_nodes::NodeAlloc;

use crate::PathMap;
use crate::zipper::{Zipper, ZipperMoving};

impl<V: Serialize, A: NodeAlloc> Serialize for PathMap<V, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&Values(self))?;
        pair.serialize_element(&Dangling(self))?;
        pair.end()
    }
}

struct Values<'a, V, A: NodeAlloc>(&'a PathMap<V, A>);

impl<V: Serialize, A: NodeAlloc> Serialize for Values<'_, V, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
        let mut entries = self.0.entries();
        while let Some((key, val)) = entries.next() {
            seq.serialize_element(&(Bytes(key), val))?;
        }
        seq.end()
    }
}

struct Dangling<'a, V, A: NodeAlloc>(&'a PathMap<V, A>);

impl<V, A: NodeAlloc> Dangling<'_, V, A> {
    fn for_each<E>(&self, mut f: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut zipper = self.0.read_zipper();
        while zipper.to_next_step() {
            if !zipper.is_val() && zipper.child_count() == 0 {
                f(zipper.path())?;
            }
        }
        Ok(())
    }
}

impl<V, A: NodeAlloc> Serialize for Dangling<'_, V, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut n = 0;
        self.for_each(|_| {
            n += 1;
            Ok(())
        })?;
        let mut seq = serializer.serialize_seq(Some(n))?;
        self.for_each(|path| seq.serialize_element(&Bytes(path)))?;
        seq.end()
    }
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de, V: Deserialize<'de> + Clone> Deserialize<'de> for PathMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(2, MapVisitor(PhantomData))
    }
}

struct MapVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de> + Clone> Visitor<'de> for MapVisitor<V> {
    type Value = PathMap<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pair of values with their keys, and dangling paths")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut pair: S) -> Result<PathMap<V>, S::Error> {
        let ReadValues(mut map) = pair.next_element()?.ok_or_else(|| S::Error::invalid_length(0, &self))?;
        let ReadKeys(dangling) = pair.next_element()?.ok_or_else(|| S::Error::invalid_length(1, &self))?;
        for key in dangling {
            map.create_path(key);
        }
        Ok(map)
    }
}

/// Values, put into a map as they come.
struct ReadValues<V>(PathMap<V>);

impl<'de, V: Deserialize<'de> + Clone> Deserialize<'de> for ReadValues<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ValuesVisitor(PhantomData)).map(ReadValues)
    }
}

struct ValuesVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de> + Clone> Visitor<'de> for ValuesVisitor<V> {
    type Value = PathMap<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pairs of a key and a value")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<PathMap<V>, S::Error> {
        let mut map = PathMap::new();
        while let Some((Key(key), val)) = seq.next_element()? {
            map.insert(key, val);
        }
        Ok(map)
    }
}

struct ReadKeys(Vec<Vec<u8>>);

impl<'de> Deserialize<'de> for ReadKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = Vec::<Key>::deserialize(deserializer)?;
        Ok(ReadKeys(keys.into_iter().map(|Key(key)| key).collect()))
    }
}

/// A key: bytes, a sequence of them, or a string.
struct Key(Vec<u8>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a key")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Key, E> {
        Ok(Key(bytes.to_vec()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
        Ok(Key(text.into()))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Key, S::Error> {
        let mut bytes = vec![];
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(Key(bytes))
    }
}
