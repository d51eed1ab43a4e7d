//! Patches in the formats of serde: a map of paths and pairs of lists, each the value before and the value after, of which one may be
//! missing. Lists, because formats like JSON write `Some(())` and `Some(None)` as they write `None`.
//!
//! Leaves to others: how a map is written (`pathmap`).

use pathmap::PathMap;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::{Edit, Patch};

impl<V: Serialize> Serialize for Edit<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.before().as_slice(), self.after().as_slice()).serialize(serializer)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Edit<V> {
    /// Two values make a change, also where they are equal.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut before, mut after): (Vec<V>, Vec<V>) = Deserialize::deserialize(deserializer)?;
        if before.len().max(after.len()) > 1 {
            return Err(D::Error::custom("an edit has one value before and one after at most"));
        }
        match (before.pop(), after.pop()) {
            (None, None) => Err(D::Error::custom("an edit has a value before or a value after")),
            (None, Some(new)) => Ok(Edit::Add(new)),
            (Some(old), None) => Ok(Edit::Remove(old)),
            (Some(old), Some(new)) => Ok(Edit::Change { old, new }),
        }
    }
}

impl<V: Serialize> Serialize for Patch<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.edits.serialize(serializer)
    }
}

impl<'de, V: Deserialize<'de> + Clone + PartialEq> Deserialize<'de> for Patch<V> {
    /// As a patch is collected from edits: of two edits of one path the last stays, a change to the same value is left out.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(PathMap::<Edit<V>>::deserialize(deserializer)?.into_iter().collect())
    }
}
