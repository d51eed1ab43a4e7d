//! Movements of zippers made of zippers, and of those of heads, against the tries that they are said to show.

use odrc::testing::Audit;
use pathmap::zipper::*;
use testkit::{Key, Model};

use crate::input::Input;
use crate::maps::{Bits, build, check};
use crate::moves::Expected;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let audit = Audit::default();
    let (mut a, model_a) = build(&mut input, &audit.handle());
    let (b, model_b) = build(&mut input, &audit.handle());
    let [root, prefix] = [input.key(), input.key()];
    let (sub, exists) = (model_a.sub(&root), model_a.exists(&root));
    let expect = |trie, root_exists| Expected { trie, root_exists, focus: Key::new(), first: None };
    match input.below(8) {
        0 => expect(sub, exists).replay(OneFactor::new(a.read_zipper_at_path(&root)), &mut input),
        1 => expect(sub, exists).replay(OverlayZipper::new(EmptyZipper::new(), a.read_zipper_at_path(&root)), &mut input),
        2 => {
            let zipper = OverlayZipper::new(a.read_zipper(), b.clone().into_read_zipper(""));
            expect(model_a.join(&model_b, |a, _| Some(*a)), true).replay(zipper, &mut input);
        }
        3 => {
            let mut trie = Model::new();
            trie.create(&prefix);
            trie.graft(&prefix, &sub);
            expect(trie, true).replay(PrefixZipper::new(&prefix[..], a.read_zipper_at_path(&root)), &mut input);
        }
        4 => {
            let zipper = ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
            expect(product(&model_a, &model_b), true).replay(zipper, &mut input);
        }
        5 => {
            let zipper = ProductZipperG::new(a.read_zipper(), [b.clone().into_read_zipper("")]);
            expect(product(&model_a, &model_b), true).replay(zipper, &mut input);
        }
        6 => {
            let enroll = |(), _: &[u8], factor: usize| ((), (factor == 0).then(|| b.read_zipper()));
            let zipper = DependentProductZipperG::new_enroll(a.read_zipper(), (), enroll);
            // Factors that the path does not lead into are not there yet, so no value of theirs can be lent.
            let first = Some(model_a.clone());
            Expected { first, ..expect(product(&model_a, &model_b), true) }.replay(zipper, &mut input);
        }
        _ => {
            let head = a.zipper_head();
            let writer = head.write_zipper_at_exclusive_path(&root).expect("it is the only one");
            expect(sub.clone(), exists).replay(writer, &mut input);
            let reader = head.read_zipper_at_path(&root).expect("the writer is gone");
            expect(sub, exists).replay(reader, &mut input);
        }
    }
    check(&a, &model_a);
    check(&b, &model_b);
    drop((a, b));
    audit.assert_clean();
}

/// The product by its definition: below each leaf of the first, the branches of the second.
fn product(first: &Model<Bits>, second: &Model<Bits>) -> Model<Bits> {
    let mut product = first.clone();
    for leaf in first.locations().filter(|at| !at.is_empty() && first.child_mask(at).is_empty()) {
        product.set_branches(leaf, &second.branches(b""));
    }
    product
}
