//! What terms are called, and by which formula they follow from their children.

use super::{Input, Node, Op, Statement, Tape, What, electric};
use crate::catalogue::{Account, CreditRule};
use crate::dims::{ClassId, DriverId, IndicatorId, ServiceId, TechnologyId};
use crate::published::Published;
use crate::text::Text;

/// The formula by which a term follows from its children.
pub fn symbol(node: &Node<'_>) -> &'static str {
    match node.what {
        What::Indicator(..) | What::Effect(..) => "E / D, E / GDP",
        What::Index(..) => "E[t] / E[b]",
        What::Driven(..) => "Π (1 + g)",
        What::DrivenStep(..) => "1 + g",
        What::Electric(own) => electric::symbol(own),
        What::Total(..) => "E joined to observed values",
        What::Modelled(..) | What::Inside(..) => "Σ D·base + Σ Δ",
        What::JoinRatio(..) | What::JoinOffset(..) => "lines between observed years",
        What::Outside(..) => "lines between published years",
        What::LeftOutside(Published::NonFossil, _) | What::BesidePublished(..) => "s·E − n",
        What::LeftOutside(..) => "(s·E − n) / (1 − s)",
        What::AllPublished(..) => "s·E",
        What::Bare(..) => "Σ D·base",
        What::Distance(_) => "observed against modelled",
        What::Observed(_) => "E[b]·(1 − r)·GDP",
        What::Remaining(_) => "1 − r",
        What::Service(..) => "D·base",
        What::PerUnit(..) => "Σ S·κF",
        What::Part(..) => "S·κF",
        What::Coefficient(..) => "κ·F",
        What::Raw(..) => "F + Σ use·factor",
        What::Accounted(..) => "ratio·F_acc",
        What::Fuel(..) => "use·factor",
        What::Kappa(..) => "official / Σ D·S·F",
        What::BottomUp(..) => "Σ D·S·F",
        What::BottomUpPart(..) => "D·S·F",
        What::Official(..) => "total·part",
        What::ClassPart(..) | What::Share(_) | What::Taken(..) => "x / Σ x",
        What::Demand(..) => "D[b]·growth",
        What::Growth(..) => "Π (1 + ε·g)(1 − s)",
        What::Bent(..) => "min(need, room) + short·spare / Σ spare",
        What::Reference(..) | What::Room(..) => "S0 + Σ Δ",
        What::ShareChange(..) => "x·a·part",
        What::Change(..) => "x·Σ D·a·Δ",
        What::Done(..) => "−Σ D·a[b]·Δ",
        What::Moved(..) => "D·a·(given − taken)",
        What::PerMoved(..) => "Σ q·κF − Σ u·κF",
        What::Side(.., false) => "q·κF",
        What::Side(.., true) => "u·κF",
        What::Whole(..) => "κF + Σ use·φ",
        What::Linked(..) => "use·φ",
        What::Amount(..) => "part·w",
        What::Excess(..) => "max(0, ·)",
        What::Above(_, _, false) => "coal − cap",
        What::Takes(_, None, _) => "Σ D·S·Δ",
        What::Takes(_, Some(_), _) => "D·S·(taken − given)",
        What::Cap(_) => "E[b]·(1 − r)",
        What::Embodied(..) => "(I − B)⁻¹·f",
        What::Direct(..) | What::Links(..) => "Σ S·x",
        What::DirectPart(..) => "S·x",
        What::Constant | What::Input(_) => "",
        _ => match node.op {
            Op::Leaf => "",
            Op::Linear { constant, .. } if constant != 0.0 => "1 ± x",
            Op::Linear { .. } => "Σ",
            Op::Product { .. } => "Π",
            Op::Ratio { .. } => "a / b",
            Op::Growth => "Π (1 + ε·g)(1 − s)",
            Op::Positive => "max(0, ·)",
            Op::Leontief { .. } => "(I − B)⁻¹·f",
        },
    }
}

/// What a published share is of.
fn published(of: Published) -> Text {
    match of {
        Published::NonFossil => Text::new("非化石能源", "non-fossil energy"),
        Published::Electricity => Text::new("终端用电", "electricity of final users"),
        Published::IndustrialElectricity => Text::new("工业用电", "electricity of industry"),
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
        | What::Done(m, ..)
        | What::Moved(m, ..)
        | What::PerMoved(m, ..)
        | What::Side(m, ..)
        | What::Amount(m, ..)
        | What::FullAmount(m, _)
        | What::ShareChange(m, ..)
        | What::Taken(m, ..)
        | What::Bent(m, ..)
        | What::Room(m, ..)
        | What::Available(m, ..)
        | What::Given(m, ..)
        | What::Excess(m, _)
        | What::Above(m, ..)
        | What::Takes(m, ..)
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
            Account::Outside(p) => {
                Text::same(self.0.catalogue.pollutants[p.at()].named.id.as_str())
            }
            Account::Coal => Text::new("用煤", "coal"),
            Account::Energy => Text::new("能耗", "energy"),
            account @ (Account::Pollutant(..)
            | Account::NonFossil
            | Account::FinalEnergy
            | Account::FinalElectricity
            | Account::IndustryEnergy) => account.name(self.0.catalogue),
            Account::Cost => Text::new("成本", "cost"),
            Account::Activity(i) => self.indicator(i).clone(),
        }
    }

    /// What an index is of.
    fn driven(&self, driver: DriverId) -> Text {
        if driver == self.0.plan.gdp {
            return Text::same("GDP");
        }
        self.0.catalogue.drivers[driver.at()].name.clone()
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
            What::Driven(d, t) => {
                dated(&suffixed(&self.driven(d), " 指数", " index"), self.year(t))
            }
            What::DrivenStep(d, t) => {
                dated(&suffixed(&self.driven(d), " 增长", " step"), self.year(t))
            }
            What::Total(q, t) => dated(&self.account(q), self.year(t)),
            What::Modelled(q, t, uncapped) => {
                let name = dated(&self.account(q), self.year(t));
                if uncapped {
                    suffixed(&name, "（无煤炭上限）", " (without the coal cap)")
                } else {
                    name
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
            What::Reference(k, t, _, credited) => {
                let (zh, en) = if credited {
                    ("，占比（已核算）", ", share credited")
                } else {
                    ("，占比", ", share")
                };
                dated(&suffixed(self.technology(k), zh, en), self.year(t))
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
            _ => self.supply(what),
        }
    }

    /// Terms of shares that are published.
    fn supply(&self, what: What<'_>) -> Text {
        match what {
            What::Inside(q, t) => {
                let name = self.account(q);
                let name = Text::new(
                    format!("各工艺的{}", name.zh),
                    format!("{} of the technologies", name.en),
                );
                dated(&name, self.year(t))
            }
            What::Outside(of, t) => {
                let name = published(of);
                let name = Text::new(
                    format!("各工艺以外的{}", name.zh),
                    format!("{} outside the technologies", name.en),
                );
                dated(&name, self.year(t))
            }
            What::LeftOutside(of, t) | What::BesidePublished(of, t) => {
                let name = published(of);
                let name = Text::new(
                    format!("公布比重所余的{}", name.zh),
                    format!("{} that the published share leaves", name.en),
                );
                dated(&name, self.year(t))
            }
            What::AllPublished(of, t) => dated(
                &match of {
                    Published::NonFossil => {
                        Text::new("公布比重 × 能耗", "published share × energy")
                    }
                    _ => Text::new("公布比重 × 终端能源", "published share × final energy"),
                },
                self.year(t),
            ),
            What::Electric(own) => electric::label(self.0, own),
            What::Bare(q, t) => dated(
                &suffixed(&self.account(q), "（仅增长）", " (growth alone)"),
                self.year(t),
            ),
            _ => Text::default(),
        }
    }

    fn measure(&self, m: usize, what: What<'_>) -> Text {
        let measure = &self.0.plan.measures[m];
        let shift = |i: usize| &measure.shifts[i];
        match what {
            What::Effect(..) | What::Change(..) => measure.name.clone(),
            What::Done(..) => {
                let year = self.0.scenario.base_year;
                Text::new(
                    format!("减去 {year} 年已完成的部分"),
                    format!("less what was done by {year}"),
                )
            }
            What::Moved(_, i, ..) => {
                let shift = shift(i);
                let list = |side: &[TechnologyId], zh: bool| {
                    let names = side.iter().take(2).map(|k| {
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
                let taken: Vec<TechnologyId> = shift.take.iter().map(|(k, _)| *k).collect();
                let given: Vec<TechnologyId> = shift.give.iter().map(|(k, _)| *k).collect();
                let sides = |zh| (list(&taken, zh), list(&given, zh));
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
            What::FullAmount(_, i) => {
                let service = self.service(shift(i).service);
                Text::new(
                    format!("{}中转移的部分", service.zh),
                    format!("part of {} moved", service.en),
                )
            }
            What::Amount(_, i, t, credited) => {
                let service = self.service(shift(i).service);
                let year = self.year(t);
                let (zh, en) = if credited {
                    ("已核算的", "credited")
                } else {
                    ("", "moved")
                };
                Text::new(
                    format!("{}中{zh}转移的部分，{year}年", service.zh),
                    format!("part of {} {en}, {year}", service.en),
                )
            }
            What::ShareChange(..) => suffixed(&measure.name, "（现行措施）", " (other measure)"),
            What::Room(_, k, t, _) => dated(
                &suffixed(
                    self.technology(k),
                    "，其他措施之后所余",
                    ", left by other measures",
                ),
                self.year(t),
            ),
            What::Taken(_, _, k, _) | What::Bent(_, _, k, _) => suffixed(
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
            What::Takes(_, None, _) => {
                Text::new("各用煤环节的用煤", "coal of all technologies on it")
            }
            What::Takes(_, Some(i), _) => self.technology(shift(i).take[0].0).clone(),
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
            Input::Credit(k, j) => {
                let (p, credit) = &data.technologies[k.at()].credits[j];
                let p = &data.pollutants[p.at()].named.id;
                let name = self.technology(k);
                match credit.rule {
                    CreditRule::Limits => Text::new(
                        format!("{}，{p} 限值之比", name.zh),
                        format!("{}, ratio of {p} limits", name.en),
                    ),
                    _ => Text::new(
                        format!("{}，{p} 核算系数", name.zh),
                        format!("{}, {p} accounting factor", name.en),
                    ),
                }
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
            Input::Saving(v) => suffixed(self.service(v), "年节约率 s", ", saving s"),
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
            Statement::Published(of, year) => {
                let name = published(of);
                let name = Text::new(
                    format!("公布的{}比重", name.zh),
                    format!("published share of {}", name.en),
                );
                dated(&name, year)
            }
            Statement::Elasticity(v) => suffixed(self.service(v), "弹性 ε", ", elasticity ε"),
            Statement::Level(m) => suffixed(&measure(m).name, "，力度 x", ", level x"),
            Statement::Ramp(m, t, credited) => {
                let (zh, en) = if credited {
                    ("，已核算的进度 w'", ", timetable credited w'")
                } else {
                    ("，进度 w", ", timetable w")
                };
                dated(&suffixed(&measure(m).name, zh, en), self.year(t))
            }
            Statement::Field(m, key) => {
                let name = &measure(m).name;
                Text::new(
                    format!("{key} · {}", name.zh),
                    format!("{key} · {}", name.en),
                )
            }
            Statement::Entry(m, key, alias) => {
                let name = &measure(m).name;
                Text::new(
                    format!("{key}.{alias} · {}", name.zh),
                    format!("{key}.{alias} · {}", name.en),
                )
            }
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
