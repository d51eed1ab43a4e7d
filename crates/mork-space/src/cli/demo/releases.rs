//! The data of the demo: four releases of the Cell Ontology, and what is known of them.

/// A release as text, with the numbers that loading it must give.
pub struct Release {
    pub date: &'static str,
    pub text: &'static str,
    pub facts: usize,
    /// Facts added and removed since the release before; none for the first.
    pub changes: Option<(usize, usize)>,
}

/// In the order of their dates. Counted independently of this library; see the notice beside the files.
pub const RELEASES: [Release; 4] = [
    Release { date: "2025-02-13", text: include_str!("../../../data/cl/2025-02-13.metta"), facts: 12_831, changes: None },
    Release {
        date: "2025-04-10",
        text: include_str!("../../../data/cl/2025-04-10.metta"),
        facts: 12_978,
        changes: Some((243, 96)),
    },
    Release {
        date: "2025-07-30",
        text: include_str!("../../../data/cl/2025-07-30.metta"),
        facts: 14_013,
        changes: Some((1_128, 93)),
    },
    Release {
        date: "2026-03-26",
        text: include_str!("../../../data/cl/2026-03-26.metta"),
        facts: 14_788,
        changes: Some((1_110, 335)),
    },
];

/// Changes between the last two releases.
pub const LAST_CHANGES: usize = 1_445;
