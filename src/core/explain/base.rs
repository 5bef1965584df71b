//! Terms of the base year and of growth: demand, shares, factors, calibration.
//!
//! ```text
//! D[v,t]    = D[v,b] · Π (1 + ε·g)(1 − s)
//! base[v,q] = Σ_k S0[k] · κ[c(k),q] · F[k,q]
//! κ[c,q]    = official[c,q] / Σ_{k ∈ c} D[v,b] · S0[k] · F[k,q]
//! ```

use super::{Input, NodeId, Op, Statement, Tape, What, product, sum};
use crate::catalogue::{Account, Book, CreditRule};
use crate::dims::{ClassId, PollutantId, ServiceId, TechnologyId};
use crate::indicator::Per;
use crate::scenario::GrowthFrom;

impl Tape<'_> {
    /// What growth alone gives of service `v`: D[v,t] · base[v,q].
    pub(super) fn service(&mut self, v: ServiceId, q: usize, t: usize) -> NodeId {
        self.memo(What::Service(v, q, t), |tape| {
            product(vec![tape.demand(v, t), tape.per_unit(v, q)])
        })
    }

    /// D[v,t] in the service's unit.
    pub(super) fn demand(&mut self, v: ServiceId, t: usize) -> NodeId {
        self.memo(What::Demand(v, t), |tape| {
            let base = tape.input(Input::Demand(v));
            if t == 0 {
                return product(vec![base]);
            }
            product(vec![base, tape.growth(v, t)])
        })
    }

    /// Π (1 + ε·g)(1 − s) up to the year at `t`.
    fn growth(&mut self, v: ServiceId, t: usize) -> NodeId {
        self.memo(What::Growth(v, t), |tape| {
            let elasticity = match tape.scenario.elasticity.get(&v) {
                Some(stated) => tape.stated(Statement::Elasticity(v), *stated),
                None => tape.input(Input::Elasticity(v)),
            };
            let saving = tape.input(Input::Saving(v));
            let mut children = vec![elasticity, saving];
            let driver = tape.plan.driver[v.at()].at();
            children.extend((1..=t).map(|t| tape.rate(driver, t)));
            (Op::Growth, children)
        })
    }

    /// The growth of a driver in the year at `t`.
    fn rate(&mut self, driver: usize, t: usize) -> NodeId {
        let (driver, year) = (
            crate::dims::DriverId::from_usize(driver),
            self.plan.years[t],
        );
        match self.scenario.growth_of(driver, year) {
            Some((rate, GrowthFrom::Statement(from))) => {
                self.stated(Statement::Growth(driver, from), rate)
            }
            _ => self.input(Input::Growth(driver, year)),
        }
    }

    /// The index of GDP or value added in the year at `t`.
    pub(super) fn driven(&mut self, per: Per, t: usize) -> NodeId {
        let Some(driver) = self.plan.driver_of(per) else {
            return self.constant(1.0);
        };
        self.memo(What::Driven(driver, t), |tape| {
            let steps = (tape.first + 1..=t).map(|t| {
                let rate = tape.rate(driver.at(), t);
                let one = Op::Linear {
                    constant: 1.0,
                    factors: vec![1.0],
                };
                tape.memo(What::DrivenStep(driver, t), |_| (one, vec![rate]))
            });
            product(steps.collect())
        })
    }

    /// base[v,q]: emission per unit of service at base-year shares.
    fn per_unit(&mut self, v: ServiceId, q: usize) -> NodeId {
        self.memo(What::PerUnit(v, q), |tape| {
            let technologies = &tape.catalogue.services[v.at()].technologies;
            let base = &tape.own.base_year;
            let counts = technologies
                .iter()
                .filter(|k| base.shares[k.at()] != 0.0 && base.coefficient(**k, q) != 0.0);
            let parts = counts.map(|k| {
                tape.memo(What::Part(*k, q), |tape| {
                    let share = match tape.first {
                        0 => tape.share(*k),
                        first => tape.reference(*k, first, (true, tape.credits(q))),
                    };
                    product(vec![share, tape.coefficient(*k, q)])
                })
            });
            sum(parts.collect())
        })
    }

    /// S0[k]. Shares sum to 1: one that is wrong is so at the cost of the others.
    pub(super) fn share(&mut self, k: TechnologyId) -> NodeId {
        self.memo(What::Share(k), |tape| {
            let v = tape.catalogue.technologies[k.at()].service;
            let own = tape.input(Input::Share(k));
            let all = tape.memo(What::ShareSum(v), |tape| {
                let technologies = &tape.catalogue.services[v.at()].technologies;
                let shared = technologies
                    .iter()
                    .filter(|k| tape.plan.base_year.shares[k.at()] > 0.0);
                let shared: Vec<TechnologyId> = shared.copied().collect();
                let leaves = shared.into_iter().map(|k| tape.input(Input::Share(k)));
                sum(leaves.collect())
            });
            // A sum of 1 + 1e-10 stays what the run takes.
            let scale = tape.value(all);
            (Op::Ratio { scale }, vec![own, all])
        })
    }

    /// κF[k,q]: emission per unit of service by `k`, after calibration.
    pub(super) fn coefficient(&mut self, k: TechnologyId, q: usize) -> NodeId {
        self.memo(What::Coefficient(k, q), |tape| {
            let class = tape.catalogue.technologies[k.at()].class;
            let by = [Some(class), None];
            let key = by
                .into_iter()
                .find(|c| tape.calibrated.contains_key(&(q, *c)));
            let raw = tape.raw(k, q);
            match key {
                Some(class) => product(vec![tape.kappa(q, class), raw]),
                None => match tape.beside(k, q) {
                    Some(beside) => sum(vec![raw, beside]),
                    None => product(vec![raw]),
                },
            }
        })
    }

    /// The coefficient before calibration: F[k,q] with what its fuels emit, or F_acc[k,q].
    fn raw(&mut self, k: TechnologyId, q: usize) -> NodeId {
        match self.plan.accounts[q] {
            Account::Pollutant(p, Book::Accounted) => self.accounted(k, p, q),
            Account::FinalEnergy | Account::FinalElectricity | Account::IndustryEnergy => {
                self.electric(k, q)
            }
            _ => self.physical(k, q),
        }
    }

    /// F_acc[k,q], as the rules of accounting have it.
    fn accounted(&mut self, k: TechnologyId, p: PollutantId, q: usize) -> NodeId {
        let credits = &self.catalogue.technologies[k.at()].credits;
        let Some(j) = credits.iter().position(|(other, _)| *other == p) else {
            return self.physical(k, q);
        };
        let credit = credits[j].1;
        match (credit.rule, credit.of) {
            (CreditRule::Rule, _) => self.memo(What::Accounted(k, q), |tape| {
                product(vec![tape.input(Input::Credit(k, j))])
            }),
            (CreditRule::Limits, Some(of)) => self.memo(What::Accounted(k, q), |tape| {
                let ratio = tape.input(Input::Credit(k, j));
                product(vec![ratio, tape.accounted(of, p, q)])
            }),
            (CreditRule::Nothing, Some(of)) => self.memo(What::Accounted(k, q), |tape| {
                product(vec![tape.accounted(of, p, q)])
            }),
            _ => self.physical(k, q),
        }
    }

    /// F[k,q] with what its fuels emit, before calibration.
    fn physical(&mut self, k: TechnologyId, q: usize) -> NodeId {
        self.memo(What::Raw(k, q), |tape| {
            let catalogue = tape.catalogue;
            let technology = &catalogue.technologies[k.at()];
            let account = tape.plan.accounts[q];
            let mut parts = Vec::new();
            if let Account::Pollutant(p, _) | Account::Outside(p) = account {
                for (j, (other, _)) in technology.factors.iter().enumerate() {
                    if *other == p {
                        parts.push(tape.input(Input::Factor(k, j)));
                    }
                }
            }
            for (j, (carrier, _)) in technology.energy.iter().enumerate() {
                let fuel = &catalogue.carriers[carrier.at()];
                match account {
                    Account::Pollutant(p, _) | Account::Outside(p) => {
                        let factor = fuel.factors.iter().position(|(other, _)| *other == p);
                        let Some(factor) = factor else { continue };
                        parts.push(tape.memo(What::Fuel(k, j, q), |tape| {
                            let used = tape.input(Input::FuelUse(k, j));
                            product(vec![used, tape.input(Input::FuelFactor(*carrier, factor))])
                        }));
                    }
                    Account::Energy => parts.push(tape.input(Input::FuelUse(k, j))),
                    Account::Coal if fuel.is_coal => parts.push(tape.input(Input::FuelUse(k, j))),
                    Account::NonFossil if !fuel.is_fossil => {
                        parts.push(tape.input(Input::FuelUse(k, j)));
                    }
                    _ => {}
                }
            }
            if let Account::Activity(_) = account {
                let one = catalogue.coefficient(k, account);
                parts.push(tape.constant(one));
            }
            sum(parts)
        })
    }

    /// κ of a class, or of the whole account.
    fn kappa(&mut self, q: usize, class: Option<ClassId>) -> NodeId {
        self.memo(What::Kappa(q, class), |tape| {
            let official = tape.official(q, class);
            let bottom_up = tape.memo(What::BottomUp(q, class), |tape| {
                let catalogue = tape.catalogue;
                if let Some(year) = tape.later(q) {
                    return tape.later_sum(q, class, year);
                }
                let base = &tape.plan.base_year;
                let mut parts = Vec::new();
                for (k, technology) in catalogue.technologies.iter().enumerate() {
                    let (id, v) = (TechnologyId::from_usize(k), technology.service);
                    let counts = class.is_none_or(|class| class == technology.class)
                        && base.demand[v.at()] > 0.0
                        && base.shares[k] > 0.0
                        && base.coefficient(id, q) != 0.0;
                    if counts {
                        parts.push(tape.memo(What::BottomUpPart(id, q), |tape| {
                            let demand = tape.input(Input::Demand(v));
                            product(vec![demand, tape.share(id), tape.raw(id, q)])
                        }));
                    }
                }
                sum(parts)
            });
            (Op::Ratio { scale: 1.0 }, vec![official, bottom_up])
        })
    }

    /// The index of the later year whose official amount an account is calibrated to.
    fn later(&self, q: usize) -> Option<usize> {
        let account = self.plan.accounts[q].official();
        let year = self.scenario.world.inventory.get(&account)?.year?;
        self.plan.year(year)
    }

    /// Σ F · A in a later year: by growth and current policy up to then.
    fn later_sum(&mut self, q: usize, class: Option<ClassId>, t: usize) -> (Op, Vec<NodeId>) {
        let catalogue = self.catalogue;
        let mut parts = Vec::new();
        for (k, technology) in catalogue.technologies.iter().enumerate() {
            let (id, v) = (TechnologyId::from_usize(k), technology.service);
            let counts = class.is_none_or(|class| class == technology.class)
                && self.plan.base_year.demand[v.at()] > 0.0
                && self.plan.base_year.coefficient(id, q) != 0.0;
            if !counts {
                continue;
            }
            let share = self.reference(id, t, (false, self.credits(q)));
            if self.value(share) != 0.0 {
                parts.push(self.memo(What::BottomUpPart(id, q), |tape| {
                    product(vec![tape.demand(v, t), share, tape.raw(id, q)])
                }));
            }
        }
        sum(parts)
    }

    /// The official amount of a class: the official total times the class's part of
    /// the sum of classes, where there is a total of its own.
    fn official(&mut self, q: usize, class: Option<ClassId>) -> NodeId {
        let Some(class) = class else {
            return self.input(Input::Total(q));
        };
        let inventory = &self.scenario.world.inventory[&self.plan.accounts[q].official()];
        let own = inventory.classes[&class].amount;
        let rows = inventory.classes.values();
        let total = inventory.total.map(|total| total.amount);
        // A total made from the rows of the classes has no row of its own.
        let independent = total.filter(|total| {
            let same = |row: &crate::catalogue::InventoryValue| {
                let (a, b) = (row.amount.origin, total.origin);
                (a.file, a.line) == (b.file, b.line)
            };
            total.value > 0.0 && !rows.clone().any(same)
        });
        let Some(total) = independent.filter(|_| own.value > 0.0) else {
            return self.input(Input::Class(q, class));
        };
        let classes: Vec<ClassId> = inventory.classes.keys().copied().collect();
        self.memo(What::Official(q, Some(class)), |tape| {
            let whole = tape.input(Input::Total(q));
            let part = tape.memo(What::ClassPart(q, class), |tape| {
                let own = tape.input(Input::Class(q, class));
                let all = tape.memo(What::ClassSum(q), |tape| {
                    let rows = classes.iter().map(|c| tape.input(Input::Class(q, *c)));
                    sum(rows.collect())
                });
                // The run takes the classes as they stand, rounding included.
                let scale = tape.value(all) / total.value;
                (Op::Ratio { scale }, vec![own, all])
            });
            product(vec![whole, part])
        })
    }
}
