//! Terms of the electricity of final users, as [`crate::electricity`] states them.

use super::{Electric, Input, NodeId, Op, Statement, Tape, What, product, sum};
use crate::catalogue::Account;
use crate::compile::beside;
use crate::dims::{ServiceId, TechnologyId};
use crate::electricity::{ELECTRICITY, HEAT, Part, THERMAL_SHARE};
use crate::published::Published;
use crate::text::Text;

/// The formula by which a term follows from its children.
pub(super) fn symbol(own: Electric) -> &'static str {
    match own {
        Electric::Link(..) => "use·h/τ",
        Electric::Scaled => "τ·GJ",
        Electric::Output(_) => "−h",
        Electric::Beside(..) => "ρ·f",
        Electric::Rate(_) => "s/(1 − s) − Σ A·l / Σ A·f",
        Electric::Odds(_) => "s/(1 − s)",
        Electric::Rest(..) => "1 − s",
        Electric::LinksToFuel(_) => "Σ A·l / Σ A·f",
        Electric::Sum(_, Part::Links) => "Σ A·l",
        Electric::Sum(..) => "Σ A·f",
        Electric::SumPart(_, Part::Links) => "D·S·l",
        Electric::SumPart(..) => "D·S·f",
        Electric::FuelOf(..) => "Σ S·f",
        Electric::FuelOfPart(_) => "S·f",
        Electric::PerUnit(..) => "Σ use",
    }
}

/// What a term is called.
pub(super) fn label(tape: &Tape<'_>, own: Electric) -> Text {
    let service = |v: ServiceId| &tape.catalogue.services[v.at()].named.name;
    let technology = |k: TechnologyId| &tape.catalogue.technologies[k.at()].named.name;
    let after = |name: &Text, zh: &str, en: &str| {
        Text::new(format!("{}{zh}", name.zh), format!("{}{en}", name.en))
    };
    match own {
        Electric::Link(k, _) => after(
            technology(k),
            "，用电（当量值）",
            ", electricity at its heat content",
        ),
        Electric::Scaled => Text::new("火电比重 × 标准煤热值", "thermal share × GJ per tce"),
        Electric::Output(v) => after(
            service(v),
            "，发电（当量值）",
            ", its output at heat content",
        ),
        Electric::Beside(_, v) => after(
            service(v),
            "，各工艺以外的用电",
            ", electricity beside its technologies",
        ),
        Electric::Rate(_) => Text::new(
            "各工艺以外的用电与燃料之比 ρ",
            "electricity beside the technologies over fuel, ρ",
        ),
        Electric::Odds(_) => Text::new("公布比重 s/(1 − s)", "published share s/(1 − s)"),
        Electric::Rest(..) => Text::new("1 − 公布比重", "1 − published share"),
        Electric::LinksToFuel(_) => Text::new(
            "各工艺用电与燃料之比",
            "electricity of the technologies over fuel",
        ),
        Electric::Sum(_, Part::Links) => Text::new(
            "基年各工艺用电",
            "electricity of the technologies, base year",
        ),
        Electric::Sum(..) => Text::new("基年终端燃料", "fuel of final users, base year"),
        Electric::FuelOf(_, v) => after(service(v), "，单位燃料", ", fuel per unit"),
        Electric::SumPart(k, _) | Electric::FuelOfPart(k) | Electric::PerUnit(k, _) => {
            technology(k).clone()
        }
    }
}

impl Tape<'_> {
    /// A published share.
    pub(super) fn share_published(
        &mut self,
        of: Published,
        (year, share, stated): (i32, f64, bool),
    ) -> NodeId {
        if stated {
            self.stated(Statement::Published(of, year), share)
        } else {
            self.input(Input::Recorded(of.recorded(), year))
        }
    }

    /// The coefficient of `k` in an account of electricity without what is beside the links.
    pub(super) fn electric(&mut self, k: TechnologyId, q: usize) -> NodeId {
        let account = self.plan.accounts[q];
        self.memo(What::Raw(k, q), |tape| {
            let parts = tape.catalogue.electric_parts(k, account);
            let nodes = parts.iter().flat_map(|part| tape.electric_part(k, *part));
            sum(nodes.collect())
        })
    }

    /// The inputs of one part of it, per unit of service.
    fn electric_part(&mut self, k: TechnologyId, part: Part) -> Vec<NodeId> {
        let catalogue = self.catalogue;
        let technology = &catalogue.technologies[k.at()];
        match part {
            Part::Fuel => {
                let fuels = 0..technology.energy.len();
                fuels.map(|j| self.input(Input::FuelUse(k, j))).collect()
            }
            Part::Output => {
                let v = technology.service;
                let kwh = catalogue.services[v.at()].scale;
                vec![self.memo(What::Electric(Electric::Output(v)), |tape| {
                    let heat = tape.input(Input::Parameter(HEAT));
                    let given = tape.constant(-kwh * crate::electricity::GJ);
                    (Op::Ratio { scale: 1.0 }, vec![given, heat])
                })]
            }
            Part::Links => {
                let links = technology.links.iter().enumerate();
                let own = links.filter(|(_, (w, _))| {
                    let service = &catalogue.services[w.at()];
                    service.named.id == ELECTRICITY
                });
                own.map(|(j, (w, _))| {
                    let scale = catalogue.services[w.at()].scale * crate::electricity::GJ;
                    self.memo(What::Electric(Electric::Link(k, j)), |tape| {
                        let used = tape.input(Input::Link(k, j));
                        let scaled = tape.memo(What::Electric(Electric::Scaled), |tape| {
                            let thermal = tape.input(Input::Parameter(THERMAL_SHARE));
                            product(vec![thermal, tape.input(Input::Parameter(HEAT))])
                        });
                        (Op::Ratio { scale }, vec![used, scaled])
                    })
                })
                .collect()
            }
        }
    }

    /// e[v] for a technology of an account of electricity, where it has one.
    pub(super) fn beside(&mut self, k: TechnologyId, q: usize) -> Option<NodeId> {
        let of = match self.plan.accounts[q] {
            Account::FinalEnergy | Account::FinalElectricity => Published::Electricity,
            Account::IndustryEnergy => Published::IndustrialElectricity,
            _ => return None,
        };
        let industry = of == Published::IndustrialElectricity;
        let published = beside::at_base(self.scenario, of)?;
        if !self.catalogue.has_beside(k, industry) {
            return None;
        }
        let v = self.catalogue.technologies[k.at()].service;
        let found = self.memo(What::Electric(Electric::Beside(of, v)), |tape| {
            let rate = tape.beside_rate(of, published);
            let technologies = &tape.catalogue.services[v.at()].technologies;
            let users = technologies.iter().filter(|k| tape.burns(**k, industry));
            let users: Vec<TechnologyId> = users.copied().collect();
            let fuel = tape.memo(What::Electric(Electric::FuelOf(of, v)), |tape| {
                let parts = users.into_iter().map(|k| {
                    tape.memo(What::Electric(Electric::FuelOfPart(k)), |tape| {
                        let fuel = tape.electric_part(k, Part::Fuel);
                        let fuel = tape.total_of(k, Part::Fuel, fuel);
                        product(vec![tape.done_share(k), fuel])
                    })
                });
                sum(parts.collect())
            });
            product(vec![rate, fuel])
        });
        (self.value(found) != 0.0).then_some(found)
    }

    /// Whether a final user burns anything and is there in the base year.
    fn burns(&self, k: TechnologyId, industry: bool) -> bool {
        self.catalogue.is_final(k, industry)
            && !self.catalogue.technologies[k.at()].energy.is_empty()
    }

    /// ρ = s/(1 − s) − Σ A·l / Σ A·f.
    fn beside_rate(&mut self, of: Published, published: (i32, f64, bool)) -> NodeId {
        self.memo(What::Electric(Electric::Rate(of)), |tape| {
            let odds = tape.memo(What::Electric(Electric::Odds(of)), |tape| {
                let share = tape.share_published(of, published);
                let rest = tape.rest(of, published);
                (Op::Ratio { scale: 1.0 }, vec![share, rest])
            });
            let held = tape.memo(What::Electric(Electric::LinksToFuel(of)), |tape| {
                let (links, fuel) = (
                    tape.done_sum(of, Part::Links),
                    tape.done_sum(of, Part::Fuel),
                );
                (Op::Ratio { scale: 1.0 }, vec![links, fuel])
            });
            let less = Op::Linear {
                constant: 0.0,
                factors: vec![1.0, -1.0],
            };
            (less, vec![odds, held])
        })
    }

    /// 1 − s.
    pub(super) fn rest(&mut self, of: Published, published: (i32, f64, bool)) -> NodeId {
        self.memo(What::Electric(Electric::Rest(of, published.0)), |tape| {
            let share = tape.share_published(of, published);
            let rest = Op::Linear {
                constant: 1.0,
                factors: vec![-1.0],
            };
            (rest, vec![share])
        })
    }

    /// Σ A·f or Σ A·l over final users in the base year.
    fn done_sum(&mut self, of: Published, part: Part) -> NodeId {
        let industry = of == Published::IndustrialElectricity;
        self.memo(What::Electric(Electric::Sum(of, part)), |tape| {
            let all = 0..tape.catalogue.technologies.len();
            let users = all.map(TechnologyId::from_usize).filter(|k| {
                let v = tape.catalogue.technologies[k.at()].service;
                tape.catalogue.is_final(*k, industry)
                    && tape.plan.base_year.demand[v.at()] > 0.0
                    && tape.catalogue.electric_part(*k, part) != 0.0
            });
            let users: Vec<TechnologyId> = users.collect();
            let parts = users.into_iter().map(|k| {
                tape.memo(What::Electric(Electric::SumPart(k, part)), |tape| {
                    let used = tape.electric_part(k, part);
                    let used = tape.total_of(k, part, used);
                    let v = tape.catalogue.technologies[k.at()].service;
                    let demand = tape.demand(v, tape.first);
                    product(vec![demand, tape.done_share(k), used])
                })
            });
            sum(parts.collect())
        })
    }

    /// The inputs of a part as one term.
    fn total_of(&mut self, k: TechnologyId, part: Part, inputs: Vec<NodeId>) -> NodeId {
        match inputs[..] {
            [one] => one,
            _ => self.memo(What::Electric(Electric::PerUnit(k, part)), |_| sum(inputs)),
        }
    }

    /// The share of a technology in the base year, by current policy up to then.
    fn done_share(&mut self, k: TechnologyId) -> NodeId {
        match self.first {
            0 => self.share(k),
            first => self.reference(k, first, (false, false)),
        }
    }
}
