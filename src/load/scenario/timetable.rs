//! Timetables of measures: when they come into force, and whether the file says what
//! stands at the end of years or the mean of years.

use super::fields::by_year;
use super::names::{Known, unknown};
use super::percent::share;
use super::worded;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Node, Reader, Value};
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::measure::spec::KindSpec;
use jianpai_core::target::plan_base;
use jianpai_core::text::Text;

/// Reads the timetable of a measure of kind `spec`: `points`, or `start` (and `end`) with
/// `ramp`; and `at`. It begins after the first year of `base`, which for what is new is that
/// of the scenario; the other is that of the data. `None` has been reported.
pub(super) fn read(
    reader: &mut Reader<'_>,
    owner: Span,
    base: (i32, i32),
    spec: Option<&KindSpec>,
) -> Option<Ramp> {
    let at = reader.optional("at");
    let ends = of_ends(reader);
    let ramp = ramp(reader, owner, base);
    // 2025 年底 says what `at` would; a cap is on whole years, whatever its end is called.
    if at.is_none() && ends && !spec.is_some_and(KindSpec::is_cap) {
        return ramp.map(|ramp| Ramp::Mean(Box::new(ramp)));
    }
    at_end(at, spec, ramp, reader.diags())
}

/// Whether the timetable names the end of a year (2025 年底) as the time when it is done.
fn of_ends(reader: &mut Reader<'_>) -> bool {
    let is_end = |text: &str| worded::year(text).is_some_and(|(_, end)| end);
    let points = reader.optional("points").map(|node| &node.value);
    let start = reader.optional("start");
    let end = reader.optional("end").or(start);
    let by_year = match points {
        Some(Value::Table(points)) => points.entries.iter().any(|(key, _)| is_end(&key.name)),
        _ => false,
    };
    by_year || end.and_then(worded::text).is_some_and(is_end)
}

/// The timetable as means of years, where it says what stands at their ends.
fn at_end(
    node: Option<&Node>,
    spec: Option<&KindSpec>,
    ramp: Option<Ramp>,
    diags: &mut Diagnostics,
) -> Option<Ramp> {
    let Some(node) = node else {
        return ramp;
    };
    let word = match node.value {
        // A year: the timetable has those.
        Value::Integer(_) | Value::Float(_) => {
            diags.push(no_year(node));
            return None;
        }
        _ => node.string(diags)?,
    };
    match word {
        "mean" => ramp,
        "year-end" if spec.is_some_and(KindSpec::is_cap) => {
            let message = Text::new(
                "用煤上限管的是全年用量，没有年末值",
                "a cap on coal is on the use of whole years: there is no value at their end",
            );
            diags.push(
                Diagnostic::error("no-use", message)
                    .label(node.span, Text::new("不起作用", "without effect"))
                    .help(Text::new("删去 at", "take `at` out")),
            );
            None
        }
        "year-end" => ramp.map(|ramp| Ramp::Mean(Box::new(ramp))),
        other => {
            let what = Text::new("时点", "point in time");
            let known = Known::words(&["year-end", "mean"]);
            diags.push(unknown(&what, other, node.span, &known, None));
            None
        }
    }
}

/// `at` holds a number, such as a year.
fn no_year(node: &Node) -> Diagnostic {
    let message = Text::new(
        "at 说的是年末值还是年均值，不是年份",
        "`at` says whether values stand at the end of years or are means of years; it is no year",
    );
    Diagnostic::error("wrong-type", message)
        .label(node.span, Text::new("不是时点", "no point in time"))
        .help(Text::new(
            "写 at = \"year-end\" 或 at = \"mean\"；年份写在 start、end 或 points 里",
            "write at = \"year-end\" or at = \"mean\"; years go into start, end or points",
        ))
}

/// The timetable: `points`, or `start` (and `end`) with `ramp`.
fn ramp(reader: &mut Reader<'_>, owner: Span, base: (i32, i32)) -> Option<Ramp> {
    let points = reader.optional("points");
    let start = reader.optional("start");
    let end = reader.optional("end");
    let shape = reader.optional("ramp");
    let others = [start, end, shape];
    if let Some(points) = points {
        let file = points.span.file;
        let newest = others.iter().flatten().map(|node| node.span.file).min();
        // What a child file gives counts, whatever its parent gave.
        match newest {
            Some(newest) if newest < file => {}
            Some(newest) if newest == file => {
                reader.push(two_ramps(points, &others));
                return None;
            }
            _ => return by_points(points, base, reader),
        }
    }
    if let (None, Some(end)) = (start, end) {
        return from_the_plans_first(end, shape, base, reader);
    }
    let Some(start) = start else {
        let message = Text::new(
            "缺少时间表：start、end 或 points",
            "no timetable: give start and end, or points",
        );
        let label = Text::new("没有时间表", "no timetable");
        let diagnostic = Diagnostic::error("missing-key", message)
            .label(owner, label)
            .help(Text::new(
                "例如 start = 2018，end = 2020",
                "for example start = 2018 and end = 2020",
            ));
        reader.push_unless_misspelt(&["start", "points"], diagnostic);
        return None;
    };
    let first = year(start, reader.diags());
    if first.is_some_and(|first| first <= base.0) {
        reader.push(too_early(start.span, base));
    }
    let last = end.and_then(|node| year(node, reader.diags()));
    let word = match shape {
        None => "linear",
        Some(node) => node.string(reader.diags())?,
    };
    let first = first?;
    match (word, last) {
        ("step", _) => Some(Ramp::Step { year: first }),
        ("linear" | "s-curve", None) if end.is_none() => {
            let message = Text::new(
                "缺少 end：全部实施的年份",
                "`end` is missing: the year fully in force",
            );
            let label = Text::new("只有起始年", "only the first year");
            let diagnostic = Diagnostic::error("missing-key", message)
                .label(start.span, label)
                .help(Text::new(
                    "加上 end；若当年即全部实施，写 ramp = \"step\"",
                    "add `end`; if all of it happens at once, write ramp = \"step\"",
                ));
            reader.push_unless_misspelt(&["end"], diagnostic);
            None
        }
        ("linear" | "s-curve", None) => None,
        ("linear" | "s-curve", Some(last)) if last < first => {
            let message = Text::new(
                format!("end {last} 早于 start {first}"),
                format!("end {last} comes before start {first}"),
            );
            let span = end.map_or(start.span, |node| node.span);
            reader.push(
                Diagnostic::error("year-order", message)
                    .label(span, Text::new("早于起始年", "before the first year"))
                    .label(start.span, Text::new("起始年", "the first year"))
                    .help(Text::new(
                        "start 是开始见效的年份，end 是全部实施的年份",
                        "`start` is the first year with an effect, `end` the year fully in force",
                    )),
            );
            None
        }
        ("linear", Some(last)) => Some(Ramp::Linear {
            start: first,
            end: last,
        }),
        ("s-curve", Some(last)) => Some(Ramp::SCurve {
            start: first,
            end: last,
        }),
        (other, _) => {
            let span = shape.map_or(owner, |node| node.span);
            let what = Text::new("时间曲线", "ramp");
            let known = Known::words(&["linear", "s-curve", "step"]);
            reader.push(unknown(&what, other, span, &known, None));
            None
        }
    }
}

/// A timetable of which only the end is given, as documents mostly do: it begins with the
/// first year of the five-year plan in which it ends, or the first that there is; that is
/// said. A reduction counts from that plan's base in the same way.
fn from_the_plans_first(
    end: &Node,
    shape: Option<&Node>,
    base: (i32, i32),
    reader: &mut Reader<'_>,
) -> Option<Ramp> {
    let last = year(end, reader.diags())?;
    if last <= base.0 {
        reader.push(too_early(end.span, base));
        return None;
    }
    let word = match shape {
        None => "linear",
        Some(node) => node.string(reader.diags())?,
    };
    let start = plan_base(last).max(base.0) + 1;
    let ramp = match word {
        "step" => return Some(Ramp::Step { year: last }),
        "s-curve" => Ramp::SCurve { start, end: last },
        _ => Ramp::Linear { start, end: last },
    };
    let message = Text::new(
        format!("没有写起始年：从 {start} 年起推进，到 {last} 年全部实施"),
        format!("`start` is not given: the measure advances from {start} on, to {last}"),
    );
    let diagnostic = Diagnostic::warning("start-left-out", message)
        .label(end.span, Text::new("只有完成年", "only the last year"))
        .help(Text::new(
            format!("另有起点的，写 start；{last} 年一次完成的，写 ramp = \"step\""),
            format!("give `start` if it begins in another year; ramp = \"step\" if all of it happens in {last}"),
        ));
    reader.push_unless_misspelt(&["start"], diagnostic);
    Some(ramp)
}

/// The timetable `points = { 2018 = "50 %", … }`.
fn by_points(points: &Node, base: (i32, i32), reader: &mut Reader<'_>) -> Option<Ramp> {
    let table = points.table(reader.diags())?;
    for (key, _) in &table.entries {
        if let Some((year, _)) = worded::year(&key.name)
            && (1900..=base.0).contains(&year)
        {
            reader.push(too_early(key.span, base));
        }
    }
    by_year(table, reader.diags(), share).map(Ramp::Points)
}

fn two_ramps(points: &Node, others: &[Option<&Node>]) -> Diagnostic {
    let message = Text::new(
        "points 与 start、end、ramp 只能写一种",
        "give either points or start, end and ramp",
    );
    let mut diagnostic = Diagnostic::error("two-ramps", message)
        .label(points.span, Text::new("逐年给出", "year by year"));
    for node in others.iter().flatten() {
        diagnostic = diagnostic.label(node.span, Text::new("又给出", "given again"));
    }
    diagnostic.help(Text::new(
        "删去 points，或删去 start、end 和 ramp",
        "leave out `points`, or else `start`, `end` and `ramp`",
    ))
}

/// A calendar year.
pub(super) fn year(node: &Node, diags: &mut Diagnostics) -> Option<i32> {
    let year = worded::year_of(node, diags)?;
    if (2000..=2200).contains(&year) {
        return i32::try_from(year).ok();
    }
    let message = Text::new(
        format!("`{year}` 不是年份"),
        format!("`{year}` is not a year"),
    );
    diags.push(
        Diagnostic::error("year", message)
            .label(node.span, Text::new("应为年份", "expected a year"))
            .help(Text::new("写法如 2020", "write it like 2020")),
    );
    None
}

/// A measure in force in the base year would be counted twice.
fn too_early(span: Span, (base, data): (i32, i32)) -> Diagnostic {
    let message = Text::new(
        format!("措施应在基年 {base} 之后才见效"),
        format!("a measure takes effect after the base year {base}"),
    );
    let diagnostic = Diagnostic::error("year-range", message)
        .label(span, Text::new("不晚于基年", "not after the base year"))
        .note(Text::new(
            format!("{base} 年及以前做的已在清单里"),
            format!("what was done by {base} is in the inventory already"),
        ));
    let next = base + 1;
    if base > data {
        return diagnostic.help(Text::new(
            format!("从 {next} 年写起；{base} 年以前已完成的，写 policy = \"current\"，它决定 {base} 年的工艺占比"),
            format!("begin with {next}; what was done by {base} is `policy = \"current\"`: it makes the shares of {base}"),
        ));
    }
    diagnostic.help(Text::new(
        format!("从 {next} 年写起"),
        format!("begin with {next}"),
    ))
}
