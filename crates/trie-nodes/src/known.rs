//! What a walk has learnt of views that it may meet again, by their identities.
//!
//! Versions of one trie share nodes with other versions, so that most nodes may be met again and are looked up: a hash of addresses
//! need not resist those who choose keys, for nobody chooses where a node lies.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

/// Something for each of some identities.
pub(crate) type Known<K, T> = HashMap<K, T, FixedState>;

/// Some identities.
pub(crate) type Met<K> = HashSet<K, FixedState>;
