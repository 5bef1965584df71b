//! What is wrong with a `[solve]` that only the compiled plan can tell.

use crate::run::Study;
use jianpai_core::target::is_met;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Span};
use jianpai_load::scenario::solve::{HighSpec, SolveSpec, target_span};
use jianpai_solve::affine::Sheets;
use jianpai_solve::programme::{Programme, What};
use jianpai_solve::solver::Failure;

/// Levels past the stock by no more than this part are rounding.
const ROUNDING: f64 = 1e-9;

/// All of it.
pub(super) fn all(
    study: &Study,
    spec: &SolveSpec,
    sheets: &Sheets<'_>,
    programme: &Programme,
) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = idle_limits(spec, sheets, programme);
    found.extend(bounds(study, spec, programme)?);
    found.extend(untouched(study, spec, programme));
    Ok(found)
}

/// Limits on what no free measure moves.
fn idle_limits(spec: &SolveSpec, sheets: &Sheets<'_>, programme: &Programme) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (stated, limit) in spec.limits.iter().zip(&programme.spec.limits) {
        let counted = Programme::counted(sheets, limit);
        let free = &programme.spec.free;
        if free.iter().any(|free| counted.slopes[free.measure] != 0.0) {
            continue;
        }
        let id = &stated.id;
        let message = Text::new(
            format!("上限 `{id}` 不起作用：求解的措施都不改变这一项"),
            format!("the limit `{id}` does nothing: no measure that is sought moves it"),
        );
        found.push(
            Diagnostic::error("limit-idle", message)
                .label(
                    stated.span,
                    Text::new("没有措施改变它", "no measure moves it"),
                )
                .help(Text::new(
                    "删去这一上限，或改 account、year",
                    "take it out, or change its `account` or `year`",
                )),
        );
    }
    found
}

/// Bounds above what the stock allows.
fn bounds(
    study: &Study,
    spec: &SolveSpec,
    programme: &Programme,
) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = Vec::new();
    for bound in &spec.bounds {
        let mut free = programme.spec.free.iter();
        let place = free.position(|free| free.measure == bound.measure);
        let Some(j) = place else { continue };
        let room = programme.room(j)?;
        let above = |level: f64| level > room * (1.0 + ROUNDING) + ROUNDING;
        let percent = format!("{:.1} %", room * 100.0);
        let id = &study.plan.measures[programme.spec.free[j].measure].id;
        if bound.low.is_some_and(above) {
            let message = Text::new(
                format!("`{id}` 的下限超过存量：至多能做到 {percent}"),
                format!("the least level of `{id}` is above the stock, which allows {percent}"),
            );
            found.push(
                Diagnostic::error("bound-above-stock", message)
                    .label(bound.span, Text::new("超过存量", "above the stock"))
                    .help(Text::new("改小 min", "lower `min`")),
            );
        } else if matches!(bound.high, HighSpec::Level(high) if above(high)) {
            let message = Text::new(
                format!("`{id}` 的上限超过存量：至多能做到 {percent}"),
                format!("the greatest level of `{id}` is above the stock, which allows {percent}"),
            );
            found.push(
                Diagnostic::error("bound-above-stock", message)
                    .label(bound.span, Text::new("超过存量", "above the stock"))
                    .help(Text::new(
                        "以存量为限写 max = \"stock\"",
                        "write max = \"stock\" for as much as there is",
                    )),
            );
        }
    }
    Ok(found)
}

/// Targets that no free measure touches: said before anything is solved.
fn untouched(study: &Study, spec: &SolveSpec, programme: &Programme) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for named in &programme.rows {
        let What::Target(i) = named.what else {
            continue;
        };
        if !named.row.terms.is_empty() {
            continue;
        }
        let target = &study.scenario().targets[i];
        let (required, _) = jianpai_core::target::required(target.demand);
        let margin = -named.row.limit * named.scale;
        let met = is_met(margin, required);
        let id = &target.id;
        let (zh, en) = if met {
            ("现状即已达到", "it is met as it is")
        } else {
            ("因此达不到", "so it cannot be met")
        };
        let message = Text::new(
            format!("求解的措施都不影响目标 `{id}`，{zh}"),
            format!("no measure that is sought touches target `{id}`: {en}"),
        );
        let mut one = Diagnostic::warning("target-untouched", message).help(Text::new(
            "加上影响该指标的措施，或不写这个目标",
            "add a measure that moves its indicator, or leave the target out",
        ));
        let restated = spec.restated.iter().find(|(other, _)| *other == i);
        let span = restated.map(|(_, span)| *span);
        if let Some(span) = span.or_else(|| target_span(&study.loaded, id)) {
            one = one.label(span, Text::new("这个目标", "this target"));
        }
        found.push(one);
    }
    found
}

/// A pace for a measure that comes into force in one year.
pub(super) fn no_years(id: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{id}` 在一年内全部见效，谈不上每年推进多少"),
        format!("`{id}` comes into force within one year: it has no pace"),
    );
    Diagnostic::error("pace-one-year", message)
        .label(span, Text::new("只有一年", "one year only"))
        .help(Text::new(
            "给措施写 start 与 end（或 points），或删去 pace",
            "give the measure `start` and `end` (or `points`), or take `pace` out",
        ))
}

/// A pace for a measure whose course follows from sales.
pub(super) fn own_course(id: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{id}` 说的是新车销售占比，保有量由车队更替决定，不能再限每年推进多少"),
        format!(
            "`{id}` states a share of new sales: the fleet follows by its turnover and has no pace of its own"
        ),
    );
    Diagnostic::error("pace-one-year", message)
        .label(span, Text::new("不适用", "does not apply"))
        .help(Text::new(
            "删去 pace，或改用 reach 写保有量占比",
            "take `pace` out, or state the share of the fleet with `reach`",
        ))
}

/// Measures to which the pace of all does not apply.
pub(super) fn at_once(ids: &[&str], span: Span) -> Diagnostic {
    let list = |by: &str| {
        let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        quoted.join(by)
    };
    let message = Text::new(
        format!("推进速度不用于一年内全部见效的措施：{}", list("、")),
        format!(
            "the pace does not apply to what comes into force within one year: {}",
            list(", ")
        ),
    );
    Diagnostic::warning("pace-one-year", message)
        .label(span, Text::new("推进速度", "the pace"))
        .help(Text::new(
            "给这些措施写 start 与 end（或 points），速度才起作用",
            "give these measures `start` and `end` (or `points`) for it to count",
        ))
}
