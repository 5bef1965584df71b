//! The pasting phase.

use rayon::prelude::*;

use super::limits::{PrimBox, Side};
use super::step::{Candidate, Phase, PrimOptions, PrimStep, Sample, best, step};

/// Pastes while the density rises. A paste takes in the nearest `α` of the rows
/// that only one face keeps out of the box.
pub(super) fn paste(sample: &Sample, options: &PrimOptions, trajectory: &mut Vec<PrimStep>) {
    let Some(mut now) = trajectory.last().cloned() else {
        return;
    };
    let mut violations = violations(sample, &now.region);
    loop {
        let faces: Vec<(usize, Side, f64)> = now
            .region
            .restricted()
            .flat_map(|j| [(j, Side::Lower), (j, Side::Upper)])
            .filter_map(|(j, side)| now.region.get(j, side).map(|limit| (j, side, limit)))
            .collect();
        let candidates: Vec<Option<Candidate>> = faces
            .par_iter()
            .map(|(input, side, limit)| {
                let strip = strip(sample, &violations, *input, *side, *limit);
                let limit = moved(&strip, *side, options.paste)?;
                let reached = |value: f64| match side {
                    Side::Lower => value >= limit,
                    Side::Upper => value <= limit,
                };
                let (mut rows, mut positives) = (now.count.rows, now.count.positives);
                for (_, positive) in strip.iter().filter(|(value, _)| reached(*value)) {
                    rows += 1;
                    positives += usize::from(*positive);
                }
                Some(Candidate {
                    input: *input,
                    side: *side,
                    limit,
                    rows,
                    positives,
                })
            })
            .collect();
        let Some(taken) = best(
            sample,
            candidates.into_iter().flatten(),
            options.objective,
            &now,
        ) else {
            return;
        };
        let next = step(sample, Phase::Paste, &now, taken);
        let (old, new) = (
            now.region.limits[taken.input],
            next.region.limits[taken.input],
        );
        for (count, value) in violations.iter_mut().zip(sample.inputs[taken.input]) {
            *count -= u32::from(!old.contains(*value) && new.contains(*value));
        }
        trajectory.push(next.clone());
        now = next;
    }
}

/// How many inputs of every row are outside the box.
pub(super) fn violations(sample: &Sample, limits: &PrimBox) -> Vec<u32> {
    let mut counts = vec![0; sample.rows()];
    for j in limits.restricted() {
        let limit = limits.limits[j];
        for (count, value) in counts.iter_mut().zip(sample.inputs[j]) {
            *count += u32::from(!limit.contains(*value));
        }
    }
    counts
}

/// Value and outcome of the rows that only this face keeps out.
pub(super) fn strip(
    sample: &Sample,
    violations: &[u32],
    input: usize,
    side: Side,
    limit: f64,
) -> Vec<(f64, bool)> {
    let beyond = |value: f64| match side {
        Side::Lower => value < limit,
        Side::Upper => value > limit,
    };
    violations
        .iter()
        .zip(sample.inputs[input])
        .zip(sample.positive)
        .filter(|((count, value), _)| **count == 1 && beyond(**value))
        .map(|((_, value), positive)| (*value, *positive))
        .collect()
}

/// The new limit: midway between the last value taken in and the next one out;
/// `None` for an empty strip.
fn moved(strip: &[(f64, bool)], side: Side, alpha: f64) -> Option<f64> {
    if strip.is_empty() {
        return None;
    }
    let last = strip.len() as f64 - 1.0;
    let rank = match side {
        Side::Lower => (last * (1.0 - alpha)).ceil() as usize,
        Side::Upper => (last * alpha).floor() as usize,
    };
    let mut values: Vec<f64> = strip.iter().map(|(value, _)| *value).collect();
    let (before, edge, after) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let next = match side {
        Side::Lower => before
            .iter()
            .copied()
            .filter(|v| *v < *edge)
            .reduce(f64::max),
        Side::Upper => after
            .iter()
            .copied()
            .filter(|v| *v > *edge)
            .reduce(f64::min),
    };
    let edge = *edge;
    let middle = next.map_or(edge, |next| f64::midpoint(edge, next));
    // Neighbouring floats have no middle: the limit is then the row taken in.
    Some(
        if next.is_some_and(|next| middle.total_cmp(&next).is_eq()) {
            edge
        } else {
            middle
        },
    )
}
