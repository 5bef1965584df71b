//! Every number of the tables that `run` prints, against the run: the year that they count
//! from, what is reached and to spare, the balance, and the marks of a comparison.

use crate::charts;
use crate::support::catalogue;
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::{Account, Book, IndicatorKind};
use jianpai::core::measure::Policy;
use jianpai::core::target::Demand;
use jianpai::core::text::Lang;
use jianpai::report::case::Case;
use jianpai::report::standing::Standing;
use jianpai::report::summary;

/// The rows of the table whose header begins with `title`: cells apart by two blanks.
/// Lines that go on with a name have fewer cells and are left out.
fn table(text: &str, title: &str) -> Vec<Vec<String>> {
    let mut lines = text
        .lines()
        .skip_while(|line| !line.trim_start().starts_with(title));
    let header = cells(lines.next().unwrap_or_else(|| panic!("{title}\n{text}")));
    let body = lines.skip_while(|line| !line.contains('─')).skip(1);
    let rows = body.take_while(|line| !line.trim().is_empty()).map(cells);
    let rows: Vec<Vec<String>> = rows.filter(|row| row.len() + 1 >= header.len()).collect();
    assert!(!rows.is_empty(), "{title}\n{text}");
    rows
}

fn cells(line: &str) -> Vec<String> {
    let all = line.trim().split("  ").map(str::trim);
    all.filter(|cell| !cell.is_empty())
        .map(str::to_string)
        .collect()
}

/// A printed number and half a unit of its last digit.
fn number(cell: &str) -> (f64, f64) {
    let digits: String = cell.chars().filter(|c| !",+%".contains(*c)).collect();
    let digits = digits.replace('−', "-").replace("points", "");
    let digits = digits.trim();
    let decimals = digits.split_once('.').map_or(0, |(_, rest)| rest.len());
    let value = digits.parse().unwrap_or_else(|_| panic!("`{cell}`"));
    let exponent = -i32::try_from(decimals).unwrap();
    (value, 0.5 * 10_f64.powi(exponent))
}

/// Whether a cell shows a value as far as its digits go.
fn shows(cell: &str, value: f64) -> bool {
    let (printed, half) = number(cell);
    (printed - value).abs() <= half * 1.000_001 + 1e-9 * value.abs()
}

fn is_share(i: usize) -> bool {
    matches!(catalogue().indicators[i].kind, IndicatorKind::Share { .. })
}

fn is_intensity(i: usize) -> bool {
    matches!(
        catalogue().indicators[i].kind,
        IndicatorKind::EmissionIntensity(..) | IndicatorKind::EnergyIntensity
    )
}

/// A change as it is printed: percent, or points of a share.
fn change(i: usize, from: f64, to: f64) -> f64 {
    if is_share(i) {
        (to - from) * 100.0
    } else {
        (to / from - 1.0) * 100.0
    }
}

#[test]
fn the_table_of_indicators_counts_from_the_year_of_the_targets() {
    let mut later = 0;
    for one in shipped() {
        let (base, end) = (one.base(), one.scenario.end_year);
        let text = summary::text(&one.case(), Lang::En);
        let rows = table(&text, "Indicator");
        let counted = base > one.scenario.base_year;
        later += usize::from(counted);
        let reference = if counted {
            &one.outcome.current
        } else {
            &one.outcome.frozen
        };
        let header = text
            .lines()
            .find(|line| line.trim_start().starts_with("Indicator"));
        let header = header.unwrap();
        for year in [base, end] {
            assert!(header.contains(&year.to_string()), "{header}");
        }
        // The words may go on in a second line.
        let named = ["No", "Current"][usize::from(counted)];
        assert!(header.contains(named), "{header}");
        assert_eq!(rows.len(), catalogue().indicators.len(), "{text}");
        for (i, row) in catalogue().in_pairs().into_iter().zip(&rows) {
            let i = i.at();
            let (from, to) = (one.value(i, base), one.value(i, end));
            let scale = match (is_share(i), is_intensity(i)) {
                (true, _) => 0.01,
                (_, true) => from / 100.0,
                _ => 1e4,
            };
            let row: Vec<&String> = row.iter().rev().collect();
            let last = *reference[i].last().unwrap();
            let what = format!("{} {row:?}", one.scenario.id);
            assert!(shows(row[4], from / scale), "{what}");
            assert!(shows(row[3], to / scale), "{what}");
            assert!(shows(row[2], change(i, from, to)), "{what}");
            assert!(shows(row[1], change(i, from, last)), "{what}");
        }
    }
    assert!(
        later >= 6,
        "scenarios that count from a later year: {later}"
    );
}

#[test]
fn the_table_of_targets_says_what_is_reached_and_what_is_to_spare() {
    for one in shipped()
        .iter()
        .filter(|one| !one.scenario.targets.is_empty())
    {
        let text = summary::text(&one.case(), Lang::En);
        let rows = table(&text, "Target  ");
        assert_eq!(rows.len(), one.scenario.targets.len(), "{text}");
        for (target, row) in one.scenario.targets.iter().zip(&rows) {
            let i = target.indicator.at();
            let at = one.value(i, target.year);
            let unit = if is_share(i) || is_intensity(i) {
                0.01
            } else {
                1e4
            };
            // Both in the words of the table: percent or the indicator's unit.
            let (reached, room) = match target.demand {
                Demand::Reduction { wanted, base_year } => {
                    let base = one.value(i, base_year);
                    let fall = 1.0 - at / base;
                    let room = if unit < 1.0 {
                        (fall - wanted) * 100.0
                    } else {
                        (base * (1.0 - wanted) - at) / unit
                    };
                    (-fall * 100.0, room)
                }
                Demand::Cap(limit) => (at / unit, (limit - at) / unit),
                Demand::Floor(limit) => (at / unit, (at - limit) / unit),
                _ => panic!("{}: {}", one.scenario.id, target.id),
            };
            let (shown, verdict) = (&row[2], &row[row.len() - 1]);
            assert!(shows(shown, reached), "{} {row:?}", one.scenario.id);
            let word = ["✗ missed by ", "✓ met ("][usize::from(room >= -1e-9)];
            let rest = verdict.strip_prefix(word);
            // By less than the model is usually wrong.
            let within = verdict.strip_prefix("≈ met, within error (");
            let rest = rest.or(within.filter(|_| room >= -1e-9));
            let rest = rest.unwrap_or_else(|| panic!("{word} {row:?}"));
            let left = rest.split(' ').next().unwrap();
            assert!(
                shows(left, room.abs()),
                "{} {row:?}: {room}",
                one.scenario.id
            );
            if unit < 1.0 {
                assert!(rest.contains("points"), "{row:?}");
            }
        }
    }
}

/// The accounts in the order of a balance's columns.
fn columns(book: Book) -> Vec<Account> {
    let kinds = catalogue().indicators.iter().filter(|i| i.book == book);
    let own = kinds.filter_map(|indicator| match indicator.kind {
        IndicatorKind::Emission(p, book) => Some(Account::Pollutant(p, book)),
        _ => None,
    });
    let coal = (book == Book::Physical).then_some(Account::Coal);
    own.chain(coal).collect()
}

#[test]
fn the_balance_holds_growth_current_policy_and_each_measure() {
    let books = [
        (Book::Accounted, "Balance, as accounted"),
        (Book::Physical, "Balance, physical"),
    ];
    for (one, (book, heading)) in shipped().iter().flat_map(|one| books.map(|b| (one, b))) {
        let (base, end) = (one.base(), one.scenario.end_year);
        let text = summary::text(&one.case(), Lang::En);
        let rows = table(&text, heading);
        let row = |start: &str| {
            let own = rows.iter().find(|row| row[0].starts_with(start));
            own.unwrap_or_else(|| panic!("{start}\n{text}"))
        };
        let span = one.plan.span();
        for (c, account) in columns(book).into_iter().enumerate() {
            let q = one.plan.account(account).unwrap();
            let of = |values: &[f64], year: i32| values[q * span + one.at(year)];
            let total = |year: i32| of(&one.outcome.run.total, year);
            let frozen = |year: i32| of(&one.outcome.run.frozen, year);
            let cells = one.plan.accounts.len() * span;
            let measure = |m: usize| {
                let change = &one.outcome.run.change[m * cells..(m + 1) * cells];
                of(change, end) - of(change, base)
            };
            let current: f64 = (0..one.plan.measures.len())
                .filter(|m| one.plan.measures[*m].policy == Policy::Current)
                .map(measure)
                .sum();
            let holds = |row: &Vec<String>, value: f64| {
                let cell = &row[row.len() - columns(book).len() + c];
                let what = format!("{} {row:?} {value}", one.scenario.id);
                match cell.as_str() {
                    "·" => assert!(value.abs() < total(base) * 1e-8, "{what}"),
                    "≈0" => assert!(value.abs() < 0.5, "{what}"),
                    cell => assert!(shows(cell, value / 1e4), "{what}"),
                }
            };
            holds(row(&format!("{base} emission")), total(base));
            holds(row(&format!("{end} emission")), total(end));
            holds(row("+ growth"), frozen(end) - frozen(base));
            if current != 0.0 {
                holds(row("Current policy"), current);
            }
            for (m, plan) in one.plan.measures.iter().enumerate() {
                let same = rows.iter().filter(|row| row[0] == plan.name.en);
                if let (Policy::New, [row]) = (plan.policy, same.collect::<Vec<_>>().as_slice()) {
                    holds(row, measure(m));
                }
            }
        }
    }
}

#[test]
fn a_comparison_marks_what_has_a_target() {
    let options: Vec<&Shipped> = shipped()
        .iter()
        .filter(|one| one.scenario.id.starts_with("shaanxi-14fyp"))
        .collect();
    let cases: Vec<Case<'_>> = options.iter().map(|one| one.case()).collect();
    let text = summary::comparison(&cases, Lang::En);
    let rows = table(&text, "Scenarios");
    assert_eq!(rows.len(), cases.len(), "{text}");
    let shown = summary::compared(&cases);
    let mut marks = [0; 4];
    for (one, row) in options.iter().zip(&rows) {
        let numbers = &row[row.len() - 1 - shown.len()..row.len() - 1];
        for (i, cell) in shown.iter().zip(numbers) {
            let own = one.scenario.targets.iter().zip(&one.outcome.verdicts);
            let own: Vec<Standing> = own
                .filter(|(target, _)| target.indicator.at() == *i)
                .map(|(target, verdict)| charts::standing(one, target, verdict.as_ref()))
                .collect();
            let (value, mark) = cell.split_once(' ').unwrap_or((cell, ""));
            let wanted = match own.as_slice() {
                [] => "",
                all if all.contains(&Standing::Missed) => "✗",
                all if all.contains(&Standing::Within) => "≈",
                _ => "✓",
            };
            assert_eq!(mark, wanted, "{} {row:?}", one.scenario.id);
            marks[["", "✓", "≈", "✗"].iter().position(|m| *m == mark).unwrap()] += 1;
            let (from, to) = (one.base(), one.scenario.end_year);
            let fall = (one.value(*i, to) / one.value(*i, from) - 1.0) * 100.0;
            assert!(shows(value, fall), "{} {row:?} {fall}", one.scenario.id);
        }
        let met = one
            .outcome
            .verdicts
            .iter()
            .filter(|v| v.unwrap().met)
            .count();
        let score = format!("{met}/{}", one.scenario.targets.len());
        assert_eq!(row[row.len() - 1], score);
    }
    assert!(marks.iter().all(|count| *count > 0), "{marks:?}");
}
