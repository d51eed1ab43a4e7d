//! Movement through factors.
//!
//! The first factor goes along the whole path, and below its leaves to where it has nothing; so its path is that of the product.
//!
//! Invariants: `entered` are the factors after the first that the path leads into, `seams[i]` is the length of the path to the root
//! of `entered[i]`. The last factor stands at what of the path is below its root, each other one at its leaf. Every location on the
//! path that is a seam is in `seams`.

use trie_nodes::ByteMask;

use super::layers::Layers;
use crate::zipper::{
    BoxedScout, Scout, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyValues,
    ZipperValues, expect_scout, visit_all,
};

/// Where the factors after the first come from.
pub(super) trait Supply<Z> {
    /// The next factor, at its root, for the seam at `path`; `n_entered` factors after the first lie before it.
    fn supply(&mut self, path: &[u8], n_entered: usize) -> Option<Z>;

    /// Takes a factor back that the path no longer leads into.
    fn take_back(&mut self, factor: Z);

    /// True if no factor would follow.
    fn is_exhausted(&self) -> bool;
}

/// What the factors that follow hold.
pub(super) trait Ahead<Z, V>: Supply<Z> {
    /// A scout at the root of the factor that follows at the seam at `path`, after so many that are entered and so many more that
    /// scouts went through.
    fn scout_ahead<'s>(&'s self, path: &[u8], n_entered: usize, n_ahead: usize) -> Option<BoxedScout<'s, V>>
    where
        V: 's;

    /// The number of values below each seam to the factors that follow, if it is the same for all.
    fn n_values_ahead(&self) -> Option<usize>;

    /// The factor into which `path` leads from where `top` is, beyond its leaves, and the path there; if the factors are kept.
    fn factor_ahead<'s, 'k>(&'s self, top: BoxedScout<'s, V>, path: &'k [u8]) -> Option<(&'s Z, &'k [u8])>
    where
        V: 's;
}

#[derive(Clone)]
pub(super) struct Chain<P, S, N> {
    primary: P,
    /// The length of the path.
    len: usize,
    entered: Vec<S>,
    seams: Vec<usize>,
    pub(super) supply: N,
}

/// The last factor entered.
macro_rules! with_top {
    ($self:ident, $z:ident => $e:expr) => {
        match $self.entered.last() {
            Some($z) => $e,
            None => {
                let $z = &$self.primary;
                $e
            }
        }
    };
    (mut $self:ident, $z:ident => $e:expr) => {
        match $self.entered.last_mut() {
            Some($z) => $e,
            None => {
                let $z = &mut $self.primary;
                $e
            }
        }
    };
}

/// The factor in which the focus lies: at a seam the earlier one.
macro_rules! with_own {
    ($self:ident, $z:ident => $e:expr) => {
        match $self.focus_factor().checked_sub(1) {
            Some(idx) => {
                let $z = &$self.entered[idx];
                $e
            }
            None => {
                let $z = &$self.primary;
                $e
            }
        }
    };
}

impl<P, S, N> Chain<P, S, N> {
    pub(super) fn first(&self) -> &P {
        &self.primary
    }

    pub(super) fn entered(&self) -> &[S] {
        &self.entered
    }
}

impl<P: ZipperMoving, S: ZipperMoving, N: Supply<S>> Chain<P, S, N> {
    pub(super) fn new(mut primary: P, supply: N) -> Self {
        primary.reset();
        Chain { primary, len: 0, entered: vec![], seams: vec![], supply }
    }

    pub(super) fn seams(&self) -> &[usize] {
        &self.seams
    }

    pub(super) fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize)
    where
        P: ZipperPathBuffer,
    {
        self.primary.reserve_buffers(path_len, stack_depth);
    }

    pub(super) fn n_entered(&self) -> usize {
        self.entered.len()
    }

    pub(super) fn focus_factor(&self) -> usize {
        self.entered.len() - usize::from(self.is_at_seam())
    }

    fn is_at_seam(&self) -> bool {
        self.seams.last() == Some(&self.len)
    }

    /// Takes the first factor along where the last one has gone: up to the first `kept` bytes of its path, and along the rest of it.
    fn mirror(&mut self, kept: usize) {
        let (Some(top), Some(&seam)) = (self.entered.last(), self.seams.last()) else {
            self.len = self.primary.path().len();
            return;
        };
        let path = top.path();
        if self.len > seam + kept {
            self.primary.leave_missing(self.len - (seam + kept));
        }
        match path[kept..] {
            [byte] => self.primary.append_missing(byte),
            ref more => self.primary.descend_to(more),
        }
        self.len = seam + path.len();
    }

    /// The same after one step of the last factor, down or past other locations.
    #[inline]
    fn mirror_step(&mut self) {
        let (Some(top), Some(&seam)) = (self.entered.last(), self.seams.last()) else {
            self.len = self.primary.path().len();
            return;
        };
        let path = top.path();
        let Some(&byte) = path.last() else { return };
        let len = seam + path.len();
        if self.len >= len {
            self.primary.leave_missing(self.len + 1 - len);
        }
        self.primary.append_missing(byte);
        self.len = len;
    }

    /// Enters the next factor, if there is one and the focus is a seam.
    #[inline]
    fn enter(&mut self) {
        if !self.supply.is_exhausted() {
            self.enter_next();
        }
    }

    fn enter_next(&mut self) {
        let is_leaf = with_top!(self, z => z.child_count() == 0 && !z.at_root() && z.path_exists());
        if !is_leaf {
            return;
        }
        if let Some(factor) = self.supply.supply(self.primary.path(), self.entered.len()) {
            self.seams.push(self.len);
            self.entered.push(factor);
        }
    }

    /// Leaves the last factor.
    fn leave(&mut self) {
        self.seams.pop();
        if let Some(factor) = self.entered.pop() {
            self.supply.take_back(factor);
        }
    }

    /// How many bytes of the path are in the last factor.
    fn n_in_top(&self) -> usize {
        self.len - self.seams.last().unwrap_or(&0)
    }

    /// Goes along `path` as far as it exists, but no further than to the end of one factor.
    fn follow(&mut self, path: &[u8]) -> usize {
        let n = with_top!(mut self, z => z.descend_to_existing(path));
        if n > 0 {
            self.mirror(self.n_in_top());
            self.enter();
        }
        n
    }

    fn move_to_sibling(&mut self, move_on: impl FnOnce(&mut dyn Siblings) -> bool) -> bool {
        let next = if self.is_at_seam() { self.seams.pop().zip(self.entered.pop()) } else { None };
        let moved = with_top!(mut self, z => move_on(z));
        if !moved {
            if let Some((seam, factor)) = next {
                self.seams.push(seam);
                self.entered.push(factor);
            }
            return false;
        }
        if let Some((_, factor)) = next {
            self.supply.take_back(factor);
        }
        self.mirror_step();
        self.enter();
        true
    }
}

/// Goes to the next value in a factor of which nothing but its movements is known; returns how many of the first bytes of its path have
/// stayed.
fn next_val_by_steps(factor: &mut impl ZipperMoving) -> Option<usize> {
    let mut n_kept = factor.path().len();
    loop {
        if !factor.descend_until() {
            if !factor.to_next_step() {
                return None;
            }
            n_kept = n_kept.min(factor.path().len() - 1);
        }
        if factor.is_val() {
            return Some(n_kept);
        }
    }
}

/// Going to a sibling, whichever factor does.
trait Siblings {
    fn to_next(&mut self) -> bool;
    fn to_prev(&mut self) -> bool;
}

impl<Z: ZipperMoving> Siblings for Z {
    fn to_next(&mut self) -> bool {
        self.to_next_sibling_byte()
    }

    fn to_prev(&mut self) -> bool {
        self.to_prev_sibling_byte()
    }
}

impl<P: ZipperMoving, S: ZipperMoving, N: Supply<S>> Zipper for Chain<P, S, N> {
    fn path_exists(&self) -> bool {
        with_own!(self, z => z.path_exists())
    }

    fn is_val(&self) -> bool {
        with_own!(self, z => z.is_val())
    }

    fn child_count(&self) -> usize {
        with_top!(self, z => z.child_count())
    }

    fn child_mask(&self) -> ByteMask {
        with_top!(self, z => z.child_mask())
    }
}

/// The methods of `ZipperMoving`, but for the count, which asks for values.
#[expect(clippy::wrong_self_convention, reason = "the names of the trait")]
impl<P: ZipperMoving, S: ZipperMoving, N: Supply<S>> Chain<P, S, N> {
    pub(super) fn path(&self) -> &[u8] {
        self.primary.path()
    }

    pub(super) fn descend_to(&mut self, path: &[u8]) {
        let mut rest = path;
        while !rest.is_empty() {
            let n = self.follow(rest);
            rest = &rest[n..];
            if n == 0 {
                with_top!(mut self, z => z.descend_to(rest));
                self.mirror(self.n_in_top());
                return;
            }
        }
    }

    pub(super) fn descend_to_existing(&mut self, path: &[u8]) -> usize {
        let mut n_moved = 0;
        while n_moved < path.len() {
            let n = self.follow(&path[n_moved..]);
            if n == 0 {
                break;
            }
            n_moved += n;
        }
        n_moved
    }

    #[inline]
    pub(super) fn descend_to_byte(&mut self, byte: u8) {
        match self.entered.last_mut() {
            Some(top) => {
                top.descend_to_byte(byte);
                self.primary.append_missing(byte);
            }
            None => self.primary.descend_to_byte(byte),
        }
        self.len += 1;
        self.enter();
    }

    pub(super) fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        let moved = with_top!(mut self, z => z.descend_to_existing_byte(byte));
        self.end_descent(moved)
    }

    pub(super) fn descend_first_byte(&mut self) -> bool {
        let moved = with_top!(mut self, z => z.descend_first_byte());
        self.end_descent(moved)
    }

    /// After the last factor has gone down, if it has.
    fn end_descent(&mut self, moved: bool) -> bool {
        if moved {
            self.mirror(self.n_in_top());
            self.enter();
        }
        moved
    }

    /// Goes down in the last factor while there is one child only, up to the next value or to a seam.
    fn descend_run(&mut self) -> bool {
        let moved = with_top!(mut self, z => z.descend_until());
        self.end_descent(moved)
    }

    pub(super) fn to_next_step(&mut self) -> bool {
        let moved = with_top!(mut self, z => z.to_next_step());
        self.end_step(moved)
    }

    pub(super) fn to_next_step_past(&mut self) -> bool {
        if self.is_at_seam() {
            self.leave();
        }
        let moved = with_top!(mut self, z => z.to_next_step_past());
        self.end_step(moved)
    }

    /// After a step of the last factor: where that has come to its end, the one before goes on past the seam.
    #[inline]
    fn end_step(&mut self, moved: bool) -> bool {
        let moved = moved || self.step_past_seams();
        if moved {
            self.mirror_step();
            self.enter();
        } else {
            self.len = 0;
        }
        moved
    }

    #[inline(never)]
    fn step_past_seams(&mut self) -> bool {
        let mut moved = false;
        while !moved && let Some(&seam) = self.seams.last() {
            self.leave();
            self.primary.ascend(self.len - seam);
            self.len = seam;
            moved = with_top!(mut self, z => z.to_next_step_past());
        }
        moved
    }

    pub(super) fn to_next_val(&mut self) -> bool {
        loop {
            let moved = match self.entered.last_mut() {
                Some(top) if self.supply.is_exhausted() => {
                    if let Some(n_kept) = next_val_by_steps(top) {
                        self.mirror(n_kept);
                        return true;
                    }
                    self.end_step(false)
                }
                _ => self.descend_run() || self.to_next_step(),
            };
            if !moved || self.is_val() {
                return moved;
            }
        }
    }

    #[inline]
    pub(super) fn ascend_byte(&mut self) -> bool {
        if self.is_at_seam() {
            self.leave();
        }
        let Some(top) = self.entered.last_mut() else {
            self.len = self.len.saturating_sub(1);
            return self.primary.ascend_byte();
        };
        top.ascend_byte();
        self.primary.leave_missing(1);
        self.len -= 1;
        true
    }

    pub(super) fn ascend(&mut self, n: usize) -> bool {
        let (len, to) = (self.len, self.len.saturating_sub(n));
        while self.seams.last().is_some_and(|&seam| seam > to) {
            self.leave();
        }
        if let (Some(&seam), Some(top)) = (self.seams.last(), self.entered.last_mut()) {
            top.ascend(top.path().len() - (to - seam));
        }
        self.primary.ascend(len - to);
        self.len = to;
        n <= len
    }

    pub(super) fn reset(&mut self) {
        while !self.entered.is_empty() {
            self.leave();
        }
        self.primary.reset();
        self.len = 0;
    }

    pub(super) fn to_next_sibling_byte(&mut self) -> bool {
        self.move_to_sibling(|z| z.to_next())
    }

    pub(super) fn to_prev_sibling_byte(&mut self) -> bool {
        self.move_to_sibling(|z| z.to_prev())
    }
}

impl<P, S, N: Supply<S>> Chain<P, S, N>
where
    P: ZipperAbsolutePath,
{
    pub(super) fn origin_path(&self) -> &[u8] {
        self.primary.origin_path()
    }

    pub(super) fn root_prefix_path(&self) -> &[u8] {
        self.primary.root_prefix_path()
    }
}

/// Values. The type of the values is an argument, as the zippers alone do not tell it.
impl<P: ZipperMoving, S: ZipperMoving, N: Supply<S>> Chain<P, S, N> {
    pub(super) fn val<V>(&self) -> Option<&V>
    where
        P: ZipperValues<V>,
        S: ZipperValues<V>,
    {
        with_own!(self, z => z.val())
    }

    pub(super) fn val_at<V>(&self, path: &[u8]) -> Option<&V>
    where
        P: ZipperValues<V>,
        S: ZipperValues<V>,
        N: Ahead<S, V>,
    {
        if path.is_empty() {
            return self.val();
        }
        let within = with_top!(self, z => z.val_at(path));
        within.or_else(|| {
            let (factor, rest) = self.supply.factor_ahead(with_top!(self, z => z.scout())?, path)?;
            factor.val_at(rest)
        })
    }

    pub(super) fn get_val_at<'v, V: 'v>(&self, path: &[u8]) -> Option<&'v V>
    where
        P: ZipperReadOnlyValues<'v, V>,
        S: ZipperReadOnlyValues<'v, V>,
        N: Ahead<S, V>,
    {
        if path.is_empty() {
            return self.get_val();
        }
        let within = with_top!(self, z => z.get_val_at(path));
        within.or_else(|| {
            let (factor, rest) = self.supply.factor_ahead(with_top!(self, z => z.scout())?, path)?;
            factor.get_val_at(rest)
        })
    }

    pub(super) fn get_val<'v, V: 'v>(&self) -> Option<&'v V>
    where
        P: ZipperReadOnlyValues<'v, V>,
        S: ZipperReadOnlyValues<'v, V>,
    {
        with_own!(self, z => z.get_val())
    }

    pub(super) fn val_count<V>(&self) -> usize
    where
        P: ZipperValues<V>,
        S: ZipperValues<V>,
        N: Ahead<S, V>,
    {
        if !self.path_exists() {
            return 0;
        }
        let Some(n_ahead) = self.supply.n_values_ahead() else {
            let mut n_values = 0;
            visit_all(&mut self.scout(), |at, _| n_values += usize::from(at.val().is_some()));
            return n_values;
        };
        let at_root = with_top!(self, z => z.at_root());
        let (n_below, n_leaves) = values_and_leaves(with_top!(self, z => expect_scout(z)), at_root);
        n_leaves.saturating_mul(n_ahead).saturating_add(n_below).saturating_add(self.is_val().into())
    }

    /// A scout through all factors.
    pub(super) fn scout<'s, V: 's>(&'s self) -> impl Scout<V> + 's
    where
        P: ZipperValues<V>,
        S: ZipperValues<V>,
        N: Ahead<S, V>,
    {
        let top = with_top!(self, z => expect_scout(z));
        let n_entered = self.entered.len();
        let next = move |path: &[u8], n_ahead| self.supply.scout_ahead(path, n_entered, n_ahead);
        let path = self.primary.path().to_vec();
        if self.is_at_seam() {
            let own = with_own!(self, z => expect_scout(z));
            Layers::new(vec![(own, 0), (top, 0)], path, next)
        } else {
            Layers::new(vec![(top, 0)], path, next)
        }
    }
}

/// The number of values of one factor strictly below where the scout is, and that of the locations at which the next one begins.
pub(super) fn values_and_leaves<V>(mut scout: BoxedScout<'_, V>, at_root: bool) -> (usize, usize) {
    let (mut n_values, mut n_leaves) = (0, 0);
    visit_all(&mut *scout, |at, path| {
        n_values += usize::from(!path.is_empty() && at.val().is_some());
        n_leaves += usize::from(!(at_root && path.is_empty()) && at.child_mask() == ByteMask::EMPTY);
    });
    (n_values, n_leaves)
}

impl<P: ZipperMoving + ZipperConcrete, S: ZipperMoving + ZipperConcrete, N: Supply<S>> ZipperConcrete for Chain<P, S, N> {
    /// Where factors follow, equal nodes do not mean equal tries.
    fn shared_node_id(&self) -> Option<u64> {
        if self.is_at_seam() || !self.supply.is_exhausted() {
            return None;
        }
        with_top!(self, z => z.shared_node_id())
    }

    fn is_shared(&self) -> bool {
        with_top!(self, z => z.is_shared())
    }
}
