//! `[limit.NAME]`: how much there may be of something.

use super::super::fields::not_negative;
use super::super::measures;
use super::super::names::{Known, unknown};
use super::Context;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, Value};
use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::{CarrierId, ServiceId};
use jianpai_core::text::Text;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    /// An account with an official total (t or tce), or money (yuan).
    Account(Account),
    /// A fuel (tce).
    Carrier(CarrierId),
    /// A service that technologies of others use (units of that service).
    Service(ServiceId),
}

/// A limit.
#[derive(Clone, Debug)]
pub struct LimitSpec {
    /// Its id.
    pub id: String,
    /// Its name, if the file gives one.
    pub name: Option<Text>,
    /// What it counts.
    pub of: LimitOf,
    /// In which year.
    pub year: i32,
    /// The most there may be, in base units.
    pub most: f64,
    /// Whether only what new measures add counts, not the total.
    pub added: bool,
    /// Where it stands.
    pub span: Span,
}

/// What a limit can count: its id, names, and what it is.
fn countable(catalogue: &Catalogue) -> Vec<(&str, &Text, LimitOf)> {
    let mut all: Vec<(&str, &Text, LimitOf)> = Vec::new();
    for indicator in &catalogue.indicators {
        if let Some(account) = indicator.kind.amount() {
            let of = LimitOf::Account(account);
            all.push((&indicator.named.id, &indicator.named.name, of));
        }
    }
    for (c, carrier) in catalogue.carriers.iter().enumerate() {
        let taken = all.iter().any(|(id, ..)| *id == carrier.named.id);
        if !taken {
            let of = LimitOf::Carrier(CarrierId::from_usize(c));
            all.push((&carrier.named.id, &carrier.named.name, of));
        }
    }
    for (v, service) in catalogue.services.iter().enumerate() {
        let v = ServiceId::from_usize(v);
        let mut technologies = catalogue.technologies.iter();
        if technologies.any(|k| k.links.iter().any(|(other, _)| *other == v)) {
            let of = LimitOf::Service(v);
            all.push((&service.named.id, &service.named.name, of));
        }
    }
    all
}

impl Context<'_> {
    pub(super) fn limit(
        &self,
        key: &Key,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<LimitSpec> {
        let table = node.table(diags)?;
        let mut reader = Reader::new(table, Text::same(format!("[limit.{}]", key.name)));
        reader.expect(["account", "max", "year", "counts", "name_zh", "name_en"]);
        let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
        let account = reader.required_like("account", "\"gas\"");
        let of = account.and_then(|node| self.account(node, reader.diags()));
        let most = reader.required_like("max", "\"8 亿m3\"");
        let most = most.and_then(|node| self.most(node, of?, reader.diags()));
        let year = match reader.optional("year") {
            Some(node) => self.year(node, reader.diags()),
            None => Some(self.loaded.scenario.end_year),
        };
        let has_total = matches!(of, Some(LimitOf::Account(account)) if account != Account::Cost);
        let added = match reader.optional("counts") {
            None => Some(!has_total),
            Some(node) => counts(node, has_total, reader.diags()),
        };
        reader.finish(diags);
        Some(LimitSpec {
            id: key.name.clone(),
            name: zh
                .or(en)
                .map(|name| Text::new(zh.unwrap_or(name), en.unwrap_or(name))),
            of: of?,
            year: year?,
            most: most?,
            added: added?,
            span: key.span,
        })
    }

    fn account(&self, node: &Node, diags: &mut Diagnostics) -> Option<LimitOf> {
        let name = node.string(diags)?;
        if matches!(name, "cost" | "成本") {
            return Some(LimitOf::Account(Account::Cost));
        }
        let all = countable(self.catalogue);
        let named = |(id, own, _): &&(&str, &Text, LimitOf)| *id == name || own.zh == name;
        let by_id = all.iter().find(|(id, ..)| *id == name);
        if let Some((.., of)) = by_id.or_else(|| all.iter().find(named)) {
            return Some(*of);
        }
        let known = all
            .iter()
            .map(|(id, text, _)| Known::named(id, &text.zh, &text.en));
        let mut known: Vec<Known<'_>> = known.collect();
        known.push(Known::named("cost", "成本", "cost"));
        let what = Text::new("可限制的账户", "account that can be limited");
        diags.push(unknown(&what, name, node.span, &known, Some("indicators")));
        None
    }

    /// The most there may be, in base units.
    fn most(&self, node: &Node, of: LimitOf, diags: &mut Diagnostics) -> Option<f64> {
        let amount = match of {
            LimitOf::Account(Account::Coal) => measures::coal(node, self.catalogue, diags),
            LimitOf::Account(account) => match account.unit_kind() {
                UnitKind::Mass => quantity::check(node, Dim::MASS, diags, "62 万t"),
                UnitKind::Energy => quantity::check(node, Dim::ENERGY, diags, "13000 万吨标准煤"),
                _ => quantity::check(node, Dim::MONEY, diags, "5 亿元"),
            },
            LimitOf::Carrier(carrier) => {
                let gas = self.catalogue.carriers[carrier.at()].named.id == "gas";
                fuel(node, self.catalogue, gas, diags)
            }
            LimitOf::Service(service) => {
                let unit = &self.catalogue.services[service.at()].unit;
                let (scale, dim) = quantity::parse_unit(unit).ok()?;
                let example = format!("3 {unit}");
                quantity::check(node, dim, diags, &example).map(|amount| amount / scale)
            }
        };
        not_negative(node, amount?, diags)
    }

    pub(super) fn year(&self, node: &Node, diags: &mut Diagnostics) -> Option<i32> {
        let written = node.integer(diags)?;
        let scenario = &self.loaded.scenario;
        let (first, last) = (scenario.base_year + 1, scenario.end_year);
        let year = i32::try_from(written).ok();
        let year = year.filter(|year| (first..=last).contains(year));
        if year.is_none() {
            let message = Text::new(
                format!("{written} 年不在情景的 {first}—{last} 年之内"),
                format!("{written} lies outside the scenario's years {first} to {last}"),
            );
            diags.push(
                Diagnostic::error("year-range", message)
                    .label(node.span, Text::new("超出范围", "out of range"))
                    .help(Text::new(
                        format!("不写则为末年 {last}"),
                        format!("without it, it is the last year, {last}"),
                    )),
            );
        }
        year
    }
}

/// A fuel in tce; gas as a volume, too.
fn fuel(node: &Node, catalogue: &Catalogue, gas: bool, diags: &mut Diagnostics) -> Option<f64> {
    if gas
        && let Value::String(text) = &node.value
        && let Ok(parsed) = quantity::parse(text)
        && parsed.dim == Dim::VOLUME
        && let Some(per_m3) = catalogue.parameter("tce-per-m3-gas")
    {
        return Some(parsed.value * per_m3); // m3 · tce/m3
    }
    let example = if gas { "8 亿m3" } else { "20 万吨标准煤" };
    quantity::check(node, Dim::ENERGY, diags, example)
}

/// `counts = "total"` or `"added"`.
fn counts(node: &Node, has_total: bool, diags: &mut Diagnostics) -> Option<bool> {
    let word = node.string(diags)?;
    match word {
        "added" => Some(true),
        "total" if has_total => Some(false),
        "total" => {
            let message = Text::new(
                "这一项没有官方总量，只能限制新增措施所增加的量",
                "there is no official total of it: only what new measures add can be limited",
            );
            diags.push(
                Diagnostic::error("limit-total", message)
                    .label(node.span, Text::new("没有总量", "no total"))
                    .help(Text::new(
                        "删去这一行，max 写可新增的量",
                        "take this line out; `max` is what may be added",
                    )),
            );
            None
        }
        _ => {
            let what = Text::new("计法", "way of counting");
            let known = Known::words(&["total", "added"]);
            diags.push(unknown(&what, word, node.span, &known, None));
            None
        }
    }
}
