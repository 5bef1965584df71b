//! Which inputs matter, and under which conditions all targets are met, as tables.

use super::spread::Spread;
use super::{names, units};
use crate::case::short_name;
use crate::view::{Across, Cell, Column, Form, Table, Unit, With};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::findings::{Findings, IndexKind, OutputFindings};

/// Outputs side by side: with intervals they are wide.
const ACROSS: usize = 5;
/// An index below this is the noise of the estimate, unless its interval says more.
const NOISE: f64 = 0.005;

/// What the numbers of the sensitivity table are.
fn title(spread: &Spread<'_>, kind: IndexKind) -> Text {
    let title = match kind {
        IndexKind::Sobol => Text::new(
            "Sobol 总指数（占方差）",
            "Sobol total index (part of variance)",
        ),
        IndexKind::Morris => Text::new(
            "Morris μ*（指标单位）",
            "Morris μ* (units of the indicator)",
        ),
        IndexKind::GivenData => {
            Text::new("一阶指数（占方差）", "First-order index (part of variance)")
        }
    };
    if kind == IndexKind::GivenData && !spread.sweep.points.is_sample() {
        return title;
    }
    Text::new(format!("{} ±95 %", title.zh), format!("{} ±95 %", title.en))
}

/// Key, headings and key of the half-width of an index.
type Index = (&'static str, &'static str, &'static str, &'static str);

/// The two indices of a kind of analysis.
fn indices(kind: IndexKind) -> [Index; 2] {
    match kind {
        IndexKind::Morris => [
            ("mu_star", "μ*", "μ*", "mu_star_half_width"),
            ("sigma", "σ", "σ", "sigma_half_width"),
        ],
        IndexKind::Sobol | IndexKind::GivenData => [
            ("first", "一阶", "First", "first_half_width"),
            ("total", "总", "Total", "total_half_width"),
        ],
    }
}

fn columns(spread: &Spread<'_>, kind: IndexKind) -> Vec<Column> {
    let (form, half_form) = match kind {
        IndexKind::Morris => (Form::Amount, Form::Amount),
        IndexKind::Sobol | IndexKind::GivenData => (Form::Percent, Form::Fixed(1)),
    };
    let mut columns = vec![
        Column::id("output", "结果", "Output"),
        Column::id("input", "输入", "Input"),
    ];
    for (key, zh, en, half) in indices(kind) {
        columns.push(
            Column::number_by(key, zh, en, "index_unit")
                .form(form)
                .with(With::Half(half))
                .absent("–"),
        );
        let (zh, en) = (format!("{zh} 区间半宽"), format!("{en}, half-width"));
        columns.push(Column::number_by(half, &zh, &en, "index_unit").form(half_form));
    }
    let title = title(spread, kind);
    columns.extend([
        Column::number_by("at_q5", "取 5 % 分位", "At the 5 % quantile", "unit"),
        Column::number_by("at_q95", "取 95 % 分位", "At the 95 % quantile", "unit"),
        // A first-order index of these holds what the input shares with others.
        Column::flag("correlated", "相关", "Correlated", ["0", "1"]),
        Column::text("output_name", "结果", "Output"),
        Column::text("input_name", &title.zh, &title.en).at(0),
        Column::unit("unit", "单位", "Unit"),
        Column::unit("index_unit", "指数的单位", "Unit of indices"),
    ]);
    columns
}

/// Importance and swing of every input for every output.
pub(super) fn table(spread: &Spread<'_>, findings: &Findings) -> Table {
    let kind = findings.kind;
    let [first, total] = indices(kind);
    let title = Text::new("敏感性", "Sensitivity");
    let mut table = Table::new("sensitivity", title, columns(spread, kind));
    table.across = Some(Across {
        most: ACROSS,
        ..Across::of(
            &["input"],
            ("output", "output_name"),
            if kind == IndexKind::Sobol {
                total.0
            } else {
                first.0
            },
        )
    });
    for output in &findings.outputs {
        add(spread, (kind, output), &mut table);
    }
    table
}

fn add(spread: &Spread<'_>, (kind, output): (IndexKind, &OutputFindings), table: &mut Table) {
    let column = &spread.sweep.columns[output.column];
    let indicator = &spread.catalogue.indicators[output.indicator.at()];
    let unit = units::of_column(spread.catalogue, spread.sweep, column);
    let index_unit = match kind {
        IndexKind::Sobol | IndexKind::GivenData => Unit::Fraction,
        // Effects are in base units for people, too.
        IndexKind::Morris if indicator.kind.is_index() => Unit::PlainIndex,
        IndexKind::Morris => Unit::PlainTonne,
    };
    for (i, input) in spread.sweep.inputs.iter().enumerate() {
        let importance = output.inputs.get(i).copied().unwrap_or_default();
        let swing = output.swings.iter().find(|swing| swing.input == i);
        let half = |found: Option<Estimate>| Cell::from(found.and_then(|found| found.half_width));
        table.row(vec![
            spread.sweep.name(spread.catalogue, column).into(),
            Cell::from(&input.name),
            index(importance.first, kind),
            half(importance.first),
            index(importance.total, kind),
            half(importance.total),
            swing.map(|swing| swing.at_low).into(),
            swing.map(|swing| swing.at_high).into(),
            spread.sweep.correlated().contains(&i).into(),
            short_name(spread.catalogue, indicator).into(),
            names::name(spread.catalogue, spread.plan, input).into(),
            unit.into(),
            index_unit.into(),
        ]);
    }
}

/// Whether a part of a variance is no more than the noise of its estimate.
pub(super) fn is_noise(found: Estimate) -> bool {
    let half = found.half_width.unwrap_or(0.0);
    found.value < NOISE && found.value + half < 2.0 * NOISE
}

/// An index; a dot for what is nothing but noise.
fn index(found: Option<Estimate>, kind: IndexKind) -> Cell {
    let Some(found) = found else {
        return Cell::absent();
    };
    if kind != IndexKind::Morris && is_noise(found) {
        return Cell::from(found.value).form(Form::Nothing);
    }
    found.value.into()
}

/// The box in which all targets are met.
pub(super) fn conditions(spread: &Spread<'_>, findings: &Findings) -> Table {
    let mut columns = vec![
        Column::id("input", "输入", "Input"),
        Column::number_by("at_least", "不低于", "At least", "unit").at(1),
        Column::number_by("at_most", "不高于", "At most", "unit").at(2),
        Column::number("density", "盒内达标", "Met in the box", Unit::Fraction)
            .form(Form::Probability)
            .at(4),
        Column::number("coverage", "占全部达标", "Of all that meet", Unit::Fraction)
            .form(Form::Percent)
            .at(5),
        Column::whole("draws", "抽样次数", "Draws").at(6),
        Column::text("name", "输入", "Input").at(0),
        Column::unit("unit", "单位", "Unit").at(3),
    ];
    if spread.has_error() {
        let (zh, en) = ("盒内仅按模型达标", "Met in the box by the model alone");
        columns.push(Column::number("density_by_model", zh, en, Unit::Fraction));
    }
    let title = Text::new("全部达标的条件", "Conditions of meeting all targets");
    let mut table = Table::new("conditions", title, columns);
    let (Some(found), Some(held)) = (&findings.conditions, findings.held) else {
        return table;
    };
    for limit in &found.restrictions {
        let input = &spread.sweep.inputs[limit.input];
        let form = names::form(input);
        let bound = |value: Option<f64>| Cell::from(value).form(form);
        let by_model = spread.has_error().then_some(found.count.density);
        table.row(
            [
                Cell::from(&input.name),
                bound(limit.lower.as_ref().map(|bound| bound.value)),
                bound(limit.upper.as_ref().map(|bound| bound.value)),
                held.density.into(),
                held.coverage.into(),
                findings.draws.into(),
                names::name(spread.catalogue, spread.plan, input).into(),
                units::of_input(spread.catalogue, spread.sweep, limit.input).into(),
            ]
            .into_iter()
            .chain(by_model.map(Cell::from))
            .collect(),
        );
    }
    table
}
