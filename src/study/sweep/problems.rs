//! What keeps a `[sweep]` from being compiled, each at its place.

use super::context::Context;
use crate::words;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::compile::VariantError;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Span};
use jianpai_load::scenario::sweep::{DesignSpec, InputSpec};
use jianpai_load::scenario::{self, Loaded};
use jianpai_load::tree::Value;
use jianpai_sweep::design::{
    Correlation, CorrelationError, DesignError, DistributionError, score_of_rank,
};
use jianpai_sweep::engine::SweepError;

impl Context<'_> {
    /// A design that cannot be laid out.
    pub(super) fn design_problem(&self, error: &DesignError) -> Diagnostic {
        let said = words::design(error);
        let (found, key, help) = match error {
            DesignError::NoDims => (
                Diagnostic::error("no-inputs", said),
                "inputs",
                Text::new(
                    "加上输入，如 [sweep.inputs.a]，其下 level = \"措施 id\"、uniform = [\"40 %\", \"100 %\"]",
                    "add an input: [sweep.inputs.a] with level = \"MEASURE\" and uniform = [\"40 %\", \"100 %\"]",
                ),
            ),
            DesignError::NoDraws => (
                Diagnostic::error("no-draws", said),
                "draws",
                Text::new(
                    "写 draws = 10000，或去掉这一行",
                    "write draws = 10000, or leave it out",
                ),
            ),
            DesignError::TooManyDraws { .. } => (
                Diagnostic::error("too-many-draws", said),
                if matches!(self.spec.design, DesignSpec::Grid(_)) {
                    "levels"
                } else {
                    "draws"
                },
                Text::new("减少 draws，或减少 levels", "lower `draws`, or `levels`"),
            ),
            DesignError::TooManyDims { .. } => (
                Diagnostic::error("too-many-inputs", said),
                "design",
                Text::new(
                    "改用 latin-hypercube 或 random 设计，或减少输入",
                    "take the design latin-hypercube or random, or fewer inputs",
                ),
            ),
            DesignError::Levels(_) | DesignError::NoLevels { .. } => (
                Diagnostic::error("design-levels", said),
                "levels",
                Text::new("写 levels = 4", "write levels = 4"),
            ),
            DesignError::Dims { .. } | DesignError::Coordinate { .. } => (
                Diagnostic::error("design", said),
                "list",
                Text::new(
                    "每个输入一列，每格一个有限的数",
                    "one column an input, one finite number a cell",
                ),
            ),
        };
        let label = Text::new("排不出来", "cannot be laid out");
        found.label(self.spec.place(key), label).help(help)
    }

    /// Correlations that cannot hold together: the pair at odds with the rest, and ranks
    /// near the stated ones that can.
    pub(super) fn correlation_problem(
        &self,
        error: &CorrelationError,
        dims: &[usize],
    ) -> Diagnostic {
        let pairs = &self.spec.correlations;
        let at = |pair: (usize, usize)| {
            let wanted = [dims[pair.0], dims[pair.1]];
            pairs.iter().find(|stated| {
                let (a, b) = stated.between;
                wanted == [a, b] || wanted == [b, a]
            })
        };
        let CorrelationError::NotPositive { pair, nearest, .. } = error else {
            return Diagnostic::error("correlation", words::correlation(error))
                .label(
                    self.spec.place("correlation"),
                    Text::new("相关", "correlations"),
                )
                .help(Text::new(
                    "写法如 { between = [\"a\", \"b\"], rank = 0.5 }",
                    "write it like { between = [\"a\", \"b\"], rank = 0.5 }",
                ));
        };
        let name = |dim: usize| self.spec.inputs[dims[dim]].name.as_str();
        let stated = at(*pair);
        let rank = stated.map_or(0.0, |stated| stated.rank);
        let message = Text::new(
            format!(
                "这些相关不能同时成立：`{}` 与 `{}` 的 {rank} 与其余最为矛盾",
                name(pair.0),
                name(pair.1)
            ),
            format!(
                "the correlations cannot hold together: most at odds with the rest is {rank} between `{}` and `{}`",
                name(pair.0),
                name(pair.1)
            ),
        );
        let span = stated.map_or(self.spec.place("correlation"), |stated| stated.span);
        let label = Text::new("最为矛盾", "most at odds");
        let mut list = Vec::new();
        let ranks = mended(nearest);
        for i in 0..dims.len() {
            for j in i + 1..dims.len() {
                if at((i, j)).is_some() || ranks[(i, j)] != 0.0 {
                    list.push(format!("{}–{} {:.2}", name(i), name(j), ranks[(i, j)]));
                }
            }
        }
        Diagnostic::error("correlations-clash", message)
            .label(span, label)
            .help(Text::new(
                format!("相近而能同时成立的 rank：{}", list.join("，")),
                format!("ranks near them that can: {}", list.join(", ")),
            ))
    }

    /// What keeps the whole from being compiled.
    pub(super) fn sweep_problem(&self, error: &SweepError) -> Diagnostic {
        match error {
            SweepError::Distribution { input, error } => {
                let found = self.spec.inputs.iter().find(|own| own.name == *input);
                match found {
                    Some(input) => distribution(input, error),
                    None => Diagnostic::error("distribution", words::distribution(error)),
                }
            }
            SweepError::Project(id) => {
                let message = Text::new(
                    format!("目标 `{id}` 是重点工程减排量，抽样不判定这类目标"),
                    format!("target `{id}` is a project reduction, which a sweep does not judge"),
                );
                Diagnostic::error("target-project", message)
                    .label(
                        self.target(id),
                        Text::new("重点工程减排量", "a project reduction"),
                    )
                    .help(Text::new(
                        format!("另存一份用于抽样的情景，在其中 drop = [\"{id}\"]"),
                        format!("for the sweep, extend the scenario and drop = [\"{id}\"]"),
                    ))
            }
            SweepError::Baseless(id) => {
                let message = Text::new(
                    format!("目标 `{id}` 的基数为零，无法判定"),
                    format!(
                        "target `{id}` counts from a year in which there is nothing: it cannot be judged"
                    ),
                );
                Diagnostic::error("target-baseless", message)
                    .label(
                        self.target(id),
                        Text::new("基数为零", "counts from nothing"),
                    )
                    .help(Text::new(
                        format!("改写上限 cap，或在用于抽样的情景中 drop = [\"{id}\"]"),
                        format!("state a `cap` instead, or drop = [\"{id}\"] in the scenario to be swept"),
                    ))
            }
            SweepError::Years(id) => {
                let message = Text::new(
                    format!("目标 `{id}` 不在情景的年份之内"),
                    format!("target `{id}` lies outside the years of the scenario"),
                );
                Diagnostic::error("target-years", message)
                    .label(self.target(id), Text::new("年份之外", "outside the years"))
                    .help(Text::new(
                        "改目标的年份，或延长 [scenario] end_year",
                        "change its years, or extend [scenario] end_year",
                    ))
            }
        }
    }

    /// Where a target stands; an official one where its plan is named.
    fn target(&self, id: &str) -> Span {
        let tree = &self.loaded.tree;
        let table = |name: &str| match &tree.get(name)?.value {
            Value::Table(table) => Some(table),
            _ => None,
        };
        let own = table("targets").and_then(|table| table.get_key(id));
        let plan = || table("scenario")?.get("targets_from");
        own.map(|key| key.span)
            .or_else(|| plan().map(|node| node.span))
            .unwrap_or(self.spec.span)
    }
}

/// Ranks in hundredths, near the correlations of scores `nearest`, that can hold
/// together: they are shrunk until they do.
fn mended(nearest: &nalgebra::DMatrix<f64>) -> nalgebra::DMatrix<f64> {
    let n = nearest.nrows();
    // score_of_rank, the other way round.
    let rank = |score: f64| 6.0 / std::f64::consts::PI * (score / 2.0).asin();
    let mut part = 1.0;
    loop {
        let ranks = nalgebra::DMatrix::from_fn(n, n, |i, j| {
            let rank = (part * rank(nearest[(i, j)]) * 100.0).trunc() / 100.0;
            if i == j { 1.0 } else { rank + 0.0 }
        });
        let scores = nalgebra::DMatrix::from_fn(n, n, |i, j| score_of_rank(ranks[(i, j)]));
        if part < 0.01 || Correlation::new((0..n).collect(), &scores).is_ok() {
            return ranks;
        }
        part -= 0.01;
    }
}

/// An input whose distribution is none.
pub(super) fn distribution(input: &InputSpec, error: &DistributionError) -> Diagnostic {
    let (name, why) = (&input.name, words::distribution(error));
    let message = Text::new(
        format!("输入 `{name}` 的分布不成立：{}", why.zh),
        format!("input `{name}` has no such distribution: {}", why.en),
    );
    Diagnostic::error("distribution", message)
        .label(input.span, Text::new("这个输入", "this input"))
        .help(Text::new(
            "改正分布的数值，例子见 scenarios/sweeps/",
            "mend its numbers; see scenarios/sweeps/ for examples",
        ))
}

/// A list that cannot be read.
pub(super) fn unread(span: Span, message: Text) -> Diagnostic {
    Diagnostic::error("list-unread", message)
        .label(span, Text::new("这份清单", "this list"))
        .help(Text::new(
            "每个输入一列，列名为输入的 id；或另存为 CSV",
            "one column an input, named by its id; or save it as CSV",
        ))
}

/// Why a measure's timetable or mix cannot be sampled.
pub(super) fn variant(
    (catalogue, loaded): (&Catalogue, &Loaded),
    (id, span): (&str, Span),
    error: &VariantError,
) -> Diagnostic {
    let (found, help) = match error {
        VariantError::Current => (
            Diagnostic::error(
                "current-policy-sampled",
                Text::new(
                    format!("`{id}` 属现行政策，其他措施以它为参照，只能抽样执行程度"),
                    format!(
                        "`{id}` is current policy, against which others are laid out: only its level can be sampled"
                    ),
                ),
            ),
            Text::new("改用 level", "sample its `level` instead"),
        ),
        VariantError::CoalCap => (
            Diagnostic::error(
                "coal-cap-last",
                Text::new(
                    format!("情景有煤炭总量控制（最后布置），不能抽样 `{id}` 的时间或结构"),
                    format!(
                        "the scenario has a coal cap, laid out last: the timetable or mix of `{id}` cannot be sampled"
                    ),
                ),
            ),
            Text::new(
                "去掉 coal-cap 措施，或改用 level",
                "drop the coal-cap measure, or sample the `level` instead",
            ),
        ),
        VariantError::NoTimetable => (
            Diagnostic::error(
                "no-timetable",
                Text::new(
                    format!("`{id}` 不是以 start、end 说明时间的措施"),
                    format!("`{id}` has no timetable of start and end"),
                ),
            ),
            Text::new(
                "给该措施写 start 与 end，或改用 level",
                "give the measure `start` and `end`, or sample its `level`",
            ),
        ),
        VariantError::StartAfterEnd(start, end) => (
            Diagnostic::error(
                "start-after-end",
                Text::new(
                    format!("`{id}` 的开始年份 {start} 可能晚于结束年份 {end}"),
                    format!("`{id}` could start in {start}, after its end in {end}"),
                ),
            ),
            Text::new(
                "使可能的开始年份都不晚于可能的结束年份",
                "let every possible start come no later than any possible end",
            ),
        ),
        VariantError::NoSubstitute(names) => (
            Diagnostic::error(
                "no-substitute",
                Text::new(
                    format!(
                        "`{id}` 的 to 中没有该去向，或只有一个去向；现有：{}",
                        names.join("、")
                    ),
                    format!(
                        "`{id}` has no such substitute in `to`, or no other; there are: {}",
                        names.join(", ")
                    ),
                ),
            ),
            Text::new("of 写其中之一", "name one of them in `of`"),
        ),
        VariantError::Case(error) => {
            let found = scenario::explain(catalogue, loaded, error);
            return found.label(span, Text::new("抽样到这种情形", "a case of this input"));
        }
    };
    let label = Text::new("不能这样抽样", "cannot be sampled so");
    found.label(span, label).help(help)
}
