//! What a shift takes from, and how much from each.
//!
//! In each year the technologies that a measure aims at lose in proportion to what
//! current policy leaves of them in that year:
//!
//! ```text
//! u[k,t] = R[k,t] / Σ_j R[j,t]
//! ```
//!
//! Some kinds aim at plant whether it has been retrofitted or not: what is saved, closed
//! or displaced was made by the one or the other ([`KindSpec::adapts`](super::KindSpec::adapts)). They are laid out after
//! the others, and where those leave less of a technology than its part, the rest comes
//! from the technologies of the same group, by what is left of them:
//!
//! ```text
//! room[k,t]  = share after current policy and the measures laid out before
//! need[k,t]  = x · a[t] · u[k,t]
//! short      = Σ_k max(0, need[k] − room[k])          spare[k] = max(0, room[k] − need[k])
//! found      = min(short, Σ_j spare[j])
//! taken[k,t] = need[k] − max(0, need[k] − room[k]) · found / short
//!                      + spare[k] · found / Σ_j spare[j]
//! ```
//!
//! so that where the group has enough, those that are short give all their room. Where it
//! has not, what is missing stays with those that are short: an over-claim, unless the
//! measure gives them as much back.
//!
//! at the level x that the scenario states; where nothing is short, u stands. So a run
//! stays affine in levels: in a sweep u is that of the stated levels.

use super::{Bent, Context, Measure, OVER_CLAIM_SLACK, Policy, Room, Shift, Taken};
use crate::catalogue::Catalogue;
use crate::dims::{RegionId, TechnologyId};

/// Shares of several technologies by year.
pub type Parts = Vec<(TechnologyId, Vec<f64>)>;

impl Room {
    /// Before any measure: `shares` by technology and year, and the zones' parts of them.
    pub fn before(
        catalogue: &Catalogue,
        shares: &[Vec<f64>],
        zones: impl IntoIterator<Item = RegionId>,
    ) -> Self {
        let own = |zone: RegionId| {
            let rows = shares.iter().zip(&catalogue.technologies);
            let part = |service| {
                catalogue
                    .zones
                    .get(&(zone, service))
                    .map_or(0.0, |p| p.value)
            };
            rows.map(|(row, k)| row.iter().map(|s| s * part(k.service)).collect())
                .collect()
        };
        Self {
            region: shares.to_vec(),
            zones: zones.into_iter().map(|zone| (zone, own(zone))).collect(),
        }
    }

    /// Carries out the shifts of a measure at its stated level. What new measures take
    /// all over a region they take wherever it is: no zone has less for it.
    pub fn carry_out(&mut self, catalogue: &Catalogue, measure: &Measure, shifts: &[Shift]) {
        for shift in shifts {
            move_shares(&mut self.region, (shift, &shift.amount), measure.level);
            for (zone, shares) in &mut self.zones {
                let scale = match (measure.zone, measure.policy) {
                    (Some(other), _) if other == *zone => 1.0,
                    (None, Policy::Current) => {
                        let part = catalogue.zones.get(&(*zone, shift.service));
                        part.map_or(0.0, |part| part.value)
                    }
                    _ => continue,
                };
                move_shares(shares, (shift, &shift.amount), measure.level * scale);
            }
        }
    }

    /// What is left of `k` for a measure, and whether it is the zone that has so little.
    fn left(&self, zone: Option<RegionId>, k: TechnologyId, t: usize) -> (f64, bool) {
        let all = self.region[k.at()][t].max(0.0);
        let zone = zone.and_then(|zone| Some(self.zones.get(&zone)?[k.at()][t].max(0.0)));
        match zone {
            Some(own) if own < all => (own, true),
            _ => (all, false),
        }
    }
}

/// Moves `amount` by what `shift` takes and gives, at a level, in shares by technology and
/// year.
pub(crate) fn move_shares(shares: &mut [Vec<f64>], (shift, amount): (&Shift, &[f64]), level: f64) {
    for (t, amount) in amount.iter().enumerate() {
        for (k, part) in &shift.take {
            shares[k.at()][t] -= level * amount * part[t];
        }
        for (k, part) in &shift.give {
            shares[k.at()][t] += level * amount * part;
        }
    }
}

/// The technologies that a measure aims at.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    /// Those that it takes from in proportion.
    pub first: Vec<TechnologyId>,
    /// Those that it takes from where nothing is left of the first.
    reserve: Vec<TechnologyId>,
    /// Groups of technologies that stand in for each other where other measures leave
    /// too little of one.
    groups: Vec<Vec<TechnologyId>>,
}

impl Source {
    /// Technologies that lose in proportion, and none other.
    pub(super) fn of(from: &[TechnologyId]) -> Self {
        Self {
            first: from.to_vec(),
            ..Self::default()
        }
    }

    /// The same; where other measures leave too little of one, the others stand in.
    pub(super) fn whole(from: &[TechnologyId]) -> Self {
        Self::grouped(from, vec![from.to_vec()])
    }

    /// The same, within groups.
    pub(super) fn grouped(from: &[TechnologyId], groups: Vec<Vec<TechnologyId>>) -> Self {
        Self {
            groups,
            ..Self::of(from)
        }
    }

    /// Technologies that lose first, and those that stand in where too little is left.
    pub(super) fn then(first: &[TechnologyId], reserve: &[TechnologyId]) -> Self {
        Self {
            first: first.to_vec(),
            reserve: reserve.to_vec(),
            groups: vec![[first, reserve].concat()],
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<TechnologyId> {
        [self.first.as_slice(), &self.reserve].concat()
    }

    /// Those that have something to give in the year at `t`.
    pub(super) fn pool(&self, reference: &[Vec<f64>], t: usize) -> Vec<TechnologyId> {
        let has = |all: &[TechnologyId]| -> Vec<TechnologyId> {
            let some = all.iter().copied();
            some.filter(|k| reference[k.at()][t] > 0.0).collect()
        };
        let first = has(&self.first);
        if first.is_empty() {
            has(&self.reserve)
        } else {
            first
        }
    }

    /// How much is taken from each in each year, and what it follows from.
    pub(super) fn split(
        &self,
        ctx: &Context<'_>,
        m: &Measure,
        amount: &[f64],
        end: usize,
    ) -> (Parts, Vec<Taken>) {
        let all = self.all();
        let mut parts: Parts = all.iter().map(|k| (*k, vec![0.0; amount.len()])).collect();
        let mut taken = Vec::with_capacity(amount.len());
        for (t, amount) in amount.iter().enumerate() {
            let own = self.pool(ctx.reference, t);
            let (year, pool) = if own.is_empty() {
                (end, self.pool(ctx.reference, end))
            } else {
                (t, own)
            };
            let left: f64 = pool.iter().map(|k| ctx.reference[k.at()][year]).sum();
            for (k, part) in &mut parts {
                if pool.contains(k) {
                    part[t] = ctx.reference[k.at()][year] / left;
                }
            }
            let moved = m.level * amount;
            let groups = self.groups.iter().filter(|_| moved > 0.0);
            let bent = groups.filter_map(|group| bend(ctx, m.zone, (group, moved, t), &mut parts));
            let bent = bent.collect();
            taken.push(Taken { year, pool, bent });
        }
        parts.retain(|(_, part)| part.iter().any(|u| *u > 0.0));
        (parts, taken)
    }
}

/// Lets the technologies of a group stand in for those of which too little is left.
fn bend(
    ctx: &Context<'_>,
    zone: Option<RegionId>,
    (group, moved, t): (&[TechnologyId], f64, usize),
    parts: &mut Parts,
) -> Option<Bent> {
    let own: Vec<usize> = (0..parts.len())
        .filter(|i| group.contains(&parts[*i].0))
        .collect();
    let need = |parts: &Parts, i: usize| moved * parts[i].1[t];
    let room = |parts: &Parts, i: usize| ctx.room.left(zone, parts[i].0, t);
    let over = |parts: &Parts, i: usize| need(parts, i) - room(parts, i).0;
    let short: f64 = own.iter().map(|i| over(parts, *i).max(0.0)).sum();
    if short <= OVER_CLAIM_SLACK {
        return None;
    }
    let spare: f64 = own.iter().map(|i| (-over(parts, *i)).max(0.0)).sum();
    // What the group cannot give at all stays where it was asked for: an over-claim.
    let found = short.min(spare);
    let mut bent = Bent {
        lacks: spare < short,
        ..Bent::default()
    };
    let before = parts.clone();
    for i in own {
        let (k, over) = (before[i].0, over(&before, i));
        let zoned = room(&before, i).1;
        if over > 0.0 {
            parts[i].1[t] -= over / moved * (found / short);
            bent.short.push((k, zoned));
        } else if over < 0.0 && spare > 0.0 {
            parts[i].1[t] += found * (-over / spare) / moved;
            bent.spare.push((k, zoned));
        }
    }
    Some(bent)
}
