//! What reports say in sentences, held against their tables and against the run; documents as
//! programs read them.

use crate::program::run;
use crate::support::study;
use crate::written::shipped;
use jianpai::core::text::Lang;
use jianpai::office::word::{self, Picture};
use jianpai::report::briefing::{Block, Briefing, Finding, Maker, of_options, of_run};
use jianpai::report::case::Case;
use jianpai::report::solve::Found;
use jianpai::report::view::{Table, Value};
use jianpai::report::write::blocks;
use jianpai::report::{briefing, summary};
use jianpai::study::Run;
use std::collections::BTreeSet;

fn maker() -> Maker {
    Maker {
        program: "jianpai 0".to_string(),
        hash: "abcdef0123".to_string(),
    }
}

fn report(case: &Case<'_>) -> Briefing {
    of_run(case, &[], None, &maker())
}

/// The numbers of a text: digits with thousands and decimals, `−` in front where it stands.
fn numbers(text: &str) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut i = 0;
    while i < all.len() {
        if !all[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let from = i;
        let digit = |i: usize| all.get(i).is_some_and(char::is_ascii_digit);
        while digit(i) || (matches!(all.get(i), Some(',' | '.')) && digit(i + 1)) {
            i += 1;
        }
        // Digits of an id or a formula (SO2, CO2) are no numbers.
        let is_id = from > 0 && all[from - 1].is_ascii_alphabetic();
        if !is_id {
            let sign = if from > 0 && all[from - 1] == '−' {
                "−"
            } else {
                ""
            };
            let digits: String = all[from..i].iter().collect();
            found.push(format!("{sign}{digits}"));
        }
    }
    found
}

/// Everything that a table prints.
fn printed(table: &Table, lang: Lang) -> String {
    let mut out = table.title.get(lang).to_string();
    for block in blocks(table, lang) {
        let cells = block.lines.iter().flatten().map(|shown| shown.text.clone());
        for cell in block.header.iter().cloned().chain(cells) {
            out += "\n";
            out += &cell;
        }
    }
    out
}

/// What is found, in a language; remarks made elsewhere are left out.
fn sentences(content: &Briefing, lang: Lang) -> Vec<(String, bool)> {
    let blocks = content.sections.iter().flat_map(|section| &section.blocks);
    let found = blocks.filter_map(|block| match block {
        Block::Finding(finding) | Block::Item(finding) => Some((
            finding.text().get(lang).to_string(),
            matches!(finding, Finding::Said(_)),
        )),
        _ => None,
    });
    found.collect()
}

/// Every number of a sentence is one of its report's tables, to its digits, or a year or a
/// count of the run; numbers of remarks are those that `run` prints.
#[test]
fn every_number_of_a_sentence_stands_in_a_table() {
    let mut checked = 0;
    for own in shipped() {
        let case = own.case();
        let content = report(&case);
        for lang in [Lang::Zh, Lang::En] {
            let mut known: BTreeSet<String> = BTreeSet::new();
            for table in content.tables() {
                known.extend(numbers(&printed(table, lang)));
            }
            known.extend(case.plan.years.iter().map(ToString::to_string));
            let tally = case.tally();
            let measures = &case.plan.measures;
            let new = measures
                .iter()
                .filter(|m| m.policy == jianpai::core::measure::Policy::New)
                .count();
            let counts = [
                tally.met,
                tally.missed,
                tally.unjudged,
                tally.within,
                tally.all(),
                new,
                measures.len() - new,
                case.scenario.tracked.len(),
                jianpai::report::costs::of_new(&case).1,
                case.targets()
                    .filter(|(t, v)| v.is_some_and(|v| case.band(t, v).is_some()))
                    .count(),
            ];
            known.extend(counts.iter().map(ToString::to_string));
            // Said of every error: 90 %; and of the price year.
            known.extend(["90".to_string(), case.plan.price_year.to_string()]);
            let names = [
                case.scenario.name.get(lang).to_string(),
                case.scenario.document.clone().unwrap_or_default(),
            ];
            let of_names = measures.iter().map(|m| m.name.get(lang).to_string());
            for name in of_names.chain(names) {
                known.extend(numbers(&name));
            }
            let summary = numbers(&summary::text(&case, lang).replace('\n', ""));
            let summary: BTreeSet<String> = summary.into_iter().collect();
            for (text, remark) in sentences(&content, lang) {
                for number in numbers(&text) {
                    let plain = number.trim_start_matches('−').to_string();
                    // 10⁸ of money.
                    let unit = plain == "10";
                    let said = known.contains(&number) || (remark && summary.contains(&number));
                    let said = said || (remark && summary.contains(&plain));
                    assert!(said || unit, "{}: {number} in {text}", own.scenario.id);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 3000, "{checked}");
}

/// A number as a balance prints it, in units of its last decimal.
fn units(text: &str) -> Option<(i64, usize)> {
    let text = text.replace(',', "").replace('−', "-").replace('+', "");
    if matches!(text.as_str(), "·" | "≈0") {
        return Some((0, 0));
    }
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len());
    let whole = text.replace('.', "").parse().ok()?;
    Some((whole, decimals))
}

/// As printed, a balance adds up: base, growth, current policy and all new measures to the
/// total, the measures to their sum; and no line is off by two units of its last decimal.
#[test]
fn balances_add_up_as_they_are_printed() {
    let mut columns = 0;
    for own in shipped() {
        let case = own.case();
        for balance in report(&case).tables().filter(|table| table.id == "balance") {
            let items: Vec<String> = balance
                .rows
                .iter()
                .map(|row| match balance.cell(row, "item").map(|c| &c.value) {
                    Some(Value::Id(item)) => item.clone(),
                    other => panic!("{other:?}"),
                })
                .collect();
            let per = items.iter().position(|item| item == "net").unwrap() + 1;
            for block in blocks(balance, Lang::Zh) {
                let width = block.header.len();
                assert_eq!(block.lines.len(), per);
                for c in 1..width {
                    let all: Vec<(i64, usize)> = block
                        .lines
                        .iter()
                        .map(|line| units(&line[c].text).unwrap_or_else(|| panic!("{line:?}")))
                        .collect();
                    let decimals = all.iter().map(|(_, d)| *d).max().unwrap();
                    assert!(
                        all.iter().all(|(u, d)| *u == 0 || *d == decimals),
                        "{all:?}"
                    );
                    let sum = |wanted: &[&str]| -> i64 {
                        let own = items[..per].iter().zip(&all);
                        own.filter(|(item, _)| wanted.contains(&item.as_str()))
                            .map(|(_, (units, _))| *units)
                            .sum()
                    };
                    let parts = ["base", "growth", "current_policy", "new_measures", "join"];
                    assert_eq!(sum(&parts), sum(&["total"]), "{}", own.scenario.id);
                    assert_eq!(sum(&["measure"]), sum(&["new_measures"]));
                    assert_eq!(sum(&["net"]), sum(&["total"]) - sum(&["base"]));
                    for line in block.lines.iter().zip(&all) {
                        let (r, v) = line.0[c].of.unwrap();
                        let Value::Number(value) = balance.rows[r].cells[v].value else {
                            panic!("a number");
                        };
                        let scale = balance.unit(&balance.rows[r], v).shown().scale;
                        let exact = value / scale * 10_f64.powi(i32::try_from(decimals).unwrap());
                        let sums = ["new_measures", "current_policy"];
                        let item = &items[r % per];
                        let room = if sums.contains(&item.as_str()) {
                            6.0
                        } else {
                            2.0
                        };
                        assert!((exact - line.1.0 as f64).abs() < room, "{item} {exact}");
                    }
                    columns += 1;
                }
            }
        }
    }
    assert!(columns > 60, "{columns}");
}

fn runs() -> Vec<Run> {
    ["weak", "planned", "strengthened"]
        .iter()
        .map(|name| study(&format!("scenarios/shaanxi-14fyp-{name}.toml")).run())
        .collect()
}

/// Which option is called the cheapest of those that meet all is so; the sentence of each
/// option says what its run says.
#[test]
fn options_are_judged_by_their_runs() {
    let runs = runs();
    let cases: Vec<Case<'_>> = runs.iter().map(Run::case).collect();
    let extents: Vec<_> = runs.iter().map(|run| run.study.written_extents()).collect();
    let content = of_options(&cases, &extents, &maker());
    let said = sentences(&content, Lang::Zh);
    let full: Vec<&Case<'_>> = cases
        .iter()
        .filter(|case| case.score().0 == case.score().1)
        .collect();
    assert_eq!(full.len(), 1);
    assert!(
        said[0].0.contains(&full[0].scenario.name.zh),
        "{}",
        said[0].0
    );
    for (case, (text, _)) in cases.iter().zip(&said[1..]) {
        let (met, all) = case.score();
        assert!(text.contains(&format!("{all}项目标达到{met}项")), "{text}");
        let cost = jianpai::report::costs::of_new(case).0.value / 1e8;
        let shown = jianpai::report::case::number(cost);
        assert!(text.contains(&format!("{shown}亿元")), "{text}");
    }
    // Of two that meet all, the one whose measures cost less.
    let twice = [cases[2], cases[2]];
    let content = of_options(&twice, &[Vec::new(), Vec::new()], &maker());
    let text = &sentences(&content, Lang::En)[0].0;
    assert!(text.starts_with("2 of 2 options meet"), "{text}");
}

/// The measures of an option are those of its file, with what the file writes.
/// What would meet missed targets: where there is a plan, the scenario at its levels meets
/// them all, and the levels said are those of the table; where there is none, the target
/// that is said not to be reached is missed at the full level of every measure.
#[test]
fn ways_to_missed_targets_are_ways() {
    let mut seen = [0, 0];
    for name in [
        "national-15fyp-weak",
        "shaanxi-15fyp-weak",
        "guangxi-2020",
        "shaanxi-14fyp-weak",
    ] {
        let run = study(&format!("scenarios/{name}.toml")).run();
        let missed = run.case().tally().missed;
        let way = run.way().expect("a way or why not");
        let answered = way.answered();
        assert!(missed > 0);
        let content = of_run(&run.case(), &[], Some(&answered), &maker());
        let mut sections = content.sections.iter();
        let section = sections.find(|one| one.heading.zh == "达标途径").unwrap();
        match answered.found {
            Found::Plan(solution) => {
                seen[0] += 1;
                let all = run.study.plan.measures.iter().zip(&solution.levels);
                let levels: Vec<(&str, f64)> = all.map(|(m, x)| (m.id.as_str(), *x)).collect();
                let after = run.study.with_levels(&levels).unwrap().run();
                assert_eq!(after.case().tally().missed, 0, "{name}");
                let said = section.blocks.iter().find_map(|block| match block {
                    Block::Finding(Finding::Ways(ways)) => Some(ways),
                    _ => None,
                });
                let said = said.unwrap();
                for (sign, own) in [(1.0, &said.more), (-1.0, &said.less)] {
                    assert!(
                        own.iter()
                            .all(|(_, stated, level)| sign * (level - stated) > 0.0)
                    );
                }
                let moved = said.more.len() + said.less.len();
                let differ = run.study.plan.measures.iter().zip(&solution.levels);
                let differ = differ.filter(|(m, x)| (m.level - **x).abs() > 5e-4).count();
                assert_eq!(moved, differ, "{name}");
            }
            Found::Infeasible(why) => {
                seen[1] += 1;
                let new = run.study.plan.measures.iter();
                let new = new.filter(|m| m.policy == jianpai::core::measure::Policy::New);
                let full: Vec<(&str, f64)> = new.map(|m| (m.id.as_str(), 1.0)).collect();
                let most = run.study.with_levels(&full).unwrap().run();
                let case = most.case();
                let verdicts: Vec<_> = case.targets().collect();
                let alone = why
                    .conflicts
                    .iter()
                    .filter(|one| one.targets().count() == 1);
                for conflict in alone {
                    let target = conflict.targets().next().unwrap();
                    assert!(!verdicts[target].1.unwrap().met, "{name}");
                }
                assert!(!why.conflicts.is_empty());
            }
        }
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    // One that meets all its targets needs none.
    let met = study("scenarios/shaanxi-14fyp-strengthened.toml").run();
    assert!(met.case().tally().missed == 0 && met.way().is_none());
}

#[test]
fn measures_are_listed_as_their_file_writes_them() {
    let run = study("scenarios/shaanxi-14fyp-planned.toml").run();
    let extents = run.study.written_extents();
    let content = of_run(&run.case(), &extents, None, &maker());
    let table = content
        .tables()
        .find(|table| table.id == "measures")
        .unwrap();
    let text = printed(table, Lang::Zh);
    let file = std::fs::read_to_string("scenarios/shaanxi-14fyp-planned.toml").unwrap();
    for (measure, extent) in run.study.scenario().measures.iter().zip(&extents) {
        if measure.policy == jianpai::core::measure::Policy::New {
            assert!(text.contains(&measure.name.zh), "{}", measure.id);
            let extent = extent.as_ref().unwrap();
            assert!(file.contains(&format!("\"{extent}\"")), "{extent}");
            assert!(text.contains(extent.as_str()), "{extent}");
        }
    }
}

/// The document of a report, and its parts by name.
fn document(content: &Briefing, lang: Lang) -> Vec<(String, Vec<u8>)> {
    let mut draw = |plate: &jianpai::report::figures::Plate| Picture {
        svg: plate.chart.render(lang),
        png: None,
    };
    let bytes = word::document(content, lang, &mut draw);
    assert_eq!(
        bytes,
        word::document(content, lang, &mut draw),
        "the same bytes"
    );
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).unwrap();
            let name = part.name().unwrap().to_string();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// Every element that is opened is closed, in order.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{text}");
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => open.push(tag.split([' ', '\n']).next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The text of a document: what stands in `w:t`, a line a paragraph.
fn text_of(xml: &str) -> String {
    let mut out = String::new();
    for paragraph in xml.split("</w:p>") {
        for piece in paragraph.split("<w:t xml:space=\"preserve\">").skip(1) {
            out += piece.split("</w:t>").next().unwrap();
        }
        out.push('\n');
    }
    let names = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    names
        .iter()
        .fold(out, |out, (name, sign)| out.replace(name, sign))
}

/// A document is sound XML, says every sentence and every cell, counts its captions by fields
/// and refers to them by bookmarks that are there; header rows repeat, pictures have words.
#[test]
fn a_document_says_all_of_its_report() {
    for (name, lang) in [
        ("scenarios/shaanxi-14fyp-planned.toml", Lang::Zh),
        ("scenarios/jiangxi-2020.toml", Lang::En),
        ("scenarios/plans/hunan-saving-2025.toml", Lang::Zh),
    ] {
        let run = study(name).run();
        let content = of_run(&run.case(), &run.study.written_extents(), None, &maker());
        let parts = document(&content, lang);
        for (name, bytes) in &parts {
            if !name.contains("/media/") {
                well_formed(std::str::from_utf8(bytes).unwrap());
            }
        }
        let part = |wanted: &str| {
            let found = parts.iter().find(|(name, _)| name == wanted).unwrap();
            String::from_utf8(found.1.clone()).unwrap()
        };
        let xml = part("word/document.xml");
        let text = text_of(&xml);
        for (sentence, _) in sentences(&content, lang) {
            assert!(text.contains(&sentence), "{sentence}");
        }
        for table in content.tables() {
            for block in blocks(table, lang) {
                for cell in block.lines.iter().flatten() {
                    for line in cell.text.lines() {
                        assert!(text.contains(line), "{line}");
                    }
                }
            }
        }
        let (tables, figures) = (content.tables().count(), content.plates().count());
        let count = |what: &str| xml.matches(what).count();
        assert_eq!(count(&format!("SEQ {} ", lang.pick("表", "Table"))), tables);
        assert_eq!(
            count(&format!("SEQ {} ", lang.pick("图", "Figure"))),
            figures
        );
        assert_eq!(count("<w:tblHeader/>"), count("<w:tbl>"));
        assert_eq!(count("<w:drawing>"), figures);
        assert_eq!(count("descr=\"\""), 0);
        for reference in xml.split(" REF ").skip(1) {
            let name = reference.split(' ').next().unwrap();
            assert!(xml.contains(&format!("w:name=\"{name}\"")), "{name}");
        }
        assert_eq!(count(" REF "), tables + figures, "each is referred to once");
        for heading in xml.split("w:anchor=\"").skip(1) {
            let name = heading.split('"').next().unwrap();
            assert!(xml.contains(&format!("w:name=\"{name}\"")), "{name}");
        }
        // Ids of bookmarks and pictures are used once.
        let ids: Vec<&str> = xml.split("<w:bookmarkStart w:id=\"").skip(1).collect();
        let ids: BTreeSet<&str> = ids.iter().map(|id| id.split('"').next().unwrap()).collect();
        assert_eq!(ids.len(), count("<w:bookmarkStart "));
        let relations = part("word/_rels/document.xml.rels");
        for id in xml.split("r:embed=\"").skip(1) {
            let id = id.split('"').next().unwrap();
            assert!(relations.contains(&format!("Id=\"{id}\"")), "{id}");
        }
        for target in relations.split("Target=\"").skip(1) {
            let target = format!("word/{}", target.split('"').next().unwrap());
            assert!(parts.iter().any(|(name, _)| *name == target), "{target}");
        }
        let styles = part("word/styles.xml");
        for style in xml.split("<w:pStyle w:val=\"").skip(1) {
            let style = style.split('"').next().unwrap();
            assert!(
                styles.contains(&format!("w:styleId=\"{style}\"")),
                "{style}"
            );
        }
        for list in xml.split("<w:numId w:val=\"").skip(1) {
            let id = list.split('"').next().unwrap();
            let numbering = part("word/numbering.xml");
            assert!(
                numbering.contains(&format!("<w:num w:numId=\"{id}\"")),
                "{id}"
            );
        }
    }
}

/// Markdown says the same sentences and links figures that are in the folder.
#[test]
fn markdown_links_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let scenario = "scenarios/guangxi-2020.toml";
    let (code, _, stderr) = run(&["report", scenario, "--out", out, "--both"]);
    assert_eq!(code, 0, "{stderr}");
    let folder = folder.path().join("guangxi-2020-report");
    for lang in ["zh", "en"] {
        for ending in ["html", "docx", "xlsx", "md"] {
            assert!(
                folder
                    .join(format!("guangxi-2020.{lang}.{ending}"))
                    .exists()
            );
        }
        let text = std::fs::read_to_string(folder.join(format!("guangxi-2020.{lang}.md")));
        let text = text.unwrap();
        let mut links = 0;
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            if link.starts_with("figures/") {
                assert!(folder.join(link).exists(), "{link}");
                links += 1;
            }
        }
        assert!(links > 4, "{links}");
    }
    let case = study(scenario).run();
    let content = report(&case.case());
    let path = |_: &jianpai::report::figures::Plate| "x".to_string();
    let text = briefing::markdown(&content, Lang::En, &path).replace('\\', "");
    for (sentence, _) in sentences(&content, Lang::En) {
        assert!(text.contains(&sentence), "{sentence}");
    }
}

/// Options of other years, and scenarios whose folders would be one, are refused before
/// anything is written; without targets a report says so.
#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let two = [
        "scenarios/shaanxi-2020.toml",
        "scenarios/shaanxi-14fyp-weak.toml",
    ];
    let (code, stdout, stderr) = run(&["report", two[0], two[1], "--out", out]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("--apart"), "{stderr}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    let only = ["--only", "markdown"];
    let (code, _, stderr) = run(&[
        &["report", two[0], two[1], "--apart", "--out", out][..],
        &only[..],
    ]
    .concat());
    assert_eq!(code, 0, "{stderr}");
    assert!(
        folder
            .path()
            .join("shaanxi-2020-report/shaanxi-2020.en.md")
            .exists()
    );
    assert!(!folder.path().join("comparison-report").exists());
    assert!(
        !folder
            .path()
            .join("shaanxi-2020-report/shaanxi-2020.en.docx")
            .exists()
    );
    let (code, _, stderr) = run(&["report", two[0], two[0], "--out", out]);
    assert_eq!(code, 2);
    assert!(stderr.contains("shaanxi-2020"), "{stderr}");
}

/// Figures of the folder are made for the page and the ground that are asked for.
#[test]
fn figures_come_as_they_are_asked_for() {
    let drawn = |more: &[&str]| -> String {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let path = "scenarios/shaanxi-14fyp-planned.toml";
        let mut args = vec![
            "report", path, "--only", "figures", "--lang", "zh", "--out", out,
        ];
        args.extend(more);
        let (code, said, wrong) = run(&args);
        assert_eq!(code, 0, "{said}{wrong}");
        let file = "shaanxi-14fyp-planned-report/figures/targets.zh.svg";
        std::fs::read_to_string(folder.path().join(file)).unwrap()
    };
    let width = |svg: &str| -> f64 {
        let after = svg.split("width=\"").nth(1).unwrap();
        after.split("mm").next().unwrap().parse().unwrap()
    };
    let (wide, column) = (drawn(&[]), drawn(&["--format", "column"]));
    let (poster, dark) = (drawn(&["--format", "poster"]), drawn(&["--dark"]));
    assert!(width(&column) < width(&wide) && width(&wide) < width(&poster));
    assert!((width(&column) - 156.0).abs() < 5.0, "{}", width(&column));
    assert!((width(&dark) - width(&wide)).abs() < 1e-9 && dark != wide);
}
