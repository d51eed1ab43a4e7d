//! Sharing reports: sums that must hold, and deep keys on a small stack.

use pathmap::PathMap;
use pathmap_versioned::{ChangeCounts, Overlay, Patch, SharingReport, merge, sharing};
use testkit::keys;

fn versions() -> Vec<PathMap<usize>> {
    let keys = keys::paths(5_000);
    let mut map: PathMap<usize> = keys.iter().zip(0..).collect();
    let mut versions = vec![map.clone()];
    for (i, key) in keys.iter().step_by(500).enumerate() {
        map.insert(key, i + 1_000_000);
        versions.push(map.clone());
    }
    versions
}

#[test]
fn parts_add_up_to_the_whole() {
    let versions = versions();
    let report = SharingReport::of(&versions);
    assert_eq!(report.versions.len(), 11);
    assert_eq!(report.versions.iter().map(|version| version.added.bytes).sum::<usize>(), report.together.bytes);
    assert_eq!(report.apart().bytes, versions.iter().map(|map| map.census().bytes).sum::<usize>());
    assert_eq!(report.versions[0].added, report.versions[0].alone);
    for version in &report.versions[1..] {
        assert!(version.added.nodes > 0 && version.added.nodes <= 8, "{} nodes for one change", version.added.nodes);
        assert!(version.common() > 0.9);
    }
    assert!(report.together.bytes * 5 < report.apart().bytes);
    assert_eq!(report.by_owners.len(), 11);
    let weighted = report.by_owners.iter().zip(1..).map(|(nodes, n_owners)| nodes.bytes * n_owners).sum::<usize>();
    assert_eq!(weighted, report.apart().bytes, "what n versions have counts n times apart");
    let exclusive = report.versions.iter().map(|version| version.exclusive.bytes).sum::<usize>();
    assert_eq!(exclusive, report.by_owners[0].bytes);
}

#[test]
fn what_a_version_has_alone_goes_with_it() {
    let versions = versions();
    let report = SharingReport::of(&versions);
    let all = report.together;
    for idx in 0..versions.len() {
        let others = || versions.iter().enumerate().filter(|(i, _)| *i != idx).map(|(_, map)| map);
        let own = sharing::exclusive(&versions[idx], others());
        assert_eq!(own, report.versions[idx].exclusive);
        let rest = SharingReport::of(others()).together;
        assert_eq!((own.nodes + rest.nodes, own.bytes + rest.bytes), (all.nodes, all.bytes));
    }
}

#[test]
fn nothing_shares_with_nothing() {
    let report = SharingReport::of::<u8>([]);
    assert_eq!((report.apart(), report.together.nodes), (report.together, 0));
    assert_eq!(SharingReport::of([&PathMap::<u8>::new()]).versions[0].common(), 1.0);
}

/// A chain of 20,000 prefixes, a key of a megabyte, and every walk of this crate over them.
#[test]
fn deep_keys_fit_a_small_stack() {
    let walk = || {
        let mut base: PathMap<usize> = PathMap::new();
        let long = vec![b'x'; 1 << 20];
        let deep = [vec![b'a'; 20_000], b"b".to_vec()].concat();
        for len in 0..20_000 {
            base.insert(&deep[..len], len);
        }
        base.insert(&long, 0);

        let mut overlay = Overlay::new(base.clone());
        overlay.insert(&deep, 1);
        overlay.remove(&deep[..10_000]);
        overlay.remove(&long);
        let patch = overlay.to_patch();
        assert_eq!(patch.counts(), ChangeCounts { added: 1, removed: 2, changed: 0 });
        assert_eq!(patch.apply(&base).as_ref(), Ok(overlay.map()));

        let mut other = base.clone();
        other.insert(&long, 1);
        let merged = merge(&base, &other, overlay.map());
        assert!(merged.conflicts.keys().eq([long.clone()]));
        assert!(merged.clone().into_map().unwrap_err().to_string().len() < 300);

        let fresh: PathMap<usize> = base.iter().map(|(key, val)| (key, *val)).collect();
        assert!(SharingReport::of([&base, &fresh]).versions[1].common() < 0.1);
        let mut version = fresh.clone();
        version.reshare_with(&base);
        assert!(version.ptr_eq(&base));
        assert!(Patch::between(&base, &fresh).is_empty());
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(walk).unwrap();
    thread.join().unwrap();
}
