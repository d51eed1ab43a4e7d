//! Every interleaving of the count's protocol, step by step, at small constants.
//!
//! Loom sees weak memory but few threads; this sees more threads and more steps, in sequentially
//! consistent order. The decisions are the production ones (`Count::trips`, `Count::verdict`);
//! the steps between them are restated here.
// Numbers alone, of which Miri would find nothing in hours.
#![cfg(not(any(loom, miri)))]

use std::collections::HashSet;

use odrc::count::{Count, Verdict};

const THREADS: usize = 4;

/// Where a thread stands inside an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Idle,
    /// Has counted a handle and found the range left; still holds the source.
    RetainSwap,
    /// Has seen that it is not alone.
    ReleaseSub,
    /// Has given up its handle and found the count lost.
    ReleaseSwap,
    /// Has given up its handle and found it was the last.
    ReleaseFree,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Thread {
    step: Step,
    handles: u8,
    /// How many handles it may still make.
    retains: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    word: u32,
    freed: bool,
    /// Whether some retain has left the exact range.
    lost: bool,
    threads: [Thread; THREADS],
}

/// The decisions under test, so that a wrong one can be put in their place.
#[derive(Clone, Copy)]
struct Rules {
    saturated: u32,
    trips: fn(u32) -> bool,
    verdict: fn(u32) -> Verdict,
}

fn rules<const MAX: u32, const SAT: u32>() -> Rules {
    Rules { saturated: SAT, trips: Count::<MAX, SAT>::trips, verdict: Count::<MAX, SAT>::verdict }
}

impl State {
    fn live(&self) -> u32 {
        self.threads.iter().map(|thread| u32::from(thread.handles)).sum()
    }

    /// Touches the word, which must still be there.
    fn word(&mut self) -> Result<&mut u32, &'static str> {
        if self.freed { Err("the count is used after the free") } else { Ok(&mut self.word) }
    }

    fn free(&mut self) -> Result<(), &'static str> {
        if std::mem::replace(&mut self.freed, true) {
            return Err("freed twice");
        }
        if self.live() > 0 { Err("freed under a live handle") } else { Ok(()) }
    }

    fn retain(&self, t: usize, rules: Rules) -> Result<Self, &'static str> {
        let mut next = *self;
        let word = next.word()?;
        let old = *word;
        *word = old.wrapping_add(1);
        next.threads[t].handles += 1;
        next.threads[t].retains -= 1;
        if (rules.trips)(old) {
            next.lost = true;
            next.threads[t].step = Step::RetainSwap;
        }
        Ok(next)
    }

    /// The load with which a release begins.
    fn release(&self, t: usize) -> Result<Self, &'static str> {
        let mut next = *self;
        if *next.word()? == 1 {
            next.threads[t].handles -= 1;
            next.free()?;
        } else {
            next.threads[t].step = Step::ReleaseSub;
        }
        Ok(next)
    }

    fn proceed(&self, t: usize, rules: Rules) -> Result<Self, &'static str> {
        let mut next = *self;
        next.threads[t].step = Step::Idle;
        match self.threads[t].step {
            Step::Idle => unreachable!("nothing begun"),
            Step::RetainSwap | Step::ReleaseSwap => *next.word()? = rules.saturated,
            Step::ReleaseFree => next.free()?,
            Step::ReleaseSub => {
                let word = next.word()?;
                let old = *word;
                *word = old.wrapping_sub(1);
                next.threads[t].handles -= 1;
                next.threads[t].step = match (rules.verdict)(old) {
                    Verdict::Shared => Step::Idle,
                    Verdict::Last => Step::ReleaseFree,
                    Verdict::Lost => Step::ReleaseSwap,
                    Verdict::Underflow => return Err("underflow"),
                };
            }
        }
        Ok(next)
    }

    /// What holds in every state, between all steps.
    fn check(&self) -> Result<(), &'static str> {
        let live = self.live();
        if !self.freed && !self.lost && self.word != live {
            return Err("an exact count differs from the handles");
        }
        if !self.freed && self.word == 1 && live > 1 {
            return Err("unique under two handles");
        }
        if self.lost && self.freed {
            return Err("freed after the count was lost");
        }
        let idle = self.threads.iter().all(|thread| thread.step == Step::Idle);
        if idle && live == 0 && !self.freed && !self.lost {
            return Err("leaked");
        }
        Ok(())
    }

    fn successors(&self, rules: Rules) -> Result<Vec<Self>, &'static str> {
        let mut next = Vec::new();
        for t in 0..THREADS {
            let thread = self.threads[t];
            if thread.step != Step::Idle {
                next.push(self.proceed(t, rules)?);
            } else if thread.handles > 0 {
                next.push(self.release(t)?);
                if thread.retains > 0 {
                    next.push(self.retain(t, rules)?);
                }
            }
        }
        Ok(next)
    }
}

/// Visits every state that can be reached; how many there are, or the first fault.
///
/// Handles are dealt out before, as after a handover; thread `t` then makes up to `retains[t]` more.
fn explore(rules: Rules, dealt: [u8; THREADS], retains: [u8; THREADS]) -> Result<usize, &'static str> {
    let thread = |t: usize| Thread { step: Step::Idle, handles: dealt[t], retains: retains[t] };
    let threads = std::array::from_fn(thread);
    let word = dealt.iter().map(|&handles| u32::from(handles)).sum();
    assert!(!(rules.trips)(word - 1), "the search starts with an exact count");
    let start = State { word, freed: false, lost: false, threads };
    let mut seen = HashSet::from([start]);
    let mut open = vec![start];
    while let Some(state) = open.pop() {
        for next in state.successors(rules)? {
            next.check()?;
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    Ok(seen.len())
}

#[test]
fn the_protocol_holds_in_every_state() {
    for dealt in [[1, 0, 0, 0], [1, 1, 0, 0], [2, 1, 1, 0]] {
        explore(rules::<4, 12>(), dealt, [2; THREADS]).unwrap();
    }
    // Far from the edge: the plain protocol.
    explore(rules::<100, 200>(), [1, 1, 1, 1], [1; THREADS]).unwrap();
}

/// Between an operation and its correction a thread drifts the word by one at most. When one
/// operates, all others may have drifted it: the middle of the band must lie as far above the
/// exact counts as there are threads, and one less is too little.
#[test]
fn the_band_may_be_as_narrow_as_the_threads_are_many() {
    let states = explore(rules::<4, 8>(), [1, 1, 1, 1], [2, 2, 1, 1]).unwrap();
    assert!(states >= 100_000, "{states} states");
    assert!(explore(rules::<4, 7>(), [1, 1, 1, 1], [2, 2, 1, 1]).is_err());
}

/// The search finds faults: each wrong decision is caught.
#[test]
fn wrong_decisions_are_found() {
    let right = rules::<4, 12>();
    let dealt = [1, 1, 1, 1];
    let late_trip = Rules { trips: |old| old > 4, ..right };
    assert!(explore(late_trip, dealt, [2; THREADS]).is_err());
    let never_trips = Rules { trips: |_| false, ..right };
    assert!(explore(never_trips, dealt, [2; THREADS]).is_err());
    let frees_early = Rules { verdict: |old| if old == 2 { Verdict::Last } else { Count::<4, 12>::verdict(old) }, ..right };
    assert!(explore(frees_early, dealt, [1; THREADS]).is_err());
    let no_repair =
        Rules { saturated: 5, verdict: |old| if old > 4 { Verdict::Shared } else { Count::<4, 12>::verdict(old) }, ..right };
    assert!(explore(no_repair, dealt, [2; THREADS]).is_err());
}
