//! Every number that `run` prints, against the value that it claims to be, for every
//! scenario that is shipped; and the Chinese text holds the same numbers as the English.
//!
//! Tables are read from the text as a person reads them: columns are parted by blanks
//! that run through all lines, and a row goes on where its numbers are blank.

use crate::drawn::{case, short};
use crate::support::catalogue;
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::{Account, Book, Indicator, IndicatorKind};
use jianpai::core::dims::{IndicatorId, PollutantId};
use jianpai::core::measure::Policy;
use jianpai::core::target::Demand;
use jianpai::core::text::Lang;
use jianpai::report::summary;
use unicode_width::UnicodeWidthChar;

/// A table as printed: the cells of its header, then of its rows.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A line as columns of the terminal: a wide character takes two.
fn columns(line: &str) -> Vec<char> {
    let mut found = Vec::new();
    for c in line.chars() {
        found.push(c);
        found.extend(std::iter::repeat_n(
            '\u{0}',
            c.width().unwrap_or(1).saturating_sub(1),
        ));
    }
    found
}

/// The cells of some lines, parted where two columns or more are blank in all of them.
fn cells(lines: &[&str]) -> Vec<Vec<String>> {
    let lines: Vec<Vec<char>> = lines.iter().map(|line| columns(line)).collect();
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let blank = |at: usize| {
        lines
            .iter()
            .all(|line| line.get(at).is_none_or(|c| *c == ' '))
    };
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < width {
        if blank(at) {
            at += 1;
            continue;
        }
        let start = at;
        while at < width && !(blank(at) && blank(at + 1)) {
            at += 1;
        }
        spans.push((start, at));
    }
    let cell = |line: &Vec<char>, (from, to): (usize, usize)| {
        let piece = line.get(from..to.min(line.len()).max(from)).unwrap_or(&[]);
        let text: String = piece.iter().filter(|c| **c != '\u{0}').collect();
        text.trim().to_string()
    };
    lines
        .iter()
        .map(|line| spans.iter().map(|span| cell(line, *span)).collect())
        .collect()
}

/// The tables of a text. A line whose cells from `numbers` on are all blank goes on with
/// the row above.
fn tables(text: &str) -> Vec<Table> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let rules = (0..lines.len()).filter(|at| lines[*at].trim_start().starts_with('─'));
    for rule in rules {
        let is_cell = |line: &str| line.starts_with("   ");
        let above = lines[..rule].iter().rev().take_while(|line| is_cell(line));
        let above = above.count();
        let below = lines[rule + 1..].iter().take_while(|line| is_cell(line));
        let below = below.count();
        let mut all = lines[rule - above..rule].to_vec();
        all.extend(&lines[rule + 1..=rule + below]);
        let all = cells(&all);
        let width = all.first().map_or(0, Vec::len);
        let join = |rows: &[Vec<String>]| -> Vec<String> {
            let column = |c: usize| {
                let pieces = rows.iter().map(|row| row[c].as_str());
                let pieces = pieces.filter(|piece| !piece.is_empty());
                pieces.collect::<Vec<_>>().join(" ")
            };
            (0..width).map(column).collect()
        };
        let header = join(&all[..above]);
        // Rows begin where the first and the last column hold something.
        let mut rows: Vec<Vec<Vec<String>>> = Vec::new();
        for line in &all[above..] {
            let goes_on = line[width - 1].is_empty() || line[0].is_empty();
            if goes_on && !rows.is_empty() {
                rows.last_mut().unwrap().push(line.clone());
            } else {
                rows.push(vec![line.clone()]);
            }
        }
        let rows = rows.iter().map(|row| join(row)).collect();
        found.push(Table { header, rows });
    }
    found
}

/// A printed number and its decimals: `−1,234.5` is −1234.5 with one.
fn parse(text: &str) -> Option<(f64, i32)> {
    let plain = text.replace(',', "").replace('−', "-");
    let plain = plain.trim_start_matches('+');
    let decimals = plain.split_once('.').map_or(0, |(_, rest)| rest.len());
    Some((plain.parse().ok()?, i32::try_from(decimals).ok()?))
}

/// Holds a printed number against its value, to the digits printed.
fn holds(place: &str, text: &str, value: f64) {
    let (shown, decimals) = parse(text).unwrap_or_else(|| panic!("{place}: `{text}`"));
    let room = 0.500_001 * 10_f64.powi(-decimals);
    assert!((shown - value).abs() <= room, "{place}: {text} for {value}");
    // Three digits or so, unless it is next to nothing.
    if value.abs() > 0.1 {
        assert!(
            room <= 0.006 * value.abs(),
            "{place}: {text} tells little of {value}"
        );
    }
}

/// Holds a percentage with one decimal.
fn percent(place: &str, text: &str, fraction: f64) {
    let number = text
        .strip_suffix('%')
        .unwrap_or_else(|| panic!("{place}: `{text}`"));
    let (shown, _) = parse(number).unwrap();
    let value = fraction * 100.0;
    assert!(
        (shown - value).abs() <= 0.0501,
        "{place}: {text} for {value}"
    );
    assert_eq!(text.starts_with('+'), shown > 0.0, "{place}: {text}");
}

/// The year that tables count from: the one that most targets count from.
fn base_of(one: &Shipped) -> i32 {
    crate::drawn::common_base(one)
}

/// Base units in the unit that people read, and its name; an index is 100 in `base`.
fn people(indicator: &Indicator, base: i32, of_base: f64) -> (f64, String) {
    match indicator.kind {
        IndicatorKind::Emission(..) if indicator.display_unit == "t" => (1.0, "t".into()),
        IndicatorKind::Emission(..) => (1e4, "10⁴ t".into()),
        IndicatorKind::Coal | IndicatorKind::Energy => (1e4, "10⁴ tce".into()),
        IndicatorKind::Share { .. } => (0.01, "%".into()),
        _ => (of_base / 100.0, format!("{base} = 100")),
    }
}

fn text(one: &Shipped, lang: Lang) -> String {
    summary::text(&case(one), lang)
}

fn table_of(text: &str, name: &str) -> Table {
    let mut all = tables(text).into_iter();
    all.find(|table| table.header[0] == name)
        .unwrap_or_else(|| panic!("no table {name}\n{text}"))
}

#[test]
fn indicators_are_those_of_the_run() {
    for one in shipped() {
        let said = text(one, Lang::En);
        let table = table_of(&said, "Indicator");
        let base = base_of(one);
        let from = one.plan.year(base).unwrap();
        let end = one.plan.span() - 1;
        assert_eq!(table.header[2], base.to_string(), "{}", one.scenario.id);
        assert_eq!(table.header[3], one.scenario.end_year.to_string());
        let later = base > one.scenario.base_year;
        let other = if later {
            "Current policy alone"
        } else {
            "No measures (growth alone)"
        };
        assert_eq!(table.header[5], other, "{}", one.scenario.id);
        assert_eq!(table.rows.len(), catalogue().indicators.len());
        for (i, row) in catalogue().in_pairs().into_iter().zip(&table.rows) {
            let i = i.at();
            let indicator = &catalogue().indicators[i];
            let place = format!("{} {}", one.scenario.id, indicator.named.id);
            let values = &one.outcome.indicators[i];
            let (scale, unit) = people(indicator, base, values[from]);
            assert_eq!((&row[0], &row[1]), (&short(indicator), &unit), "{place}");
            holds(&place, &row[2], values[from] / scale);
            holds(&place, &row[3], values[end] / scale);
            let compared = if later {
                one.outcome.current[i][end]
            } else {
                one.outcome.frozen[i][end]
            };
            for (text, value) in [(&row[4], values[end]), (&row[5], compared)] {
                if let Some(points) = text.strip_suffix(" points") {
                    assert!(unit == "%", "{place}");
                    let (shown, decimals) = parse(points).unwrap();
                    let room = 0.500_001 * 10_f64.powi(-decimals);
                    let value = (value - values[from]) * 100.0;
                    assert!((shown - value).abs() <= room, "{place}: {text} for {value}");
                } else {
                    percent(&place, text, value / values[from] - 1.0);
                }
            }
            let support = one.support.last(IndicatorId::from_usize(i));
            if let Some(shares) = support {
                let firm = (shares.firm() * 100.0).round();
                assert_eq!(row[6], format!("{firm:.0}%"), "{place}");
            }
        }
    }
}

// One row after the other, and all that it says.
#[allow(clippy::too_many_lines)]
#[test]
fn verdicts_are_marked_exactly_where_they_are() {
    let (mut met, mut missed) = (0, 0);
    for one in shipped() {
        let said = text(one, Lang::En);
        let heading: Vec<&str> = said.lines().take(5).collect();
        let verdicts: Vec<bool> = one
            .outcome
            .verdicts
            .iter()
            .flatten()
            .map(|v| v.met)
            .collect();
        let all = one.scenario.targets.len();
        if all == 0 {
            continue;
        }
        let count = verdicts.iter().filter(|met| **met).count();
        let sentence = if count == all {
            format!("all {all} targets met")
        } else {
            format!(
                "{count} of {all} targets met, {} missed",
                verdicts.len() - count
            )
        };
        let there = heading.iter().any(|line| line.contains(&sentence));
        assert!(there, "{}: {sentence}\n{heading:?}", one.scenario.id);
        let table = table_of(&said, "Target");
        assert_eq!(table.rows.len(), all, "{}", one.scenario.id);
        let judged = one.scenario.targets.iter().zip(&one.outcome.verdicts);
        for (row, (target, verdict)) in table.rows.iter().zip(judged) {
            let place = format!("{} {}", one.scenario.id, target.id);
            let i = target.indicator.at();
            let indicator = &catalogue().indicators[i];
            assert_eq!(row[0], short(indicator), "{place}");
            let verdict = verdict.unwrap();
            let at = table.header.iter().position(|name| name == "Verdict");
            let word = &row[at.unwrap()];
            // What is met by less than the model is usually wrong has a mark of its own.
            let marked = word.starts_with('✓') || word.starts_with('≈');
            assert_eq!(marked, verdict.met, "{place}: {word}");
            assert_eq!(word.starts_with('✗'), !verdict.met, "{place}: {word}");
            let values = &one.outcome.indicators[i];
            let at = |year: i32| values[one.plan.year(year).unwrap()];
            let (scale, unit) = people(indicator, target.year, 1.0);
            let is_ratio = !matches!(
                indicator.kind,
                IndicatorKind::Emission(..) | IndicatorKind::Coal | IndicatorKind::Energy
            );
            // What is left or missing, worked out from the values.
            let room = match target.demand {
                Demand::Reduction { wanted, base_year } => {
                    percent(&place, &row[2], at(target.year) / at(base_year) - 1.0);
                    assert!(
                        row[1].contains(&format!(" on {base_year}")),
                        "{place}: {}",
                        row[1]
                    );
                    let asked = row[1].trim_start_matches('−').split('%').next().unwrap();
                    let (asked, _) = parse(asked).unwrap();
                    assert!(
                        (asked.abs() - wanted.abs() * 100.0).abs() <= 0.0501,
                        "{place}"
                    );
                    let over = (1.0 - wanted) * at(base_year) - at(target.year);
                    if is_ratio {
                        over / at(base_year) * 100.0
                    } else {
                        over / scale
                    }
                }
                Demand::Cap(limit) => {
                    holds(&place, &row[2], at(target.year) / scale);
                    (limit - at(target.year)) / scale
                }
                Demand::Floor(limit) => {
                    holds(&place, &row[2], at(target.year) / scale);
                    (at(target.year) - limit) / scale
                }
                Demand::Cumulative { limit, from } => {
                    let sum: f64 = (from..=target.year).map(at).sum();
                    holds(&place, &row[2], sum / scale);
                    (limit - sum) / scale
                }
                Demand::Project { wanted, .. } => {
                    holds(&place, &row[2], verdict.reached / scale);
                    (verdict.reached - wanted) / scale
                }
            };
            let unit = if is_ratio { "points".to_string() } else { unit };
            assert!(word.contains(&unit), "{place}: {word}");
            let amount = word.replace(&unit, " ");
            let amount = amount
                .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
                .map(|piece| piece.trim_matches([',', '.']))
                .find(|piece| !piece.is_empty());
            holds(&place, amount.unwrap(), room.abs());
            if verdict.met {
                met += 1;
                let since = verdict.year_met.unwrap();
                // A year would say too much of what is met within the error.
                let dated = word.contains(&format!("from {since}"));
                assert_eq!(dated, word.starts_with('✓'), "{place}: {word}");
            } else {
                missed += 1;
            }
        }
    }
    assert!(met > 20 && missed > 5, "{met} {missed}");
}

#[test]
fn ledgers_sum_to_the_last_line() {
    let mut held = 0;
    for one in shipped() {
        let said = text(one, Lang::En);
        let blocks = tables(&said);
        let blocks = blocks
            .iter()
            .filter(|table| table.header[0].starts_with("Balance"));
        let base = base_of(one);
        let from = one.plan.year(base).unwrap();
        let (span, end) = (one.plan.span(), one.plan.span() - 1);
        let cells = one.plan.accounts.len() * span;
        let mut accounts = 0;
        let accounted = catalogue().indicators.iter();
        let accounted = accounted.filter(|i| i.book == Book::Accounted);
        for table in blocks {
            for (c, name) in table.header.iter().enumerate().skip(1) {
                accounts += 1;
                let pollutant = catalogue().pollutant(name);
                assert!(pollutant.is_some() || name == "Coal (10⁴ tce)", "{name}");
                let book = match table.header[0].as_str() {
                    "Balance, physical" => Book::Physical,
                    _ => Book::Accounted,
                };
                let account = pollutant.map_or(Account::Coal, |p| Account::Pollutant(p, book));
                let q = one.plan.account(account).unwrap();
                let run = &one.outcome.run;
                let total = |t: usize| run.total[q * span + t];
                let frozen = |t: usize| run.frozen[q * span + t];
                let join = |t: usize| run.join[q * span + t];
                let cut = |m: usize| {
                    run.change[m * cells + q * span + end] - run.change[m * cells + q * span + from]
                };
                let measures = one.plan.measures.iter().enumerate();
                let current: Vec<usize> = measures
                    .clone()
                    .filter(|(_, m)| m.policy == Policy::Current)
                    .map(|(m, _)| m)
                    .collect();
                let place = format!("{} {name}", one.scenario.id);
                let mut sum = 0.0;
                let mut left: Vec<usize> = measures
                    .filter(|(_, m)| m.policy != Policy::Current)
                    .map(|(m, _)| m)
                    .collect();
                for row in &table.rows {
                    let place = format!("{place}: {}", row[0]);
                    let value = match row[0].as_str() {
                        line if line == format!("{base} emission") => total(from),
                        line if line == format!("{} emission", one.scenario.end_year) => {
                            let whole = total(from) + sum;
                            let room = 1e-6 * total(from).abs();
                            assert!((whole - total(end)).abs() <= room, "{place}: {whole}");
                            total(end)
                        }
                        "+ growth increment" => frozen(end) - frozen(from),
                        "join to observed values" => join(end) - join(from),
                        line if line.starts_with("Current policy and renewal") => {
                            assert!(line.ends_with(&format!("({})", current.len())), "{place}");
                            current.iter().map(|m| cut(*m)).sum()
                        }
                        line => {
                            // A long name is wrapped, and not at blanks alone.
                            let plain = |text: &str| text.replace(' ', "");
                            let named =
                                |m: &usize| plain(&one.plan.measures[*m].name.en) == plain(line);
                            let at = left.iter().position(named);
                            cut(left.remove(at.unwrap_or_else(|| panic!("{place}: unknown"))))
                        }
                    };
                    if !row[0].ends_with(" emission") {
                        sum += value;
                    }
                    match row[c].as_str() {
                        "·" => assert!(value.abs() <= 1e-8 * total(0).abs(), "{place}: {value}"),
                        "≈0" => assert!(value.abs() < 1.0, "{place}: {value}"),
                        text => holds(&place, text, value / 1e4),
                    }
                    held += 1;
                }
                // What is not listed does nothing anywhere.
                for m in left {
                    assert!(
                        cut(m).abs() <= 1e-8 * total(0).abs(),
                        "{place}: {m} is not listed"
                    );
                }
            }
        }
        assert_eq!(
            accounts,
            catalogue().pollutants.len() + 1 + accounted.clone().count(),
            "{}",
            one.scenario.id
        );
    }
    assert!(held > 1000, "{held}");
}

#[test]
fn what_lies_outside_the_calibre_is_said_with_both_years() {
    let mut held = 0;
    for one in shipped() {
        let said = text(one, Lang::En).replace("\n  ", " ");
        let span = one.plan.span();
        let from = one.plan.year(base_of(one)).unwrap();
        for (p, pollutant) in catalogue().pollutants.iter().enumerate() {
            let account = Account::Outside(PollutantId::from_usize(p));
            let Some(q) = one.plan.account(account) else {
                continue;
            };
            let at = |t: usize| one.outcome.run.total[q * span + t] / 1e4;
            if at(from).abs() < f64::MIN_POSITIVE {
                continue;
            }
            let (_, rest) = said.split_once("Outside the official calibre").unwrap();
            let (_, rest) = rest.split_once("): ").unwrap();
            let name = format!("{} ", pollutant.named.id);
            let pieces = rest.split(';').map(str::trim);
            let mut pieces = pieces;
            let own = pieces.find_map(|piece| piece.strip_prefix(&name)).unwrap();
            let (first, last) = own.split_once(" → ").unwrap();
            let last = last.split_whitespace().next().unwrap();
            holds(&one.scenario.id, first, at(from));
            holds(&one.scenario.id, last, at(span - 1));
            held += 1;
        }
    }
    assert!(held > 20, "{held}");
}

/// The numbers of the Chinese tables are those of the English ones, cell by cell.
#[test]
fn both_languages_print_the_same_numbers() {
    let mut held = 0;
    for one in shipped() {
        let both = [Lang::En, Lang::Zh].map(|lang| tables(&text(one, lang)));
        let [en, zh] = &both;
        // Balances of both may be cut into blocks at other places: the first two tables.
        for (en, zh) in en.iter().zip(zh).take(2) {
            assert_eq!(en.rows.len(), zh.rows.len(), "{}", one.scenario.id);
            for (en, zh) in en.rows.iter().zip(&zh.rows) {
                assert_eq!(en.len(), zh.len(), "{}: {en:?} {zh:?}", one.scenario.id);
                for (en, zh) in en.iter().zip(zh) {
                    let number = |text: &str| {
                        let plain = text.replace(" points", "").replace("个百分点", "");
                        parse(plain.trim_end_matches('%')).map(|found| found.0)
                    };
                    if let Some(value) = number(en) {
                        assert_eq!(number(zh), Some(value), "{}: {en} {zh}", one.scenario.id);
                        held += 1;
                    }
                    for mark in ['✓', '✗'] {
                        assert_eq!(en.contains(mark), zh.contains(mark), "{en} {zh}");
                    }
                }
            }
        }
    }
    assert!(held > 500, "{held}");
}

/// Scenarios side by side: changes from the year that each counts from, and a cross
/// exactly where a target is missed.
#[test]
fn the_comparison_marks_the_missed_and_counts_the_met() {
    let cases: Vec<_> = shipped().iter().map(case).collect();
    let said = summary::comparison(&cases, Lang::En);
    let blocks = tables(&said);
    let mut crosses = 0;
    let mut columns = 0;
    for table in &blocks {
        assert_eq!(table.rows.len(), shipped().len(), "{said}");
        for (row, one) in table.rows.iter().zip(shipped()) {
            for (name, cell) in table.header.iter().zip(row).skip(1) {
                let place = format!("{} {name}", one.scenario.id);
                if name == "Met" {
                    let verdicts = &one.outcome.verdicts;
                    let met = verdicts.iter().flatten().filter(|v| v.met).count();
                    let all = verdicts.len();
                    let wanted = if all == 0 {
                        "–".to_string()
                    } else {
                        format!("{met}/{all}")
                    };
                    assert!(
                        *cell == wanted || *cell == format!("{met}/{all}"),
                        "{place}: {cell}"
                    );
                    continue;
                }
                let indicators = catalogue().indicators.iter();
                // A note under the table says which are accounted.
                let heading = |x: &Indicator| short(x).replace(" (accounted)", "");
                let Some(i) = indicators
                    .clone()
                    .position(|x| heading(x) == *name && x.leads(catalogue()))
                else {
                    assert_eq!(name, "Years", "{said}");
                    let years = format!("{}–{}", base_of(one), one.scenario.end_year);
                    assert_eq!(*cell, years, "{place}");
                    continue;
                };
                columns += 1;
                let values = &one.outcome.indicators[i];
                let from = values[one.plan.year(base_of(one)).unwrap()];
                let change = values[values.len() - 1] / from - 1.0;
                let number = cell.trim_end_matches(['✗', '✓', '≈', '?', ' ']);
                percent(&place, number, change);
                let judged = one.scenario.targets.iter().zip(&one.outcome.verdicts);
                let missed = judged
                    .filter(|(target, _)| target.indicator.at() == i)
                    .any(|(_, verdict)| verdict.is_some_and(|verdict| !verdict.met));
                assert_eq!(cell.contains('✗'), missed, "{place}: {cell}");
                crosses += usize::from(missed);
            }
        }
    }
    assert!(columns > 60 && crosses > 5, "{columns} {crosses}");
}
