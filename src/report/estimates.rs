//! The estimated numbers of a region of one's own, the one that matters most first.

use crate::case::demand_text;
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::catalogue::{Catalogue, StockUnit};
use jianpai_core::dims::{IndicatorId, RegionId};
use jianpai_core::gazetteer::unit_name;
use jianpai_core::place::{Asked, Part};
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;

/// What numbers are held against.
#[derive(Clone, Debug)]
pub struct Aim {
    /// The target, by its place in the scenario; `None` for the reduction of an indicator.
    pub target: Option<usize>,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The year.
    pub year: i32,
}

/// An estimated number, and what it does.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// What a planner can state in its place.
    pub asked: Asked,
    /// The part of the parent that is taken until then.
    pub part: Option<Part>,
    /// The parent.
    pub parent: RegionId,
    /// What it moves most.
    pub aim: Aim,
    /// By how much 10 % of it move that: of a reduction, or of what is required (fraction).
    pub effect: f64,
    /// The sum over all aims.
    pub sum: f64,
}

/// A number with three significant figures, or whole.
fn figures(value: f64) -> String {
    let places = (2.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 4.0) as usize;
    format!("{value:.places$}")
}

/// Groups of stocks as people call them.
pub fn stock(group: &str, unit: StockUnit) -> Text {
    let (zh, en) = match group {
        "boiler-le10" => ("10 蒸吨/小时及以下燃煤锅炉", "coal boilers up to 10 t/h"),
        "boiler-10-35" => ("10—35 蒸吨/小时燃煤锅炉", "coal boilers of 10-35 t/h"),
        "boiler-35-65" => ("35—65 蒸吨/小时燃煤锅炉", "coal boilers of 35-65 t/h"),
        "boiler-gt65" => ("65 蒸吨/小时以上燃煤锅炉", "coal boilers above 65 t/h"),
        "passenger-vehicles" => ("载客汽车", "passenger vehicles"),
        "trucks" => ("载货汽车", "trucks"),
        "power-coal" => ("煤电装机", "coal power"),
        other => (other, other),
    };
    match unit {
        StockUnit::Items => Text::new(format!("{zh}台数"), format!("number of {en}")),
        _ => Text::new(format!("{zh}存量"), format!("stock of {en}")),
    }
}

impl Estimate {
    /// The key under `[region]` that states it.
    pub fn key(&self, catalogue: &Catalogue) -> String {
        let service = |v: &jianpai_core::dims::ServiceId| &catalogue.services[v.at()].named.id;
        match &self.asked {
            Asked::Proxy(p) => format!("proxies.{}", catalogue.gazetteer.proxies[*p].id),
            Asked::Amount(v) => format!("amounts.{}", service(v)),
            Asked::Inventory(account) => format!("inventory.{}", account.id(catalogue)),
            Asked::Growth(driver) => format!("growth.{}", catalogue.drivers[driver.at()].id),
            Asked::Mix(v) => format!("mix.{}", service(v)),
            Asked::Stock(group, _) => format!("stocks.{group}"),
        }
    }

    /// What it is.
    pub fn name(&self, catalogue: &Catalogue) -> Text {
        let named = |name: &Text, zh: &str, en: &str| {
            Text::new(format!("{}{zh}", name.zh), format!("{}{en}", name.en))
        };
        match &self.asked {
            Asked::Proxy(p) => catalogue.gazetteer.proxies[*p].name.clone(),
            Asked::Amount(v) => {
                let name = &catalogue.services[v.at()].named.name;
                named(name, "（活动量）", " (amount)")
            }
            Asked::Inventory(account) => {
                let id = account.id(catalogue);
                Text::new(
                    format!("{id} 官方基年排放量（分类）"),
                    format!("official base-year {id} by class"),
                )
            }
            Asked::Growth(driver) => {
                let name = &catalogue.drivers[driver.at()].name;
                named(name, "历年增长率", ", growth on record")
            }
            Asked::Mix(v) => {
                let name = &catalogue.services[v.at()].named.name;
                named(name, "的工艺构成", ", technologies")
            }
            Asked::Stock(group, unit) => stock(group, *unit),
        }
    }

    /// What is taken until it is stated.
    pub fn assumed(&self, catalogue: &Catalogue) -> Text {
        let parent = &catalogue.regions[self.parent.at()].named.name;
        let amount = |share: f64, whole: f64, written: &str| {
            let (value, unit) = (figures(share * whole), unit_name(written));
            (
                format!("{value} {}", unit.zh),
                format!("{value} {}", unit.en),
            )
        };
        let world = catalogue.world(self.parent);
        let by = |part: &Part, own: Option<usize>| {
            let percent = figures(part.share * 100.0);
            match part.proxy.filter(|p| Some(*p) != own) {
                Some(p) => {
                    let name = &catalogue.gazetteer.proxies[p].name;
                    Text::new(
                        format!("按{}占{} {percent} %", name.zh, parent.zh),
                        format!("{percent} % of {} by {}", parent.en, name.en),
                    )
                }
                None => Text::new(
                    format!("占{} {percent} %", parent.zh),
                    format!("{percent} % of {}", parent.en),
                ),
            }
        };
        match (&self.asked, &self.part) {
            (Asked::Amount(v), Some(part)) => {
                let service = &catalogue.services[v.at()];
                let whole = world.and_then(|world| world.demand[v.at()]);
                let whole = whole.map_or(0.0, |whole| whole.value);
                let (zh, en) = amount(part.share, whole, &service.unit);
                let by = by(part, None);
                Text::new(format!("{zh}（{}）", by.zh), format!("{en} ({})", by.en))
            }
            (Asked::Proxy(p), Some(part)) => by(part, Some(*p)),
            (Asked::Inventory(_), _) => Text::new(
                format!("按{}各类的校准系数推算", parent.zh),
                format!("by the calibration of {}", parent.en),
            ),
            (Asked::Stock(..), _) => Text::new(
                format!("按相应活动占{}的比例", parent.zh),
                format!("by the part of the service of {}", parent.en),
            ),
            _ => Text::new(format!("同{}", parent.zh), format!("that of {}", parent.en)),
        }
    }
}

/// What an aim is called.
fn aim(catalogue: &Catalogue, scenario: &Scenario, aim: &Aim) -> Text {
    let indicator = &catalogue.indicators[aim.indicator.at()];
    let year = aim.year;
    match aim.target {
        Some(at) => {
            let target = &scenario.targets[at];
            let demand = demand_text(indicator, target);
            Text::new(
                format!("{year} 年 {} {}", indicator.base, demand.zh),
                format!("{} {} in {year}", indicator.base, demand.en),
            )
        }
        None => Text::new(
            format!("{year} 年 {} 下降率", indicator.base),
            format!("reduction of {} in {year}", indicator.base),
        ),
    }
}

/// The estimates of scenarios as a table, with their ranks.
pub fn table<'a>(
    all: impl IntoIterator<Item = (&'a Catalogue, &'a Scenario, Vec<Estimate>)>,
) -> Table {
    let columns = vec![
        Column::id("scenario", "情景", "Scenario"),
        Column::whole("rank", "先后", "Rank").at(0),
        Column::text("name", "待替换的数", "Number").at(1),
        Column::id("key", "写在 [region] 下", "Key under [region]").at(2),
        Column::text("assumed", "目前取", "Taken until then").at(3),
        Column::text("aim", "影响最大的目标", "Target moved most").at(4),
        Column::number("effect", "差 10 % 时", "By 10 % of it", Unit::Ratio)
            .form(Form::Points)
            .at(5),
        Column::number("sum", "各目标合计", "Sum over targets", Unit::Ratio).form(Form::Points),
    ];
    let title = Text::new("估计数", "Estimated numbers");
    let mut table = Table::new("estimates", title, columns);
    for (catalogue, scenario, all) in all {
        for (rank, one) in all.iter().enumerate() {
            table.row(vec![
                Cell::from(&scenario.id),
                (rank + 1).into(),
                Cell::from(&one.name(catalogue)),
                one.key(catalogue).into(),
                Cell::from(&one.assumed(catalogue)),
                Cell::from(&aim(catalogue, scenario, &one.aim)),
                one.effect.into(),
                one.sum.into(),
            ]);
        }
    }
    table
}

/// The first numbers to replace, as sentences; nothing where nothing is estimated.
pub fn first(catalogue: &Catalogue, scenario: &Scenario, all: &[Estimate]) -> Vec<Text> {
    let mut lines = Vec::new();
    let name = &catalogue.regions[scenario.region.at()].named.name;
    if all.is_empty() {
        return lines;
    }
    lines.push(Text::new(
        format!("{}有 {} 项数为估计。先替换：", name.zh, all.len()),
        format!(
            "{} numbers of {} are estimates. First replace:",
            all.len(),
            name.en
        ),
    ));
    for (at, one) in all.iter().take(3).enumerate() {
        let (name, key) = (one.name(catalogue), one.key(catalogue));
        let (assumed, aim) = (one.assumed(catalogue), aim(catalogue, scenario, &one.aim));
        let points = figures(one.effect * 100.0);
        lines.push(Text::new(
            format!(
                "{}. {}，写在 [region] 下的 {key}：目前取{}；差 10 % 时，“{}”的完成值差 {points} 个百分点",
                at + 1,
                name.zh,
                assumed.zh,
                aim.zh
            ),
            format!(
                "{}. {}, under [region] as {key}: now {}; 10 % of it move what is reached of \"{}\" by {points} points",
                at + 1,
                name.en,
                assumed.en,
                aim.en
            ),
        ));
    }
    lines
}
