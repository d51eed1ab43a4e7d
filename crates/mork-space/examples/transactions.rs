//! Many write, many read: transactions that are committed whole or refused, and readers that never wait.
//!
//! `cargo run -p mork-space --example transactions`

use std::thread;

use mork_space::TransactionalMORKSpace;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shop = TransactionalMORKSpace::new();
    shop.update(|space| space.load(b"(stock apple 3) (stock pear 1)"))?;

    // Two customers see the last pear; one of them gets it.
    let mut orders = vec![];
    for customer in ["Ann", "Bob"] {
        let mut order = shop.begin();
        assert!(order.exists(&"(stock pear 1)".parse()?));
        order.remove_all(&"(stock pear $n)".parse()?);
        order.load(format!("(sold pear {customer})").as_bytes())?;
        orders.push((customer, order));
    }
    // A third one buys what neither of them has looked at.
    let mut order = shop.begin();
    order.remove_all(&"(stock apple $n)".parse()?);
    order.load(b"(stock apple 2) (sold apple Eve)")?;
    orders.push(("Eve", order));
    let outcomes: Vec<_> = orders.into_iter().map(|(customer, order)| (customer, shop.commit(order).is_ok())).collect();
    println!("{outcomes:?}");
    assert_eq!(outcomes, [("Ann", true), ("Bob", false), ("Eve", true)]);

    // Readers keep what they took, whatever is published meanwhile.
    let before = shop.snapshot();
    thread::scope(|scope| {
        for n in 0..4 {
            let shop = &shop;
            scope.spawn(move || shop.update(|space| space.load(format!("(visitor {n})").as_bytes())).expect("a fact"));
        }
    });
    println!("{} facts before, {} now", before.len(), shop.snapshot().len());
    assert_eq!(shop.snapshot().len(), before.len() + 4);
    Ok(())
}
