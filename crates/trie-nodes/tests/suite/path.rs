//! A path buffer beside a vector that is cut, and one that is not.

use trie_nodes::PathBuffer;

#[test]
fn what_was_beyond_the_end_stays() {
    let mut path = PathBuffer::from(b"abc".to_vec());
    let (mut model, mut written) = (b"abc".to_vec(), b"abc".to_vec());
    let mut state = 7_u64;
    for round in 0..2000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (change, n) = (state >> 57 & 3, (state >> 60) as u8);
        let more: Vec<u8> = (0..n).map(|i| i ^ round as u8).collect();
        match change {
            0 => more.iter().for_each(|&b| path.push(b)),
            1 => path.extend_from_slice(&more),
            _ => path.truncate(model.len().saturating_sub(n.into())),
        }
        match change {
            0 | 1 => model.extend(&more),
            _ => model.truncate(model.len().saturating_sub(n.into())),
        }
        let beyond = written.get(model.len()..).unwrap_or_default();
        written = [&model, beyond].concat();
        assert_eq!((&path[..], path.written()), (&model[..], &written[..]));
        let copy = path.clone();
        assert_eq!((&copy[..], copy.written()), (&model[..], &model[..]), "a copy has what counts");
    }
    path.truncate(1_000_000);
    assert_eq!(path[..], model, "there is no more to cut");
}

#[test]
fn a_path_within_its_room_stays_where_it_is() {
    let mut path = PathBuffer::from(b"abc".to_vec());
    path.reserve(5000);
    assert_eq!(&path[..], b"abc");
    let at = path.as_ptr();
    (3..5000).for_each(|_| path.push(b'd'));
    assert_eq!((path.as_ptr(), path.len()), (at, 5000));
}

#[test]
fn a_path_is_empty_while_it_has_no_bytes() {
    let mut path = PathBuffer::default();
    assert!(path.is_empty());
    path.push(b'a');
    assert!(!path.is_empty());
    path.truncate(0);
    assert!(path.is_empty() && !path.written().is_empty());
}
