//! The choice of a box, and what may be said of it.

use super::limits::{Bound, BoxCount, PrimBox, Restriction, Side};
use super::paste::{strip, violations};
use super::step::{Prim, PrimOptions, PrimStep, Sample};
use crate::analysis::stats::binomial_upper_tail;

/// Chooses from the trajectory by the rule stated at [`Prim::chosen`].
pub(super) fn choose(sample: &Sample, options: &PrimOptions, trajectory: Vec<PrimStep>) -> Prim {
    let (chosen, dense_enough) = chosen(&trajectory, options.least_density);
    let mut region = trajectory[chosen].region.clone();
    let mut count = trajectory[chosen].count;
    let mut dropped = Vec::new();
    let restrictions = loop {
        let restrictions = restrictions(sample, &region, count);
        let faces = restrictions.iter().flat_map(|r| {
            [(r.lower, Side::Lower), (r.upper, Side::Upper)]
                .into_iter()
                .filter_map(|(bound, side)| bound.map(|b| (b.quasi_p, r.input, side)))
        });
        let worst = faces.reduce(|a, b| if b.0 > a.0 { b } else { a });
        match worst {
            Some((quasi_p, input, side)) if quasi_p > options.significance => {
                region.release(input, side);
                dropped.push((input, side));
                count = recount(sample, &region);
            }
            _ => break restrictions,
        }
    };
    let mut restrictions = restrictions;
    restrictions.sort_by(|a, b| {
        a.without
            .density
            .total_cmp(&b.without.density)
            .then(a.input.cmp(&b.input))
    });
    Prim {
        trajectory,
        chosen,
        dense_enough,
        region,
        count,
        restrictions,
        dropped,
    }
}

/// Place of the chosen box, and whether it is dense enough.
fn chosen(trajectory: &[PrimStep], least_density: f64) -> (usize, bool) {
    let restricted = |place: &usize| trajectory[*place].region.restricted().count();
    let first_best = |places: Vec<usize>, merit: &dyn Fn(&BoxCount) -> f64| {
        places.into_iter().reduce(|a, b| {
            let (of_a, of_b) = (merit(&trajectory[a].count), merit(&trajectory[b].count));
            let simpler = of_b >= of_a && restricted(&b) < restricted(&a);
            if of_b > of_a || simpler { b } else { a }
        })
    };
    let dense = |place: &usize| trajectory[*place].count.density >= least_density;
    let all = 0..trajectory.len();
    match first_best(all.clone().filter(dense).collect(), &|c| {
        c.coverage * c.density
    }) {
        Some(place) => (place, true),
        None => (
            first_best(all.collect(), &|c| c.density).unwrap_or(0),
            false,
        ),
    }
}

/// Every restricted input with what its faces are worth.
fn restrictions(sample: &Sample, limits: &PrimBox, count: BoxCount) -> Vec<Restriction> {
    let violations = violations(sample, limits);
    let restrict = |input: usize| {
        let (mut rows, mut positives) = (count.rows, count.positives);
        let mut bound = |side: Side| {
            limits.get(input, side).map(|value| {
                let beyond = strip(sample, &violations, input, side, value);
                let more = beyond.iter().filter(|(_, positive)| *positive).count();
                rows += beyond.len();
                positives += more;
                let density = (count.positives + more) as f64 / (count.rows + beyond.len()) as f64;
                let (k, n) = (count.positives as u64, count.rows as u64);
                Bound {
                    value,
                    quasi_p: binomial_upper_tail(k, n, density),
                }
            })
        };
        let (lower, upper) = (bound(Side::Lower), bound(Side::Upper));
        Restriction {
            input,
            lower,
            upper,
            without: sample.count(rows, positives),
        }
    };
    limits.restricted().map(restrict).collect()
}

/// Counts a box anew.
fn recount(sample: &Sample, limits: &PrimBox) -> BoxCount {
    let inside = violations(sample, limits);
    let rows = inside.iter().filter(|count| **count == 0).count();
    let positives = inside
        .iter()
        .zip(sample.positive)
        .filter(|(count, p)| **count == 0 && **p)
        .count();
    sample.count(rows, positives)
}
