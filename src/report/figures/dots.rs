//! Every target of a case against what is reached, on one scale.
//!
//! ```text
//! margin = ±(reached − required) / |required|      + reductions, floors, projects; − caps, sums
//! ```

use super::footnote::footnote;
use crate::case::{Case, demand_text, display, number, percent, short_name};
use crate::chart::{TargetDots, TargetRow};
use jianpai_core::catalogue::Book;
use jianpai_core::target::{Demand, Target, Verdict, judge};
use jianpai_core::text::Text;

/// The dot plot of all targets; `None` where there are none.
pub fn dots(case: &Case<'_>) -> Option<TargetDots> {
    let rows: Vec<TargetRow> = (case.targets())
        .map(|(target, verdict)| row(case, target, verdict))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let shown: Vec<usize> = case.targets().map(|(t, _)| t.indicator.at()).collect();
    let pollutants: Vec<_> = shown
        .iter()
        .filter_map(|i| case.catalogue.indicators[*i].kind.pollutant())
        .fold(Vec::new(), |mut all, p| {
            if !all.contains(&p) {
                all.push(p);
            }
            all
        });
    let named = case.title();
    let mut footnote = footnote(case, &pollutants, &shown);
    footnote.zh += "横轴为结果超出（＋）或差于（−）目标的幅度，以目标值为100%。";
    footnote.en += " The scale is how far a result is beyond (+) or short of (−) its target, in \
                    percent of the target.";
    Some(TargetDots {
        title: title(&rows),
        subtitle: Text::new(
            format!("{}：各项目标与测算结果", named.zh),
            format!("{} — targets and what is reached", named.en),
        ),
        other_name: other_name(case),
        interval_name: Text::new(
            "按以往误差的90%区间",
            "90% band from the errors of past runs",
        ),
        rows,
        footnote,
    })
}

/// What a hollow dot is: the other book has a name where it is the same for all.
fn other_name(case: &Case<'_>) -> Text {
    let books = case.targets().filter_map(|(target, _)| {
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        indicator.told_book(case.catalogue)
    });
    let accounted: Vec<bool> = books.map(|book| book == Book::Accounted).collect();
    if accounted.iter().all(|accounted| *accounted) {
        Text::new("按实际排放计", "by physical emission")
    } else if accounted.iter().any(|accounted| *accounted) {
        Text::new("按另一本账计", "in the other book")
    } else {
        Text::new("按核算计", "as accounted")
    }
}

/// One where more is better, minus one where less is.
fn way(demand: Demand) -> f64 {
    match demand {
        Demand::Reduction { .. } | Demand::Floor(_) | Demand::Project { .. } => 1.0,
        Demand::Cap(_) | Demand::Cumulative { .. } => -1.0,
    }
}

/// A reached value beyond its target, in percent of the target.
fn margin(demand: Demand, required: f64, reached: f64) -> f64 {
    if required.abs() < 1e-12 {
        return f64::NAN;
    }
    way(demand) * (reached - required) / required.abs() * 100.0
}

fn row(case: &Case<'_>, target: &Target, verdict: Option<&Verdict>) -> TargetRow {
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let name = short_name(case.catalogue, indicator);
    let demand = demand_text(indicator, target);
    let year = target.year;
    let beyond =
        |reached: f64| verdict.map_or(f64::NAN, |v| margin(target.demand, v.required, reached));
    let band = verdict.and_then(|verdict| case.band(target, verdict));
    TargetRow {
        name,
        demand: Text::new(
            format!("{year}年{}", demand.zh),
            format!("{} by {year}", demand.en),
        ),
        reached: verdict.map_or_else(
            || Text::new("—", "—"),
            |verdict| reached(case, target, verdict.reached),
        ),
        margin: verdict.map_or(f64::NAN, |verdict| beyond(verdict.reached)),
        interval: band.map(|band| {
            let (a, b) = (beyond(band.low), beyond(band.high));
            (a.min(b), a.max(b))
        }),
        other: other(case, target).map(beyond),
        standing: case.standing(target, verdict),
    }
}

/// What is reached, in the words of the demand.
fn reached(case: &Case<'_>, target: &Target, value: f64) -> Text {
    if let Demand::Reduction { .. } = target.demand {
        let (zh, en) = if value < 0.0 {
            ("上升", "+")
        } else {
            ("下降", "−")
        };
        let amount = percent(value.abs());
        return Text::new(format!("{zh}{amount}"), format!("{en}{amount}"));
    }
    let shown = display(&case.catalogue.indicators[target.indicator.at()]);
    let amount = number(value / shown.scale);
    let (zh, en) = (&shown.unit.zh, &shown.unit.en);
    let gap = if en.is_empty() || en.starts_with('%') {
        ""
    } else {
        " "
    };
    Text::new(format!("{amount}{zh}"), format!("{amount}{gap}{en}"))
}

/// What the same reduction comes to in the other book, where that is another number.
fn other(case: &Case<'_>, target: &Target) -> Option<f64> {
    let Demand::Reduction { .. } = target.demand else {
        return None;
    };
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let book = match indicator.told_book(case.catalogue)? {
        Book::Accounted => Book::Physical,
        Book::Physical => Book::Accounted,
    };
    let id = case.catalogue.in_book(target.indicator, book)?;
    let same = Target {
        indicator: id,
        book,
        ..target.clone()
    };
    let values = &case.outcome.indicators[id.at()];
    let gross = vec![0.0; values.len()];
    let verdict = judge(&same, &case.outcome.years, values, &gross)?;
    Some(verdict.reached)
}

/// The headline: how many are met, and which is farthest from being so or nearest to
/// being missed.
fn title(rows: &[TargetRow]) -> Text {
    let count = rows.len();
    let met = rows
        .iter()
        .filter(|row| row.standing.met() == Some(true))
        .count();
    let least = (rows.iter())
        .filter(|row| row.margin.is_finite())
        .min_by(|a, b| a.margin.total_cmp(&b.margin));
    let mut text = if met == count {
        Text::new(
            format!("{count}项目标全部达到"),
            format!("All {count} targets are met"),
        )
    } else {
        Text::new(
            format!("{count}项目标达到{met}项"),
            format!("{met} of {count} targets are met"),
        )
    };
    if let Some(row) = least {
        let by = percent(row.margin.abs() / 100.0);
        let name = &row.name;
        if row.standing.met() == Some(true) {
            text.zh += &format!("，余量最小的是{}（超出目标的{by}）", name.zh);
            text.en += &format!(
                "; the least room is left on {} ({by} of its target)",
                name.en
            );
        } else {
            text.zh += &format!("，差得最多的是{}（差目标的{by}）", name.zh);
            text.en += &format!("; {} falls short most, by {by} of its target", name.en);
        }
    }
    text
}
