//! What is easy to get wrong about facts with variables, each by its name.
//!
//! Elsewhere: variables across the patterns of a query, and templates with new ones, beside the textbook on thousands of random queries
//! (`query.rs`: `conjunctions_are_those_of_the_textbook`); that exec reads a snapshot which contains itself (`exec.rs`:
//! `a_step_reads_what_was_there_before_it_itself_included`); in which order exec facts run (`exec.rs`:
//! `the_first_in_the_order_of_facts_runs_first`).

use std::collections::BTreeSet;

use mork_space::expr::{Atom, BuildError};
use mork_space::{
    AnonPolicy, BagSpace, Codec, Encoded, IsolatedMORKSpace, Pattern, Query, Space, TransactionalMORKSpace, VersionedMORKSpace,
};
use pathmap::zipper::{Zipper, ZipperAbsolutePath, ZipperCreation, ZipperMoving, ZipperWriting};
use proptest::prelude::*;
use testkit::terms::{Substitution, Term, fact, term, unified};
use testkit::{CASES, XorShift, cases};

fn space_of(text: &str) -> Space {
    let mut space = Space::new();
    space.load(text.as_bytes()).expect("well formed");
    space
}

fn pattern(text: &str) -> Pattern {
    text.parse().expect("well formed")
}

fn encoded(text: &str) -> Encoded {
    text.parse().expect("well formed")
}

/// The answers to some patterns at once, filled into `template`.
fn filled(facts: &str, patterns: &[&str], template: &str) -> Vec<String> {
    let query = Query::all(patterns.iter().map(|text| pattern(text)));
    let answers = space_of(facts).subst(&query, &pattern(template)).expect("within the limits");
    answers.iter().map(Encoded::to_string).collect()
}

/// The answers to one pattern, as what its variables stand for.
fn answers(facts: &str, asked: &str) -> Vec<String> {
    let (space, asked) = (space_of(facts), pattern(asked));
    space.query(&asked).map(|answer| answer.to_string()).collect()
}

/// The term with each variable under the name that `names` gives it.
fn renamed(term: &Term, names: &[&str; 3]) -> Term {
    match term {
        Term::Variable(name) => Term::Variable(names[usize::from(name.as_bytes()[0] - b'x')].to_owned()),
        Term::Expression(items) => Term::Expression(items.iter().map(|item| renamed(item, names)).collect()),
        Term::Symbol(_) => term.clone(),
    }
}

/// Whether one is the other with its variables renamed: they unify where variables are told apart by side, each way one-sided.
fn are_alike(a: &Term, b: &Term) -> bool {
    let is_instance = |a: &Term, of: &Term| unified(&of.apart("p"), &a.frozen(), &mut Substitution::new());
    is_instance(a, b) && is_instance(b, a)
}

#[test]
fn alpha_equivalence_is_equality_of_bytes() {
    let mut rng = XorShift(0xA1FA);
    let (mut n_alike, mut n_other) = (0, 0);
    for _ in 0..20_000 {
        let (one, other) = (term(&mut rng, 2, 3), term(&mut rng, 2, 3));
        let all = [["x", "y", "z"], ["y", "z", "x"], ["z", "y", "x"], ["p", "q", "r"]];
        let (bytes, again) = (encoded(&one.text()), renamed(&one, &all[rng.below(4) as usize]));
        assert_eq!(encoded(&again.text()), bytes, "{} and {}", one.text(), again.text());
        let mut space: Space = [bytes.clone()].into_iter().collect();
        assert!(space.contains(encoded(&again.text()).as_expr()) && !space.add(encoded(&again.text()).as_expr()));
        assert_eq!(space.len(), 1);
        // Some variables made one: alike only if they were one before.
        for other in [other, renamed(&one, &["x", "x", "z"])] {
            let is_same = encoded(&other.text()) == bytes;
            assert_eq!(is_same, are_alike(&one, &other), "{} and {}", one.text(), other.text());
            if is_same { n_alike += 1 } else { n_other += 1 }
        }
    }
    assert!(n_alike > 1_000 && n_other > 1_000, "{n_alike} alike, {n_other} not");
}

#[test]
fn a_variable_of_the_data_is_met_by_two_patterns() {
    assert_eq!(filled("(r $d b) (r a b)", &["(r (a $p) b)", "(r (b) $p)"], "$p"), ["b"]);
}

#[test]
fn the_occurs_check_holds_directly_and_through_a_join() {
    let none: [&str; 0] = [];
    assert_eq!(answers("(e $x (f $x))", "(e $w $w)"), none);
    assert_eq!(answers("(e $w $w)", "(e $x (f $x))"), none);
    assert_eq!(filled("(p $u $u)", &["(p $x $y)", "(p $y (s $x))"], "$x"), none);
    assert_eq!(filled("(p $u $u)", &["(p $x $y)", "(p $y (s $z))"], "$x"), ["(s $a)"], "without the circle there is an answer");
}

#[test]
fn an_answer_need_not_be_ground() {
    assert_eq!(filled("(e $u $u)", &["(e $x $y)"], "($x $y)"), ["($a $a)"]);
    assert_eq!(answers("(e $u $u)", "(e $x $y)"), ["$x = $x, $y = $x"]);
}

#[test]
fn what_an_atom_is_applied_to_is_no_part_of_its_type() {
    let terms = ["((f) A)", "(f (-> A))", "(f A)", "($g A)", "($g (-> $b))", "((f) $a)", "($g $a)", "(f (-> A B))", "$any"];
    let read = |text: &str| -> Term {
        // The trees of these few texts.
        fn tree(text: &str) -> Term {
            match text.strip_prefix('(') {
                None => {
                    text.strip_prefix('$').map_or_else(|| Term::Symbol(text.to_owned()), |name| Term::Variable(name.to_owned()))
                }
                Some(rest) => {
                    let (mut items, mut depth, mut start) = (vec![], 0, 0);
                    let rest = &rest[..rest.len() - 1];
                    for (at, char) in rest.char_indices().chain([(rest.len(), ' ')]) {
                        match char {
                            '(' => depth += 1,
                            ')' => depth -= 1,
                            ' ' if depth == 0 => {
                                items.push(tree(&rest[start..at]));
                                start = at + 1;
                            }
                            _ => {}
                        }
                    }
                    Term::Expression(items)
                }
            }
        }
        tree(text)
    };
    for stored in terms {
        for asked in terms {
            assert_eq!(read(asked).text(), asked);
            let expected = unified(&read(asked).apart("p"), &read(stored).apart("d"), &mut Substitution::new());
            assert_eq!(space_of(stored).exists(&pattern(asked)), expected, "{asked} in {stored}");
        }
    }
}

#[test]
fn symbols_and_variables_at_the_top_are_facts_as_others() {
    assert_eq!(filled("(f) f g", &["($f)", "$f"], "$f"), ["f"]);
    assert_eq!(answers("a $x (b)", "$any").len(), 3);
    assert_eq!(answers("a $x (b)", "a").len(), 2, "the symbol, and the variable that stands for all");
    assert!(space_of("$x").exists(&pattern("(anything at all)")));
}

#[test]
fn dumps_are_in_one_order_however_a_space_came_about() {
    let facts = "(b 1) (a) (a $x) $v sym longer (a $x $x) ((a) b) () (zz top) (a \"text of more than sixty-three bytes, which goes on in another item\")";
    let straight = space_of(facts);
    let mut reversed = Space::new();
    reversed.extend(straight.iter().collect::<Vec<_>>().into_iter().rev());
    let mut detour = space_of("(c) (a) (gone $x) (a $x)");
    detour.remove_all(&pattern("(c)"));
    detour.remove(encoded("(gone $x)").as_expr());
    let detour = detour.union(&space_of("(b 1) sym ()")).union(&straight);
    let dump = |space: &Space| {
        let (mut text, mut paths) = (vec![], vec![]);
        space.save_text(&mut text, Codec::default()).unwrap();
        space.save_paths(&mut paths, Codec::default()).unwrap();
        (String::from_utf8(text).unwrap(), paths)
    };
    assert_eq!(dump(&straight), dump(&reversed));
    assert_eq!(dump(&straight), dump(&detour));
    let lines: Vec<_> = dump(&straight).0.lines().map(|line| line[..line.len().min(12)].to_owned()).collect();
    // Expressions by their number of items, variables, symbols by length.
    let expected = ["()", "(a)", "((a) b)", "(a $a)", "(a \"text of ", "(b 1)", "(zz top)", "(a $a $a)", "$a", "sym", "longer"];
    assert_eq!(BTreeSet::from_iter(&lines), BTreeSet::from_iter(&expected.map(str::to_owned)));
    let at = |line: &str| lines.iter().position(|found| found == line).expect(line);
    assert!(
        expected.windows(2).filter(|pair| !pair.iter().any(|line| line.contains("text"))).all(|pair| at(pair[0]) < at(pair[1])),
        "{lines:?}"
    );
}

#[test]
fn limits_hold_exactly_through_text_through_atoms_and_after_filling_in() {
    let items = |n: usize| vec!["x"; n];
    let children = |n: usize| (format!("({})", items(n).join(" ")), Atom::expression(items(n).into_iter().map(Atom::symbol)));
    let bytes = |n: usize| ("s".repeat(n), Atom::symbol("s".repeat(n)));
    let names = |n: usize| (0..n).map(|i| format!("$v{i}")).collect::<Vec<_>>();
    let halves = |n: usize| {
        let names = names(n);
        let (a, b) = names.split_at(n / 2);
        let group = |names: &[String]| Atom::expression(names.iter().map(|name| Atom::variable(&name[1..])));
        (format!("(({}) ({}))", a.join(" "), b.join(" ")), Atom::expression([group(a), group(b)]))
    };
    let cases = [
        (children(63), None),
        (children(64), Some(BuildError::TooManyItems)),
        (bytes(63), None),
        (bytes(64), Some(BuildError::LongSymbol(64))),
        (halves(64), None),
        (halves(65), Some(BuildError::TooManyVariables)),
        ((" ".to_owned(), Atom::symbol("")), Some(BuildError::EmptySymbol)),
    ];
    for ((text, atom), refused) in cases {
        assert_eq!(Codec::MORK.encode(&atom).err().map(|error| error.kind), refused, "{text}");
        let read = Codec::MORK.read_one(text.as_bytes());
        assert_eq!(read.is_err(), refused.is_some(), "{text}");
    }
    assert!(Codec::default().read_one(bytes(64).0.as_bytes()).is_ok(), "the default codec goes on");

    // Forty variables of a fact, and so many of the template.
    let space = space_of(&format!("(p ({}))", names(40).join(" ")));
    let fill = |n: usize| {
        let template = pattern(&format!("($x ({}))", (0..n).map(|i| format!("$w{i} ")).collect::<String>()));
        space.subst(&Query::all([pattern("(p $x)")]), &template)
    };
    assert_eq!(fill(24).unwrap()[0].as_expr().n_vars(), 64);
    assert_eq!(fill(25).unwrap_err().kind, BuildError::TooManyVariables);
}

#[test]
fn an_underscore_means_the_same_on_every_way_in() {
    let text = "(f _ _)";
    for (anonymous, n_vars, stored) in [(AnonPolicy::Symbol, 0, "(f _ _)"), (AnonPolicy::Anonymous, 2, "(f $a $b)")] {
        let codec = Codec { anonymous, ..Codec::default() };
        let single = codec.read_one(text.as_bytes()).unwrap();
        assert_eq!((single.as_expr().n_vars(), single.to_string().as_str()), (n_vars, stored));
        let by_atom = codec.encode(&codec.parse_one(text.as_bytes()).unwrap()).unwrap();
        let mut bulk = Space::new();
        bulk.load_with(text.as_bytes(), codec, |_| {}).unwrap();
        let asked = Pattern::read(text.as_bytes(), codec).unwrap();
        assert!(bulk.iter().eq([single.clone()]) && by_atom == single && asked.as_expr() == single.as_expr());
        #[cfg(feature = "rayon")]
        {
            let mut parallel = Space::new();
            parallel.load_parallel(text.as_bytes(), codec).unwrap();
            assert_eq!(parallel, bulk);
        }
        // Asked: as a variable it finds every such fact, and each stands for something of its own.
        let facts = space_of("(f 1 2) (f _ _)");
        assert_eq!(facts.count(&asked), if n_vars == 0 { 1 } else { 2 });
        // As a template it is filled in with nothing.
        let made = facts.subst(&Query::all([pattern("(f 1 $x)")]), &asked).unwrap();
        assert_eq!(made, [single]);
    }
}

/// Hyperon's test `remove_duplicated_atom`.
#[test]
fn a_bag_has_a_fact_as_often_as_it_was_added() {
    let (mut bag, mut set, fact) = (BagSpace::new(), Space::new(), encoded("(A B)"));
    for _ in 0..3 {
        bag.add(fact.as_expr());
        set.add(fact.as_expr());
    }
    assert_eq!((bag.remove(fact.as_expr()), bag.count(fact.as_expr())), (Some(2), 2));
    assert!(set.remove(fact.as_expr()) && set.is_empty());
}

/// A way to change a space, and its name.
type Write = (&'static str, fn(&mut Space));

/// Every way to change a space.
const WRITES: [Write; 14] = [
    ("add", |space| assert!(space.add(encoded("(new fact)").as_expr()))),
    ("remove", |space| assert!(space.remove(encoded("(n 7)").as_expr()))),
    ("replace", |space| assert!(space.replace(encoded("(n 7)").as_expr(), encoded("(m 7)").as_expr()))),
    ("extend", |space| space.extend([encoded("(new fact)"), encoded("(n $x)")])),
    ("load", |space| drop(space.load(b"(new fact) (n 1000) (n $x)"))),
    ("remove_all", |space| assert!(space.remove_all(&pattern("(n $x)")) > 0)),
    ("transform", |space| {
        let query = Query::all([pattern("(n $x)")]);
        space.transform(&query, &[pattern("(m $x)")], &[pattern("(n $x)")]).map(drop).expect("small");
    }),
    ("run", |space| {
        space.load(b"(exec 0 (, (n $x)) (O (- (n $x)) (+ (m $x))))").expect("well formed");
        space.run(5).map(drop).expect("well formed");
    }),
    ("clear", Space::clear),
    ("update_to", |space| space.update_to(&space_of("(only this)"))),
    ("union", |space| *space = space.union(&space_of("(new fact)"))),
    ("difference", |space| *space = space.difference(&space_of("(n 3) (n 4)"))),
    ("merge", |space| *space = Space::merge(space, &space_of("(new fact)"), space)),
    ("load_paths", |space| {
        let mut file = vec![];
        space_of("(new fact)").save_paths(&mut file, Codec::default()).expect("memory takes all");
        space.load_paths(&file[..], Codec::default()).map(drop).expect("just written");
    }),
];

#[test]
fn parents_children_and_siblings_are_isolated_on_every_way_to_write() {
    for with_index in [false, true] {
        for (name, write) in WRITES {
            let mut parent = space_of(&(0..200).map(|n| format!("(n {n}) ")).collect::<String>());
            if with_index {
                parent.add_index("n", 2, 1).unwrap();
            }
            let before: Vec<Encoded> = parent.iter().collect();
            for writer in 0..3 {
                let child = parent.clone();
                let mut family = [parent.clone(), child.clone(), child];
                write(&mut family[writer]);
                assert!(!family[writer].iter().eq(before.iter().cloned()), "{name} changes something");
                for (member, space) in family.iter().enumerate() {
                    let changed = member == writer;
                    assert!(changed || space.iter().eq(before.iter().cloned()), "{name} by {writer} seen by {member}");
                    assert!(changed || space.count(&pattern("(n 7)")) == 1);
                }
            }
            let (mut states, mut local) = (VersionedMORKSpace::from(parent.clone()), IsolatedMORKSpace::new(&parent));
            let shared = TransactionalMORKSpace::from(parent.clone());
            states.snapshot("before");
            states.update(write);
            local.update(write);
            let mut txn = shared.begin();
            txn.update(write);
            assert!(states.at("before").unwrap() == parent && shared.snapshot() == parent && local.base() == parent, "{name}");
            assert!(txn.space() == local.space() && states.space() == local.space(), "{name}");
            assert!(parent.iter().eq(before), "{name}");
        }
    }
}

#[test]
fn a_snapshot_is_asked_while_its_map_is_written_through_a_zipper_head() {
    let space = space_of(&(0..300).map(|n| format!("(left {n}) (right {n}) ")).collect::<String>());
    let mut map = space.clone().into_map();
    let head = map.zipper_head();
    let [left, right] = ["left", "right"].map(|name| [b"\x02", Encoded::symbol(name).unwrap().as_bytes()].concat());
    std::thread::scope(|scope| {
        for (path, asked) in [(&left, "(left $n)"), (&right, "(right $n)")] {
            let mut zipper = head.write_zipper_at_exclusive_path(path).unwrap();
            let space = &space;
            scope.spawn(move || {
                // An answer read, a path written, in turn.
                let (asked, mut n_answers) = (pattern(asked), 0);
                for answer in space.query(&asked) {
                    let path = &answer.fact().bytes()[zipper.root_prefix_path().len()..];
                    zipper.descend_to(path);
                    zipper.remove_val(true);
                    zipper.reset();
                    zipper.descend_to(b"\xC3new");
                    zipper.set_val(());
                    zipper.reset();
                    n_answers += 1;
                }
                assert_eq!(n_answers, 300);
            });
        }
    });
    drop(head);
    assert_eq!(Space::try_from(map).unwrap(), space_of("(left new) (right new)"));
    assert_eq!(space.len(), 600);
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn nothing_dangles_after_any_history(steps in prop::collection::vec((0..WRITES.len() + 4, any::<u64>()), 0..25)) {
        let (mut space, shared) = (space_of("(n 1) (n 7) (n (s $x)) (m $x $x)"), TransactionalMORKSpace::new());
        for (step, seed) in steps {
            let random = encoded(&fact(&mut XorShift(seed | 1), 2).text());
            match step.checked_sub(WRITES.len()) {
                // Whether there is something to do or not.
                None => match WRITES[step].0 {
                    "add" => drop(space.add(random.as_expr())),
                    "remove" => drop(space.remove(random.as_expr())),
                    "replace" => drop(space.replace(encoded("(n 7)").as_expr(), random.as_expr())),
                    "remove_all" => drop(space.remove_all(&Pattern::new(random))),
                    _ => WRITES[step].1(&mut space),
                },
                Some(0) => space.update_to(&space.intersection(&space_of("(n 1) (m $a $a)")).union(&space)),
                Some(1) => {
                    let mut txn = shared.begin();
                    txn.update(|facts| facts.update_to(&space));
                    txn.remove_all(&Pattern::new(random));
                    prop_assert!(shared.commit(txn).is_ok());
                    space = shared.snapshot();
                }
                Some(2) => space = space_of("(n 7)").derive(&space),
                _ => drop(space.load(format!("{random} (n 7) (broken").as_bytes())),
            }
        }
        // The places of the trie are the beginnings of the facts, and no others.
        let facts: Vec<Encoded> = space.iter().collect();
        let beginnings: BTreeSet<&[u8]> = facts.iter().flat_map(|fact| (1..=fact.as_bytes().len()).map(|len| &fact.as_bytes()[..len])).collect();
        let (map, mut found) = (space.as_map(), BTreeSet::new());
        let mut zipper = map.read_zipper();
        while zipper.to_next_step() {
            prop_assert_eq!(zipper.child_count() == 0, zipper.is_val(), "no fact is the beginning of another");
            found.insert(zipper.path().to_vec());
        }
        prop_assert!(found.iter().map(Vec::as_slice).eq(beginnings));
    }
}
