//! Heads: what several zippers in one map see, keep from each other, and leave behind.

use std::sync::Barrier;
use std::thread;

use crate::common::*;
use pathmap::PathMap;
use pathmap::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    OpenWriter(Key),
    OpenReader(Key),
    /// The zipper of that number, counted around.
    Drop(usize),
    Cleanup(usize),
    IntoReader(usize),
    CloneReader(usize),
    Set(usize, Key, Bits),
    Remove(usize, Key, bool),
    Create(usize, Key),
    Clear(usize, Key),
    Miss(usize, Key),
}

fn op() -> impl Strategy<Value = Op> {
    let nth = 0..8usize;
    prop_oneof![
        4 => key().prop_map(Op::OpenWriter),
        3 => key().prop_map(Op::OpenReader),
        2 => nth.clone().prop_map(Op::Drop),
        1 => nth.clone().prop_map(Op::Cleanup),
        1 => nth.clone().prop_map(Op::IntoReader),
        1 => nth.clone().prop_map(Op::CloneReader),
        5 => (nth.clone(), key(), val()).prop_map(|(nth, key, val)| Op::Set(nth, key, val)),
        3 => (nth.clone(), key(), any::<bool>()).prop_map(|(nth, key, prune)| Op::Remove(nth, key, prune)),
        1 => (nth.clone(), key()).prop_map(|(nth, key)| Op::Create(nth, key)),
        1 => (nth.clone(), key()).prop_map(|(nth, key)| Op::Clear(nth, key)),
        1 => (nth, key()).prop_map(|(nth, key)| Op::Miss(nth, key)),
    ]
}

enum Live<'a> {
    Writer(WriteZipperTracked<'a, 'static, Bits>),
    /// With what it has to see.
    Reader(ReadZipperTracked<'a, 'static, Bits>, PathMap<Bits>),
}

impl Live<'_> {
    fn path(&self) -> &[u8] {
        match self {
            Live::Writer(zipper) => zipper.root_prefix_path(),
            Live::Reader(zipper, _) => zipper.root_prefix_path(),
        }
    }
}

fn touch(a: &[u8], b: &[u8]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// What a model has at and below a path.
fn below(model: &Model<Bits>, path: &[u8]) -> PathMap<Bits> {
    map_of(model).read_zipper_at_path(path).make_map()
}

/// Runs the operations on a head at `prefix`, whose zippers write to the model at once: nobody can see the difference.
fn run<'t>(head: &impl ZipperCreation<'t, Bits>, prefix: &[u8], model: &mut Model<Bits>, ops: &[Op]) {
    let mut live: Vec<Live<'_>> = vec![];
    for op in ops {
        let conflicts = |live: &[Live<'_>], path: &[u8], writes: bool| {
            live.iter().any(|other| touch(path, other.path()) && (writes || matches!(other, Live::Writer(_))))
        };
        let pick = |nth: usize| (!live.is_empty()).then(|| nth % live.len().max(1));
        match op {
            Op::OpenWriter(path) => match head.write_zipper_at_exclusive_path(path) {
                Ok(zipper) => {
                    assert!(!conflicts(&live, path, true), "{op:?}");
                    assert_eq!(zipper.path_exists(), model.exists(&[prefix, path].concat()));
                    assert_eq!((zipper.origin_path(), zipper.path()), (&path[..], &b""[..]));
                    live.push(Live::Writer(zipper));
                }
                Err(conflict) => {
                    assert!(conflicts(&live, path, true), "{op:?}");
                    assert!(conflict.path() == path && live.iter().any(|other| other.path() == conflict.taken()));
                }
            },
            Op::OpenReader(path) => {
                let zipper = head.read_zipper_at_path(path);
                assert_eq!(zipper.is_err(), conflicts(&live, path, false), "{op:?}");
                live.extend(zipper.ok().map(|zipper| Live::Reader(zipper, below(model, &[prefix, path].concat()))));
            }
            Op::Drop(nth) => drop(pick(*nth).map(|at| live.swap_remove(at))),
            Op::Cleanup(nth) => {
                let Some(at) = pick(*nth) else { continue };
                match live.swap_remove(at) {
                    Live::Writer(zipper) => {
                        let full = [prefix, zipper.root_prefix_path()].concat();
                        head.cleanup_write_zipper(zipper);
                        model.prune(&full, prefix.len());
                    }
                    reader => live.push(reader),
                }
            }
            Op::IntoReader(nth) => {
                let Some(at) = pick(*nth) else { continue };
                let reader = match live.swap_remove(at) {
                    Live::Writer(zipper) => {
                        let seen = below(model, &[prefix, zipper.root_prefix_path()].concat());
                        Live::Reader(zipper.into_read_zipper(), seen)
                    }
                    reader => reader,
                };
                live.push(reader);
            }
            Op::CloneReader(nth) => {
                let Some(at) = pick(*nth) else { continue };
                if let Live::Reader(zipper, seen) = &live[at] {
                    let copy = Live::Reader(zipper.clone(), seen.clone());
                    live.push(copy);
                }
            }
            Op::Set(nth, ..) | Op::Remove(nth, ..) | Op::Create(nth, _) | Op::Clear(nth, _) | Op::Miss(nth, _) => {
                let Some(at) = pick(*nth) else { continue };
                if let Live::Writer(zipper) = &mut live[at] {
                    write(zipper, prefix, model, op);
                }
            }
        }
        for zipper in &mut live {
            match zipper {
                Live::Writer(zipper) => {
                    zipper.reset();
                    assert_eq!(zipper.make_map(), below(model, &[prefix, zipper.root_prefix_path()].concat()), "{op:?}");
                }
                Live::Reader(zipper, seen) => assert_eq!(zipper.make_map(), *seen, "{op:?}"),
            }
        }
    }
}

fn write(zipper: &mut WriteZipperTracked<'_, 'static, Bits>, prefix: &[u8], model: &mut Model<Bits>, op: &Op) {
    let root = prefix.len() + zipper.root_prefix_path().len();
    let mut go = |path: &Key| {
        zipper.reset();
        zipper.descend_to(path);
        [prefix, zipper.origin_path()].concat()
    };
    match op {
        Op::Set(_, path, val) => {
            let full = go(path);
            assert_eq!(zipper.set_val(*val), model.set(&full, *val));
        }
        Op::Remove(_, path, prune) => {
            let full = go(path);
            assert_eq!(zipper.remove_val(*prune), model.remove(&full, prune.then_some(root)));
        }
        Op::Create(_, path) => {
            let full = go(path);
            assert_eq!(zipper.create_path(), model.create(&full));
        }
        Op::Clear(_, path) => {
            let full = go(path);
            assert_eq!(zipper.remove_branches(false), model.clear(&full));
        }
        Op::Miss(_, path) => {
            let full = go(path);
            assert_eq!(zipper.get_val_mut().copied(), model.get(&full).copied());
        }
        _ => unreachable!("the others do not write"),
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn zippers_of_a_head_agree_with_the_model(model in model_with(key(), 40), ops in vec(op(), 1..60), at in key()) {
        let before = map_of(&model);
        let mut expected = model.clone();
        let mut map = before.clone();
        run(&map.zipper_head(), b"", &mut expected, &ops);
        check(&map, &expected);
        prop_assert_eq!(&before, &map_of(&model), "what was taken before stays");

        let mut expected = model.clone();
        let head = before.clone().into_zipper_head(&at);
        run(&head, &at, &mut expected, &ops);
        check(&head.into_map(), &expected);

        let mut expected = model.clone();
        let mut map = before.clone();
        run(&map.write_zipper_at_path(&at).zipper_head(), &at, &mut expected, &ops);
        check(&map, &expected);
    }
}

#[test]
fn heads_and_zippers_cross_threads() {
    fn both<T: Send + Sync>() {}
    both::<ZipperHead<'_, '_, u64>>();
    both::<ZipperHeadOwned<u64>>();
    both::<ReadZipperTracked<'_, '_, u64>>();
    both::<WriteZipperTracked<'_, '_, u64>>();
}

#[test]
fn writers_on_several_threads_leave_what_one_would() {
    let n_threads = 8u8;
    let mut map: PathMap<u64> = (0..n_threads).flat_map(|part| (0..50u8).map(move |i| ([part, i], 7))).collect();
    let before = map.clone();
    let head = map.zipper_head();
    let barrier = Barrier::new(n_threads.into());
    thread::scope(|scope| {
        for part in 0..n_threads {
            let (head, barrier) = (&head, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for round in 0..20u64 {
                    let mut writer = head.write_zipper_at_exclusive_path([part]).expect("only this thread writes here");
                    assert!(head.read_zipper_at_path([part, 3]).is_err());
                    for i in 0..100u8 {
                        writer.descend_to([i, part]);
                        writer.set_val(round + u64::from(i));
                        writer.reset();
                    }
                    writer.descend_to([round as u8]);
                    assert_eq!(writer.remove_val(true), Some(7));
                    drop(writer);
                    let reader = head.read_zipper_at_path([part]).expect("nobody writes here");
                    assert_eq!(reader.val_at([99, part]), Some(&(round + 99)));
                }
            });
        }
    });
    drop(head);
    let mut expected = before.clone();
    for part in 0..n_threads {
        expected.extend((0..100u8).map(|i| ([part, i, part], 19 + u64::from(i))));
        expected.retain(|key, _| key.len() != 2 || key[0] != part || key[1] >= 20);
    }
    assert_eq!(map, expected);
    assert_eq!(before.len(), 400, "the snapshot stays");
}

#[test]
fn a_writer_that_writes_nothing_creates_nothing_and_copies_nothing() {
    let mut map = PathMap::from([("ab", 1), ("ac", 2)]);
    let before = map.clone();
    let head = map.zipper_head();
    for path in ["x/y", "ab", "a", ""] {
        let mut writer = head.write_zipper_at_exclusive_path(path).unwrap();
        writer.descend_to("zz");
        assert_eq!(writer.get_val_mut(), None);
        drop(writer);
        head.cleanup_write_zipper(head.write_zipper_at_exclusive_path(path).unwrap());
    }
    drop(head);
    assert!(map.ptr_eq(&before));
}

#[test]
fn a_lease_ends_with_the_last_of_its_readers() {
    let mut map = PathMap::from([("ab", 1)]);
    let head = map.zipper_head();
    let reader = head.read_zipper_at_path("ab").unwrap();
    let copy = reader.clone();
    drop(reader);
    let conflict = head.write_zipper_at_exclusive_path("abc").err().unwrap();
    assert_eq!(conflict.to_string(), r#"no zipper at b"abc" while there is one at b"ab""#);
    drop(copy);
    let writer = head.write_zipper_at_exclusive_path("abc").unwrap();
    let reader = writer.into_read_zipper();
    assert!(head.read_zipper_at_path("a").is_ok());
    assert!(head.write_zipper_at_exclusive_path("a").is_err());
    drop(reader);
    assert!(head.write_zipper_at_exclusive_path("a").is_ok());
}

#[test]
fn unchecked_zippers_neither_ask_nor_tell() {
    let mut map = PathMap::from([("ab", 1)]);
    let head = map.zipper_head();
    let _reader = head.read_zipper_at_path("").unwrap();
    let mut writer = head.write_zipper_at_exclusive_path_unchecked("a");
    writer.set_val(2);
    assert_eq!(head.read_zipper_at_path_unchecked("ab").val(), None, "the writer has it");
    drop(writer);
    assert_eq!(head.read_zipper_at_borrowed_path_unchecked(b"ab").val(), Some(&1));
    assert!(head.read_zipper_at_borrowed_path(b"ab").is_ok());
}

#[test]
fn a_head_stands_in_a_writer_of_a_head() {
    let mut map = PathMap::new();
    let head = map.zipper_head();
    let mut outer = head.write_zipper_at_exclusive_path("a").unwrap();
    outer.descend_to("b");
    let inner = outer.zipper_head();
    inner.write_zipper_at_exclusive_path("c").unwrap().set_val(1);
    assert_eq!(inner.read_zipper_at_path("c").unwrap().val(), Some(&1));
    drop(inner);
    assert_eq!(outer.val_at("c"), Some(&1));
    drop(outer);
    drop(head);
    assert_eq!(map, PathMap::from([("abc", 1)]));
}
