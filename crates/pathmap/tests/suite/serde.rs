//! Maps in a format of serde.
#![cfg(feature = "serde")]

use crate::common::*;
use pathmap::PathMap;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn maps_go_through_json(model in model()) {
        let map: PathMap<u8> = map_of(&model).iter().map(|(key, val)| (key, val.0)).collect();
        let mut map = map;
        for loc in model.locations() {
            map.create_path(loc);
        }
        let text = serde_json::to_string(&map).unwrap();
        prop_assert_eq!(serde_json::from_str::<PathMap<u8>>(&text).unwrap(), map);
    }
}

#[test]
fn keys_may_be_text() {
    let map: PathMap<u8> = serde_json::from_str(r#"[[["ab", 1], [[97], 2]], ["x"]]"#).unwrap();
    let mut expected = PathMap::from([("ab", 1), ("a", 2)]);
    expected.create_path("x");
    assert_eq!(map, expected);
}

#[test]
fn other_shapes_are_errors() {
    for text in ["[]", "[[]]", "[[[1, 2]], []]", r#"[[["a"]], []]"#, "{}", "[[], [], []]", r#"[[["a", 300]], []]"#] {
        assert!(serde_json::from_str::<PathMap<u8>>(text).is_err(), "{text}");
    }
}
