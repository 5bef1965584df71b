//! What a project does: the unit of `before` and `after` says which formula it is.

use super::{Line, negative, percent};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::table::Cell;
use jianpai_core::projects::{Pair, Work};
use jianpai_core::text::Text;

/// Reads the cells from which the emission before and after follows.
pub(super) fn read(line: &Line<'_>, diags: &mut Diagnostics) -> Option<Work> {
    let measure = line.cell("measure");
    let text = measure.text_required(diags);
    if text.is_some_and(|text| matches!(text, "%" | "％")) {
        return coal(line, diags);
    }
    let at = pair(line, diags);
    let text = text?;
    let parsed = quantity::parse_unit(text).ok();
    let concentration = Dim::MASS.per(Dim::VOLUME);
    match parsed {
        Some((scale, dim)) if dim == Dim::MASS || dim == Dim::MASS_PER_TIME => {
            Some(Work::Tonnes(scaled(at?, scale)))
        }
        Some((scale, dim)) if dim == concentration => {
            let flow = amount(line, Dim::VOLUME_PER_TIME, "m3/d", diags);
            if text.contains(['L', 'l', '升']) {
                let (flow, at) = (flow?, at?);
                return Some(Work::Water {
                    flow,
                    at: scaled(at, scale / 1e-6),
                });
            }
            let hours = hours(line, diags);
            // m3/d to m3/h of a flow that is given for the time it runs.
            let (flow, hours, at) = (flow?, hours?, at?);
            Some(Work::FlueGas {
                flow: flow / 24.0,
                hours,
                at: scaled(at, scale / 1e-9),
            })
        }
        Some((scale, dim)) => {
            let of = Dim::MASS.per(dim);
            let amount = factor_amount(line, of, diags);
            let (amount, at) = (amount?, at?);
            Some(Work::Factor {
                amount,
                factor: scaled(at, scale * 1e3),
            })
        }
        None => {
            let message = Text::new(
                format!("无法识别的单位 `{text}`"),
                format!("cannot read the unit `{text}`"),
            );
            diags.push(
                Diagnostic::error("unit", message)
                    .label(measure.span, Text::new("未知", "not known"))
                    .help(measures()),
            );
            None
        }
    }
}

fn measures() -> Text {
    Text::new(
        "废水写 mg/L，废气写 mg/m3，脱硫效率写 %，单位排放量写 kg/t、g/辆，吨数写 t",
        "mg/L for water, mg/m3 for flue gas, % for desulphurisation, kg/t or g/vehicle for factors, t for tonnes",
    )
}

fn scaled(at: Pair, scale: f64) -> Pair {
    Pair {
        before: at.before * scale,
        after: at.after * scale,
    }
}

/// `before` and `after`: neither below zero, and less after than before.
fn pair(line: &Line<'_>, diags: &mut Diagnostics) -> Option<Pair> {
    let [before, after] = ["before", "after"].map(|key| line.cell(key));
    let read = |cell: &Cell<'_>, diags: &mut Diagnostics| {
        let value = cell.text_required(diags).and_then(|_| cell.number(diags))?;
        if value < 0.0 {
            diags.push(negative(cell));
            return None;
        }
        Some(value)
    };
    let (first, last) = (read(&before, diags), read(&after, diags));
    let (first, last) = (first?, last?);
    if last > first {
        diags.push(more_after(&before, &after, "排放", "emits more"));
        return None;
    }
    Some(Pair {
        before: first,
        after: last,
    })
}

fn more_after(before: &Cell<'_>, after: &Cell<'_>, zh: &str, en: &str) -> Diagnostic {
    let message = Text::new(
        format!(
            "治理后（{}）比治理前（{}）{zh}还多",
            after.text, before.text
        ),
        format!(
            "after the project ({}) the source {en} than before ({})",
            after.text, before.text
        ),
    );
    Diagnostic::error("no-reduction", message)
        .label(after.span, Text::new("治理后", "after"))
        .label(before.span, Text::new("治理前", "before"))
        .help(Text::new("两格是否写反了？", "are the two cells swapped?"))
}

/// SO2 of coal with a removal before and after.
fn coal(line: &Line<'_>, diags: &mut Diagnostics) -> Option<Work> {
    let [before, after] = ["before", "after"].map(|key| line.cell(key));
    let removal = |cell: &Cell<'_>, diags: &mut Diagnostics| {
        cell.text_required(diags)?;
        percent(cell, 1.0, diags)?
    };
    let (first, last) = (removal(&before, diags), removal(&after, diags));
    let coal = amount(line, Dim::MASS_PER_TIME, "t/a", diags);
    let sulphur = line.cell("sulphur");
    let sulphur = if sulphur.is_empty() {
        missing(&sulphur, "含硫率", "sulphur", diags);
        None
    } else {
        percent(&sulphur, 0.1, diags).flatten()
    };
    let pollutant = line.cell("pollutant");
    if !matches!(pollutant.text, "SO2" | "二氧化硫") && !pollutant.is_empty() {
        let message = Text::new(
            "按效率（%）只能算燃煤的二氧化硫",
            "a removal in percent gives SO2 of coal alone",
        );
        let label = Text::new("别的污染物", "another pollutant");
        let diagnostic = Diagnostic::error("no-formula", message).label(pollutant.span, label);
        diags.push(diagnostic.help(measures()));
        return None;
    }
    let (first, last) = (first?, last?);
    if last < first {
        let message = Text::new(
            format!(
                "治理后的效率（{}）低于治理前（{}）",
                after.text, before.text
            ),
            format!(
                "less is removed after ({}) than before ({})",
                after.text, before.text
            ),
        );
        diags.push(
            Diagnostic::error("no-reduction", message)
                .label(after.span, Text::new("治理后", "after"))
                .label(before.span, Text::new("治理前", "before"))
                .help(Text::new("两格是否写反了？", "are the two cells swapped?")),
        );
        return None;
    }
    Some(Work::Coal {
        coal: coal?,
        sulphur: sulphur?,
        removal: Pair {
            before: first,
            after: last,
        },
    })
}

/// The quantity with its unit: in `base` units, which have the dimension `dim`. What is
/// given without time is a year's.
fn amount(line: &Line<'_>, dim: Dim, base: &str, diags: &mut Diagnostics) -> Option<f64> {
    let fits =
        |found: Dim| found == dim || found.per(Dim::TIME) == dim && dim != Dim::VOLUME_PER_TIME;
    let value = in_units(line, &fits, base, diags)?;
    let (one, _) = quantity::parse_unit(base).ok()?;
    Some(value / one)
}

/// The quantity that a factor is of, a year.
fn factor_amount(line: &Line<'_>, of: Dim, diags: &mut Diagnostics) -> Option<f64> {
    let fits = |found: Dim| found == of || found == of.per(Dim::TIME);
    in_units(line, &fits, "t/a", diags)
}

/// The quantity in the base units of its dimension.
fn in_units(
    line: &Line<'_>,
    fits: &dyn Fn(Dim) -> bool,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<f64> {
    let (quantity, unit) = (line.cell("quantity"), line.cell("unit"));
    let value = if quantity.is_empty() {
        missing(&quantity, "规模", "quantity", diags);
        None
    } else {
        quantity.number(diags)
    };
    let scale = scale(&unit, fits, example, diags);
    let (value, scale) = (value?, scale?);
    if value < 0.0 {
        diags.push(negative(&quantity));
        return None;
    }
    Some(value * scale)
}

/// Base units in one of the unit written, if it fits.
fn scale(
    unit: &Cell<'_>,
    fits: &dyn Fn(Dim) -> bool,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<f64> {
    if unit.is_empty() {
        missing(unit, "规模单位", "unit", diags);
        return None;
    }
    if let Ok((scale, dim)) = quantity::parse_unit(unit.text)
        && fits(dim)
    {
        return Some(scale);
    }
    let message = Text::new(
        format!("规模的单位 `{}` 与治理前后的单位不合", unit.text),
        format!(
            "the unit `{}` does not go with that of before and after",
            unit.text
        ),
    );
    let help = Text::new(
        format!("写法如 {example}；mg/L 配 m3/d，mg/m3 配 m3/h，kg/t 配 t"),
        format!("write it like {example}; mg/L goes with m3/d, mg/m3 with m3/h, kg/t with t"),
    );
    let label = Text::new("单位不合", "does not fit");
    let diagnostic = Diagnostic::error("unit", message).label(unit.span, label);
    diags.push(diagnostic.help(help));
    None
}

fn hours(line: &Line<'_>, diags: &mut Diagnostics) -> Option<f64> {
    let cell = line.cell("hours");
    if cell.is_empty() {
        missing(&cell, "年运行小时", "hours", diags);
        return None;
    }
    let hours = cell.number(diags)?;
    if (0.0..=8784.0).contains(&hours) {
        return Some(hours);
    }
    let message = Text::new(
        format!("一年没有 {hours} 小时"),
        format!("a year has no {hours} hours"),
    );
    diags.push(
        Diagnostic::error("out-of-range", message)
            .label(cell.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                "写 0—8784 之间的小时数",
                "write hours between 0 and 8784",
            )),
    );
    None
}

fn missing(cell: &Cell<'_>, zh: &str, en: &str, diags: &mut Diagnostics) {
    let message = Text::new(format!("缺少{zh}"), format!("`{en}` is missing"));
    diags.push(
        Diagnostic::error("empty-cell", message)
            .label(cell.span, Text::new("此格必填", "this cell must be filled in"))
            .help(Text::new(
                "按浓度、效率或单位排放量计的项目要写规模及其单位；已有吨数的，治理前后写吨数，单位写 t",
                "a project by concentration, removal or factor needs its amount and unit; with tonnes at hand give before and after in t",
            )),
    );
}
