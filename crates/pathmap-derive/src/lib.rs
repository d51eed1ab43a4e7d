//! Derives the zipper traits of `pathmap` for enums of zippers; see `pathmap::zipper::PolyZipper`.
//!
//! `methods` lists the traits with their methods; here each is implemented by a `match` over the variants.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod methods;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, GenericParam, Ident, Result, Type, parse_quote};

use methods::{Method, Trait};

/// Implements the reading traits for an enum of zippers, each as far as all variants have it.
#[proc_macro_derive(PolyZipper)]
pub fn derive_poly_zipper(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input, |_| Ok((Trait::ALL.to_vec(), true)))
}

/// Implements those reading traits for an enum of zippers that `#[poly_zipper_explicit(traits(..))]` names.
#[proc_macro_derive(PolyZipperExplicit, attributes(poly_zipper_explicit))]
pub fn derive_poly_zipper_explicit(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input, |input| Ok((explicit_traits(input)?, false)))
}

fn expand(
    input: proc_macro::TokenStream,
    traits: impl FnOnce(&DeriveInput) -> Result<(Vec<Trait>, bool)>,
) -> proc_macro::TokenStream {
    let expanded = syn::parse(input).and_then(|input: DeriveInput| {
        let (traits, only_if_all) = traits(&input)?;
        implement(&input, &traits, only_if_all)
    });
    expanded.unwrap_or_else(Error::into_compile_error).into()
}

/// The traits that the attribute names, and those that they need.
fn explicit_traits(input: &DeriveInput) -> Result<Vec<Trait>> {
    let mut named = vec![];
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("poly_zipper_explicit")) {
        attr.parse_nested_meta(|meta| {
            if !meta.path.is_ident("traits") {
                return Err(meta.error("expected `traits(..)`"));
            }
            meta.parse_nested_meta(|meta| {
                let name = meta.path.require_ident()?.to_string();
                let found = Trait::ALL.into_iter().find(|it| it.name() == name);
                named.push(found.ok_or_else(|| meta.error("not a trait that can be derived"))?);
                Ok(())
            })
        })?;
    }
    if named.is_empty() {
        return Err(Error::new_spanned(&input.ident, "expected `#[poly_zipper_explicit(traits(..))]`"));
    }
    Ok(Trait::ALL.into_iter().filter(|it| named.iter().any(|other| other.needs(*it))).collect())
}

/// A variant and the type of the zipper in it.
struct Variant<'a> {
    name: &'a Ident,
    zipper: &'a Type,
}

fn variants(input: &DeriveInput) -> Result<Vec<Variant<'_>>> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "only an enum can be many zippers"));
    };
    if data.variants.is_empty() {
        return Err(Error::new_spanned(&input.ident, "there is no zipper in it"));
    }
    data.variants
        .iter()
        .map(|variant| match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                Ok(Variant { name: &variant.ident, zipper: &fields.unnamed[0].ty })
            }
            _ => Err(Error::new_spanned(variant, "a variant holds one zipper, without a name")),
        })
        .collect()
}

fn implement(input: &DeriveInput, traits: &[Trait], only_if_all: bool) -> Result<TokenStream> {
    let variants = variants(input)?;
    let scope = Scope::of(input);
    let conversions = variants.iter().map(|variant| from_and_into(input, variant, variants.len() > 1));
    let impls = traits.iter().filter(|it| scope.can_name(**it)).map(|it| implement_one(input, &variants, *it, &scope, only_if_all));
    Ok(quote! { #(#conversions)* #(#impls)* })
}

/// What the generics of the enum have under the names that the traits use.
struct Scope {
    has_trie: bool,
    has_val: bool,
    has_alloc: bool,
}

impl Scope {
    fn of(input: &DeriveInput) -> Self {
        let has = |name: &str| {
            input.generics.params.iter().any(|param| match param {
                GenericParam::Lifetime(param) => param.lifetime.to_string() == name,
                GenericParam::Type(param) => param.ident == name,
                GenericParam::Const(_) => false,
            })
        };
        Scope { has_trie: has("'trie"), has_val: has("V"), has_alloc: has("A") }
    }

    fn can_name(&self, it: Trait) -> bool {
        (self.has_val || !it.has_values()) && (self.has_trie || !it.outlives())
    }

    /// The arguments of a trait.
    fn arguments(&self, it: Trait) -> TokenStream {
        match (it.outlives(), it.has_values(), it.has_alloc()) {
            (true, ..) => quote! { <'trie, V> },
            (_, true, true) if self.has_alloc => quote! { <V, A> },
            (_, true, true) => quote! { <V, ::pathmap::Global> },
            (_, true, false) => quote! { <V> },
            _ => quote! {},
        }
    }

    fn alloc(&self) -> TokenStream {
        if self.has_alloc {
            quote! { A }
        } else {
            quote! { ::pathmap::Global }
        }
    }
}

fn implement_one(input: &DeriveInput, variants: &[Variant<'_>], it: Trait, scope: &Scope, only_if_all: bool) -> TokenStream {
    let (name, path, arguments) = (&input.ident, it.path(), scope.arguments(it));
    let mut generics = input.generics.clone();
    let bounds = &mut generics.make_where_clause().predicates;
    if only_if_all {
        for Variant { zipper, .. } in variants {
            bounds.push(parse_quote! { #zipper: #path #arguments });
        }
    }
    if it.outlives() {
        bounds.push(parse_quote! { V: 'trie });
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let names: Vec<_> = variants.iter().map(|variant| variant.name).collect();
    let methods = it.methods(&scope.alloc()).into_iter().map(|Method { signature, call }| {
        quote! { #signature { match self { #(Self::#names(zipper) => zipper.#call,)* } } }
    });
    let rest = if it == Trait::ConditionalValues {
        methods::witnesses(variants.iter().map(|it| (it.name, it.zipper)))
    } else {
        quote! {}
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics #path #arguments for #name #ty_generics #where_clause {
            #(#methods)*
            #rest
        }
    }
}

/// From the zipper to the enum, and back if it is that one.
fn from_and_into(input: &DeriveInput, variant: &Variant<'_>, may_fail: bool) -> TokenStream {
    let (name, Variant { name: variant, zipper }) = (&input.ident, variant);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let otherwise = if may_fail {
        quote! { other => Err(other), }
    } else {
        quote! {}
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#zipper> for #name #ty_generics #where_clause {
            fn from(zipper: #zipper) -> Self {
                Self::#variant(zipper)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::TryFrom<#name #ty_generics> for #zipper #where_clause {
            type Error = #name #ty_generics;

            fn try_from(poly: #name #ty_generics) -> ::core::result::Result<Self, Self::Error> {
                match poly {
                    #name::#variant(zipper) => Ok(zipper),
                    #otherwise
                }
            }
        }
    }
}
