//! A program of exec facts: a counter that runs down, by a rule that puts itself back while there is something to count.

use mork_space::Space;

pub fn main() {
    let mut space = Space::new();
    let program = b"
        (count (s (s (s (s (s z))))))
        (ticks z)
        (exec tick
            (, (exec tick $patterns $templates) (count (s $n)) (ticks $t))
            (O (- (count (s $n))) (+ (count $n))
               (- (ticks $t)) (+ (ticks (s $t)))
               (+ (exec tick $patterns $templates))))";
    space.load(program).expect("the program is well formed");
    let stats = space.run(100).expect("the program can run");
    let facts: Vec<String> = space.iter().map(|fact| fact.to_string()).collect();
    println!("{facts:?} after {} steps", stats.steps);
    assert_eq!(facts, ["(count z)", "(ticks (s (s (s (s (s z))))))"]);
    assert_eq!(stats.steps, 6, "the last finds nothing to count");
}
