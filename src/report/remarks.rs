//! What a reader of a run should know beside its numbers: what would narrow its errors, what
//! its base rests on, what is borrowed from the nation, calibration far from 1.

use crate::base;
use crate::calibration::{is_far, kappa_reason};
use crate::case::{Case, account_name, number, short_name};
use crate::view::Form;
use jianpai_core::calibrate::Kappa;
use jianpai_core::catalogue::Account;
use jianpai_core::doubt;
use jianpai_core::text::{Lang, Text};

/// All remarks on a run, each a sentence without its stop.
pub fn all(case: &Case<'_>) -> Vec<Text> {
    let mut lines = Vec::new();
    lines.extend(anchoring(case));
    lines.extend(base::text(case.catalogue, case.scenario));
    lines.extend(jianpai_core::plausible::paced(
        case.catalogue,
        case.scenario,
    ));
    lines.extend(jianpai_core::plausible::left_to_built_in(
        case.catalogue,
        case.scenario,
    ));
    for (m, notice) in &case.plan.notices {
        let name = &case.plan.measures[*m].name;
        lines.push(Text::new(
            format!("{}：{}", name.zh, notice.zh),
            format!("{}: {}", name.en, notice.en),
        ));
    }
    let far = case.plan.base_year.kappas.iter();
    let far = far.filter(|kappa| is_far(kappa.value) && !is_told(case, kappa));
    lines.extend(far.map(|kappa| calibration(case, kappa)));
    for p in &case.plan.base_year.uncalibrated {
        let id = &case.catalogue.pollutants[p.at()].named.id;
        lines.push(Text::new(
            format!("{id} 没有官方总量，为自下而上估算，未校准"),
            format!("{id} has no official total: bottom-up, not calibrated"),
        ));
    }
    lines
}

/// What the published progress of the place itself would narrow.
pub fn anchoring(case: &Case<'_>) -> Option<Text> {
    let mut parts: Vec<Text> = Vec::new();
    let mut latest = i32::MIN;
    for (target, verdict) in case.targets() {
        let Some(verdict) = verdict else { continue };
        let band = case.band(target, verdict);
        let Some(band) = band.filter(|band| !band.anchored && band.distance > 1) else {
            continue;
        };
        let Some(half) = doubt::joined(case.catalogue, target) else {
            continue;
        };
        let now = band.high - verdict.reached;
        if half < now {
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            let name = short_name(case.catalogue, indicator);
            let points = |half: f64| Form::Fixed(1).show(half, 0.01, Lang::En);
            let narrowed = format!(" ±{} → ±{}", points(now), points(half));
            parts.push(Text::new(name.zh + &narrowed, name.en + &narrowed));
            latest = latest.max(target.year - 1);
        }
    }
    let list = |lang: Lang| {
        let parts: Vec<&str> = parts.iter().map(|part| part.get(lang)).collect();
        parts.join(lang.pick("；", "; "))
    };
    (!parts.is_empty()).then(|| {
        let (zh, en) = (list(Lang::Zh), list(Lang::En));
        Text::new(
            format!(
                "把本地 {latest} 年已公布的进展写入 [observed.*]，误差可缩小（个百分点）：{zh}"
            ),
            format!(
                "the place's own published progress of {latest} under [observed.*] would narrow the error (points): {en}"
            ),
        )
    })
}

/// What the official calibre does not count, at the start and at the end (10⁴ t).
pub fn outside(case: &Case<'_>) -> Option<Text> {
    let last = case.plan.span() - 1;
    let start = case.plan.year(case.index_base()).unwrap_or(0);
    let mut parts = Vec::new();
    for (q, account) in case.plan.accounts.iter().enumerate() {
        if let Account::Outside(p) = account {
            let at = |t: usize| case.outcome.run.total[q * case.plan.span() + t] / 1e4;
            if at(start) != 0.0 {
                let id = &case.catalogue.pollutants[p.at()].named.id;
                parts.push(format!("{id} {} → {}", number(at(start)), number(at(last))));
            }
        }
    }
    (!parts.is_empty()).then(|| {
        Text::new(
            format!("统计口径以外（不计入上表，万吨）：{}", parts.join("；")),
            format!(
                "Outside the official calibre (not counted above, 10⁴ t): {}",
                parts.join("; ")
            ),
        )
    })
}

/// Whether the physical factor of the same class is far from 1 as well, and told.
fn is_told(case: &Case<'_>, kappa: &Kappa) -> bool {
    let physical = kappa.account.official();
    let mut all = case.plan.base_year.kappas.iter();
    kappa.account != physical
        && all.any(|k| k.account == physical && k.class == kappa.class && is_far(k.value))
}

/// A calibration factor that is far from 1.
fn calibration(case: &Case<'_>, kappa: &Kappa) -> Text {
    let account = account_name(case.catalogue, kappa.account);
    let class = kappa
        .class
        .map(|class| &case.catalogue.classes[class.at()].named.name);
    let status = kappa.official.origin.status.name();
    let reason = kappa_reason(case, kappa);
    let class_zh = class.map_or(String::new(), |name| format!(" {}", name.zh));
    let class_en = class.map_or(String::new(), |name| format!(", {}", name.en));
    let because = |lang: Lang, colon: &str| match reason.map(|text| text.get(lang)) {
        None | Some("") => String::new(),
        Some(reason) => format!("{colon}{reason}"),
    };
    let value = kappa.value;
    Text::new(
        format!(
            "{}{class_zh}的校准系数 {value:.2} 偏离 0.5—2（官方数：{}）{}",
            account.zh,
            status.zh,
            because(Lang::Zh, "：")
        ),
        format!(
            "calibration factor {value:.2} of {}{class_en}, lies outside 0.5–2 (official number: {}){}",
            account.en,
            status.en,
            because(Lang::En, ": ")
        ),
    )
}
