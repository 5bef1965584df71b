//! A fleet that turns over: from the share of new-energy vehicles in new sales to their
//! share of the fleet, year by year.
//!
//! The fleet of the end of a year is what is left of what was sold up to then. With N[t]
//! the fleet as a multiple of that of the base year b, S(i) the part of vehicles that is
//! left at age i, and the ages of the base-year fleet those of one that had grown by γ a
//! year,
//!
//! ```text
//! S(i)    = exp(−(i / life)^shape)
//! N[t]    = Π_{τ=b+1..t} (1 + g[d(v),τ]) · R[fleet,t] / R[fleet,b]
//! n(i)    = S(i) · (1 + γ)^(−i) / Σ_j S(j) · (1 + γ)^(−j)            base year, by age i
//! left[t] = Σ_i n(i) · S(i + t − b) / S(i)
//! s[t]    = max(0, N[t] − left[t] − Σ_{τ=b+1..t−1} s[τ] · S(t − τ))   sold in t
//! ρ[t]    = R[nev,t] / R[fleet,t]                                   current policy
//! σ[t]    = (N[t]·ρ[t] − left[t]·ρ[b] − Σ_{τ<t} s[τ]·S(t−τ)·σ[τ]) / s[t]   of new sales
//! e[t]    = Σ_{τ=b+1..t} s[τ]·S(t−τ)/N[t] · w[τ] · max(0, sales − σ[τ])   end of the year
//! a[t]    = part · R[fleet,t] · z · ((1 − f) · e[t−1] + f · e[t])
//! ```
//!
//! σ is what new sales have under current policy, so `sales` is the share of all new sales
//! where w = 1. What is sold through a year is on the road for half of it: f = ½; the
//! accounted book has f = c of [`super::ramp`]. Everything is affine in `sales` above σ,
//! and so in the level. After the end the share of sales stays, and the fleet goes on to
//! follow it.

use super::extent::amount_of_years;
use super::source::Source;
use super::traced::{Traced, Use};
use super::{Compiled, Context, Measure, Outcome, Problem};
use crate::accounting::{first_year_credit, start_lag};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// No vehicle is older.
const OLDEST: usize = 60;

/// A fleet, and what of it is new energy.
pub(super) struct Fleet<'a> {
    /// Its service.
    pub service: ServiceId,
    /// All its technologies.
    pub all: &'a [TechnologyId],
    /// The parameters of its survival and of its growth before the base year.
    pub shape: &'static str,
    /// See `shape`.
    pub before: &'static str,
    /// What gains.
    pub to: TechnologyId,
    /// What loses.
    pub from: &'a [TechnologyId],
}

/// Who is left, and who is sold.
#[derive(Debug)]
struct Turnover {
    /// N[t], 1 in the base year.
    fleet: Vec<f64>,
    /// left[t]: the base-year fleet, as a part of itself.
    left: Vec<f64>,
    /// s[t], as a part of the base-year fleet.
    sold: Vec<f64>,
    /// S(i).
    survival: Vec<f64>,
}

impl Turnover {
    /// Of a fleet whose size by year is `fleet`, 1 in the first; life in years.
    fn of(fleet: Vec<f64>, (life, shape): (f64, f64), before: f64) -> Self {
        let span = fleet.len();
        let survival = |age: usize| libm::exp(-libm::pow(age as f64 / life, shape));
        let survival: Vec<f64> = (0..OLDEST + span).map(survival).collect();
        let ages = (0..OLDEST).map(|i| survival[i] * libm::pow(1.0 + before, -(i as f64)));
        let ages: Vec<f64> = ages.collect();
        let all: f64 = ages.iter().sum();
        let left = |t: usize| -> f64 {
            let kept = ages.iter().enumerate();
            let kept = kept.filter(|(i, _)| survival[*i] > 0.0);
            kept.map(|(i, n)| n / all * survival[i + t] / survival[i])
                .sum()
        };
        let left: Vec<f64> = (0..span).map(left).collect();
        let mut sold = vec![0.0; span];
        for t in 1..span {
            let since: f64 = (1..t).map(|s| sold[s] * survival[t - s]).sum();
            sold[t] = (fleet[t] - left[t] - since).max(0.0);
        }
        Self {
            fleet,
            left,
            sold,
            survival,
        }
    }

    /// What was sold in year `from` and is left at the end of year `t`, of the fleet then.
    fn kept(&self, from: usize, t: usize) -> f64 {
        if from > t {
            return 0.0;
        }
        self.sold[from] * self.survival[t - from] / self.fleet[t]
    }

    /// σ by year as sums of ρ: in row t what the ρ of each year counts.
    fn of_sales(&self) -> Vec<Vec<f64>> {
        let span = self.fleet.len();
        let mut rows = vec![vec![0.0; span]; span];
        for t in 1..span {
            if self.sold[t] <= 0.0 {
                continue;
            }
            let mut row = vec![0.0; span];
            row[t] += self.fleet[t];
            row[0] -= self.left[t];
            for (s, before) in rows.iter().enumerate().take(t).skip(1) {
                for (cell, part) in row.iter_mut().zip(before) {
                    *cell -= self.sold[s] * self.survival[t - s] * part;
                }
            }
            rows[t] = row.into_iter().map(|cell| cell / self.sold[t]).collect();
        }
        rows
    }
}

/// The shift of a measure that states `sales`.
pub(super) fn shift(ctx: &Context<'_>, m: &Measure, fleet: &Fleet<'_>, sales: &Traced) -> Outcome {
    let end = m.ramp.end_in(ctx.years);
    if ctx.demand_at(fleet.service, end).value <= 0.0
        || ctx.shares(fleet.all, end).value <= 0.0
        || ctx.shares(fleet.all, 0).value <= 0.0
    {
        return Ok(Compiled::notice(ctx.not_here(fleet.service)));
    }
    let turnover = turnover(ctx, fleet)?;
    // ρ and σ of current policy.
    let nev: Vec<Traced> = (0..ctx.years.len())
        .map(|t| ctx.share(fleet.to, t) / ctx.shares(fleet.all, t))
        .collect();
    let of_sales = turnover.of_sales().into_iter().map(|row| {
        let parts = row.into_iter().zip(&nev).filter(|(part, _)| *part != 0.0);
        Traced::weighted(parts.map(|(part, rho)| (part, rho.clone())))
    });
    let of_sales: Vec<Traced> = of_sales.collect();
    if sales.value <= of_sales[end].value {
        let has = of_sales[end].value;
        return Ok(Compiled::notice(ctx.already(
            fleet.service,
            sales.value,
            has,
        )));
    }
    let more = ctx.years.iter().zip(of_sales).enumerate();
    let more: Vec<Traced> = more
        .map(|(t, (year, has))| {
            let force = Traced::of(m.ramp.at(*year), Use::Ramp(t));
            force * (sales.clone() - has).positive()
        })
        .collect();
    let zone = ctx.zone_part(m, fleet.service)?;
    let first = first_year_credit(start_lag(ctx.catalogue));
    let moved = |t: usize, first: f64| -> Traced {
        let parts = (1..=t).filter(|s| more[*s].value > 0.0).map(|s| {
            let before = t.checked_sub(1).map_or(0.0, |b| turnover.kept(s, b));
            let part = (1.0 - first) * before + first * turnover.kept(s, t);
            (part, more[s].clone())
        });
        let part = Traced::weighted(parts) * ctx.shares(fleet.all, t) * zone.clone();
        match m.traced("of_fleet") {
            Some(of) => part * of,
            None => part,
        }
    };
    let years = 0..ctx.years.len();
    let amount: Vec<Traced> = years.clone().map(|t| moved(t, 0.5)).collect();
    let credited: Vec<Traced> = years.map(|t| moved(t, first)).collect();
    let to = vec![(fleet.to, Traced::fixed(1.0))];
    Ok(amount_of_years(
        ctx,
        m,
        fleet.service,
        (&Source::whole(fleet.from), to),
        (amount, credited),
    ))
}

/// The turnover of the fleet at the growth of the scenario.
fn turnover(ctx: &Context<'_>, fleet: &Fleet<'_>) -> Result<Turnover, Vec<Problem>> {
    let driver = ctx.catalogue.services[fleet.service.at()].driver;
    let has = |t: usize| ctx.shares(fleet.all, t).value;
    let mut index = 1.0;
    let size = ctx.growth[driver.at()].iter().enumerate().map(|(t, g)| {
        if t > 0 {
            index *= 1.0 + g;
        }
        index * has(t) / has(0)
    });
    let size: Vec<f64> = size.collect();
    let technology = &ctx.catalogue.technologies[fleet.to.at()];
    let Some(life) = technology.lifetime else {
        let id = &technology.named.id;
        let text = Text::new(
            format!("data/technologies.csv 没有 `{id}` 的寿命"),
            format!("data/technologies.csv has no lifetime of `{id}`"),
        );
        return Err(vec![Problem::new("sales", text)]);
    };
    let shape = ctx.parameter(fleet.shape)?.value;
    let before = ctx.parameter(fleet.before)?.value;
    if size.iter().any(|n| *n <= 0.0) {
        let text = Text::new(
            "车队在情景年份内归零，无法按新车销售占比换算",
            "the fleet comes to nothing within the scenario: no share of new sales can be turned into one of it",
        );
        return Err(vec![Problem::new("sales", text)]);
    }
    Ok(Turnover::of(size, (life, shape), before))
}

#[cfg(test)]
mod tests {
    use super::Turnover;

    /// A fleet that keeps its size, with vehicles that all live through the run but those
    /// of the base year.
    #[test]
    fn a_fleet_is_what_is_left_of_what_was_sold() {
        let fleet = Turnover::of(vec![1.0, 1.1, 1.21, 1.331], (14.5, 4.79), 0.208);
        for t in 1..4 {
            let kept: f64 = (1..=t).map(|s| fleet.kept(s, t)).sum();
            let whole = kept + fleet.left[t] / fleet.fleet[t];
            assert!((whole - 1.0).abs() < 1e-12, "{t}: {whole}");
        }
        // By hand: S(1) = exp(−(1/14.5)^4.79) = 0.999997; of a fleet that had grown by a
        // fifth a year two in a hundred go in the first year, so sales are the growth and
        // two points more.
        assert!((fleet.survival[1] - 0.999_997_3).abs() < 1e-6);
        assert!(fleet.sold[1] > 0.115 && fleet.sold[1] < 0.125, "{fleet:?}");
    }

    #[test]
    fn sales_under_a_constant_share_have_that_share() {
        let fleet = Turnover::of(vec![1.0, 1.05, 1.12, 1.15, 1.2], (12.8, 5.58), 0.08);
        for row in fleet.of_sales().iter().skip(1) {
            let sum: f64 = row.iter().sum();
            assert!((sum - 1.0).abs() < 1e-12, "{row:?}");
        }
    }

    #[test]
    fn sales_follow_a_rise_of_the_share_by_hand() {
        // Nothing dies: S = 1 for all ages that occur, so σ[1] = (N1·ρ1 − ρ0) / s1 with
        // s1 = N1 − 1: (1.1·0.1 − 0.01) / 0.1 = 1; then (1.21·0.1 − 0.01 − 0.1·1) / 0.11 = 0.1.
        let fleet = Turnover::of(vec![1.0, 1.1, 1.21], (1e6, 4.0), 0.2);
        let rho = [0.01, 0.1, 0.1];
        let sigma = |t: usize| -> f64 {
            let row = &fleet.of_sales()[t];
            row.iter().zip(rho).map(|(part, rho)| part * rho).sum()
        };
        assert!((sigma(1) - 1.0).abs() < 1e-9, "{}", sigma(1));
        assert!((sigma(2) - 0.1).abs() < 1e-9, "{}", sigma(2));
    }
}
