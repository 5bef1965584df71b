//! What is drawn against the bounds of the same quantity in a scenario: the cells of a
//! list, the points of a grid.

use super::context::Context;
use jianpai_core::batch::Input;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, FileId, Span};
use jianpai_load::scenario::Written;
use jianpai_load::scenario::sweep::{self as spec, InputSpec};
use jianpai_sweep::design::{Design, Points};
use jianpai_sweep::engine::Sampled;

/// Departures of yearly growth that are beyond belief, where half of them are larger.
const FAR: f64 = 0.1;

/// A column of a list, and where the list stands: its own file, and where it is named.
struct Column<'a> {
    input: &'a InputSpec,
    values: &'a [f64],
    place: (Option<FileId>, Span),
}

impl Context<'_> {
    /// Cuts the cells of a list to their bounds where the file says so; tells of those
    /// beyond them. `None` if the list cannot be used.
    pub(super) fn bound_list(
        &mut self,
        columns: &mut [Vec<f64>],
        place: (Option<FileId>, Span),
    ) -> Option<()> {
        let mut good = true;
        let spec = self.spec;
        for (input, values) in spec.inputs.iter().zip(columns) {
            let limits = &input.limits;
            if input.truncate {
                for value in values.iter_mut() {
                    *value = value.clamp(limits.low, limits.high);
                }
            }
            let column = Column {
                input,
                values,
                place,
            };
            let outside = |value: &f64| !limits.hold(*value);
            let beyond = values.iter().filter(|value| outside(value)).count();
            let first = values.iter().position(outside);
            let found = match (self.broken_year(&column), first) {
                (Some(broken), _) => Some((broken, false)),
                (None, Some(first)) => {
                    let some = beyond < values.len();
                    Some((self.beyond(&column, (beyond, first)), some))
                }
                (None, None) if input.truncate => None,
                (None, None) => self.doubtful(&column).map(|found| (found, true)),
            };
            if let Some((diagnostic, usable)) = found {
                self.diags.push(diagnostic);
                good &= usable;
            }
        }
        good.then_some(())
    }

    /// Where a cell stands; a list in Parquet has no lines.
    fn at(&self, column: &Column<'_>, draw: usize) -> Span {
        let (file, span) = column.place;
        let cell =
            file.and_then(|file| spec::list_cell(self.files, file, &column.input.name, draw));
        cell.unwrap_or(span)
    }

    /// A year that is no whole number.
    fn broken_year(&self, column: &Column<'_>) -> Option<Diagnostic> {
        if column.input.limits.written != Written::Year {
            return None;
        }
        let draw = column.values.iter().position(|year| year.fract() != 0.0)?;
        let (name, year) = (&column.input.name, column.values[draw]);
        let message = Text::new(
            format!("`{name}` 一列第 {draw} 次抽样为 {year}，不是年份"),
            format!("column `{name}`, draw {draw}: {year} is not a year"),
        );
        let label = Text::new("应为年份", "expected a year");
        let found = Diagnostic::error("year", message).label(self.at(column, draw), label);
        Some(found.help(Text::new(
            "写成整数，如 2020",
            "write a whole number, like 2020",
        )))
    }

    /// Cells beyond the bounds: an error if all are, else draws that are not feasible.
    fn beyond(&self, column: &Column<'_>, (count, first): (usize, usize)) -> Diagnostic {
        let (input, all) = (column.input, column.values.len());
        let (limits, name) = (&input.limits, &input.name);
        let (low, high) = (limits.say(limits.low), limits.say(limits.high));
        let value = limits.say(column.values[first]);
        let message = Text::new(
            format!(
                "`{name}` 一列 {all} 格中有 {count} 格超出{}的范围（{low} 至 {high}）：第 {first} 次抽样为 {value}",
                limits.what.zh
            ),
            format!(
                "column `{name}`: {count} of {all} cells lie outside {low} to {high}, where {} is: draw {first} has {value}",
                limits.what.en
            ),
        );
        let label = Text::new("超出范围", "out of range");
        let found = if count == all {
            Diagnostic::error("list-range", message)
        } else {
            Diagnostic::warning("list-range", message).note(Text::new(
                "这些抽样不可行，没有结果",
                "these draws are not feasible and have no results",
            ))
        };
        let found = found.label(self.at(column, first), label);
        let percent = limits.written == Written::Percent
            && column.values.iter().all(|value| limits.hold(value / 100.0));
        if percent {
            return found.help(as_fractions(column.values[first]));
        }
        found.help(Text::new(
            format!("改正这些值，或在 [sweep.inputs.{name}] 写 truncate = true 截到范围以内"),
            format!("mend them, or write truncate = true in [sweep.inputs.{name}] to cut them to the bounds"),
        ))
    }

    /// Cells within the bounds that look like percentages without their sign.
    fn doubtful(&self, column: &Column<'_>) -> Option<Diagnostic> {
        let mut sizes: Vec<f64> = column.values.iter().map(|value| value.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let (least, middle) = (*sizes.first()?, sizes[sizes.len() / 2]);
        let doubtful = match column.input.input {
            Input::Level(_) => least > 1.0,
            Input::Growth(_) => middle > FAR,
            _ => false,
        };
        let name = &column.input.name;
        let (draw, value) = (0..)
            .zip(column.values)
            .find(|(_, value)| value.abs() >= middle)?;
        let said = column.input.limits.say(*value);
        let message = Text::new(
            format!("`{name}` 一列的值难以置信：第 {draw} 次抽样为 {said}"),
            format!("column `{name}` is hard to believe: draw {draw} has {said}"),
        );
        let label = Text::new("是百分数吗", "a percentage?");
        let found = Diagnostic::warning("list-percent", message);
        let found = found.label(self.at(column, draw), label);
        doubtful.then(|| found.help(as_fractions(*value)))
    }

    /// Whether the points of a grid or of trajectories lie within the bounds; complains
    /// where they do not.
    pub(super) fn bound_grid(&mut self, points: &Points, inputs: &[Sampled]) -> bool {
        let levels = |i: usize| match points.design() {
            Design::Grid { sizes } => sizes[i],
            Design::Morris { levels } => u64::from(*levels),
            _ => 0,
        };
        let before = self.diags.len();
        for (i, (input, sampled)) in self.spec.inputs.iter().zip(inputs).enumerate() {
            let Ok(quantile) = sampled.distribution.prepare() else {
                continue;
            };
            let ends = match levels(i) {
                0 => continue,
                1 => [0.5, 0.5],
                _ => [0.0, 1.0],
            };
            let ends = ends.map(|u| quantile.quantile(u));
            let Some(end) = ends.into_iter().find(|end| !input.limits.hold(*end)) else {
                continue;
            };
            let limits = &input.limits;
            let [end, low, high] = [end, limits.low, limits.high].map(|value| limits.say(value));
            let name = &input.name;
            let message = Text::new(
                format!(
                    "`{name}` 的网格点 {end} 超出{}的范围（{low} 至 {high}）",
                    limits.what.zh
                ),
                format!(
                    "a grid point of `{name}`, {end}, lies outside {low} to {high}, where {} is",
                    limits.what.en
                ),
            );
            let label = Text::new("分布没有端点", "its distribution has no ends");
            self.diags.push(
                Diagnostic::error("grid-range", message).label(input.span, label).help(Text::new(
                    "改用有端点的分布（uniform、triangular、values），或写 truncate = true",
                    "take a distribution with ends (uniform, triangular, values), or write truncate = true",
                )),
            );
        }
        self.diags.len() == before
    }
}

/// How a percentage is written in a list.
fn as_fractions(value: f64) -> Text {
    let fraction = value / 100.0;
    Text::new(
        format!("清单里写小数，不写百分数：{value} % 写作 {fraction}"),
        format!("a list holds fractions, not percentages: {value} % is written {fraction}"),
    )
}
