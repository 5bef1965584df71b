//! What members of a programme are called, and the units of their prices.

use super::answered::Answered;
use crate::case::short_name;
use crate::units::Unit;
use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;
use jianpai_solve::conflict::Member;
use jianpai_solve::programme::{Counted, Limit, Objective, Stock};

/// An amount that people count by: so many base units, and what it is called.
pub(crate) struct Each {
    /// Base units in one.
    pub scale: f64,
    /// Its name.
    pub unit: Text,
    /// Whether it is a point of a percentage.
    pub points: bool,
}

impl Answered<'_> {
    /// What the objective is called, its unit for people, and units of the objective in
    /// one.
    pub(crate) fn objective(&self) -> (Text, Each) {
        match self.programme.spec.objective {
            Objective::Cost(None) => {
                let year = self.scenario.end_year;
                let name = Text::new(
                    format!("{year} 年新增措施的年成本最低"),
                    format!("least yearly cost of new measures in {year}"),
                );
                (name, Each::new(1.0, "亿元", "10⁸ CNY"))
            }
            Objective::Cost(Some(rate)) => {
                let percent = rate * 100.0;
                let name = Text::new(
                    format!("各年成本按 {percent} % 折现之和最低"),
                    format!("least cost of all years, discounted at {percent} %"),
                );
                (name, Each::new(1.0, "亿元（折现）", "10⁸ CNY, discounted"))
            }
            Objective::Effort => (
                Text::new(
                    "力度之和最小（各措施做到自身潜力的几成，相加）",
                    "least effort (the parts of its own potential that each measure is carried out to, summed)",
                ),
                Each::new(1.0, "项", "measures"),
            ),
            Objective::Even => (
                Text::new(
                    "力度最均匀（各措施力度的最高者最低，其次成本最低）",
                    "most even (the highest part of a potential least, then cost)",
                ),
                Each::new(0.01, "个百分点的潜力", "points of the potential"),
            ),
        }
    }

    /// The kind of a member: `target`, `stock` …
    pub(super) fn kind(member: Member) -> &'static str {
        match member {
            Member::Target(_) => "target",
            Member::Stock(_) => "stock",
            Member::Ceiling(_) => "ceiling",
            Member::Least(_) => "least",
            Member::Limit(_) => "limit",
            Member::Group(_) => "group",
            Member::Pace(_) => "pace",
            Member::Order(_) => "order",
        }
    }

    /// Its id.
    pub(super) fn id(&self, member: Member) -> String {
        match member {
            Member::Target(i) => self.scenario.targets[i].id.clone(),
            Member::Stock(stock) => self.catalogue.technologies[stock.technology.at()]
                .named
                .id
                .clone(),
            Member::Ceiling(j) | Member::Least(j) | Member::Pace(j) => {
                self.measure_id(j).to_string()
            }
            Member::Order(i) => {
                let order = self.programme.spec.orders[i].iter();
                let ids = order.map(|m| self.plan.measures[*m].id.as_str());
                ids.collect::<Vec<_>>().join(" ")
            }
            Member::Limit(i) => self.programme.spec.limits[i].id.clone(),
            Member::Group(i) => self.programme.spec.groups[i].id.clone(),
        }
    }

    /// The id of a free measure.
    pub(crate) fn measure_id(&self, j: usize) -> &str {
        &self.plan.measures[self.programme.spec.free[j].measure].id
    }

    /// Its name.
    pub(crate) fn measure(&self, j: usize) -> &Text {
        &self.plan.measures[self.programme.spec.free[j].measure].name
    }

    /// What a member is called.
    pub(crate) fn name(&self, member: Member) -> Text {
        match member {
            Member::Target(i) => self.target(&self.scenario.targets[i]),
            Member::Stock(stock) => self.stock(stock),
            Member::Ceiling(j) => {
                let Text { zh, en } = self.measure(j);
                Text::new(format!("“{zh}”的上限"), format!("the ceiling of “{en}”"))
            }
            Member::Least(j) => {
                let Text { zh, en } = self.measure(j);
                Text::new(
                    format!("“{zh}”的下限"),
                    format!("the least level of “{en}”"),
                )
            }
            Member::Limit(i) => {
                let Text { zh, en } = &self.limits[i];
                let year = self.plan.years[self.programme.spec.limits[i].t];
                Text::new(format!("{zh}（{year} 年）"), format!("{en} ({year})"))
            }
            Member::Group(i) => {
                let id = &self.programme.spec.groups[i].id;
                Text::new(format!("选择 `{id}`"), format!("the choice `{id}`"))
            }
            Member::Pace(j) => {
                let Text { zh, en } = self.measure(j);
                Text::new(format!("“{zh}”的推进速度"), format!("the pace of “{en}”"))
            }
            Member::Order(i) => {
                let order = &self.programme.spec.orders[i];
                let names = |pick: &dyn Fn(&Text) -> String, by: &str| {
                    let own = order.iter().map(|m| pick(&self.plan.measures[*m].name));
                    own.collect::<Vec<_>>().join(by)
                };
                Text::new(
                    format!("先后次序（{}）", names(&|name| name.zh.clone(), "→")),
                    format!("the order {}", names(&|name| name.en.clone(), " → ")),
                )
            }
        }
    }

    /// A target in a few words: its indicator and what is asked.
    pub(crate) fn target(&self, target: &Target) -> Text {
        let indicator = &self.catalogue.indicators[target.indicator.at()];
        let Text { mut zh, en } = short_name(self.catalogue, indicator);
        // A full-width bracket brings its own space.
        if !zh.ends_with('）') {
            zh.push(' ');
        }
        let year = target.year;
        let each = self.each(target);
        let amount = |value: f64| crate::case::number(value / each.scale);
        let unit = &each.unit;
        match target.demand {
            Demand::Reduction { wanted, base_year } => {
                let percent = crate::case::percent(wanted);
                Text::new(
                    format!("{zh}{year} 年较 {base_year} 年降 {percent}"),
                    format!("{en} down {percent} by {year} on {base_year}"),
                )
            }
            Demand::Cap(limit) => Text::new(
                format!("{zh}{year} 年不超过 {} {}", amount(limit), unit.zh),
                format!("{en} at most {} {} in {year}", amount(limit), unit.en),
            ),
            Demand::Floor(limit) => Text::new(
                format!("{zh}{year} 年不低于 {} {}", amount(limit), unit.zh),
                format!("{en} at least {} {} in {year}", amount(limit), unit.en),
            ),
            Demand::Cumulative { limit, from } => Text::new(
                format!(
                    "{zh}{from}—{year} 年累计不超过 {} {}",
                    amount(limit),
                    unit.zh
                ),
                format!(
                    "{en} {from}–{year} at most {} {} in sum",
                    amount(limit),
                    unit.en
                ),
            ),
            Demand::Project { wanted, .. } => Text::new(
                format!("{zh}重点工程到 {year} 年减 {} {}", amount(wanted), unit.zh),
                format!(
                    "{en}: projects cut {} {} by {year}",
                    amount(wanted),
                    unit.en
                ),
            ),
        }
    }

    /// A technology of which there is no more.
    fn stock(&self, stock: Stock) -> Text {
        let technology = &self.catalogue.technologies[stock.technology.at()];
        let service = &self.catalogue.services[technology.service.at()].named.name;
        let Text { zh, en } = &technology.named.name;
        let place = stock
            .zone
            .map(|zone| &self.catalogue.regions[zone.at()].named.name);
        let (zh_place, en_place) = place.map_or((String::new(), String::new()), |place| {
            (place.zh.clone(), format!(" in {}", place.en))
        });
        Text::new(
            format!("{zh_place}{}的“{zh}”存量", service.zh),
            format!("the stock of {en} ({}){en_place}", service.en),
        )
    }

    /// What one unit of a target's requirement is for people: a point, 10⁴ t …
    pub(crate) fn each(&self, target: &Target) -> Each {
        if matches!(target.demand, Demand::Reduction { .. }) {
            return Each::point();
        }
        let indicator = &self.catalogue.indicators[target.indicator.at()];
        let shown = Unit::of_indicator(indicator).shown();
        if indicator.kind.is_share() {
            return Each::point();
        }
        Each {
            scale: shown.scale,
            unit: shown.name,
            points: false,
        }
    }

    /// What one unit of a member is for people.
    pub(crate) fn unit_of(&self, member: Member) -> Each {
        match member {
            Member::Target(i) => self.each(&self.scenario.targets[i]),
            Member::Stock(_) => Each::point(),
            Member::Ceiling(_) | Member::Least(_) => Each {
                scale: 0.1,
                unit: Text::new("计划量的一成", "tenth of the plan"),
                points: false,
            },
            Member::Limit(i) => limit_unit(self.catalogue, &self.programme.spec.limits[i]),
            Member::Pace(_) => Each {
                scale: 0.01,
                unit: Text::new("每年一个百分点", "point a year"),
                points: false,
            },
            Member::Group(_) | Member::Order(_) => Each {
                scale: 1.0,
                unit: Text::new("项", "measure"),
                points: false,
            },
        }
    }
}

impl Each {
    /// So many base units, called so.
    pub(super) fn new(scale: f64, zh: &str, en: &str) -> Self {
        Self {
            scale,
            unit: Text::new(zh, en),
            points: false,
        }
    }

    fn point() -> Self {
        Self {
            points: true,
            ..Self::new(0.01, "个百分点", "point")
        }
    }
}

/// The unit in which people count what a limit counts.
pub(super) fn limit_unit(catalogue: &Catalogue, limit: &Limit) -> Each {
    let of_unit = |unit: Unit| {
        let shown = unit.shown();
        Each {
            scale: shown.scale,
            unit: shown.name,
            points: false,
        }
    };
    match limit.of {
        Counted::Account(account) => match account.unit_kind() {
            UnitKind::Mass => of_unit(Unit::TenThousandTonnes),
            UnitKind::Money => of_unit(Unit::HundredMillionYuan),
            _ if account == Account::Cost => of_unit(Unit::HundredMillionYuan),
            _ => of_unit(Unit::TenThousandTce),
        },
        Counted::Carrier(carrier) => {
            let gas = catalogue.carriers[carrier.at()].named.id == "gas";
            match catalogue.parameter("tce-per-m3-gas").filter(|_| gas) {
                Some(per_m3) => Each {
                    scale: per_m3 * 1e8,
                    unit: Text::new("亿 m³", "10⁸ m³"),
                    points: false,
                },
                None => of_unit(Unit::TenThousandTce),
            }
        }
        Counted::Service(service) => Each {
            scale: 1.0,
            unit: Text::same(catalogue.services[service.at()].unit.clone()),
            points: false,
        },
    }
}
