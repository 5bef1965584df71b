//! Whole plans, sentence by sentence: every quantified sentence of a document is a target, a
//! measure or tracked in its scenario, and none is made up.

use crate::support::session;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/plans");

/// The files of plans.
fn files() -> Vec<String> {
    let entries = std::fs::read_dir(Path::new(FOLDER)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let plans = names.filter(|name| Path::new(name).extension().is_some_and(|end| end == "toml"));
    let mut plans: Vec<String> = plans
        .map(|name| format!("scenarios/plans/{name}"))
        .collect();
    plans.sort();
    plans
}

/// Ids of sentences in a text: letters (and figures), a hyphen, figures.
fn ids(text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words
        .filter(|word| known.contains(*word))
        .map(str::to_string)
        .collect()
}

/// Sentences by id: document, kind and status.
fn sentences() -> BTreeMap<String, [String; 3]> {
    let mut reader = csv::Reader::from_path(format!("{FOLDER}/sentences.csv")).unwrap();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| {
        let cell = |i: usize| row[i].to_string();
        (cell(0), [cell(1), cell(2), cell(3)])
    })
    .collect()
}

#[test]
fn no_sentence_with_a_number_is_left_out() {
    let all = sentences();
    let known: BTreeSet<String> = all.keys().cloned().collect();
    let mut session = session();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut documents = BTreeSet::new();
    for path in files() {
        let study = session.try_open(&path, None);
        let study = session
            .settle(study)
            .unwrap_or_else(|e| panic!("{path}: {e}"));
        let scenario = study.scenario();
        let sources = scenario.targets.iter().map(|t| ("target", &t.source));
        let sources = sources.chain(scenario.measures.iter().map(|m| ("measure", &m.source)));
        let sources = sources.chain(scenario.tracked.iter().map(|t| ("tracked", &t.source)));
        let mut own = BTreeSet::new();
        for (kind, source) in sources {
            for id in ids(source.as_deref().unwrap_or_default(), &known) {
                // A target is judged or tracked; what is tracked is no target or measure.
                let said = all[&id][1].as_str();
                assert!(
                    kind == said || kind == "tracked",
                    "{id} is a {said}, not a {kind}"
                );
                own.insert(all[&id][0].clone());
                found.entry(id).or_default().push(path.clone());
            }
        }
        assert_eq!(own.len(), 1, "{path} is of one document: {own:?}");
        assert!(documents.insert(own.pop_first().unwrap()), "{path}");
        // It runs, and something in it is judged.
        let run = study.run();
        assert!(run.outcome.verdicts.iter().any(Option::is_some), "{path}");
    }
    let of_files = |id: &&String| documents.contains(&all[*id][0]);
    let missing: Vec<&String> = known
        .iter()
        .filter(of_files)
        .filter(|id| !found.contains_key(*id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(
        documents.len() >= 5 && found.len() >= 125,
        "{}",
        found.len()
    );
    // What is not sure is no number of a measure or target.
    for (id, [_, _, status]) in &all {
        if status.starts_with("recalled") && found.contains_key(id) {
            let text = files()
                .iter()
                .map(|path| {
                    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
                        .unwrap()
                })
                .collect::<String>();
            let entry = text
                .split("\n\n")
                .find(|part| part.contains(id.as_str()))
                .unwrap();
            assert!(entry.contains("未核") || entry.contains("recalled"), "{id}");
        }
    }
}
