//! A program of exec facts: a list is sorted by exchanging neighbours that are out of order, until there are none.

use mork_space::Space;

pub fn main() {
    let mut space = Space::new();
    let list = ["pear", "fig", "apple", "lime", "date"];
    let order = ["apple", "date", "fig", "lime", "pear"];
    let mut facts = String::new();
    for (place, word) in list.iter().enumerate() {
        facts += &format!("(at {place} {word}) (next {place} {}) ", place + 1);
    }
    for (idx, less) in order.iter().enumerate() {
        order[idx + 1..].iter().for_each(|more| facts += &format!("(less {less} {more}) "));
    }
    space.load(facts.as_bytes()).expect("the facts are well formed");
    // One place after the other, as often as there are words: exchanges of places that are neighbours must not meet in one step.
    for pass in 0..list.len() {
        for place in 0..list.len() - 1 {
            let exchange = format!(
                "(exec ({pass} {place})
                    (, (at {place} $a) (next {place} $there) (at $there $b) (less $b $a))
                    (O (- (at {place} $a)) (- (at $there $b)) (+ (at {place} $b)) (+ (at $there $a))))"
            );
            space.load(exchange.as_bytes()).expect("the program is well formed");
        }
    }
    let stats = space.run(100).expect("the program can run");
    let at = |place: usize| {
        let pattern = format!("(at {place} $word)").parse().expect("a pattern");
        let answer = space.query(&pattern).next().expect("a word at every place");
        answer.get("word").expect("a variable of the pattern").to_string()
    };
    let sorted: Vec<String> = (0..list.len()).map(at).collect();
    println!("{sorted:?} after {} steps, {} exchanges", stats.steps, stats.answers);
    assert_eq!(sorted, order);
}
