//! What is wrong with a region of one's own, in words.

use super::super::names::{self, unknown};
use super::numbers::Number;
use crate::diag::{Diagnostic, Span};
use crate::tree::Key;
use jianpai_core::catalogue::{Catalogue, Named};
use jianpai_core::gazetteer::unit_name;
use jianpai_core::text::Text;

/// A number without needless places.
fn short(value: f64) -> String {
    let digits = if value.abs() >= 1000.0 { 0 } else { 2 };
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

pub(super) fn exceeds(
    name: &Text,
    (own, whole): (f64, f64),
    unit: &str,
    number: &Number<'_>,
) -> Diagnostic {
    let (own, all, unit) = (short(own), short(whole), unit_name(unit));
    let message = Text::new(
        format!("{}：{own} {1} 多于上级的 {all} {1}", name.zh, unit.zh),
        format!(
            "{}: {own} {1} is more than the {all} {1} of the parent",
            name.en, unit.en
        ),
    );
    let diagnostic = Diagnostic::error("exceeds-parent", message)
        .label(number.span, Text::new("超过 100 %", "more than 100 %"));
    let diagnostic = match number.of {
        Some((_, node)) => diagnostic.label(node.span, Text::new("上级", "the parent")),
        None => diagnostic,
    };
    diagnostic.help(Text::new(
        "核对单位与年份：应为同一年的数；基年为 2015 年",
        "see that unit and year fit: both of one year, and 2015 where only the place is stated",
    ))
}

pub(super) fn said_twice(name: &Text, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("{}既写了数量又写了占比", name.zh),
        format!("{} has both an amount and a share", name.en),
    );
    Diagnostic::error("two-amounts", message)
        .label(span, Text::new("已有数量", "there is an amount"))
        .help(Text::new("只留一个", "keep one of them"))
}

pub(super) fn not_whole(name: &Text, sum: f64, span: Span) -> Diagnostic {
    let percent = (sum * 1e6).round() / 1e4;
    let message = Text::new(
        format!("{}各工艺合计应为 100 %，这里是 {percent} %", name.zh),
        format!(
            "the technologies of {} must sum to 100 %, these sum to {percent} %",
            name.en
        ),
    );
    Diagnostic::error("mix-sum", message)
        .label(span, Text::new("合计不对", "they do not add up"))
        .help(Text::new(
            "没有写的工艺按 0 计：补齐或改正",
            "a technology that is left out has none: add what is missing",
        ))
}

pub(super) fn too_early(year: i32, base: i32, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("{year} 年的增长率用不上：从 {base} 年算起"),
        format!("growth of {year} is of no use: the data begin in {base}"),
    );
    Diagnostic::error("year-range", message)
        .label(span, Text::new("过早", "too early"))
        .help(Text::new(
            format!("从 {} 年写起", base + 1),
            format!("begin with {}", base + 1),
        ))
}

pub(super) fn no_parent_amount(name: &Text, key: &Key, example: &str) -> Diagnostic {
    let message = Text::new(
        format!("数据中没有上级的{}，无从得出占比", name.zh),
        format!(
            "the data have no {} of the parent to take a part of",
            name.en
        ),
    );
    Diagnostic::error("no-parent-amount", message)
        .label(
            key.span,
            Text::new("缺上级的数", "the parent's is not known"),
        )
        .help(Text::new(
            format!("写成 {{ value = \"…\", of = \"{example}\" }}，of 为上级的数"),
            format!("write {{ value = \"…\", of = \"{example}\" }}: `of` is the parent's"),
        ))
}

pub(super) fn nothing_tells(named: &Named, open: &[&Text], here: Span) -> Diagnostic {
    let zh: Vec<&str> = open.iter().map(|name| name.zh.as_str()).collect();
    let en: Vec<&str> = open.iter().map(|name| name.en.as_str()).collect();
    let message = Text::new(
        format!("无从得知{}占上级的多少：{}", named.name.zh, zh.join("、")),
        format!(
            "nothing tells what part {} has of {}",
            named.name.en,
            en.join(", ")
        ),
    );
    Diagnostic::error("no-part", message)
        .label(here, Text::new("缺占比", "no part"))
        .help(Text::new(
            "至少写 [region.proxies] population = \"… 万人\"，其余可先按人口估计",
            "give at least `population` under [region.proxies]: it stands in for the rest",
        ))
}

pub(super) fn no_id(here: Span) -> Diagnostic {
    let message = Text::new("地区没有 id", "the region has no id");
    Diagnostic::error("missing-key", message)
        .label(here, Text::new("缺 id", "no id"))
        .help(Text::new(
            "加上 id = \"…\"（字母、数字、连字符）",
            "add id = \"…\" (letters, digits, hyphens)",
        ))
}

pub(super) fn another(id: &str, at: Span, wanted: &str, named: Span) -> Diagnostic {
    let message = Text::new(
        format!("要的是 `{wanted}`，这里是 `{id}`"),
        format!("`{wanted}` is wanted, this is `{id}`"),
    );
    Diagnostic::error("another-region", message)
        .label(at, Text::new("另一个 id", "another id"))
        .label(named, Text::new("由此引用", "named here"))
        .help(Text::new(
            "改成一致，或删去 id",
            "make them agree, or leave `id` out",
        ))
}

/// A parent that is no region.
pub(super) fn unknown_parent(catalogue: &Catalogue, name: &str, span: Span) -> Diagnostic {
    let what = Text::new("上级地区", "parent region");
    let known = names::regions(catalogue);
    unknown(&what, name, span, &known, Some("regions"))
}
