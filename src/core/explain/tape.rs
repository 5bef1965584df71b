//! The terms of a result, as a graph: every term knows its value, what it was
//! made from and by which operation.
//!
//! Terms stand in the order in which they were made, so each comes after its
//! children; a term that several others use stands once.

use super::what::What;
use crate::linked;
use nalgebra::DMatrix;

/// The index of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// As a number.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// How a term's value follows from those of its children.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A number of the data or the scenario, or a constant: no children.
    Leaf,
    /// `constant + Σ factor · child`.
    Linear {
        /// The constant.
        constant: f64,
        /// One factor a child.
        factors: Vec<f64>,
    },
    /// `scale · Π child`.
    Product {
        /// The constant factor.
        scale: f64,
    },
    /// `scale · first / second`.
    Ratio {
        /// The constant factor.
        scale: f64,
    },
    /// `Π (1 + ε·g) · (1 − s)`; children ε, s, then g by year.
    Growth,
    /// The child, or 0 where it is negative.
    Positive,
    /// The first of φ = (I − B)^-1 · f; children are f of each service, then the
    /// entries of B that are not 0, at these places.
    Leontief {
        /// Rows and columns of the entries.
        entries: Vec<(usize, usize)>,
    },
}

/// A term.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// What it is.
    pub what: What<'a>,
    /// How it follows from its children.
    pub op: Op,
    /// Its value, in base units.
    pub value: f64,
    /// What it is made from.
    pub children: Vec<NodeId>,
}

impl Op {
    /// The value that follows from those of the children; `None` for a leaf.
    pub fn value(&self, children: &[f64]) -> Option<f64> {
        Some(match self {
            Op::Leaf => return None,
            Op::Linear { constant, factors } => {
                let terms = factors.iter().zip(children);
                constant + terms.map(|(factor, child)| factor * child).sum::<f64>()
            }
            Op::Product { scale } => scale * children.iter().product::<f64>(),
            Op::Ratio { scale } => scale * children[0] / children[1],
            Op::Growth => {
                let (elasticity, saving) = (children[0], children[1]);
                let steps = children[2..].iter();
                steps
                    .map(|g| (1.0 + elasticity * g) * (1.0 - saving))
                    .product()
            }
            Op::Positive => children[0].max(0.0),
            Op::Leontief { entries } => {
                let (links, direct) = system(entries, children);
                solve(&links, &direct)[0]
            }
        })
    }

    /// ∂value/∂child for every child.
    pub fn partials(&self, value: f64, children: &[f64]) -> Vec<f64> {
        match self {
            Op::Leaf => Vec::new(),
            Op::Linear { factors, .. } => factors.clone(),
            Op::Product { scale } => {
                let all: f64 = children.iter().product();
                let others = |i: usize| -> f64 {
                    if children[i] != 0.0 && all != 0.0 {
                        return all / children[i];
                    }
                    let others = children.iter().enumerate().filter(|(j, _)| *j != i);
                    others.map(|(_, child)| child).product()
                };
                (0..children.len()).map(|i| scale * others(i)).collect()
            }
            Op::Ratio { scale } => {
                let (above, below) = (children[0], children[1]);
                vec![scale / below, -scale * above / (below * below)]
            }
            Op::Growth => {
                let (elasticity, saving) = (children[0], children[1]);
                let rates = &children[2..];
                let by_elasticity: f64 = rates.iter().map(|g| g / (1.0 + elasticity * g)).sum();
                let mut partials = vec![
                    value * by_elasticity,
                    -value * rates.len() as f64 / (1.0 - saving),
                ];
                partials.extend(
                    rates
                        .iter()
                        .map(|g| value * elasticity / (1.0 + elasticity * g)),
                );
                partials
            }
            Op::Positive => vec![f64::from(u8::from(children[0] > 0.0))],
            Op::Leontief { entries } => {
                // With y the first row of (I − B)^-1: ∂φ0/∂f[u] = y[u], ∂φ0/∂B[a,b] = y[a]·φ[b].
                let (links, direct) = system(entries, children);
                let mut first = vec![0.0; direct.len()];
                first[0] = 1.0;
                let row = solve(&links.transpose(), &first);
                let whole = solve(&links, &direct);
                let by_link = entries.iter().map(|(a, b)| row[*a] * whole[*b]);
                let by_link: Vec<f64> = by_link.collect();
                row.into_iter().chain(by_link).collect()
            }
        }
    }
}

/// B and f from the children of a Leontief term.
fn system(entries: &[(usize, usize)], children: &[f64]) -> (DMatrix<f64>, Vec<f64>) {
    let size = children.len() - entries.len();
    let mut links = DMatrix::zeros(size, size);
    for ((a, b), value) in entries.iter().zip(&children[size..]) {
        links[(*a, *b)] = *value;
    }
    (links, children[..size].to_vec())
}

fn solve(links: &DMatrix<f64>, direct: &[f64]) -> Vec<f64> {
    let column = DMatrix::from_column_slice(direct.len(), 1, direct);
    // A compiled plan has solved the same system for all services.
    linked::embodied(links, &column).map_or_else(
        || direct.to_vec(),
        |solved| solved.iter().copied().collect(),
    )
}

/// ∂root/∂node for every node up to `root`, by reverse accumulation: one pass.
pub(super) fn gradient(nodes: &[Node<'_>], root: NodeId) -> Vec<f64> {
    let mut adjoint = vec![0.0; root.at() + 1];
    adjoint[root.at()] = 1.0;
    let mut values = Vec::new();
    for i in (0..=root.at()).rev() {
        let node = &nodes[i];
        if adjoint[i] == 0.0 || node.children.is_empty() {
            continue;
        }
        values.clear();
        values.extend(node.children.iter().map(|child| nodes[child.at()].value));
        let partials = node.op.partials(node.value, &values);
        for (child, partial) in node.children.iter().zip(partials) {
            adjoint[child.at()] += adjoint[i] * partial;
        }
    }
    adjoint
}

#[cfg(test)]
mod tests {
    use super::Op;

    /// Every operation's derivatives against finite differences.
    #[test]
    fn derivatives_agree_with_differences() {
        let cases = [
            (
                Op::Linear {
                    constant: 2.0,
                    factors: vec![1.0, -3.0],
                },
                vec![0.5, 0.25],
            ),
            (Op::Product { scale: 3.0 }, vec![2.0, 0.5, 4.0]),
            (Op::Product { scale: 1.0 }, vec![2.0, 0.0]),
            (Op::Ratio { scale: 2.0 }, vec![3.0, 7.0]),
            (Op::Growth, vec![0.8, 0.01, 0.05, -0.02, 0.07]),
            (Op::Positive, vec![0.4]),
            (Op::Positive, vec![-0.4]),
            (
                Op::Leontief {
                    entries: vec![(0, 1), (1, 1), (1, 0)],
                },
                vec![1.0, 2.0, 0.1, 0.05, 0.2],
            ),
        ];
        for (op, children) in cases {
            let value = op.value(&children).unwrap();
            let partials = op.partials(value, &children);
            assert_eq!(partials.len(), children.len());
            for (i, partial) in partials.iter().enumerate() {
                let step = 1e-6;
                let at = |by: f64| {
                    let mut moved = children.clone();
                    moved[i] += by;
                    op.value(&moved).unwrap()
                };
                let difference = (at(step) - at(-step)) / (2.0 * step);
                assert!(
                    (difference - partial).abs() < 1e-8 * partial.abs().max(1.0),
                    "{op:?}, child {i}: {partial} and {difference}"
                );
            }
        }
    }
}
