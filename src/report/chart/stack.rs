//! Areas on top of each other: what an [`AreaChart`] shows, and how its areas stack.
//!
//! `areas.rs` draws them.

use jianpai_core::text::{Lang, Text};

use super::notes::TargetMark;
use super::scale::{self, Axis, usable};
use super::text;
use super::theme::{self, GREY, POLICY, Rgb};

/// Areas over the years, from a floor upwards.
#[derive(Clone, Debug, Default)]
pub struct AreaChart {
    /// Headline.
    pub title: Text,
    /// What is drawn; the unit is added to it.
    pub subtitle: Text,
    /// Unit of the values.
    pub unit: Text,
    /// The years, ascending.
    pub years: Vec<i32>,
    /// What the areas are.
    pub kind: AreaKind,
    /// The lower edge of the lowest area, one value a year; empty for zero. A year without
    /// a usable floor is left out.
    pub floor: Vec<f64>,
    /// The areas, from the bottom. More than can be told apart are summed up, the
    /// smallest first.
    pub areas: Vec<Area>,
    /// Lines along the areas.
    pub edges: Vec<Edge>,
    /// What lies above a line because something adds to it.
    pub raised: Option<Raised>,
    /// Targets.
    pub targets: Vec<TargetMark>,
    /// Last recorded year: the ground up to it is shaded.
    pub history_until: Option<i32>,
    /// Source line.
    pub footnote: Text,
}

/// What the areas of an [`AreaChart`] are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AreaKind {
    /// What is taken off: labels have a minus sign.
    #[default]
    Wedges,
    /// Parts of a whole: labels give the share too.
    Parts,
}

/// One area of an [`AreaChart`].
#[derive(Clone, Debug, Default)]
pub struct Area {
    /// Name, written beside its end.
    pub name: Text,
    /// Its colour.
    pub paint: Paint,
    /// One height a year; what is not finite counts as nothing. Below zero it hangs from
    /// the floor.
    pub values: Vec<f64>,
}

/// The colour of an [`Area`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// The next of the palette.
    #[default]
    Series,
    /// What is in place already.
    Policy,
    /// What is nobody's doing, or many small things.
    Rest,
}

/// A line of an [`AreaChart`].
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Name, written at its end with the last value.
    pub name: Text,
    /// One value a year.
    pub values: Vec<f64>,
    /// Dark for what comes out, grey for what it is compared with.
    pub muted: bool,
}

/// A hatched band of an [`AreaChart`].
#[derive(Clone, Debug, Default)]
pub struct Raised {
    /// Name for the key.
    pub name: Text,
    /// Lower edge, one value a year.
    pub from: Vec<f64>,
    /// Upper edge, one value a year.
    pub to: Vec<f64>,
}

/// Grid lines, about.
const ROWS: usize = 6;
/// Areas told apart, one for the rest included.
const MOST: usize = 9;
/// An area below this part of the whole height is summed up with others.
const SLIVER: f64 = 0.012;

/// An area by year: name, colour and heights.
type Heights = (String, Paint, Vec<f64>);

/// An area worked out: its edges by year.
pub(super) struct Layer {
    /// Name.
    pub name: String,
    /// Fill.
    pub color: Rgb,
    /// Lower edge.
    pub from: Vec<f64>,
    /// Upper edge.
    pub to: Vec<f64>,
}

impl Layer {
    /// Height in the last year.
    pub fn end(&self) -> f64 {
        match (self.from.last(), self.to.last()) {
            (Some(from), Some(to)) => to - from,
            _ => 0.0,
        }
    }
}

impl Area {
    /// The height in the year at an index.
    fn at(&self, index: usize) -> f64 {
        let value = self.values.get(index).copied();
        value.filter(|value| usable(*value)).unwrap_or(0.0)
    }
}

/// Whether what lies between two values would be a sliver on an axis from zero.
fn is_thin(lo: f64, hi: f64) -> bool {
    lo > 0.0 && hi > lo && hi - lo < 0.3 * hi
}

impl AreaChart {
    /// Indices of the years that are drawn.
    pub(super) fn kept(&self) -> Vec<usize> {
        let floor = |index: &usize| self.floor.get(*index).is_none_or(|value| usable(*value));
        (0..self.years.len()).filter(floor).collect()
    }

    /// The areas with the smallest summed up.
    fn folded(&self, kept: &[usize], lang: Lang) -> Vec<Heights> {
        let values = |area: &Area| kept.iter().map(|i| area.at(*i)).collect::<Vec<f64>>();
        let size = |values: &[f64]| values.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
        let all: Vec<Heights> = self
            .areas
            .iter()
            .map(|area| (text::tidy(area.name.get(lang)), area.paint, values(area)))
            .filter(|(_, _, values)| size(values) > 0.0)
            .collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| size(&all[*b].2).total_cmp(&size(&all[*a].2)));
        // What would be a hairline is summed up too.
        let least = self.height(kept, &all) * SLIVER;
        let thick = order.iter().filter(|i| size(&all[**i].2) >= least).count();
        let most = if thick > MOST { MOST - 1 } else { thick };
        if most + 1 >= all.len() && all.len() <= MOST {
            return all;
        }
        let told = &order[..most];
        let small: Vec<usize> = (0..all.len()).filter(|i| !told.contains(i)).collect();
        let rest = (0..kept.len()).map(|t| small.iter().map(|i| all[*i].2[t]).sum());
        let name = match lang {
            Lang::Zh => format!("其余{}项", small.len()),
            Lang::En => format!("{} others", small.len()),
        };
        let rest = (name, Paint::Rest, rest.collect());
        let named = all.into_iter().enumerate();
        let named = named
            .filter(|(i, _)| told.contains(i))
            .map(|(_, area)| area);
        std::iter::once(rest).chain(named).collect()
    }

    /// What the axis shows, about.
    fn height(&self, kept: &[usize], areas: &[Heights]) -> f64 {
        let floor = |index: &usize| self.floor.get(*index).copied().unwrap_or(0.0);
        let top = |(t, index): (usize, &usize)| {
            floor(index) + areas.iter().map(|(_, _, v)| v[t].abs()).sum::<f64>()
        };
        let hi = kept.iter().enumerate().map(top).fold(0.0, f64::max);
        let lo = kept.iter().map(floor).fold(hi, f64::min);
        if self.kind == AreaKind::Wedges && is_thin(lo, hi) {
            hi - lo
        } else {
            hi
        }
    }

    /// The areas with their edges.
    pub(super) fn layers(&self, kept: &[usize], lang: Lang) -> Vec<Layer> {
        let floor = |i: &usize| self.floor.get(*i).copied().unwrap_or(0.0);
        let mut up: Vec<f64> = kept.iter().map(floor).collect();
        let mut down = up.clone();
        let folded = self.folded(kept, lang);
        // The largest has the first colour.
        let end = |heights: &Heights| heights.2.last().map_or(0.0, |v| v.abs());
        let mut order: Vec<usize> = (0..folded.len()).collect();
        order.retain(|i| folded[*i].1 == Paint::Series);
        order.sort_by(|a, b| end(&folded[*b]).total_cmp(&end(&folded[*a])));
        let layer = |(index, (name, paint, values)): (usize, Heights)| {
            let color = match paint {
                Paint::Policy => POLICY,
                Paint::Rest => GREY,
                Paint::Series => {
                    let rank = order.iter().position(|i| *i == index);
                    theme::series(rank.unwrap_or(0))
                }
            };
            let (mut from, mut to) = (Vec::new(), Vec::new());
            for (t, value) in values.into_iter().enumerate() {
                let edge = if value < 0.0 {
                    &mut down[t]
                } else {
                    &mut up[t]
                };
                from.push(*edge);
                *edge += value;
                to.push(*edge);
            }
            Layer {
                name,
                color,
                from,
                to,
            }
        };
        folded.into_iter().enumerate().map(layer).collect()
    }

    /// The axis: from zero, unless the areas would be slivers on it.
    pub(super) fn axis(&self, kept: &[usize], layers: &[Layer]) -> Option<Axis> {
        let areas = layers
            .iter()
            .flat_map(|layer| layer.from.iter().chain(&layer.to));
        let of = |values: &'_ [f64]| {
            let values = kept.iter().filter_map(|i| values.get(*i));
            values.copied().collect::<Vec<f64>>()
        };
        let edges = self.edges.iter().flat_map(|edge| of(&edge.values));
        let raised = self.raised.iter().flat_map(|raised| of(&raised.to));
        let targets = self.targets.iter().map(|target| target.value);
        if layers.is_empty() && self.edges.is_empty() {
            return None;
        }
        let all = areas.copied().chain(edges).chain(raised).chain(targets);
        let (lo, hi) = scale::extent(all)?;
        if self.kind == AreaKind::Wedges && is_thin(lo, hi) {
            let axis = scale::axis((lo - 0.35 * (hi - lo), hi), ROWS);
            if axis.lo() > 0.0 {
                return Some(axis);
            }
        }
        Some(scale::axis((lo.min(0.0), hi.max(0.0)), ROWS))
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::{Chart, Look};
    use super::*;

    /// Three wedges on a line of 10: 4, 2 and 1 are taken off 17.
    fn chart(measures: usize) -> AreaChart {
        let areas = (0..measures).map(|m| Area {
            name: Text::same(format!("m{m}")),
            values: vec![0.0, 2.0_f64.powi(i32::try_from(m).unwrap_or(0))],
            ..Area::default()
        });
        AreaChart {
            years: vec![2020, 2025],
            floor: vec![10.0, 10.0],
            areas: areas.collect(),
            ..AreaChart::default()
        }
    }

    #[test]
    fn areas_stack_from_the_floor_to_the_line_above() {
        let layers = chart(3).layers(&[0, 1], Lang::En);
        let ends: Vec<(f64, f64)> = layers.iter().map(|l| (l.from[1], l.to[1])).collect();
        assert_eq!(ends, [(10.0, 11.0), (11.0, 13.0), (13.0, 17.0)]);
    }

    #[test]
    fn the_smallest_areas_are_summed_up_and_nothing_is_lost() {
        // Of 1, 2 … 2048 on a floor of 10 those below 49 are hairlines.
        let layers = chart(12).layers(&[0, 1], Lang::En);
        assert_eq!(layers.len(), 7);
        assert_eq!(layers[0].name, "6 others");
        assert!((layers[0].end() - 63.0).abs() < 1e-12);
        let all: f64 = layers.iter().map(Layer::end).sum();
        assert!((all - 4095.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_below_zero_hangs_from_the_floor() {
        let mut chart = chart(2);
        chart.floor.clear();
        chart.areas[0].values = vec![-3.0, -3.0];
        let layers = chart.layers(&[0, 1], Lang::En);
        assert_eq!((layers[0].from[1], layers[0].to[1]), (0.0, -3.0));
        assert_eq!((layers[1].from[1], layers[1].to[1]), (0.0, 2.0));
    }

    #[test]
    fn wedges_are_signed_and_parts_have_shares() {
        let mut chart = chart(3);
        let of = |chart: &AreaChart| chart.draw(Lang::En, Look::default());
        assert!(of(&chart).contains(">−4.00<"));
        chart.kind = AreaKind::Parts;
        chart.floor.clear();
        assert!(of(&chart).contains(">4.00 (57.1%)<"));
    }

    #[test]
    fn years_without_a_floor_are_left_out() {
        let mut chart = chart(3);
        chart.floor[0] = f64::NAN;
        assert_eq!(chart.kept(), [1]);
    }
}
