//! Nothing but examples: what the book and the README show is compiled and run from here, so that neither can go stale.

#![forbid(unsafe_code)]

macro_rules! chapters {
    ($($name:ident: $file:literal),* $(,)?) => {
        $(#[cfg(doctest)]
        #[doc = include_str!($file)]
        struct $name;)*
    };
}

chapters! {
    Readme: "../../README.md",
    Model: "1-model.md",
    Map: "2-map.md",
    Zippers: "3-zippers.md",
    Algebra: "4-algebra.md",
    Versions: "5-versions.md",
    KnowledgeBase: "6-knowledge-base.md",
    Layouts: "../layouts.md",
}
