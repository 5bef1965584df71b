//! Levels year by year, and what comes before what.
//!
//! ```text
//! 0 ≤ P[m,j] − P[m,j−1] ≤ most·(years between)     P before the first year 0, P of the last
//!                                                  the level x[m]
//! x[earlier] ≥ x[later]                            orders
//! ```

use crate::affine::{Affine, Sheets};
use crate::linear::{Column, Row};
use crate::programme::{Programme, What};

impl Programme {
    /// The point at which free measure `j` alone is carried out to its potential, as fast as
    /// its pace allows.
    pub fn alone(&self, j: usize) -> Vec<f64> {
        let mut x = self.nothing();
        x[j] = self.potential[j];
        for (_, paced, columns) in self.paced.iter().filter(|(other, ..)| *other == j) {
            let (mut level, mut before) = (0.0, paced.years[0] - 1);
            for (year, column) in paced.years.iter().zip(columns) {
                level = f64::min(level + paced.most * f64::from(year - before), x[j]);
                before = *year;
                if *column != j {
                    x[*column] = level;
                }
            }
        }
        x
    }

    /// The columns and rows of measures whose level may differ from year to year.
    pub(crate) fn lay_paths(&mut self, sheets: &Sheets<'_>) {
        for (paced, levers) in sheets.paced.iter().zip(sheets.levers()) {
            let Some(place) = self.column_of[paced.measure] else {
                continue;
            };
            let mut columns = Vec::with_capacity(levers.len());
            for lever in levers {
                let column = self.column_of[lever].unwrap_or_else(|| {
                    self.columns.push(Column::between(0.0, f64::INFINITY, 0.0));
                    self.columns.len() - 1
                });
                self.column_of[lever] = Some(column);
                columns.push(column);
            }
            let mut before: Option<(i32, usize)> = None;
            for (year, column) in paced.years.iter().zip(&columns) {
                let (mut less, mut years) = (vec![(*column, -1.0)], 1);
                if let Some((earlier, other)) = before {
                    less.push((other, 1.0));
                    years = year - earlier;
                    let more = less.iter().map(|(j, a)| (*j, -a)).collect();
                    self.push(What::Path, Row::at_least(more, 0.0));
                }
                let most = paced.most * f64::from(years);
                self.push(What::Pace(place), Row::at_least(less, -most));
                before = Some((*year, *column));
            }
            self.paced.push((place, paced.clone(), columns));
        }
    }

    /// What each paced measure does in the years of its timetable at a point: the measure, and
    /// the part of its level in force in each year.
    pub fn paths(&self, x: &[f64]) -> impl Iterator<Item = (usize, Vec<(i32, f64)>)> {
        self.paced.iter().map(|(place, paced, columns)| {
            let whole = x[*place];
            let own = paced.years.iter().zip(columns).zip(&paced.stated);
            let points = own.map(|((year, column), stated)| {
                // What is not done at all keeps its timetable.
                let part = if whole > 0.0 {
                    (x[*column] / whole).clamp(0.0, 1.0)
                } else {
                    *stated
                };
                (*year, part)
            });
            (paced.measure, points.collect())
        })
    }

    /// No measure is carried out further than the one before it.
    pub(crate) fn orders(&mut self) {
        for (i, order) in self.spec.orders.clone().iter().enumerate() {
            for pair in order.windows(2) {
                let terms = [(pair[0], 1.0), (pair[1], -1.0)];
                let free = terms
                    .iter()
                    .filter_map(|(m, a)| Some((self.column_of[*m]?, *a)));
                let terms_free: Vec<(usize, f64)> = free.collect();
                let held = terms.iter().filter(|(m, _)| self.column_of[*m].is_none());
                let constant: f64 = held.map(|(m, a)| a * self.stated[*m]).sum();
                if !terms_free.is_empty() {
                    self.push(What::Order(i), Row::at_least(terms_free, -constant));
                }
            }
        }
    }

    /// What free measure `j` costs at a point, in all its years (10⁸ yuan).
    pub fn money_of(&self, j: usize, x: &[f64]) -> f64 {
        let own = self.paced.iter().filter(|(other, ..)| *other == j);
        let earlier = own.flat_map(|(_, _, columns)| columns);
        let earlier = earlier.filter(|column| **column != j);
        let cost = |column: usize| self.money[column] * x[column];
        cost(j) + earlier.map(|column| cost(*column)).sum::<f64>()
    }

    /// What all free measures cost at a point (10⁸ yuan).
    pub fn money_at(&self, x: &[f64]) -> f64 {
        self.money.iter().zip(x).map(|(cost, x)| cost * x).sum()
    }

    /// What all free measures cost, as a function of the levers (10⁸ yuan).
    pub fn money_function(&self) -> Affine {
        let levers = self.column_of.iter();
        Affine {
            constant: 0.0,
            slopes: levers
                .map(|column| column.map_or(0.0, |j| self.money[j]))
                .collect(),
        }
    }
}
