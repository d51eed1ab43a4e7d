//! Point operations on places that share nodes: set, remove to a floor, create, prune, take out, graft, ranges.

use crate::input::Input;
use crate::world::World;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = World::<Box<u8>>::new();
    while input.goes_on() {
        world.point_op(&mut input);
        world.check();
    }
    world.end();
}
