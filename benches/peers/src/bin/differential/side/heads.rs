//! Heads: which zippers may live beside which, and what they leave.

use super::super::subject::PathMap;
use super::super::subject::zipper::*;
use super::{content, look, map, reads};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut map: PathMap<u64> = map(dice, keys, true);
    let snapshot = map.clone();
    let before = content(&map);
    trace.note_content(&before);
    for _ in 0..2 {
        let head = map.zipper_head();
        let (mut writers, mut readers) = (vec![], vec![]);
        for _ in 0..2 + dice.below(6) {
            let path = keys.pick(dice);
            trace.note(|| format!("path {:?}", Shown(&path)));
            if dice.flag() {
                match head.write_zipper_at_exclusive_path(&path) {
                    Ok(mut writer) => {
                        trace.say("write_zipper_at_exclusive_path", "ok");
                        // 0.3.5 creates the path of a writer, here it is created by the first write.
                        trace.say("set_val", writer.set_val(0));
                        writers.push(writer);
                    }
                    Err(_) => trace.say("write_zipper_at_exclusive_path", "conflict"),
                }
            } else {
                match head.read_zipper_at_path(&path) {
                    Ok(reader) => {
                        trace.say("read_zipper_at_path", "ok");
                        readers.push(reader);
                    }
                    Err(_) => trace.say("read_zipper_at_path", "conflict"),
                }
            }
            for writer in &mut writers {
                reads::step(writer, dice, keys, trace);
                trace.say("set_val", writer.set_val(dice.below(3) as u64));
                look(writer, trace);
            }
            for reader in &mut readers {
                reads::step(reader, dice, keys, trace);
                look(reader, trace);
                trace.say_path("origin_path", reader.origin_path());
            }
        }
        drop(readers);
        for writer in writers {
            head.cleanup_write_zipper(writer);
        }
        drop(head);
        trace.say_digest("content", &content(&map));
    }
    trace.say("snapshot is as it was", content(&snapshot) == before);
}
