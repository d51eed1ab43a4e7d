//! The traits that are derived, and their methods.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    Zipper,
    Values,
    ReadOnlyValues,
    ConditionalValues,
    Moving,
    Iteration,
    ReadOnlyIteration,
    ConditionalIteration,
    Concrete,
    AbsolutePath,
    PathBuffer,
    Subtries,
    InfallibleSubtries,
}

/// A method's head, and the same method called on a variant.
pub(crate) struct Method {
    pub(crate) signature: TokenStream,
    pub(crate) call: TokenStream,
}

/// Methods as they are written in a trait.
macro_rules! methods {
    ($(fn $name:ident $([$($generics:tt)*])? (& $($receiver:ident)+ $(, $arg:ident : $T:ty)*) $(-> $R:ty)?;)*) => {
        vec![$(Method {
            signature: quote! { fn $name $(<$($generics)*>)? (& $($receiver)+ $(, $arg: $T)*) $(-> $R)? },
            call: quote! { $name($($arg),*) },
        }),*]
    };
}

impl Trait {
    pub(crate) const ALL: [Trait; 13] = [
        Trait::Zipper,
        Trait::Values,
        Trait::ReadOnlyValues,
        Trait::ConditionalValues,
        Trait::Moving,
        Trait::Iteration,
        Trait::ReadOnlyIteration,
        Trait::ConditionalIteration,
        Trait::Concrete,
        Trait::AbsolutePath,
        Trait::PathBuffer,
        Trait::Subtries,
        Trait::InfallibleSubtries,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Trait::Zipper => "Zipper",
            Trait::Values => "ZipperValues",
            Trait::ReadOnlyValues => "ZipperReadOnlyValues",
            Trait::ConditionalValues => "ZipperReadOnlyConditionalValues",
            Trait::Moving => "ZipperMoving",
            Trait::Iteration => "ZipperIteration",
            Trait::ReadOnlyIteration => "ZipperReadOnlyIteration",
            Trait::ConditionalIteration => "ZipperReadOnlyConditionalIteration",
            Trait::Concrete => "ZipperConcrete",
            Trait::AbsolutePath => "ZipperAbsolutePath",
            Trait::PathBuffer => "ZipperPathBuffer",
            Trait::Subtries => "ZipperSubtries",
            Trait::InfallibleSubtries => "ZipperInfallibleSubtries",
        }
    }

    pub(crate) fn path(self) -> TokenStream {
        let name = format_ident!("{}", self.name());
        quote! { ::pathmap::zipper::#name }
    }

    /// The supertraits.
    fn supers(self) -> &'static [Trait] {
        match self {
            Trait::Zipper | Trait::Values | Trait::Concrete => &[],
            Trait::Moving => &[Trait::Zipper],
            Trait::ReadOnlyValues | Trait::ConditionalValues | Trait::Subtries => &[Trait::Values],
            Trait::Iteration | Trait::AbsolutePath | Trait::PathBuffer => &[Trait::Moving],
            Trait::ReadOnlyIteration => &[Trait::ReadOnlyValues, Trait::Iteration],
            Trait::ConditionalIteration => &[Trait::ConditionalValues, Trait::Iteration],
            Trait::InfallibleSubtries => &[Trait::Subtries],
        }
    }

    /// True if `other` is this trait or one that it builds on.
    pub(crate) fn needs(self, other: Trait) -> bool {
        self == other || self.supers().iter().any(|it| it.needs(other))
    }

    /// True if the values are an argument.
    pub(crate) fn has_values(self) -> bool {
        self.needs(Trait::Values)
    }

    /// True if the lifetime of the trie is an argument.
    pub(crate) fn outlives(self) -> bool {
        self.needs(Trait::ReadOnlyValues) || self.needs(Trait::ConditionalValues)
    }

    /// True if the allocator is an argument.
    pub(crate) fn has_alloc(self) -> bool {
        self.needs(Trait::Subtries)
    }

    pub(crate) fn methods(self, alloc: &TokenStream) -> Vec<Method> {
        match self {
            Trait::Zipper => methods! {
                fn path_exists(&self) -> bool;
                fn is_val(&self) -> bool;
                fn child_count(&self) -> usize;
                fn child_mask(&self) -> ::pathmap::ByteMask;
            },
            Trait::Values => {
                let mut methods = methods! {
                    fn val(&self) -> Option<&V>;
                    fn val_at[K: AsRef<[u8]>](&self, path: K) -> Option<&V>;
                };
                let signature = quote! { fn scout<'s>(&'s self) -> Option<::pathmap::zipper::BoxedScout<'s, V>> where V: 's };
                methods.push(Method { signature, call: quote! { scout() } });
                let announce = quote! { announce: ::pathmap::morphisms::Announce };
                let signature =
                    quote! { fn events<'s>(&'s self, #announce) -> Option<::pathmap::morphisms::BoxedEvents<'s, V>> where V: 's };
                methods.push(Method { signature, call: quote! { events(announce) } });
                methods
            }
            Trait::ReadOnlyValues => methods! {
                fn get_val(&self) -> Option<&'trie V>;
                fn get_val_at[K: AsRef<[u8]>](&self, path: K) -> Option<&'trie V>;
            },
            Trait::ConditionalValues => vec![],
            Trait::Moving => methods! {
                fn path(&self) -> &[u8];
                fn val_count(&self) -> usize;
                fn at_root(&self) -> bool;
                fn descend_to[K: AsRef<[u8]>](&mut self, path: K);
                fn ascend(&mut self, n: usize) -> bool;
                fn reset(&mut self);
                fn move_to_path[K: AsRef<[u8]>](&mut self, path: K) -> usize;
                fn descend_to_byte(&mut self, byte: u8);
                fn descend_to_check[K: AsRef<[u8]>](&mut self, path: K) -> bool;
                fn descend_to_existing[K: AsRef<[u8]>](&mut self, path: K) -> usize;
                fn descend_to_val[K: AsRef<[u8]>](&mut self, path: K) -> usize;
                fn descend_to_existing_byte(&mut self, byte: u8) -> bool;
                fn descend_indexed_byte(&mut self, idx: usize) -> bool;
                fn descend_first_byte(&mut self) -> bool;
                fn descend_last_byte(&mut self) -> bool;
                fn descend_until(&mut self) -> bool;
                fn descend_until_max_bytes(&mut self, max: usize) -> bool;
                fn ascend_byte(&mut self) -> bool;
                fn append_missing(&mut self, byte: u8);
                fn leave_missing(&mut self, n: usize);
                fn ascend_until(&mut self) -> bool;
                fn ascend_until_branch(&mut self) -> bool;
                fn to_next_sibling_byte(&mut self) -> bool;
                fn to_prev_sibling_byte(&mut self) -> bool;
                fn to_next_step(&mut self) -> bool;
                fn to_next_step_past(&mut self) -> bool;
            },
            Trait::Iteration => methods! {
                fn to_next_val(&mut self) -> bool;
                fn descend_last_path(&mut self) -> bool;
                fn descend_first_k_path(&mut self, k: usize) -> bool;
                fn to_next_k_path(&mut self, k: usize) -> bool;
            },
            Trait::ReadOnlyIteration => methods! {
                fn to_next_get_val(&mut self) -> Option<&'trie V>;
            },
            Trait::ConditionalIteration => vec![],
            Trait::Concrete => methods! {
                fn shared_node_id(&self) -> Option<u64>;
                fn is_shared(&self) -> bool;
            },
            Trait::AbsolutePath => methods! {
                fn origin_path(&self) -> &[u8];
                fn root_prefix_path(&self) -> &[u8];
            },
            Trait::PathBuffer => methods! {
                fn prepare_buffers(&mut self);
                fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);
                fn origin_path_assert_len(&self, len: usize) -> &[u8];
            },
            Trait::Subtries => {
                let map = quote! { Option<::pathmap::PathMap<V, #alloc>> };
                let trie_ref = quote! { Option<::pathmap::zipper::TrieRef<'_, V, #alloc>> };
                vec![
                    Method { signature: quote! { fn native_subtries(&self) -> bool }, call: quote! { native_subtries() } },
                    Method { signature: quote! { fn try_make_map(&self) -> #map }, call: quote! { try_make_map() } },
                    Method { signature: quote! { fn trie_ref(&self) -> #trie_ref }, call: quote! { trie_ref() } },
                    Method { signature: quote! { fn alloc(&self) -> #alloc }, call: quote! { alloc() } },
                ]
            }
            Trait::InfallibleSubtries => {
                let map = quote! { ::pathmap::PathMap<V, #alloc> };
                let trie_ref = quote! { ::pathmap::zipper::TrieRef<'_, V, #alloc> };
                vec![
                    Method { signature: quote! { fn make_map(&self) -> #map }, call: quote! { make_map() } },
                    Method { signature: quote! { fn get_trie_ref(&self) -> #trie_ref }, call: quote! { get_trie_ref() } },
                ]
            }
        }
    }
}

/// The members about witnesses: one slot for each variant, of which that of the current one is filled.
pub(crate) fn witnesses<'a>(variants: impl Iterator<Item = (&'a Ident, &'a Type)>) -> TokenStream {
    let (names, zippers): (Vec<_>, Vec<_>) = variants.unzip();
    let conditional = quote! { ::pathmap::zipper::ZipperReadOnlyConditionalValues<'trie, V> };
    let slots: Vec<_> = (0..names.len()).map(syn::Index::from).collect();
    let filled = (0..names.len()).map(|idx| {
        let slots = (0..names.len()).map(|other| {
            if other == idx {
                quote! { Some(zipper.witness()) }
            } else {
                quote! { None }
            }
        });
        quote! { (#(#slots,)*) }
    });
    quote! {
        type WitnessT = (#(Option<<#zippers as #conditional>::WitnessT>,)*);

        fn witness(&self) -> Self::WitnessT {
            match self { #(Self::#names(zipper) => #filled,)* }
        }

        fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
        where
            'trie: 'w,
        {
            match self { #(Self::#names(zipper) => zipper.get_val_with_witness(witness.#slots.as_ref()?),)* }
        }
    }
}
