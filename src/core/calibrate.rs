//! The base year equals the official inventory, exactly.
//!
//! # Equations
//!
//! Calibration factor of class *c* and pollutant *p* in a region, base year *b*:
//!
//! ```text
//! κ[c,p] = official[c,p] / Σ_{k ∈ c} F[k,p] · A[k,b]
//! ```
//!
//! Where a province publishes no class split, its cells `X[r,c]` are fitted to
//! the province's total (rows) and the nation's class totals (columns) by
//! iterative proportional fitting from a seed of activity proxies (Deming and
//! Stephan 1940):
//!
//! ```text
//! X ← X[r,c] · row[r] / Σ_c X[r,c]        X ← X[r,c] · column[c] / Σ_r X[r,c]
//! ```
//!
//! A scenario may count from a later base year. Then *b* is the year of the official amount,
//! account by account: the newest one that is published up to the scenario's base year, in
//! the calibre of its own year. A[k,b] of a later year is what growth and current policy
//! make of the activities and shares of the data's own base year (see [`crate::compile`]).
//! An account without an amount of the later year keeps its κ: its base is the run's result.
//!
//! Classes that a pollutant's official total does not count (non-road machinery
//! in the 2015 statistics) keep κ = 1 and are reported outside the calibre.
//!
//! The accounted book is calibrated to the same official amounts, with F_acc in the
//! place of F and a κ of its own; what the total does not count is not in it at all.

use crate::catalogue::{Account, Book, Catalogue, Inventory, InventoryValue, Level, World};
use crate::dims::{ClassId, PollutantId, RegionId, TechnologyId};
use crate::grid::Grid;
use crate::provenance::{Origin, Sourced, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Fits a non-negative matrix to given row and column sums, starting from
/// `seed` (rows × columns, row-major). Zero cells stay zero.
///
/// Returns the fitted matrix, whose rows sum to `rows` exactly (up to rounding),
/// and the largest relative distance of a column from its sum.
pub fn fit(seed: &[f64], rows: &[f64], columns: &[f64]) -> (Vec<f64>, f64) {
    let width = columns.len();
    let mut cells = seed.to_vec();
    let column_sum = |cells: &[f64], c: usize| -> f64 { cells.iter().skip(c).step_by(width).sum() };
    for _ in 0..500 {
        for (c, &wanted) in columns.iter().enumerate() {
            let sum = column_sum(&cells, c);
            if sum > 0.0 {
                cells
                    .iter_mut()
                    .skip(c)
                    .step_by(width)
                    .for_each(|cell| *cell *= wanted / sum);
            }
        }
        spread(&mut cells, width, rows);
        if largest_distance(&cells, columns, column_sum) < 1e-13 {
            break;
        }
    }
    let distance = largest_distance(&cells, columns, column_sum);
    (cells, distance)
}

/// Scales each row of `width` cells to its sum.
fn spread(cells: &mut [f64], width: usize, rows: &[f64]) {
    for (row, &wanted) in cells.chunks_mut(width).zip(rows) {
        let sum: f64 = row.iter().sum();
        if sum > 0.0 {
            for cell in row.iter_mut() {
                *cell *= wanted / sum;
            }
        }
    }
}

/// The largest relative distance of a column of `cells` from its wanted sum.
fn largest_distance(
    cells: &[f64],
    columns: &[f64],
    column_sum: impl Fn(&[f64], usize) -> f64,
) -> f64 {
    let distances = columns
        .iter()
        .enumerate()
        .filter(|(_, wanted)| **wanted > 0.0);
    distances
        .map(|(c, wanted)| (column_sum(cells, c) / wanted - 1.0).abs())
        .fold(0.0, f64::max)
}

/// A province whose cells are still to be fitted: its total and its seeds by class.
struct Row {
    region: RegionId,
    total: InventoryValue,
    seeds: Vec<(ClassId, Sourced)>,
}

/// Fills the class splits of provinces that publish none, for every pollutant
/// that has seeds. The cells are marked [`Status::Estimated`].
///
/// Where the national class totals are known, the cells are fitted to them after
/// the published cells of other provinces are taken off; where they are not,
/// each province's total is spread by its seeds alone.
pub fn split_inventories(catalogue: &mut Catalogue) {
    for p in (0..catalogue.pollutants.len()).map(PollutantId::from_usize) {
        let rows = rows_to_fit(catalogue, p);
        if rows.is_empty() {
            continue;
        }
        let classes: BTreeSet<ClassId> = rows
            .iter()
            .flat_map(|row| row.seeds.iter().map(|(class, _)| *class))
            .collect();
        let classes: Vec<ClassId> = classes.into_iter().collect();
        let mut seed = vec![0.0; rows.len() * classes.len()];
        for (r, row) in rows.iter().enumerate() {
            for (class, value) in &row.seeds {
                if let Ok(c) = classes.binary_search(class) {
                    seed[r * classes.len() + c] = value.value;
                }
            }
        }
        let totals: Vec<f64> = rows.iter().map(|row| row.total.amount.value).collect();
        let columns = columns_left(catalogue, p, &classes, totals.iter().sum());
        let cells = if let Some(columns) = columns {
            fit(&seed, &totals, &columns).0
        } else {
            spread(&mut seed, classes.len(), &totals);
            seed
        };
        write_cells(catalogue, p, &rows, &classes, &cells);
    }
}

/// The provinces whose split of `p` is to be fitted: they have a total and seeds, but no classes.
fn rows_to_fit(catalogue: &Catalogue, p: PollutantId) -> Vec<Row> {
    let mut rows = Vec::new();
    for (r, region) in catalogue.regions.iter().enumerate() {
        let id = RegionId::from_usize(r);
        let Some(world) = catalogue
            .world(id)
            .filter(|_| region.level == Level::Province)
        else {
            continue;
        };
        let inventory = world.inventory.get(&Account::Pollutant(p, Book::Physical));
        let Some(inventory) = inventory.filter(|inventory| inventory.classes.is_empty()) else {
            continue;
        };
        let seeds: Vec<(ClassId, Sourced)> = catalogue
            .seeds
            .range((p, id, ClassId(0))..=(p, id, ClassId(u16::MAX)))
            .map(|((_, _, class), value)| (*class, *value))
            .collect();
        if let (Some(total), false) = (inventory.total, seeds.is_empty()) {
            rows.push(Row {
                region: id,
                total,
                seeds,
            });
        }
    }
    rows
}

/// What is left of the national class totals for the rows to fit, scaled to
/// their sum; `None` where the nation publishes no classes.
fn columns_left(
    catalogue: &Catalogue,
    p: PollutantId,
    classes: &[ClassId],
    rows_total: f64,
) -> Option<Vec<f64>> {
    let is = |level: Level| move |r: &usize| catalogue.regions[*r].level == level;
    let inventory = |r: usize| -> Option<&Inventory> {
        catalogue.worlds[r]
            .as_ref()?
            .inventory
            .get(&Account::Pollutant(p, Book::Physical))
    };
    let nation = (0..catalogue.regions.len())
        .find(is(Level::Nation))
        .and_then(inventory)?;
    if nation.classes.is_empty() {
        return None;
    }
    let published = |class: &ClassId| -> f64 {
        let provinces = (0..catalogue.regions.len()).filter(is(Level::Province));
        let cells = provinces
            .filter_map(inventory)
            .filter_map(|i| i.classes.get(class));
        cells.map(|value| value.amount.value).sum()
    };
    let left: Vec<f64> = classes
        .iter()
        .map(|class| {
            let total = nation
                .classes
                .get(class)
                .map_or(0.0, |value| value.amount.value);
            (total - published(class)).max(0.0)
        })
        .collect();
    let sum: f64 = left.iter().sum();
    (sum > 0.0).then(|| left.iter().map(|value| value * rows_total / sum).collect())
}

/// Writes fitted cells into the provinces' inventories.
fn write_cells(
    catalogue: &mut Catalogue,
    p: PollutantId,
    rows: &[Row],
    classes: &[ClassId],
    cells: &[f64],
) {
    for (row, values) in rows.iter().zip(cells.chunks(classes.len())) {
        let Some(world) = catalogue.worlds[row.region.at()].as_mut() else {
            continue;
        };
        let inventory = world
            .inventory
            .entry(Account::Pollutant(p, Book::Physical))
            .or_default();
        for (&class, &value) in classes.iter().zip(values) {
            let Some((_, seed)) = row.seeds.iter().find(|(c, _)| *c == class) else {
                continue;
            };
            let origin = Origin {
                status: Status::Estimated,
                ..seed.origin
            };
            let amount = Sourced::exact(value, origin);
            inventory.classes.insert(
                class,
                InventoryValue {
                    amount,
                    ..row.total
                },
            );
        }
    }
}

/// How an account's base year was calibrated in a region.
#[derive(Clone, Debug)]
pub struct Kappa {
    /// The account.
    pub account: Account,
    /// The class, or `None` where one factor holds for all.
    pub class: Option<ClassId>,
    /// The official amount (t or tce).
    pub official: Sourced,
    /// The later base year it is of; `None` for the data's own.
    pub year: Option<i32>,
    /// What activities and factors give before calibration (t or tce).
    pub bottom_up: f64,
    /// κ.
    pub value: f64,
}

/// A region's base year after calibration.
#[derive(Clone, Debug)]
pub struct BaseYear {
    /// The accounts, as [`Catalogue::accounts`] orders them.
    pub accounts: Vec<Account>,
    /// Calibrated coefficients, technologies × accounts: t, tce, yuan or activity
    /// units per unit of service.
    pub coefficients: Grid,
    /// Every calibration factor.
    pub kappas: Vec<Kappa>,
    /// Pollutants without an official total: bottom-up values stand as they are.
    pub uncalibrated: Vec<PollutantId>,
    /// Base-year demand by service; services without activity have 0.
    pub demand: Vec<f64>,
    /// Base-year shares by technology.
    pub shares: Vec<f64>,
    /// The same as official accounting credits them; other than those only where the base
    /// year is a later one than that of the data.
    pub credited: Vec<f64>,
}

/// Why a base year cannot be calibrated.
#[derive(Clone, Debug)]
pub struct Unexplained {
    /// The account.
    pub account: Account,
    /// The class with an official amount but nothing that emits.
    pub class: Option<ClassId>,
    /// The official amount.
    pub official: Sourced,
}

impl BaseYear {
    /// The calibrated coefficient of technology `k` for the account at position `q`.
    pub fn coefficient(&self, k: TechnologyId, q: usize) -> f64 {
        self.coefficients.at(k.at(), q)
    }

    /// The position of `account`.
    pub fn position(&self, account: Account) -> Option<usize> {
        self.accounts.iter().position(|a| *a == account)
    }
}

/// What is done in a year, and by what.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// Demand by service, in its unit.
    pub demand: Vec<f64>,
    /// Shares by technology.
    pub shares: Vec<f64>,
    /// Shares as official accounting credits them by then.
    pub credited: Vec<f64>,
}

/// What is done in later years that have official amounts, by year.
pub type Activities = BTreeMap<i32, Activity>;

/// The base year of `world` before calibration: activities and shares alone.
pub fn uncalibrated(catalogue: &Catalogue, world: &World) -> BaseYear {
    let accounts = catalogue.accounts();
    let demand: Vec<f64> = world
        .demand
        .iter()
        .map(|d| d.map_or(0.0, |d| d.value))
        .collect();
    let shares: Vec<f64> = world
        .shares
        .iter()
        .map(|s| s.map_or(0.0, |s| s.value))
        .collect();
    BaseYear {
        coefficients: Grid::filled(catalogue.technologies.len(), accounts.len(), 0.0),
        accounts,
        kappas: Vec::new(),
        uncalibrated: Vec::new(),
        demand,
        credited: shares.clone(),
        shares,
    }
}

/// What amounts (by service) and shares (by technology) emit of an account before
/// calibration, by class: `Σ_{k ∈ c} F[k,p]·A[k]`, t/unit · units = t.
pub fn bottom_up(
    catalogue: &Catalogue,
    (demand, shares): (&[f64], &[f64]),
    account: Account,
) -> BTreeMap<ClassId, f64> {
    let mut found: BTreeMap<ClassId, f64> = BTreeMap::new();
    for (k, technology) in catalogue.technologies.iter().enumerate() {
        let raw = catalogue.coefficient(TechnologyId::from_usize(k), account);
        let activity = demand[technology.service.at()] * shares[k];
        *found.entry(technology.class).or_default() += raw * activity;
    }
    found
}

/// Calibrates `world` to its inventory; `later` holds the activities of every later year
/// of which it has an amount.
///
/// # Errors
/// Lists every class with an official amount for which no technology emits.
pub fn calibrate(
    catalogue: &Catalogue,
    world: &World,
    later: &Activities,
) -> Result<BaseYear, Vec<Unexplained>> {
    let mut base = uncalibrated(catalogue, world);
    let mut problems = Vec::new();
    for q in 0..base.accounts.len() {
        match base.accounts[q] {
            // Written together with the pollutant it belongs to.
            Account::Outside(_) => {}
            account => {
                let worlds = (world, later);
                calibrate_account(catalogue, worlds, &mut base, account, &mut problems);
            }
        }
    }
    // One official amount stands behind both books: it is told once.
    let told: Vec<(Account, Option<ClassId>)> =
        problems.iter().map(|p| (p.account, p.class)).collect();
    problems.retain(|p| {
        p.account == p.account.official() || !told.contains(&(p.account.official(), p.class))
    });
    if problems.is_empty() {
        Ok(base)
    } else {
        Err(problems)
    }
}

/// Fills the coefficients of one account (and of its part outside the calibre).
fn calibrate_account(
    catalogue: &Catalogue,
    (world, later): (&World, &Activities),
    base: &mut BaseYear,
    account: Account,
    problems: &mut Vec<Unexplained>,
) {
    let raw: Vec<f64> = (0..catalogue.technologies.len())
        .map(|k| catalogue.coefficient(TechnologyId::from_usize(k), account))
        .collect();
    let class_of = |k: usize| catalogue.technologies[k].class;
    let inventory = world.inventory.get(&account.official());
    let year = inventory.and_then(|inventory| inventory.year);
    let (demand, shares) = match year.and_then(|year| later.get(&year)) {
        Some(activity) if account == account.official() => (&activity.demand, &activity.shares),
        Some(activity) => (&activity.demand, &activity.credited),
        None => (&base.demand, &base.shares),
    };
    let bottom_up = bottom_up(catalogue, (demand, shares), account);
    let total = inventory.and_then(|i| i.total);
    let by_class = inventory.filter(|i| !i.classes.is_empty());
    let mut kappa: BTreeMap<ClassId, f64> = BTreeMap::new();
    let mut record = |class: Option<ClassId>, official: Sourced, sum: f64| -> f64 {
        if sum <= 0.0 && official.value > 0.0 {
            problems.push(Unexplained {
                account,
                class,
                official,
            });
            return 1.0;
        }
        let value = if sum > 0.0 { official.value / sum } else { 1.0 };
        base.kappas.push(Kappa {
            account,
            class,
            official,
            year,
            bottom_up: sum,
            value,
        });
        value
    };
    if let Some(inventory) = by_class {
        for (class, official) in &inventory.classes {
            let sum = bottom_up.get(class).copied().unwrap_or(0.0);
            kappa.insert(*class, record(Some(*class), official.amount, sum));
        }
    } else if let Some(total) = total {
        let value = record(None, total.amount, bottom_up.values().sum());
        kappa = bottom_up.keys().map(|class| (*class, value)).collect();
    } else if let Account::Pollutant(p, Book::Physical) = account {
        base.uncalibrated.push(p);
    }
    let counted_by_default = by_class.is_none();
    let here = base.position(account).unwrap_or_default();
    let outside = match account {
        Account::Pollutant(p, Book::Physical) => base.position(Account::Outside(p)),
        _ => None,
    };
    for (k, value) in raw.iter().enumerate() {
        match (kappa.get(&class_of(k)), outside) {
            (Some(factor), _) => base.coefficients.set(k, here, factor * value),
            (None, Some(outside)) if !counted_by_default => {
                base.coefficients.set(k, outside, *value);
            }
            // What is not in the base is not accounted for.
            (None, None) if !counted_by_default && account.book() == Some(Book::Accounted) => {}
            (None, _) => base.coefficients.set(k, here, *value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn fitting_meets_both_margins() {
        let seed = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let (cells, distance) = fit(&seed, &[30.0, 70.0], &[20.0, 35.0, 45.0]);
        assert!(distance < 1e-12, "{distance}");
        let row: f64 = cells[..3].iter().sum();
        assert!((row - 30.0).abs() < 1e-12);
        // Cross-product ratios of the seed are kept: the fit adds no interaction of its own.
        let odds = |m: &[f64]| m[0] * m[4] / (m[1] * m[3]);
        assert!((odds(&cells) / odds(&seed) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn zero_cells_stay_zero() {
        let (cells, _) = fit(&[0.0, 1.0, 1.0, 1.0], &[4.0, 6.0], &[3.0, 7.0]);
        assert!(cells[0].abs() < f64::EPSILON);
        assert!((cells[1] - 4.0).abs() < 1e-9);
    }
}
