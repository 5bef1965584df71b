//! Modules depend on each other one way: who reads one needs to read nothing that
//! depends on it.

use crate::tidy::sources;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of a crate with those that each names as `crate::other::…`, outside tests.
fn modules(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = sources(folder);
    let module = |name: &str| {
        let inside = name.trim_start_matches(folder).trim_start_matches('/');
        let first = inside.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs").to_string()
    };
    let known: BTreeSet<String> = files.keys().map(|name| module(name)).collect();
    for (name, text) in &files {
        let own = module(name);
        if own == "lib" || name.contains("tests") {
            continue;
        }
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        let named = graph.entry(own.clone()).or_default();
        for (at, word) in code.match_indices("crate::") {
            // `crate::other::…`, or several in one `use crate::{a, b::c};`
            let rest = &code[at + word.len()..];
            let all = match rest.strip_prefix('{') {
                Some(list) => list.split(';').next().unwrap_or_default().split(','),
                None => rest.split(','),
            };
            let count = if rest.starts_with('{') { usize::MAX } else { 1 };
            for one in all.take(count) {
                let one = one.trim_start();
                let end = one.find(|c: char| !c.is_alphanumeric() && c != '_');
                let other = &one[..end.unwrap_or(one.len())];
                if other != own && known.contains(other) {
                    named.insert(other.to_string());
                }
            }
        }
    }
    graph
}

/// What cannot be put in an order: modules on a circle, and those above one.
fn tangled(mut graph: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let free = |(_, needs): &(&String, &BTreeSet<String>)| needs.is_empty();
        let Some(next) = graph.iter().find(free).map(|(name, _)| name.clone()) else {
            return graph.into_keys().collect();
        };
        graph.remove(&next);
        for needs in graph.values_mut() {
            needs.remove(&next);
        }
    }
}

#[test]
fn no_module_needs_one_that_needs_it() {
    for folder in [
        "src/core",
        "src/load",
        "src/report",
        "src/sweep",
        "src/columnar",
        "src/study",
    ] {
        let graph = modules(folder);
        assert!(graph.values().any(|needs| needs.len() > 1), "{folder}");
        let tangled = tangled(graph);
        assert!(tangled.is_empty(), "{folder}: {tangled:?}");
    }
}

#[test]
fn a_plan_knows_neither_its_compiler_nor_what_runs_it() {
    let graph = modules("src/core");
    for above in ["compile", "kernel", "batch", "outcome"] {
        assert!(!graph["plan"].contains(above), "plan names {above}");
    }
    assert!(graph["compile"].contains("kernel") && graph["batch"].contains("plan"));
}
