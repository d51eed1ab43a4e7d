//! The outcome of an operation in place.

/// What an operation in place did to the part it worked on.
///
/// ```
/// use pathmap::ring::AlgebraicStatus;
///
/// assert!(AlgebraicStatus::Element < AlgebraicStatus::Identity);
/// assert!(AlgebraicStatus::Identity < AlgebraicStatus::None);
/// assert_eq!(AlgebraicStatus::default(), AlgebraicStatus::Element);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlgebraicStatus {
    /// The part has changed and is not empty.
    #[default]
    Element,
    /// The part is what it was before, and not empty.
    Identity,
    /// The part is empty now, whatever it was before.
    None,
}

impl AlgebraicStatus {
    /// True for [`AlgebraicStatus::None`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicStatus::None.is_none());
    /// ```
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// True for [`AlgebraicStatus::Identity`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicStatus::Identity.is_identity());
    /// ```
    pub fn is_identity(&self) -> bool {
        *self == Self::Identity
    }

    /// True for [`AlgebraicStatus::Element`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicStatus::Element.is_element());
    /// ```
    pub fn is_element(&self) -> bool {
        *self == Self::Element
    }

    /// The status of a whole from those of its two halves.
    ///
    /// `self_was_none` and `b_was_none` say whether a half was empty before the operation: an empty
    /// half that stayed empty has not changed.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicStatus::{Element, Identity, None};
    ///
    /// assert_eq!(Identity.merge(None, false, true), Identity);
    /// assert_eq!(Identity.merge(None, false, false), Element);
    /// assert_eq!(Element.merge(None, false, true), Element);
    /// ```
    #[must_use]
    pub fn merge(self, b: Self, self_was_none: bool, b_was_none: bool) -> Self {
        match (self, b) {
            (Self::None, Self::None) => Self::None,
            (Self::Identity, Self::Identity) => Self::Identity,
            (Self::None, Self::Identity) if self_was_none => Self::Identity,
            (Self::Identity, Self::None) if b_was_none => Self::Identity,
            _ => Self::Element,
        }
    }
}
