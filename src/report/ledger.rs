//! The balance on the terminal, from the year that the targets count from to the last
//! one: what growth adds and each measure takes away. Current policy is one line;
//! `balance.csv` has it in full, from the scenario's base year.

use crate::case::{Case, number};
use crate::grid::{Grid, NARROW, indent, left, right};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::outcome::Item;
use jianpai_core::text::Lang;

/// One line of the ledger: its name, and its value in each column.
struct Line {
    name: String,
    values: Vec<f64>,
    is_change: bool,
}

/// The balance as a table.
pub fn text(case: &Case<'_>, lang: Lang) -> String {
    let columns = columns(case);
    let mut header = vec![lang.pick("减排平衡", "Balance").to_string()];
    header.extend(columns.iter().map(|(account, _)| {
        match account {
            Account::Pollutant(p) => {
                let named = &case.catalogue.pollutants[p.at()].named;
                lang.pick(&named.name.zh, &named.id).clone()
            }
            _ => lang
                .pick("用煤（万吨标准煤）", "Coal (10⁴ tce)")
                .to_string(),
        }
    }));
    let mut grid = Grid::new(header.iter().map(String::as_str)).within(NARROW);
    for line in lines(case, &columns, lang) {
        let mut row = vec![left(line.name)];
        for (value, (_, column)) in line.values.iter().zip(&columns) {
            // Rounding leaves traces of 1e-13 where nothing changes.
            let nothing = value.abs() <= column[0].1.abs() * 1e-9;
            let shown = number(value / 1e4);
            row.push(right(match line.is_change {
                true if nothing => "·".to_string(),
                true if shown == "0" => "≈0".to_string(),
                true if *value > 0.0 => format!("+{shown}"),
                _ => shown,
            }));
        }
        grid.row(row);
    }
    let unit = lang.pick("单位：万吨", "10⁴ t");
    format!("\n{}\n  {unit}\n", indent(&grid.to_string()))
}

type Column = (Account, Vec<(Item, f64)>);

/// The balances shown: every pollutant, and coal.
fn columns(case: &Case<'_>) -> Vec<Column> {
    let pollutants = (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize);
    pollutants
        .map(Account::Pollutant)
        .chain([Account::Coal])
        .filter_map(|account| Some((account, case.balance(account)?)))
        .collect()
}

/// The lines shown: current policy summed up, measures without effect left out.
fn lines(case: &Case<'_>, columns: &[Column], lang: Lang) -> Vec<Line> {
    let Some((_, first)) = columns.first() else {
        return Vec::new();
    };
    let values = |i: usize| -> Vec<f64> { columns.iter().map(|(_, column)| column[i].1).collect() };
    let acts = |values: &[f64]| {
        let mut pairs = values.iter().zip(columns);
        pairs.any(|(value, (_, column))| value.abs() > column[0].1.abs() * 1e-9)
    };
    let (start, end) = (case.index_base(), case.scenario.end_year);
    let level = |year: i32| format!("{year}{}", lang.pick("年排放量", " emission"));
    let mut lines = Vec::new();
    let mut current: Option<(usize, Vec<f64>)> = None;
    let mut place = 0;
    for (i, (item, _)) in first.iter().enumerate() {
        let (name, is_change) = match item {
            Item::Base => (level(start), false),
            Item::Total => (level(end), false),
            Item::Growth => (
                lang.pick("＋ 新增量", "+ growth increment").to_string(),
                true,
            ),
            Item::Join => (
                lang.pick("与观测值衔接", "join to observed values")
                    .to_string(),
                true,
            ),
            Item::Measure(m) if case.plan.measures[*m].policy == Policy::Current => {
                let (count, sums) = current.get_or_insert_with(|| (0, vec![0.0; columns.len()]));
                *count += 1;
                for (sum, value) in sums.iter_mut().zip(values(i)) {
                    *sum += value;
                }
                continue;
            }
            Item::Measure(m) => (format!("  {}", case.plan.measures[*m].name.get(lang)), true),
        };
        let values = values(i);
        if matches!(item, Item::Base | Item::Growth | Item::Total) || acts(&values) {
            lines.push(Line {
                name,
                values,
                is_change,
            });
        }
        if *item == Item::Growth {
            place = lines.len();
        }
    }
    if let Some((count, values)) = current {
        let name = match lang {
            Lang::Zh => format!("  现行政策与自然更新（{count} 项）"),
            Lang::En => format!("  Current policy and renewal ({count})"),
        };
        lines.insert(
            place,
            Line {
                name,
                values,
                is_change: true,
            },
        );
    }
    lines
}
