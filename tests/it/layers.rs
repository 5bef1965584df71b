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
        "src/solve",
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

/// A file of a member: its path of modules below the root, `[]` for the root itself.
type Module = Vec<String>;

/// Every path that a list of `use` names: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn spelt_out(path: &str) -> Vec<String> {
    let Some((before, list)) = path.split_once('{') else {
        let name = path.split(" as ").next().unwrap_or_default();
        return vec![name.trim().to_string()];
    };
    let list = list.trim_end();
    let list = list.strip_suffix('}').unwrap_or(list);
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = list[start..at].trim();
                if !one.is_empty() {
                    let whole = spelt_out(one);
                    found.extend(whole.iter().map(|one| format!("{}{one}", before.trim())));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The files of a member with what each takes from others: as `crate::…`, `super::…`, or
/// by the name of a module below it. What a file only hands on (`pub use`) counts for
/// those who take it there.
struct Taken {
    files: BTreeMap<Module, String>,
    /// What each file hands on: the name, and the path that it has.
    handed: BTreeMap<Module, BTreeMap<String, Module>>,
}

impl Taken {
    fn of(folder: &str) -> Self {
        let mut files = BTreeMap::new();
        for (name, text) in sources(folder) {
            if name.contains("test") || name.ends_with("samples.rs") {
                continue;
            }
            let inside = name[folder.len() + 1..].trim_end_matches(".rs");
            let mut module: Module = inside.split('/').map(String::from).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
                module.pop();
            }
            let text = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
            let lines = text.lines();
            let code = lines.filter(|line| !line.trim_start().starts_with("//"));
            let code: Vec<&str> = code.collect();
            files.insert(module, code.join("\n"));
        }
        let mut all = Self {
            files,
            handed: BTreeMap::new(),
        };
        for (module, code) in &all.files {
            let mut own = BTreeMap::new();
            for path in statements(code, true)
                .iter()
                .flat_map(|list| spelt_out(list))
            {
                if let Some(full) = all.full(module, &path) {
                    own.extend(full.last().cloned().map(|name| (name, full)));
                }
            }
            all.handed.insert(module.clone(), own);
        }
        all
    }

    /// A path from the root of the member; `None` for one of another crate.
    fn full(&self, module: &Module, path: &str) -> Option<Module> {
        let mut words = path.split("::").map(String::from).peekable();
        let mut at = module.clone();
        match words.peek()?.as_str() {
            "crate" => {
                at.clear();
                words.next();
            }
            "self" => {
                words.next();
            }
            "super" => {
                while words.next_if(|word| word == "super").is_some() {
                    at.pop();
                }
            }
            word => {
                let below = [&at[..], &[word.to_string()]].concat();
                self.files.get(&below)?;
            }
        }
        at.extend(words);
        Some(at)
    }

    /// The file in which what a path names is written.
    fn file(&self, path: &Module, most: usize) -> Module {
        let known = (0..=path.len()).rev();
        let mut known = known.map(|n| (path[..n].to_vec(), &path[n..]));
        let (file, rest) = known
            .find(|(file, _)| self.files.contains_key(file))
            .unwrap();
        let handed = rest.first().and_then(|name| self.handed[&file].get(name));
        match handed {
            Some(other) if most > 0 => {
                let whole = [&other[..], &rest[1..]].concat();
                self.file(&whole, most - 1)
            }
            _ => file,
        }
    }

    /// Each file with those that it takes something from. Where `front` is set, what a
    /// file takes from the modules around it counts, too.
    fn graph(&self, front: bool) -> BTreeMap<String, BTreeSet<String>> {
        let name = |module: &Module| format!("/{}", module.join("/"));
        let mut graph = BTreeMap::new();
        for (module, code) in &self.files {
            let lists = statements(code, false);
            let mut paths: Vec<String> = lists.iter().flat_map(|list| spelt_out(list)).collect();
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
            let mut used = code.clone();
            for handed in statements(code, true) {
                used = used.replace(handed, "");
            }
            let body = used.split(|c: char| !inside(c));
            let body = body.filter(|word| word.contains("::") && !word.ends_with("::"));
            paths.extend(body.map(String::from));
            let needs = paths.iter().filter_map(|path| self.full(module, path));
            let needs = needs.map(|path| self.file(&path, 5));
            let counts = |other: &Module| other != module && (front || !module.starts_with(other));
            let needs = needs.filter(counts).map(|other| name(&other));
            graph.insert(name(module), needs.collect::<BTreeSet<String>>());
        }
        graph
    }
}

/// What follows `use` in the statements of a file itself, not of modules inside it: in
/// those that hand on what they take, or in the others.
fn statements(code: &str, handing: bool) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        let hands = line.starts_with("pub") && line.ends_with(' ');
        if (line.is_empty() || hands) && hands == handing {
            let rest = &code[at + word.len()..];
            found.extend(rest.split(';').next());
        }
    }
    found
}

/// Files, too, depend on each other one way. In the core and the loader the front of a
/// module may hold what its files share, and call them.
#[test]
fn no_file_needs_one_that_needs_it() {
    for (folder, front) in [
        ("src/core", false),
        ("src/load", false),
        ("src/report", true),
        ("src/solve", true),
        ("src/sweep", true),
        ("src/columnar", true),
        ("src/study", true),
        ("src/office", false),
    ] {
        let graph = Taken::of(folder).graph(front);
        let edges: usize = graph.values().map(BTreeSet::len).sum();
        assert!(edges > graph.len(), "{folder}: {edges}");
        let tangled = tangled_alone(&graph);
        assert!(tangled.is_empty(), "{folder}: {tangled:?}");
    }
}

/// What stands on a circle, without what only stands above one.
fn tangled_alone(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let left: BTreeSet<String> = tangled(graph.clone()).into_iter().collect();
    let mut turned: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in &left {
        turned.entry(name.clone()).or_default();
        for other in graph[name].intersection(&left) {
            turned
                .entry(other.clone())
                .or_default()
                .insert(name.clone());
        }
    }
    tangled(turned)
}
