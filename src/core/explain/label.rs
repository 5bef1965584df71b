//! What terms are called, in which unit they are shown, and by which formula they
//! follow from their children.

use super::{Input, Node, Op, Statement, Tape, What};
use crate::catalogue::{Account, IndicatorKind, StockUnit};
use crate::dims::{ClassId, IndicatorId, ServiceId, TechnologyId};
use crate::measure::spec::FieldKind;
use crate::text::Text;

/// The unit in which a term is shown: how many base units one is, and its name.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Base units in one unit shown.
    pub scale: f64,
    /// Its name; empty for a plain number.
    pub unit: Text,
}

/// The formula by which a term follows from its children.
pub fn symbol(node: &Node<'_>) -> &'static str {
    match node.what {
        What::Indicator(..) | What::Effect(..) => "E / D, E / GDP",
        What::Index(..) => "E[t] / E[b]",
        What::Gdp(_) => "Π (1 + g)",
        What::GdpStep(_) => "1 + g",
        What::Total(..) => "E joined to observed values",
        What::Modelled(..) => "Σ D·base + Σ Δ",
        What::JoinRatio(..) | What::JoinOffset(..) => "lines between observed years",
        What::Distance(_) => "observed against modelled",
        What::Observed(_) => "E[b]·(1 − r)·GDP",
        What::Remaining(_) => "1 − r",
        What::Service(..) => "D·base",
        What::PerUnit(..) => "Σ S·κF",
        What::Part(..) => "S·κF",
        What::Coefficient(..) => "κ·F",
        What::Raw(..) => "F + Σ use·factor",
        What::Fuel(..) => "use·factor",
        What::Kappa(..) => "official / Σ D·S·F",
        What::BottomUp(..) => "Σ D·S·F",
        What::BottomUpPart(..) => "D·S·F",
        What::Official(..) => "total·part",
        What::ClassPart(..) | What::Share(_) | What::Taken(..) | What::Given(..) => "x / Σ x",
        What::Demand(..) => "D[b]·growth",
        What::Growth(..) => "Π (1 + ε·g)(1 − a)",
        What::Reference(..) => "S0 + Σ Δ",
        What::ShareChange(..) => "x·a·part",
        What::Change(..) => "x·Σ D·a·Δ",
        What::Moved(..) => "D·a·(given − taken)",
        What::PerMoved(..) => "Σ q·κF − Σ u·κF",
        What::Side(.., false) => "q·κF",
        What::Side(.., true) => "u·κF",
        What::Whole(..) => "κF + Σ use·φ",
        What::Linked(..) => "use·φ",
        What::Amount(..) => "part·w",
        What::Excess(..) => "max(0, ·)",
        What::Above(..) => "coal − cap",
        What::Cap(_) => "E[b]·(1 − r)",
        What::Embodied(..) => "(I − B)⁻¹·f",
        What::Direct(..) | What::Links(..) => "Σ S·x",
        What::DirectPart(..) => "S·x",
        What::Constant | What::Input(_) => "",
        _ => match node.op {
            Op::Leaf => "",
            Op::Linear { .. } => "Σ",
            Op::Product { .. } => "Π",
            Op::Ratio { .. } => "a / b",
            Op::Growth => "Π (1 + ε·g)(1 − a)",
            Op::Positive => "max(0, ·)",
            Op::Leontief { .. } => "(I − B)⁻¹·f",
        },
    }
}

/// What a term is called.
pub fn label(tape: &Tape<'_>, what: What<'_>) -> Text {
    let names = Names(tape);
    match what {
        What::Constant => Text::new("常数", "constant"),
        What::Input(input) => names.input(input),
        What::Effect(m, ..)
        | What::Change(m, ..)
        | What::Moved(m, ..)
        | What::PerMoved(m, ..)
        | What::Side(m, ..)
        | What::Amount(m, ..)
        | What::FullAmount(m, _)
        | What::ShareChange(m, ..)
        | What::Taken(m, ..)
        | What::Available(m, _)
        | What::Given(m, ..)
        | What::Excess(m, _)
        | What::Above(m, ..)
        | What::Cap(m)
        | What::Step(m) => names.measure(m, what),
        _ => names.term(what),
    }
}

struct Names<'t, 'a>(&'t Tape<'a>);

impl Names<'_, '_> {
    fn year(&self, t: usize) -> i32 {
        self.0.plan.years[t]
    }

    fn service(&self, v: ServiceId) -> &Text {
        &self.0.catalogue.services[v.at()].named.name
    }

    fn technology(&self, k: TechnologyId) -> &Text {
        &self.0.catalogue.technologies[k.at()].named.name
    }

    fn indicator(&self, i: IndicatorId) -> &Text {
        &self.0.catalogue.indicators[i.at()].named.name
    }

    fn account(&self, q: usize) -> Text {
        match self.0.plan.accounts[q] {
            Account::Pollutant(p) | Account::Outside(p) => {
                Text::same(self.0.catalogue.pollutants[p.at()].named.id.as_str())
            }
            Account::Coal => Text::new("用煤", "coal"),
            Account::Energy => Text::new("能耗", "energy"),
            Account::Cost => Text::new("成本", "cost"),
            Account::Activity(i) => self.indicator(i).clone(),
        }
    }

    fn class(&self, class: Option<ClassId>) -> Text {
        class.map_or_else(
            || Text::new("总量", "total"),
            |class| self.0.catalogue.classes[class.at()].named.name.clone(),
        )
    }

    fn term(&self, what: What<'_>) -> Text {
        match what {
            What::Indicator(i, t) => dated(self.indicator(i), self.year(t)),
            What::Index(q, t) => {
                let q = self.account(q);
                both(&q, " 指数，", " index, ", &self.year(t))
            }
            What::Gdp(t) => dated(&Text::new("GDP 指数", "GDP index"), self.year(t)),
            What::GdpStep(t) => dated(&Text::new("GDP 增长", "GDP step"), self.year(t)),
            What::Total(q, t) => dated(&self.account(q), self.year(t)),
            What::Modelled(q, t, uncapped) => {
                let name = dated(&self.account(q), self.year(t));
                match uncapped {
                    true => both(&name, "（无煤炭上限", " (without coal cap", &")"),
                    false => name,
                }
            }
            What::JoinRatio(..) => Text::new("与观测值之比", "ratio of the join"),
            What::JoinOffset(..) => Text::new("与观测值之差", "offset of the join"),
            What::Distance(_) => Text::new("观测对模拟", "observed against modelled"),
            What::Observed(_) => Text::new("观测量", "observed amount"),
            What::Remaining(_) => Text::new("1 − 已公布降幅", "1 − published reduction"),
            What::Service(v, ..) => suffixed(self.service(v), "（仅增长）", " (growth alone)"),
            What::PerUnit(v, _) => suffixed(
                self.service(v),
                "，单位排放（基年构成）",
                ", per unit at base-year mix",
            ),
            What::Part(k, _) | What::BottomUpPart(k, _) | What::DirectPart(k, ..) => {
                self.technology(k).clone()
            }
            What::Coefficient(k, _) => suffixed(
                self.technology(k),
                "，校准后因子 κF",
                ", calibrated factor κF",
            ),
            What::Raw(k, _) => suffixed(self.technology(k), "，因子 F", ", factor F"),
            What::Fuel(k, j, _) => {
                let (carrier, _) = self.0.catalogue.technologies[k.at()].energy[j];
                let name = &self.0.catalogue.carriers[carrier.at()].named.name;
                suffixed(name, "燃烧", " burnt")
            }
            What::Kappa(q, class) => {
                let (q, class) = (self.account(q), self.class(class));
                Text::new(
                    format!("校准系数 κ：{} {}", q.zh, class.zh),
                    format!("calibration κ: {}, {}", q.en, class.en),
                )
            }
            What::BottomUp(..) => Text::new("自下而上合计", "bottom-up sum"),
            What::Official(_, class) => suffixed(
                &self.class(class),
                "，官方量（总量×分类）",
                ", official (total × part)",
            ),
            What::ClassPart(_, class) => {
                suffixed(&self.class(Some(class)), "占比", ", part of the total")
            }
            What::ClassSum(_) => Text::new("各类合计", "sum of classes"),
            What::Demand(v, t) | What::NaturalDemand(v, t) => {
                let name = suffixed(self.service(v), "活动量", ", demand");
                dated(&name, self.year(t))
            }
            What::Growth(v, t) => {
                let name = suffixed(self.service(v), "增长至", ", growth to ");
                let year = self.year(t);
                Text::new(format!("{}{year}年", name.zh), format!("{}{year}", name.en))
            }
            What::Share(k) => suffixed(self.technology(k), "，基年占比", ", base-year share"),
            What::ShareSum(_) => Text::new("占比合计", "sum of shares"),
            What::Reference(k, t, _) => {
                let name = suffixed(self.technology(k), "，占比", ", share");
                dated(&name, self.year(t))
            }
            What::Whole(k, ..) => suffixed(self.technology(k), "，含关联用能", ", with linked use"),
            What::Linked(k, j, ..) => {
                let (w, _) = self.0.catalogue.technologies[k.at()].links[j];
                suffixed(self.service(w), "（所用）", " (used)")
            }
            What::Embodied(w, ..) => suffixed(self.service(w), "，全部排放 φ", ", all it causes φ"),
            What::Direct(w, ..) => suffixed(self.service(w), "，直接排放", ", direct"),
            What::Links(v, w, _) => {
                let (v, w) = (self.service(v), self.service(w));
                Text::new(
                    format!("{}所用{}", v.zh, w.zh),
                    format!("{} used by {}", w.en, v.en),
                )
            }
            _ => Text::default(),
        }
    }

    fn measure(&self, m: usize, what: What<'_>) -> Text {
        let measure = &self.0.plan.measures[m];
        let shift = |i: usize| &measure.shifts[i];
        match what {
            What::Effect(..) | What::Change(..) => measure.name.clone(),
            What::Moved(_, i, ..) => {
                let shift = shift(i);
                let list = |side: &[(TechnologyId, f64)], zh: bool| {
                    let names = side.iter().take(2).map(|(k, _)| {
                        let name = self.technology(*k);
                        if zh {
                            name.zh.as_str()
                        } else {
                            name.en.as_str()
                        }
                    });
                    let more = if side.len() > 2 { "…" } else { "" };
                    names.collect::<Vec<_>>().join(if zh { "、" } else { ", " }) + more
                };
                let sides = |zh| (list(&shift.take, zh), list(&shift.give, zh));
                let ((from, to), (from_en, to_en)) = (sides(true), sides(false));
                Text::new(format!("{from} → {to}"), format!("{from_en} → {to_en}"))
            }
            What::PerMoved(..) => Text::new("单位转移量的变化", "change per unit moved"),
            What::Side(_, _, k, _, _, taken) => {
                let name = self.technology(k);
                if taken {
                    Text::new(format!("替下：{}", name.zh), format!("taken: {}", name.en))
                } else {
                    Text::new(format!("换上：{}", name.zh), format!("given: {}", name.en))
                }
            }
            What::Amount(_, i, t) => {
                let service = self.service(shift(i).service);
                let year = self.year(t);
                Text::new(
                    format!("{}中转移的部分，{year}年", service.zh),
                    format!("part of {} moved, {year}", service.en),
                )
            }
            What::FullAmount(..) => Text::new("全部实施时转移的部分", "part moved in the end"),
            What::ShareChange(..) => suffixed(&measure.name, "（现行措施）", " (other measure)"),
            What::Taken(_, _, k) => suffixed(
                self.technology(k),
                "在替下中的占比",
                ", part of what is taken",
            ),
            What::Available(..) => Text::new("可替下的占比合计", "shares it can take from"),
            What::Given(..) => Text::new("换上中的占比", "part of what is given"),
            What::Excess(_, t) => dated(
                &Text::new("超出上限的部分", "part above the cap"),
                self.year(t),
            ),
            What::Above(..) => Text::new("用煤超出上限", "coal above the cap"),
            What::Cap(_) => Text::new("用煤上限", "coal cap"),
            _ => Text::new("换算", "conversion"),
        }
    }

    fn input(&self, input: Input<'_>) -> Text {
        let data = self.0.catalogue;
        match input {
            Input::Demand(v) => suffixed(self.service(v), "活动量，基年", ", base-year amount"),
            Input::Share(k) => suffixed(self.technology(k), "占比", ", share"),
            Input::Factor(k, j) => {
                let p = data.technologies[k.at()].factors[j].0;
                let p = &data.pollutants[p.at()].named.id;
                let name = self.technology(k);
                Text::new(
                    format!("{}，{p} 排放因子", name.zh),
                    format!("{}, {p} factor", name.en),
                )
            }
            Input::FuelUse(k, j) => {
                let carrier = data.technologies[k.at()].energy[j].0;
                let carrier = &data.carriers[carrier.at()].named.name;
                let name = self.technology(k);
                Text::new(
                    format!("{}，单位用{}", name.zh, carrier.zh),
                    format!("{}, use of {}", name.en, carrier.en),
                )
            }
            Input::FuelFactor(c, j) => {
                let carrier = &data.carriers[c.at()];
                let p = &data.pollutants[carrier.factors[j].0.at()].named.id;
                let name = &carrier.named.name;
                Text::new(
                    format!("{}，{p} 排放因子", name.zh),
                    format!("{}, {p} factor", name.en),
                )
            }
            Input::Link(k, j) => {
                let w = self.service(data.technologies[k.at()].links[j].0);
                let name = self.technology(k);
                Text::new(
                    format!("{}，单位所用{}", name.zh, w.zh),
                    format!("{}, use of {}", name.en, w.en),
                )
            }
            Input::Elasticity(v) => suffixed(self.service(v), "弹性 ε", ", elasticity ε"),
            Input::Saving(v) => suffixed(self.service(v), "年节约率 a", ", saving a"),
            Input::Growth(d, year) => {
                let name = suffixed(&data.drivers[d.at()].name, "增长率", ", growth");
                dated(&name, year)
            }
            Input::Total(q) => {
                let name = self.account(q);
                suffixed(&name, " 官方总量", ", official total")
            }
            Input::Class(q, class) => {
                let (q, class) = (self.account(q), self.class(Some(class)));
                Text::new(
                    format!("{} {}，官方清单", q.zh, class.zh),
                    format!("{} of {}, inventory", q.en, class.en),
                )
            }
            Input::Zone(zone, v) => {
                let (zone, v) = (&data.regions[zone.at()].named.name, self.service(v));
                Text::new(
                    format!("{}占{}", zone.zh, v.zh),
                    format!("{}'s part of {}", zone.en, v.en),
                )
            }
            Input::Parameter(id) => data
                .parameters
                .get(id)
                .map_or_else(|| Text::same(id), |p| p.named.name.clone()),
            Input::Stock(group, _) => {
                Text::new(format!("存量 {group}"), format!("stock of {group}"))
            }
            Input::Recorded(quantity, year) => dated(
                &Text::new(format!("记录值 {quantity}"), format!("recorded {quantity}")),
                year,
            ),
            Input::Stated(statement) => self.statement(statement),
        }
    }

    fn statement(&self, statement: Statement<'_>) -> Text {
        let measure = |m: usize| &self.0.plan.measures[m];
        match statement {
            Statement::Growth(d, from) => {
                let name = &self.0.catalogue.drivers[d.at()].name;
                let name = suffixed(name, "增长率", ", growth");
                match from {
                    i32::MIN => name,
                    year => Text::new(
                        format!("{}，{year}年起", name.zh),
                        format!("{} from {year}", name.en),
                    ),
                }
            }
            Statement::Elasticity(v) => suffixed(self.service(v), "弹性 ε", ", elasticity ε"),
            Statement::Level(m) => suffixed(&measure(m).name, "，力度 x", ", level x"),
            Statement::Ramp(m, t) => {
                let name = suffixed(&measure(m).name, "，进度 w", ", timetable w");
                dated(&name, self.year(t))
            }
            Statement::Field(m, key) => {
                let spec = self.0.scenario.measures[m].kind.fields.iter();
                let field = spec.clone().find(|field| field.key == key);
                let (zh, en) = field.map_or((key, key), |field| (field.zh, field.en));
                Text::new(format!("{key}：{zh}"), format!("{key}: {en}"))
            }
            Statement::Entry(_, key, alias) => Text::same(format!("{key}.{alias}")),
            Statement::Observed(i) => {
                let seen = &self.0.scenario.observed[i];
                let name = suffixed(
                    self.indicator(seen.indicator),
                    "已公布降幅",
                    ", published reduction",
                );
                dated(&name, seen.year)
            }
        }
    }
}

fn suffixed(name: &Text, zh: &str, en: &str) -> Text {
    Text::new(format!("{}{zh}", name.zh), format!("{}{en}", name.en))
}

fn both(name: &Text, zh: &str, en: &str, tail: &impl std::fmt::Display) -> Text {
    Text::new(
        format!("{}{zh}{tail}", name.zh),
        format!("{}{en}{tail}", name.en),
    )
}

fn dated(name: &Text, year: i32) -> Text {
    Text::new(
        format!("{}，{year}年", name.zh),
        format!("{}, {year}", name.en),
    )
}

/// The unit in which a term is shown.
pub fn unit(tape: &Tape<'_>, what: What<'_>) -> Measured {
    let account = |q: usize| account_unit(tape, q);
    let service = |v: ServiceId| written(&tape.catalogue.services[v.at()].unit);
    let per = |q: usize, v: ServiceId| {
        let small = match tape.plan.accounts[q] {
            Account::Pollutant(_) | Account::Outside(_) => "t",
            Account::Coal | Account::Energy => "tce",
            _ => return plain(),
        };
        ratio(&named(small), &service(v))
    };
    let of = |k: TechnologyId| tape.catalogue.technologies[k.at()].service;
    let moved = |m: usize, i: usize| tape.plan.measures[m].shifts[i].service;
    match what {
        What::Indicator(i, _) | What::Effect(_, i, _) => indicator_unit(tape, i),
        What::Total(q, _)
        | What::Modelled(q, ..)
        | What::JoinOffset(q, _)
        | What::Service(_, q, _)
        | What::BottomUp(q, _)
        | What::BottomUpPart(_, q)
        | What::Official(q, _)
        | What::ClassSum(q)
        | What::Change(_, q, _)
        | What::Moved(_, _, q, _)
        | What::Input(Input::Total(q) | Input::Class(q, _)) => account(q),
        What::Observed(i) => tape
            .observed
            .iter()
            .find(|(_, _, other)| *other == i)
            .map_or_else(plain, |(q, _, _)| account(*q)),
        What::Above(_, _, false) | What::Cap(_) => coal(),
        What::PerUnit(v, q) | What::Embodied(v, q, _) | What::Direct(v, q, _) => per(q, v),
        What::Part(k, q)
        | What::Coefficient(k, q)
        | What::Raw(k, q)
        | What::Fuel(k, _, q)
        | What::Side(_, _, k, q, ..)
        | What::Whole(k, q, _)
        | What::Linked(k, _, q, _)
        | What::DirectPart(k, q, _, None) => per(q, of(k)),
        What::PerMoved(m, i, q, _) => per(q, moved(m, i)),
        What::Demand(v, _) | What::Input(Input::Demand(v)) => service(v),
        What::NaturalDemand(v, _) => natural(tape, v),
        What::Share(_)
        | What::ShareSum(_)
        | What::Reference(..)
        | What::ShareChange(..)
        | What::ClassPart(..)
        | What::Amount(..)
        | What::FullAmount(..)
        | What::Taken(..)
        | What::Given(..)
        | What::Available(..)
        | What::Excess(..)
        | What::Above(_, _, true)
        | What::Remaining(_) => percent(),
        What::Input(input) => input_unit(tape, input),
        _ => plain(),
    }
}

fn input_unit(tape: &Tape<'_>, input: Input<'_>) -> Measured {
    let data = tape.catalogue;
    let of = |k: TechnologyId| written(&data.services[data.technologies[k.at()].service.at()].unit);
    match input {
        Input::Share(_) | Input::Saving(_) | Input::Growth(..) | Input::Zone(..) => percent(),
        Input::Factor(k, _) => ratio(&named("t"), &of(k)),
        Input::FuelUse(k, _) => ratio(&named("tce"), &of(k)),
        Input::FuelFactor(..) => ratio(&named("t"), &named("tce")),
        Input::Link(k, j) => {
            let w = data.technologies[k.at()].links[j].0;
            ratio(&written(&data.services[w.at()].unit), &of(k))
        }
        Input::Parameter(id) => {
            let unit = data.parameters.get(id).map_or("", |p| p.unit.as_str());
            let scale = if unit == "1" { "" } else { unit };
            written(scale)
        }
        Input::Stock(_, unit) => match unit {
            StockUnit::SteamCapacity => scaled(1.0, "蒸吨/小时", "t/h"),
            StockUnit::Items => scaled(1.0, "台", "boilers"),
            StockUnit::Vehicles => scaled(1e4, "万辆", "10⁴ vehicles"),
            StockUnit::Power => scaled(1.0, "MW", "MW"),
        },
        Input::Recorded("rail-turnover", _) => scaled(1e8, "亿吨公里", "10⁸ t·km"),
        Input::Stated(statement) => match statement {
            Statement::Growth(..)
            | Statement::Level(_)
            | Statement::Ramp(..)
            | Statement::Entry(..)
            | Statement::Observed(_) => percent(),
            Statement::Elasticity(_) => plain(),
            Statement::Field(m, key) => {
                let fields = tape.scenario.measures[m].kind.fields.iter();
                let field = fields.clone().find(|field| field.key == key);
                field.map_or_else(plain, |field| field_unit(field.kind))
            }
        },
        _ => plain(),
    }
}

fn field_unit(kind: FieldKind) -> Measured {
    match kind {
        FieldKind::Share | FieldKind::Growth => percent(),
        FieldKind::Mass => scaled(1e4, "万吨", "10⁴ t"),
        FieldKind::Coal => coal(),
        FieldKind::Households => scaled(1e4, "万户", "10⁴ households"),
        FieldKind::SteamCapacity => scaled(1.0, "蒸吨/小时", "t/h"),
        FieldKind::Items => scaled(1.0, "台", "items"),
        FieldKind::Power => scaled(1.0, "MW", "MW"),
        FieldKind::Electricity => scaled(1e8, "亿kWh", "10⁸ kWh"),
        FieldKind::Hours => scaled(1.0, "小时", "h"),
        FieldKind::Vehicles => scaled(1e4, "万辆", "10⁴ vehicles"),
        FieldKind::Persons => scaled(1e4, "万人", "10⁴ persons"),
        FieldKind::Flow => scaled(1e4, "万立方米/日", "10⁴ m³/d"),
        FieldKind::FreightWork => scaled(1e8, "亿吨公里", "10⁸ t·km"),
        FieldKind::Heads => scaled(1e4, "万头", "10⁴ head"),
        _ => plain(),
    }
}

fn indicator_unit(tape: &Tape<'_>, id: IndicatorId) -> Measured {
    match &tape.catalogue.indicators[id.at()].kind {
        IndicatorKind::Share { .. } => percent(),
        IndicatorKind::EmissionIntensity(_) | IndicatorKind::EnergyIntensity => {
            scaled(0.01, "（基年=100）", "(base year = 100)")
        }
        _ => tape
            .account_of(id)
            .map_or_else(plain, |q| account_unit(tape, q)),
    }
}

fn account_unit(tape: &Tape<'_>, q: usize) -> Measured {
    match tape.plan.accounts[q] {
        Account::Pollutant(_) | Account::Outside(_) => scaled(1e4, "万吨", "10⁴ t"),
        Account::Coal | Account::Energy => coal(),
        Account::Cost => scaled(1e8, "亿元", "10⁸ CNY"),
        Account::Activity(i) => match &tape.catalogue.indicators[i.at()].kind {
            IndicatorKind::Share { service, .. } => {
                written(&tape.catalogue.services[service.at()].unit)
            }
            _ => plain(),
        },
    }
}

/// A service's amounts in natural units, shown in the unit of its files.
fn natural(tape: &Tape<'_>, v: ServiceId) -> Measured {
    let service = &tape.catalogue.services[v.at()];
    Measured {
        scale: service.scale,
        ..written(&service.unit)
    }
}

fn scaled(scale: f64, zh: &str, en: &str) -> Measured {
    let unit = Text::new(zh, en);
    Measured { scale, unit }
}

fn plain() -> Measured {
    scaled(1.0, "", "")
}

fn percent() -> Measured {
    scaled(0.01, "%", "%")
}

fn coal() -> Measured {
    scaled(1e4, "万吨标准煤", "10⁴ tce")
}

fn ratio(above: &Measured, below: &Measured) -> Measured {
    let (a, b) = (&above.unit, &below.unit);
    scaled(
        1.0,
        &format!("{}/{}", a.zh, b.zh),
        &format!("{}/{}", a.en, b.en),
    )
}

/// A unit as files write it, in words; the value is in that unit already.
fn written(unit: &str) -> Measured {
    let parts: Vec<Measured> = unit.split('/').map(named).collect();
    match parts.as_slice() {
        [above, below] => ratio(above, below),
        [one] => one.clone(),
        _ => scaled(1.0, unit, unit),
    }
}

/// One word of a unit: `1e8 t.km` is 亿吨公里.
fn named(unit: &str) -> Measured {
    let (zh, en, word) = match unit.split_once(' ') {
        Some(("1e4", word)) => ("万", "10⁴ ", word),
        Some(("1e8", word)) => ("亿", "10⁸ ", word),
        _ => ("", "", unit),
    };
    let (word_zh, word_en) = match word {
        "t" => ("吨", "t"),
        "tce" => ("吨标准煤", "tce"),
        "t.km" => ("吨公里", "t·km"),
        "head" => ("头", "head"),
        "households" => ("户", "households"),
        "persons" => ("人", "persons"),
        "vehicles" => ("辆", "vehicles"),
        "CNY" => ("元", "CNY"),
        "m3" => ("立方米", "m³"),
        "h" => ("小时", "h"),
        "km" => ("公里", "km"),
        "months" => ("月", "months"),
        "unit" => ("单位", "unit"),
        other => (other, other),
    };
    scaled(1.0, &format!("{zh}{word_zh}"), &format!("{en}{word_en}"))
}
