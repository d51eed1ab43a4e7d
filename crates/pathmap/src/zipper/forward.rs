//! Zippers behind `&mut` and `Box` are zippers, and so are the public types around a `Seat`.
//!
//! The macros list the methods of each trait once; every method is forwarded, so that a faster one
//! underneath is not lost.

use trie_nodes::NodeAlloc;

use super::{
    TrieRef, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperIteration, ZipperMoving,
    ZipperPathBuffer, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration,
    ZipperReadOnlySubtries, ZipperReadOnlyValues, ZipperSubtries, ZipperValues, ZipperWriting,
};
use crate::PathMap;

macro_rules! forward {
    ($self:ident, $to:expr;
        $(ref $name:ident $([$K:ident])? ($($arg:ident : $T:ty),*) -> $R:ty;)*
    ) => {$(
        fn $name $(<$K: AsRef<[u8]>>)? (&$self $(, $arg: $T)*) -> $R { $to.$name($($arg),*) }
    )*};
    ($self:ident, $to:expr;
        $(mut $name:ident $([$K:ident])? ($($arg:ident : $T:ty),*) -> $R:ty;)*
    ) => {$(
        fn $name $(<$K: AsRef<[u8]>>)? (&mut $self $(, $arg: $T)*) -> $R { $to.$name($($arg),*) }
    )*};
}

macro_rules! forward_zipper {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            ref path_exists() -> bool;
            ref is_val() -> bool;
            ref child_count() -> usize;
            ref child_mask() -> trie_nodes::ByteMask;
        }
    };
}

macro_rules! forward_values {
    ($self:ident, $to:expr, $V:ty) => {
        forward! { $self, $to;
            ref val() -> Option<&$V>;
            ref val_at[K](path: K) -> Option<&$V>;
        }

        fn events<'s>(&'s $self, announce: trie_nodes::Announce) -> Option<crate::morphisms::BoxedEvents<'s, $V>>
        where
            $V: 's,
        {
            $to.events(announce)
        }
    };
}

macro_rules! forward_scout {
    ($self:ident, $to:expr, $V:ty) => {
        fn scout<'s>(&'s $self) -> Option<crate::zipper::BoxedScout<'s, $V>>
        where
            $V: 's,
        {
            $to.scout()
        }
    };
}

macro_rules! forward_moving {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            ref path() -> &[u8];
            ref val_count() -> usize;
            ref at_root() -> bool;
        }
        forward! { $self, $to;
            mut descend_to[K](path: K) -> ();
            mut ascend(n: usize) -> bool;
            mut reset() -> ();
            mut move_to_path[K](path: K) -> usize;
            mut descend_to_byte(byte: u8) -> ();
            mut descend_to_check[K](path: K) -> bool;
            mut descend_to_existing[K](path: K) -> usize;
            mut descend_to_val[K](path: K) -> usize;
            mut descend_to_existing_byte(byte: u8) -> bool;
            mut descend_indexed_byte(idx: usize) -> bool;
            mut descend_first_byte() -> bool;
            mut descend_last_byte() -> bool;
            mut descend_until() -> bool;
            mut descend_until_max_bytes(max: usize) -> bool;
            mut ascend_byte() -> bool;
            mut append_missing(byte: u8) -> ();
            mut leave_missing(n: usize) -> ();
            mut ascend_until() -> bool;
            mut ascend_until_branch() -> bool;
            mut to_next_sibling_byte() -> bool;
            mut to_prev_sibling_byte() -> bool;
            mut to_next_step() -> bool;
            mut to_next_step_past() -> bool;
        }
    };
}

macro_rules! forward_iteration {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            mut to_next_val() -> bool;
            mut descend_last_path() -> bool;
            mut descend_first_k_path(k: usize) -> bool;
            mut to_next_k_path(k: usize) -> bool;
        }
    };
}

macro_rules! forward_absolute {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            ref origin_path() -> &[u8];
            ref root_prefix_path() -> &[u8];
        }
    };
}

macro_rules! forward_subtries {
    ($self:ident, $to:expr, $V:ty, $A:ty) => {
        forward! { $self, $to;
            ref native_subtries() -> bool;
            ref try_make_map() -> Option<PathMap<$V, $A>>;
            ref alloc() -> $A;
        }
    };
}

macro_rules! forward_trie_ref {
    ($self:ident, $to:expr, $V:ty, $A:ty) => {
        forward! { $self, $to;
            ref trie_ref() -> Option<crate::zipper::TrieRef<'_, $V, $A>>;
        }
    };
}

macro_rules! forward_buffer {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            mut prepare_buffers() -> ();
            mut reserve_buffers(path_len: usize, stack_depth: usize) -> ();
        }
        forward! { $self, $to;
            ref origin_path_assert_len(len: usize) -> &[u8];
        }
    };
}

macro_rules! forward_concrete {
    ($self:ident, $to:expr) => {
        forward! { $self, $to;
            ref shared_node_id() -> Option<u64>;
            ref is_shared() -> bool;
        }
    };
}

macro_rules! impl_for_pointer {
    ($($Ptr:ty),*) => {$(
        impl<Z: Zipper> Zipper for $Ptr {
            forward_zipper!(self, (**self));
        }

        impl<V, Z: ZipperValues<V>> ZipperValues<V> for $Ptr {
            forward_values!(self, (**self), V);
            forward_scout!(self, (**self), V);
        }

        impl<'a, V: 'a, Z: ZipperReadOnlyValues<'a, V>> ZipperReadOnlyValues<'a, V> for $Ptr {
            forward! { self, (**self);
                ref get_val() -> Option<&'a V>;
                ref get_val_at[K](path: K) -> Option<&'a V>;
            }
        }

        impl<Z: ZipperMoving> ZipperMoving for $Ptr {
            forward_moving!(self, (**self));
        }

        impl<Z: ZipperIteration> ZipperIteration for $Ptr {
            forward_iteration!(self, (**self));
        }

        impl<'a, V: 'a, Z: ZipperReadOnlyIteration<'a, V>> ZipperReadOnlyIteration<'a, V> for $Ptr {
            forward! { self, (**self);
                mut to_next_get_val() -> Option<&'a V>;
            }
        }

        impl<V, Z: ZipperForking<V>> ZipperForking<V> for $Ptr {
            type ReadZipperT<'t>
                = Z::ReadZipperT<'t>
            where
                Self: 't,
                V: 't;

            fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
                (**self).fork_read_zipper()
            }
        }

        impl<Z: ZipperAbsolutePath> ZipperAbsolutePath for $Ptr {
            forward_absolute!(self, (**self));
        }

        impl<V, A: NodeAlloc, Z: ZipperSubtries<V, A>> ZipperSubtries<V, A> for $Ptr {
            forward_subtries!(self, (**self), V, A);
            forward_trie_ref!(self, (**self), V, A);
        }

        impl<V, A: NodeAlloc, Z> ZipperInfallibleSubtries<V, A> for $Ptr
        where
            Z: ZipperInfallibleSubtries<V, A>,
        {
            forward! { self, (**self);
                ref make_map() -> PathMap<V, A>;
                ref get_trie_ref() -> TrieRef<'_, V, A>;
            }
        }

        impl<Z: ZipperPathBuffer> ZipperPathBuffer for $Ptr {
            forward_buffer!(self, (**self));
        }

        impl<'a, V, Z: ZipperReadOnlyConditionalValues<'a, V>> ZipperReadOnlyConditionalValues<'a, V> for $Ptr {
            type WitnessT = Z::WitnessT;

            fn witness(&self) -> Z::WitnessT {
                (**self).witness()
            }

            fn get_val_with_witness<'w>(&self, witness: &'w Z::WitnessT) -> Option<&'w V>
            where
                'a: 'w,
            {
                (**self).get_val_with_witness(witness)
            }
        }

        impl<'a, V, Z: ZipperReadOnlyConditionalIteration<'a, V>> ZipperReadOnlyConditionalIteration<'a, V> for $Ptr {}

        impl<'a, V: 'a, A: NodeAlloc + 'a, Z: ZipperReadOnlySubtries<'a, V, A>> ZipperReadOnlySubtries<'a, V, A> for $Ptr {
            type TrieRefT = Z::TrieRefT;

            fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Z::TrieRefT {
                (**self).trie_ref_at_path(path)
            }

            fn path_to_root(&self) -> &[u8] {
                (**self).path_to_root()
            }
        }

        impl<Z: ZipperConcrete> ZipperConcrete for $Ptr {
            forward_concrete!(self, (**self));
        }

        impl<V: Clone, A: NodeAlloc, Z: ZipperWriting<V, A>> ZipperWriting<V, A> for $Ptr {
            fn stand(&mut self) -> (&mut PathMap<V, A>, &[u8], usize) {
                (**self).stand()
            }

            fn get_val_mut(&mut self) -> Option<&mut V> {
                (**self).get_val_mut()
            }

            fn get_val_or_set_mut_with<F: FnOnce() -> V>(&mut self, default: F) -> &mut V {
                (**self).get_val_or_set_mut_with(default)
            }

            fn set_val(&mut self, val: V) -> Option<V> {
                (**self).set_val(val)
            }
        }
    )*};
}

impl_for_pointer!(&mut Z, Box<Z>);

/// The reading traits for the type `Name<'_, .., V, A>` around a `Seat` in its field `seat`.
macro_rules! impl_for_seat {
    ($Name:ident $(, $lt:lifetime)*) => {
        impl<V, A: NodeAlloc> Zipper for $Name<$($lt,)* V, A> {
            forward_zipper!(self, self.seat);
        }

        impl<V, A: NodeAlloc> ZipperValues<V> for $Name<$($lt,)* V, A> {
            forward_values!(self, self.seat, V);

            fn scout<'s>(&'s self) -> Option<crate::zipper::BoxedScout<'s, V>>
            where
                V: 's,
            {
                Some(Box::new(crate::zipper::Mover(self.seat.fork_read_zipper())))
            }
        }

        impl<V, A: NodeAlloc> ZipperMoving for $Name<$($lt,)* V, A> {
            forward_moving!(self, self.seat);
        }

        impl<V, A: NodeAlloc> ZipperIteration for $Name<$($lt,)* V, A> {
            forward_iteration!(self, self.seat);
        }

        impl<V, A: NodeAlloc> ZipperForking<V> for $Name<$($lt,)* V, A> {
            type ReadZipperT<'t>
                = ReadZipperUntracked<'t, 't, V, A>
            where
                Self: 't,
                V: 't;

            fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
                self.seat.fork_read_zipper()
            }
        }

        impl<V, A: NodeAlloc> ZipperAbsolutePath for $Name<$($lt,)* V, A> {
            forward_absolute!(self, self.seat);
        }

        impl<V: Clone, A: NodeAlloc> ZipperSubtries<V, A> for $Name<$($lt,)* V, A> {
            forward_subtries!(self, self.seat, V, A);

            fn trie_ref(&self) -> Option<crate::zipper::TrieRef<'_, V, A>> {
                Some(self.get_trie_ref())
            }
        }

        impl<V: Clone, A: NodeAlloc> ZipperInfallibleSubtries<V, A> for $Name<$($lt,)* V, A> {
            forward! { self, self.seat;
                ref make_map() -> PathMap<V, A>;
            }

            fn get_trie_ref(&self) -> crate::zipper::TrieRef<'_, V, A> {
                crate::zipper::TrieRefBorrowed::new(self.seat.spot(), &self.seat.ground.map().alloc).into()
            }
        }

        impl<V, A: NodeAlloc> crate::zipper::ZipperPathBuffer for $Name<$($lt,)* V, A> {
            fn reserve_buffers(&mut self, path_len: usize, _: usize) {
                self.seat.reserve(path_len);
            }

            fn origin_path_assert_len(&self, len: usize) -> &[u8] {
                crate::zipper::written(self.seat.written(), len)
            }
        }

        impl<V, A: NodeAlloc> ZipperConcrete for $Name<$($lt,)* V, A> {
            forward_concrete!(self, self.seat);
        }

        impl<V, A: NodeAlloc> fmt::Debug for $Name<$($lt,)* V, A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug_position(f, stringify!($Name), self)
            }
        }
    };
}

pub(crate) use {
    forward, forward_absolute, forward_buffer, forward_concrete, forward_iteration, forward_moving, forward_scout,
    forward_subtries, forward_trie_ref, forward_values, forward_zipper, impl_for_seat,
};
