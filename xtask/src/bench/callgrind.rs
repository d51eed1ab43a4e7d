//! A dump of callgrind, read: the instructions of the program itself.
//!
//! What the C library's allocator does with a request depends on the blocks that were freed before and on where they lie, and so on the
//! length of the program's path and on its environment. It is left out, and so is our door to it: requests are counted by the program
//! itself. Of the C library only copying, filling and comparing bytes is the program's own. The format is described in valgrind's manual.

use std::collections::HashMap;

use anyhow::{Context, Result};

/// Adds up one dump.
pub fn instructions(dump: &str) -> Result<u64> {
    let (mut sum, mut is_ours, mut object, mut names) = (0, false, "", Names::default());
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        match line.split_once('=') {
            Some(("ob", text)) => object = names.object(text)?,
            Some(("fn", text)) => is_ours = is_own(object, names.function(text)?),
            // A name may be written here first.
            Some(("cob", text)) => drop(names.object(text)?),
            Some(("cfn", text)) => drop(names.function(text)?),
            // The line after it is what the call took, which stands at the called function as well.
            Some(("calls", _)) => drop(lines.next()),
            None if is_ours && line.starts_with(|c: char| "+-*".contains(c) || c.is_ascii_digit()) => sum += cost(line)?,
            _ => {}
        }
    }
    Ok(sum)
}

/// The instructions on a line of a position and a number.
fn cost(line: &str) -> Result<u64> {
    let number = line.split(' ').nth(1).unwrap_or("0");
    number.parse().with_context(|| format!("a dump with `{number}` for a number"))
}

/// Whether what a function takes is the program's own.
fn is_own(object: &str, function: &str) -> bool {
    let is = |names: &[&str]| names.iter().any(|name| function.contains(name));
    match object.rsplit('/').next().is_some_and(|file| file.contains(".so")) {
        true => is(&["memcpy", "memmove", "memset", "memcmp", "bcmp"]),
        false => !is(&["__rust_alloc", "__rust_realloc", "__rust_dealloc"]),
    }
}

/// Names are written once, as `(number) name`, and stand as `(number)` later.
#[derive(Default)]
struct Names<'a> {
    objects: HashMap<&'a str, &'a str>,
    functions: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    fn object(&mut self, text: &'a str) -> Result<&'a str> {
        name(&mut self.objects, text)
    }

    fn function(&mut self, text: &'a str) -> Result<&'a str> {
        name(&mut self.functions, text)
    }
}

fn name<'a>(known: &mut HashMap<&'a str, &'a str>, text: &'a str) -> Result<&'a str> {
    if let Some((number, name)) = text.split_once(' ') {
        known.insert(number, name);
        return Ok(name);
    }
    known.get(text).copied().with_context(|| format!("a dump that does not say what {text} is"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "\
events: Ir
summary: 607

ob=(6) target/release/counts
fl=(2) block.rs
fn=(9) odrc::new
12 30
+3 4
cfn=(11) __rustc::__rust_alloc
calls=2 0
* 527
cob=(3) usr/lib/libc.so.6
cfn=(8) __memcpy_sse2_unaligned
calls=1 0
-3 11

fn=(11)
0 27
cob=(3)
cfn=(7) malloc
calls=2 0
* 500

ob=(3)
fl=(4) ???
fn=(7)
0 500
fn=(8)
0 11

ob=(6)
fl=(2)
fn=(10) odrc::grow
* 35
cfn=(9)
calls=1 12
* 561

totals: 607
";

    #[test]
    fn what_the_allocator_takes_is_left_out() {
        assert_eq!(instructions(DUMP).unwrap(), 30 + 4 + 11 + 35);
        assert!(instructions("fn=(1)").is_err(), "a number without its name");
    }
}
