//! Every capacity of a node, with its reason.

/// Lines a list may hold before it bursts. More lines make fewer nodes and longer copies; measured in `docs/decisions/0006`.
pub(crate) const LINES_MAX: usize = 32;

/// Lines that a growing list has room to spare for at most. Measured in `docs/decisions/0026`.
pub(crate) const SPARE_MAX: usize = 4;

/// Bytes of text a list may hold before it bursts, so that copying one stays cheap however long its lines are.
pub(crate) const TEXT_MAX: usize = 512;

/// The longest line a list holds beside others; a longer run of bytes is a bridge. Keeps every end offset within 14 bits.
pub(crate) const LINE_MAX: usize = 256;

// A list that has burst keeps up to half its text and has room for any line; else it would burst again and again.
const _: () = assert!(LINE_MAX <= TEXT_MAX / 2);

/// Lines up to which small children are folded into the list above them, and the cells of a wide node into one. Well below
/// [`LINES_MAX`], so that a node on the edge does not burst and fold in turn.
pub(crate) const FOLD_MAX: usize = 12;

/// Lines that may stay in a bursting list once its heaviest groups have moved down; more make a dense node. They are on the way to all that
/// has moved. Measured in `docs/decisions/0022`.
pub(crate) const STAY_MAX: usize = 8;

/// Lines that a list may have when it takes in those of a list below it.
pub(crate) const LIFT_MAX: usize = 16;

/// Lines of one byte from which on a list becomes a narrow dense node, if they have one high half. Measured in `docs/decisions/0016`.
pub(crate) const SLOTS_MIN: usize = 4;

/// Slots up to which such a node becomes a list again.
pub(crate) const SLOTS_FOLD: usize = 2;

/// Slots of a cell. No more first bytes than that are ever put into several.
pub(crate) const CELL_SLOTS: usize = 16;

/// Slots above which a dense node is split into cells.
pub(crate) const DENSE_MAX: usize = 40;

/// High halves of first bytes from which on labels lie so far apart that cells of a few lines each are better than a slot for each first
/// byte. Text has fewer. Measured in `docs/decisions/0017`.
pub(crate) const CELLS_MIN: usize = 8;

/// Children a newly built list may have; with more, the mask of a dense node is smaller than their lines and quicker to follow.
pub(crate) const CHILDREN_MAX: usize = 8;

/// The longest run of one bridge, so that a change in the middle of a key of megabytes copies little more than what it touches.
pub(crate) const RUN_MAX: usize = 4096;
