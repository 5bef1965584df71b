//! Shares after measures, as the run has them or as official accounting credits them.

use super::{NodeId, Op, Tape, What, product};
use crate::dims::TechnologyId;
use crate::measure::{Policy, Shift};

impl Tape<'_> {
    /// The share of `k` after current policy; after all measures but the coal cap if
    /// `others`; as official accounting credits it if `credited`.
    pub(super) fn reference(
        &mut self,
        k: TechnologyId,
        t: usize,
        (others, credited): (bool, bool),
    ) -> NodeId {
        self.memo(What::Reference(k, t, others, credited), |tape| {
            let (mut factors, mut children) = (vec![1.0], vec![tape.share_or_nothing(k)]);
            for (m, measure) in tape.plan.measures.iter().enumerate() {
                let counts = others || measure.policy == Policy::Current;
                if measure.kind.is_cap() || !counts {
                    continue;
                }
                for (sign, change) in tape.share_changes(m, k, t, credited) {
                    factors.push(sign);
                    children.push(change);
                }
            }
            let constant = 0.0;
            (Op::Linear { constant, factors }, children)
        })
    }

    /// What the shifts of a measure change in a share, with their signs.
    pub(super) fn share_changes(
        &mut self,
        m: usize,
        k: TechnologyId,
        t: usize,
        credited: bool,
    ) -> Vec<(f64, NodeId)> {
        let mut found = Vec::new();
        let moves = |shift: &Shift| {
            let amount = if credited {
                &shift.credited
            } else {
                &shift.amount
            };
            amount[t] != 0.0
        };
        let shifts = self.planned(m).shifts.iter().enumerate();
        for (i, shift) in shifts.filter(|(_, shift)| moves(shift)) {
            let loses = |(other, parts): &(TechnologyId, Vec<f64>)| *other == k && parts[t] != 0.0;
            if shift.take.iter().any(loses) {
                let part = self.taken(m, i, k, t);
                found.push((-1.0, self.share_change((m, i, k, t), credited, part)));
            }
            let given = shift.give.iter().position(|(other, _)| *other == k);
            if let Some(j) = given.filter(|j| shift.give[*j].1 != 0.0) {
                let part = self.given(m, i, j);
                found.push((1.0, self.share_change((m, i, k, t), credited, part)));
            }
        }
        found
    }

    /// What a shift changes in a share: x · a · part.
    fn share_change(
        &mut self,
        (m, i, k, t): (usize, usize, TechnologyId, usize),
        credited: bool,
        part: NodeId,
    ) -> NodeId {
        let mut parts = vec![self.amount((m, i, t), credited), part];
        parts.extend(self.level(m));
        let (op, parts) = product(parts);
        self.push(What::ShareChange(m, i, k, t), op, parts)
    }
}
