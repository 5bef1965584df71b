//! What a measure says that it costs: `cost`, `capital` with `life`, `price_year`; and the
//! year of the prices of a run.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Reader, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::ServiceId;
use jianpai_core::measure::Value as Stated;
use jianpai_core::measure::own_cost::{OwnCost, Per, Rate};
use jianpai_core::measure::spec::{KindSpec, Role};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// The longest life of capital (years).
const LONGEST: i64 = 100;

/// The keys as they stand in a measure.
pub(super) struct Keys<'n> {
    cost: Option<&'n Node>,
    capital: Option<&'n Node>,
    life: Option<&'n Node>,
    price_year: Option<&'n Node>,
}

impl<'n> Keys<'n> {
    /// Takes them from a measure.
    pub(super) fn of(reader: &mut Reader<'n>) -> Self {
        Self {
            cost: reader.optional("cost"),
            capital: reader.optional("capital"),
            life: reader.optional("life"),
            price_year: reader.optional("price_year"),
        }
    }

    /// What they say, whether or not some of it is wrong; `None` if they say nothing.
    /// `path` is that of a file.
    pub(super) fn read(
        &self,
        catalogue: &Catalogue,
        (spec, given): (&KindSpec, &BTreeMap<&'static str, Stated>),
        path: &dyn Fn(Span) -> String,
        diags: &mut Diagnostics,
    ) -> Option<OwnCost> {
        let first = [self.cost, self.capital, self.life, self.price_year];
        let first = first.into_iter().flatten().next()?;
        let rate = |node: Option<&Node>, signed: bool, diags: &mut Diagnostics| {
            node.and_then(|node| rate(catalogue, (spec, given), node, signed, diags))
        };
        let yearly = rate(self.cost, true, diags);
        let capital = rate(self.capital, false, diags);
        let life = self.life.and_then(|node| life(node, diags));
        let price_year = self.price_year;
        let price_year = price_year.and_then(|node| self::price_year(catalogue, node, diags));
        if self.cost.is_none() && self.capital.is_none() {
            let message = Text::new(
                "写了寿命或价格年份，却没有写费用",
                "a life or a year of prices without a cost",
            );
            diags.push(
                Diagnostic::error("cost-missing", message)
                    .label(first.span, Text::new("不起作用", "without effect"))
                    .help(Text::new(
                        "加上 cost = \"3000 元/户\" 或 capital = \"12 亿元\"，或删去此行",
                        "add cost = \"3000 CNY/household\" or capital = \"12e8 CNY\", or take this out",
                    )),
            );
        }
        if let (Some(capital), None) = (self.capital, self.life) {
            let message = Text::new(
                "有投资（capital）须写使用年限 life",
                "`capital` needs `life`, the years that it lasts",
            );
            diags.push(
                Diagnostic::error("missing-key", message)
                    .label(
                        capital.span,
                        Text::new("不能折成年费用", "no yearly cost follows"),
                    )
                    .help(Text::new("例如 life = 15", "for example life = 15")),
            );
        }
        if let (Some(_), None, Some(life)) = (self.cost, self.capital, self.life) {
            let message = Text::new(
                "没有投资，life 不起作用",
                "`life` does nothing without `capital`",
            );
            diags.push(
                Diagnostic::error("no-use", message)
                    .label(life.span, Text::new("不起作用", "without effect"))
                    .help(Text::new("删去 life", "take `life` out")),
            );
        }
        let place = self.cost.or(self.capital).unwrap_or(first).span;
        Some(OwnCost {
            yearly,
            capital,
            life: life.unwrap_or(1.0),
            price_year,
            place: path(place),
        })
    }
}

/// Money for the whole measure, for a unit of its extent or of the service it moves.
fn rate(
    catalogue: &Catalogue,
    (spec, given): (&KindSpec, &BTreeMap<&'static str, Stated>),
    node: &Node,
    signed: bool,
    diags: &mut Diagnostics,
) -> Option<Rate> {
    let parsed = match &node.value {
        Value::String(text) => quantity::parse(text).ok(),
        _ => None,
    };
    // A number alone lacks its unit.
    let Some(parsed) = parsed.filter(|parsed| parsed.dim != Dim::NONE) else {
        // Says what is wrong with the text.
        return quantity::check(node, Dim::MONEY, diags, "3 亿元").map(|value| Rate {
            value,
            per: Per::Whole,
        });
    };
    if parsed.value < 0.0 && !signed {
        let message = Text::new("投资不能为负", "capital cannot be negative");
        let label = Text::new("负值", "negative");
        let diagnostic = Diagnostic::error("negative", message).label(node.span, label);
        diags.push(diagnostic.help(Text::new("去掉负号", "leave the sign out")));
        return None;
    }
    // `元/户` and `元/(户·年)` say the same of a cost that is paid every year.
    let fits = |of: Dim| {
        let per = Dim::MONEY.per(of);
        parsed.dim == per || (signed && parsed.dim == per.per(Dim::TIME))
    };
    if fits(Dim::NONE) {
        return Some(Rate {
            value: parsed.value,
            per: Per::Whole,
        });
    }
    if let Some((key, scale)) = extent(spec, given, &fits) {
        return Some(Rate {
            value: parsed.value * scale,
            per: Per::Extent(key),
        });
    }
    let services = catalogue.services.iter().enumerate();
    let services: Vec<(ServiceId, f64)> = services
        .filter(|(_, s)| spec.services.is_empty() || spec.services.contains(&s.named.id.as_str()))
        .filter_map(|(v, service)| {
            let (scale, dim) = quantity::parse_unit(&service.unit).ok()?;
            (dim != Dim::NONE && dim != Dim::MONEY && fits(dim))
                .then_some((ServiceId::from_usize(v), scale))
        })
        .collect();
    if !services.is_empty() {
        return Some(Rate {
            value: parsed.value,
            per: Per::Service(services),
        });
    }
    let found = parsed.dim.text();
    let message = Text::new(
        format!("费用的单位是{}，与本措施的量不合", found.zh),
        format!(
            "the unit of the cost is {}, which fits no amount of this measure",
            found.en
        ),
    );
    diags.push(
        Diagnostic::error("cost-unit", message)
            .label(node.span, Text::new("单位不合", "does not fit"))
            .help(Text::new(
                "整项措施写 \"3 亿元\"；按单位写如 \"3000 元/户\"，单位与措施的量一致",
                "write \"3e8 CNY\" for the whole measure, or by the unit of its amount, like \"3000 CNY/household\"",
            )),
    );
    None
}

/// The extent that a measure gives, if a unit fits it, and how many base units of the quantity are one
/// of the field.
fn extent(
    spec: &KindSpec,
    given: &BTreeMap<&'static str, Stated>,
    fits: &dyn Fn(Dim) -> bool,
) -> Option<(&'static str, f64)> {
    if spec.is_cap() {
        return None;
    }
    let extents = spec.fields.iter();
    let mut extents =
        extents.filter(|field| field.role == Role::Extent && given.contains_key(field.key));
    extents.find_map(|field| {
        let kind = field.within(given)?.kind;
        let (scale, dim) = quantity::parse_unit(kind.base_unit()?).ok()?;
        fits(dim).then_some((field.key, scale))
    })
}

/// How long capital lasts (years).
fn life(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let years = node.integer(diags)?;
    if (1..=LONGEST).contains(&years) {
        return Some(years as f64);
    }
    let message = Text::new(
        format!("使用年限应在 1—{LONGEST} 年，这里是 {years}"),
        format!("a life lies between 1 and {LONGEST} years, this is {years}"),
    );
    diags.push(
        Diagnostic::error("out-of-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new("例如 life = 15", "for example life = 15")),
    );
    None
}

/// A year of which the price index is known.
pub(super) fn price_year(
    catalogue: &Catalogue,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<i32> {
    let written = node.integer(diags)?;
    let year = i32::try_from(written).ok();
    let known = |year: &i32| catalogue.prices.index.contains_key(year);
    if let Some(year) = year.filter(known) {
        return Some(year);
    }
    let (first, last) = catalogue.prices.span().unwrap_or_default();
    let message = Text::new(
        format!("没有 {written} 年的价格指数"),
        format!("there is no price index of {written}"),
    );
    diags.push(
        Diagnostic::error("no-price-index", message)
            .label(
                node.span,
                Text::new("不能换算", "cannot be brought to another year"),
            )
            .help(Text::new(
                format!("写 {first}—{last} 之间的年份（data/prices.csv）"),
                format!("name a year from {first} to {last} (data/prices.csv)"),
            )),
    );
    None
}
