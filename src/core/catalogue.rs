//! What the world is like: services, technologies, factors, and the base year
//! of every region. Nothing here changes while the program runs.
//!
//! Data and look-ups only; what follows from them stands in [`crate::account`] (raw
//! coefficients), [`crate::indicator`] and [`crate::calibrate`]. Amounts are in base units:
//! t, tce, yuan, and the unit of each service.

pub use crate::book::{Accounting, Book, Credit, CreditRule};
use crate::calibre::Calibred;
use crate::dims::{
    CalibreId, CarrierId, ClassId, DriverId, IndicatorId, PollutantId, RegionId, ServiceId,
    TechnologyId,
};
pub use crate::experience::Experience;
use crate::gazetteer::Gazetteer;
use crate::names::OtherName;
use crate::price::{Cost, Prices, PublishedCost};
use crate::provenance::{Origin, Source, Sourced};
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An id with a name in both languages.
#[derive(Clone, Debug)]
pub struct Named {
    /// The id used in files.
    pub id: String,
    /// The name shown to people.
    pub name: Text,
}

/// A pollutant, with the basis on which its mass is counted.
#[derive(Clone, Debug)]
pub struct Pollutant {
    /// Id and name.
    pub named: Named,
    /// Mass basis: `SO2`, `NO2`, `N`, ...
    pub basis: String,
    /// `water`, `air` or `carbon`.
    pub medium: String,
    /// IAMC variable of its total.
    pub iamc_variable: String,
    /// IAMC unit.
    pub iamc_unit: String,
    /// IAMC units per tonne.
    pub iamc_per_t: f64,
    /// How the official accounting counts it.
    pub accounting: Accounting,
    /// The file of its factors, if a scenario brings it along.
    pub own: Option<String>,
}

/// A fuel.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// Id and name.
    pub named: Named,
    /// Whether its use counts as coal use.
    pub is_coal: bool,
    /// Whether it is fossil: what is not counts as non-fossil energy.
    pub is_fossil: bool,
    /// Emission per tce burnt (t/tce), where it follows from the fuel alone.
    pub factors: Vec<(PollutantId, Sourced)>,
}

/// A source class of the official statistics.
#[derive(Clone, Debug)]
pub struct Class {
    /// Id and name.
    pub named: Named,
    /// IAMC sector path below `Emissions|…`.
    pub iamc: String,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Id and name.
    pub named: Named,
    /// The unit of its amounts, as written in files (`1e4 t`).
    pub unit: String,
    /// Natural units (t, kWh, household, t·km, ...) in one unit of its amounts.
    pub scale: f64,
    /// What moves its demand.
    pub driver: DriverId,
    /// Elasticity ε of demand to the driver.
    pub elasticity: Sourced,
    /// Yearly autonomous saving a (fraction).
    pub saving: Sourced,
    /// Class of its technologies unless they say otherwise.
    pub class: ClassId,
    /// Where emissions of pollutants that no fuel carries stand in machine output.
    pub iamc: String,
    /// Where the emissions of its fuels stand.
    pub iamc_fuel: String,
    /// Where the emissions of its processes stand, of pollutants that fuels carry.
    pub iamc_process: String,
    /// Its technologies, in file order; the last is `<service>.saved`.
    pub technologies: Vec<TechnologyId>,
}

/// A technology: one way of serving a service.
#[derive(Clone, Debug)]
pub struct Technology {
    /// Id and name; the id is `<prefix>.<alias>`.
    pub named: Named,
    /// The service it serves.
    pub service: ServiceId,
    /// The class under which its emissions are published.
    pub class: ClassId,
    /// Words that measures select it by.
    pub tags: Vec<String>,
    /// Technical lifetime (years), where one applies.
    pub lifetime: Option<f64>,
    /// Emission factors F, t per unit of service, fuel-borne emissions not included.
    pub factors: Vec<(PollutantId, Sourced)>,
    /// What official accounting takes in the place of F, where it differs.
    pub credits: Vec<(PollutantId, Credit)>,
    /// Fuel use, tce per unit of service.
    pub energy: Vec<(CarrierId, Sourced)>,
    /// Use of other services, in their units per unit of this one.
    pub links: Vec<(ServiceId, Sourced)>,
    /// Annualised cost per unit of service; `None` where no figure is known.
    pub cost: Option<Cost>,
}

impl Technology {
    /// The part of the id after the dot: what a measure's `to = { … }` calls it.
    pub fn alias(&self) -> &str {
        self.named
            .id
            .rsplit_once('.')
            .map_or(self.named.id.as_str(), |(_, alias)| alias)
    }

    /// Whether it carries `tag`.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t == tag)
    }
}

/// A driver's name, or that of any other thing without properties.
pub type Driver = Named;

/// The level of a region in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The nation.
    Nation,
    /// A province, autonomous region or municipality.
    Province,
    /// A prefecture-level city.
    City,
    /// A part of a province that measures can aim at.
    Zone,
}

/// A region.
#[derive(Clone, Debug)]
pub struct Region {
    /// Id and name.
    pub named: Named,
    /// Its level.
    pub level: Level,
    /// The region it lies in.
    pub parent: Option<RegionId>,
    /// Whether a scenario brings it along; the data hold the others.
    pub own: bool,
}

/// What an indicator measures; see [`crate::indicator`] for the account behind it.
#[derive(Clone, Debug, PartialEq)]
pub enum IndicatorKind {
    /// Total emission of a pollutant in one book (t).
    Emission(PollutantId, Book),
    /// Emission per GDP at constant prices, as an index (base year = 1).
    EmissionIntensity(PollutantId, Book),
    /// Energy use per GDP at constant prices, as an index (base year = 1).
    EnergyIntensity,
    /// Coal use (tce).
    Coal,
    /// Energy use (tce).
    Energy,
    /// The non-fossil part of energy use (fraction).
    NonFossil,
    /// The part of final energy that is electricity (fraction).
    ElectricityShare,
    /// Energy use of industry per value added at constant prices, as an index (base year = 1).
    IndustryIntensity,
    /// The share of a service that technologies with a tag serve.
    Share {
        /// The tag.
        tag: String,
        /// The service.
        service: ServiceId,
    },
}

/// An indicator in one book, or in both where one account serves for them.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Id and name; no two indicators share an id.
    pub named: Named,
    /// The id without the book: `SO2` of `SO2` and of `SO2-accounted`.
    pub base: String,
    /// The book it speaks of.
    pub book: Book,
    /// Whether it speaks of both, kept by the same arithmetic.
    pub both: bool,
    /// What it measures.
    pub kind: IndicatorKind,
    /// Whether more of it is better (a floor, not a cap, is the usual target).
    pub higher_is_better: bool,
    /// IAMC variable.
    pub iamc_variable: String,
    /// IAMC unit; empty where dimensionless.
    pub iamc_unit: String,
    /// The unit shown to people, e.g. `1e4 t`.
    pub display_unit: String,
    /// Whether it is there only for scenarios that speak of it; see [`crate::on_call`].
    pub on_call: bool,
}

/// A named number that measures use to turn planners' units into shares.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Id and name.
    pub named: Named,
    /// The value.
    pub value: Sourced,
    /// Its unit, as written.
    pub unit: String,
}

/// A published value of an official inventory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InventoryValue {
    /// The value: t, or tce for energy accounts.
    pub amount: Sourced,
    /// Its calibre.
    pub calibre: CalibreId,
}

impl InventoryValue {
    /// The amount with its calibre.
    pub fn calibred(&self) -> Calibred {
        let (value, calibre) = (self.amount.value, self.calibre);
        Calibred { value, calibre }
    }
}

/// The official base-year inventory of one account in one region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The year its amounts are of, if that is a later base year; `None` for the data's
    /// own ([`Catalogue::base_year`]).
    pub year: Option<i32>,
    /// The total.
    pub total: Option<InventoryValue>,
    /// The classes, where published or estimated.
    pub classes: BTreeMap<ClassId, InventoryValue>,
}

/// What an inventory counts and a run keeps; see [`crate::account`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A pollutant within the official calibre, in one of the two books (t).
    Pollutant(PollutantId, Book),
    /// The same pollutant from classes that the official total does not count (t).
    Outside(PollutantId),
    /// Coal use (tce).
    Coal,
    /// Energy use (tce).
    Energy,
    /// Non-fossil energy (tce): that of the technologies, and the supply outside of them
    /// ([`crate::plan::Plan::outside`]).
    NonFossil,
    /// Energy as its users get it (tce), electricity at its heat content; see
    /// [`crate::electricity`].
    FinalEnergy,
    /// The electricity in it (tce at its heat content).
    FinalElectricity,
    /// Energy use of industry, power plants by what they lose (tce).
    IndustryEnergy,
    /// Annualised cost (yuan).
    Cost,
    /// Activity of the technologies that an indicator of kind share selects.
    Activity(IndicatorId),
}

/// A recorded level that measures and charts refer to.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// The value in base units.
    pub value: Sourced,
    /// Its calibre.
    pub calibre: CalibreId,
}

impl Recorded {
    /// The value with its calibre.
    pub fn calibred(&self) -> Calibred {
        let (value, calibre) = (self.value.value, self.calibre);
        Calibred { value, calibre }
    }
}

/// A planner's stock: boilers in t/h, vehicles, MW.
#[derive(Clone, Copy, Debug)]
pub struct Stock {
    /// The value in base units.
    pub value: Sourced,
}

/// The unit family of a stock: a group of boilers has both a capacity and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StockUnit {
    /// Steam capacity, t/h.
    SteamCapacity,
    /// Pieces.
    Items,
    /// Vehicles.
    Vehicles,
    /// Electric capacity, MW.
    Power,
}

/// The base year of one region.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Base-year amount of each service, in its unit.
    pub demand: Vec<Option<Sourced>>,
    /// Base-year share of each technology in its service.
    pub shares: Vec<Option<Sourced>>,
    /// Yearly growth of drivers (fraction), recorded years only.
    pub growth: BTreeMap<(DriverId, i32), (Sourced, CalibreId)>,
    /// Official inventory by account.
    pub inventory: BTreeMap<Account, Inventory>,
    /// Official inventories of later base years, by year and account.
    pub later: BTreeMap<i32, BTreeMap<Account, Inventory>>,
    /// Stocks by group and unit.
    pub stocks: BTreeMap<(String, StockUnit), Stock>,
    /// Recorded levels by quantity and year.
    pub recorded: BTreeMap<(String, i32), Recorded>,
}

/// An official target as the data list it.
#[derive(Clone, Debug)]
pub struct OfficialTarget {
    /// The plan: `13fyp`, `14fyp`.
    pub plan: String,
    /// The region.
    pub region: RegionId,
    /// The indicator's id (it may lie outside the model).
    pub indicator: String,
    /// `reduction` (fraction) or `project-reduction` (t).
    pub kind: String,
    /// Base year.
    pub base_year: i32,
    /// Target year.
    pub target_year: i32,
    /// Fraction, or tonnes.
    pub value: Sourced,
}

/// A published achievement, or what a published inventory implies.
#[derive(Clone, Debug)]
pub struct Achievement {
    /// The region.
    pub region: RegionId,
    /// The indicator's id, or a sector such as `SO2:power` (see [`crate::sector`]).
    pub indicator: String,
    /// Its calibre.
    pub calibre: CalibreId,
    /// Base year.
    pub base_year: i32,
    /// Year reached.
    pub year: i32,
    /// Reduction against the base year (fraction).
    pub value: Sourced,
}

/// What kind of run an error is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunKind {
    /// A plan as it was written before the years it speaks of.
    Plan,
    /// The measures on record.
    Recorded,
}

impl RunKind {
    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            RunKind::Plan => "plan",
            RunKind::Recorded => "recorded",
        }
    }
}

/// How wrong runs of the past were; see [`crate::doubt`].
#[derive(Clone, Debug)]
pub struct ModelError {
    /// The kind of run.
    pub kind: RunKind,
    /// The indicator, without its book.
    pub indicator: String,
    /// The book.
    pub book: Book,
    /// Whether it was joined to published progress.
    pub anchored: bool,
    /// Years since the base year, or since the year it was joined to.
    pub distance: i32,
    /// How many cases there were.
    pub cases: usize,
    /// Half the width of the band that covers 90 % (fraction).
    pub half90: Sourced,
    /// The errors of the cases, model less published (fraction), in the order of the data.
    pub errors: Vec<f64>,
}

/// The checked contents of `data/`.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The year from which activities, shares and records run; the base year of a
    /// scenario that names no other.
    pub base_year: i32,
    /// Every year that a scenario may count from, that one first.
    pub bases: Vec<i32>,
    /// Names of the files that origins refer to.
    pub files: Vec<String>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Calibres.
    pub calibres: Vec<Named>,
    /// Those of the official accounting: their numbers are held against the accounted book.
    pub accounted: Vec<CalibreId>,
    /// Pollutants.
    pub pollutants: Vec<Pollutant>,
    /// Fuels.
    pub carriers: Vec<Carrier>,
    /// Source classes.
    pub classes: Vec<Class>,
    /// Drivers.
    pub drivers: Vec<Driver>,
    /// Services.
    pub services: Vec<Service>,
    /// Technologies, grouped by service.
    pub technologies: Vec<Technology>,
    /// Regions.
    pub regions: Vec<Region>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// The same data with what only those scenarios have that speak of it.
    pub on_call: Option<Arc<Catalogue>>,
    /// Parameters.
    pub parameters: BTreeMap<String, Parameter>,
    /// Base years, by region; zones have none of their own.
    pub worlds: Vec<Option<World>>,
    /// A zone's share of its province's service.
    pub zones: BTreeMap<(RegionId, ServiceId), Sourced>,
    /// Seeds for splitting provincial totals into classes: positive, on any scale.
    pub seeds: BTreeMap<(PollutantId, RegionId, ClassId), Sourced>,
    /// Official targets.
    pub targets: Vec<OfficialTarget>,
    /// Why a calibration factor may lie far from 1, by class (`None`: any) and account id.
    pub kappa_reasons: BTreeMap<(Option<ClassId>, String), Text>,
    /// Published progress.
    pub achievements: Vec<Achievement>,
    /// How wrong runs of the past were.
    pub model_errors: Vec<ModelError>,
    /// Places below the provinces.
    pub gazetteer: Gazetteer,
    /// Other names by which things go in files.
    pub names: Vec<OtherName>,
    /// Fastest rises of shares on record.
    pub experience: Vec<Experience>,
    /// The price index.
    pub prices: Prices,
    /// Published costs of taking away a tonne.
    pub published_costs: Vec<PublishedCost>,
    /// How many numbers of each status were read, in the order of
    /// [`crate::provenance::Status::ALL`].
    pub status_counts: [usize; 6],
}

/// Finds the position of `id` in a list of things with ids.
fn position<T>(items: &[T], id: &str, id_of: impl Fn(&T) -> &str) -> Option<usize> {
    items.iter().position(|item| id_of(item) == id)
}

impl Catalogue {
    /// The file that a number comes from; `None` where it is the user's own inventory.
    pub fn file(&self, origin: Origin) -> Option<&str> {
        self.files.get(usize::from(origin.file)).map(String::as_str)
    }

    /// The file and line that a number comes from, like `data/factors.csv:92`.
    pub fn row(&self, origin: Origin) -> Option<String> {
        let file = self.file(origin)?;
        Some(format!("{file}:{}", origin.line))
    }

    /// The service called `id`.
    pub fn service(&self, id: &str) -> Option<ServiceId> {
        position(&self.services, id, |s| &s.named.id).map(ServiceId::from_usize)
    }

    /// The technology called `id`.
    pub fn technology(&self, id: &str) -> Option<TechnologyId> {
        position(&self.technologies, id, |t| &t.named.id).map(TechnologyId::from_usize)
    }

    /// The pollutant called `id`.
    pub fn pollutant(&self, id: &str) -> Option<PollutantId> {
        position(&self.pollutants, id, |p| &p.named.id).map(PollutantId::from_usize)
    }

    /// The driver called `id`.
    pub fn driver(&self, id: &str) -> Option<DriverId> {
        position(&self.drivers, id, |d| &d.id).map(DriverId::from_usize)
    }

    /// The region called `id`.
    pub fn region(&self, id: &str) -> Option<RegionId> {
        position(&self.regions, id, |r| &r.named.id).map(RegionId::from_usize)
    }

    /// The calibre called `id`.
    pub fn calibre(&self, id: &str) -> Option<CalibreId> {
        position(&self.calibres, id, |c| &c.id).map(CalibreId::from_usize)
    }

    /// The class called `id`.
    pub fn class(&self, id: &str) -> Option<ClassId> {
        position(&self.classes, id, |c| &c.named.id).map(ClassId::from_usize)
    }

    /// The indicator called `id`.
    pub fn indicator(&self, id: &str) -> Option<IndicatorId> {
        position(&self.indicators, id, |i| &i.named.id).map(IndicatorId::from_usize)
    }

    /// The indicator called `base` in `book`, if it is kept there.
    pub fn indicator_in(&self, base: &str, book: Book) -> Option<IndicatorId> {
        let fits = |i: &Indicator| i.base == base && (i.book == book || i.both);
        let found = self.indicators.iter().position(fits)?;
        Some(IndicatorId::from_usize(found))
    }

    /// The same indicator in `book`, if it is kept there.
    pub fn in_book(&self, id: IndicatorId, book: Book) -> Option<IndicatorId> {
        self.indicator_in(&self.indicators[id.at()].base, book)
    }

    /// All indicators, the accounted one before the physical one of each pair.
    pub fn in_pairs(&self) -> Vec<IndicatorId> {
        let all = (0..self.indicators.len()).map(IndicatorId::from_usize);
        let firsts = all.filter(|i| self.indicators[i.at()].book == Book::Physical);
        let pairs = firsts.flat_map(|i| {
            let accounted = self.in_book(i, Book::Accounted).filter(|other| *other != i);
            accounted.into_iter().chain([i])
        });
        pairs.collect()
    }

    /// The book that numbers of a calibre are held against.
    pub fn book_of(&self, calibre: CalibreId) -> Book {
        if self.accounted.contains(&calibre) {
            Book::Accounted
        } else {
            Book::Physical
        }
    }

    /// The technologies of `service` whose id is `alias` or ends in `.alias`:
    /// one, none, or several where the alias is ambiguous (`electric` in freight).
    pub fn technologies_of(&self, service: ServiceId, alias: &str) -> Vec<TechnologyId> {
        let technologies = &self.services[service.at()].technologies;
        let fits = |k: &TechnologyId| {
            let technology = &self.technologies[k.at()];
            technology.alias() == alias || technology.named.id == alias
        };
        technologies.iter().copied().filter(fits).collect()
    }

    /// The technology of `service` that `alias` names, if it names just one.
    pub fn technology_of(&self, service: ServiceId, alias: &str) -> Option<TechnologyId> {
        match self.technologies_of(service, alias).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The technology that serves `service` with nothing.
    pub fn saved(&self, service: ServiceId) -> TechnologyId {
        self.services[service.at()]
            .technologies
            .last()
            .copied()
            .unwrap_or(TechnologyId(0))
    }

    /// The technologies of `service` that carry `tag`.
    pub fn tagged(&self, service: ServiceId, tag: &str) -> Vec<TechnologyId> {
        let technologies = &self.services[service.at()].technologies;
        technologies
            .iter()
            .copied()
            .filter(|k| self.technologies[k.at()].has_tag(tag))
            .collect()
    }

    /// The base year of `region`, if it has one of its own.
    pub fn world(&self, region: RegionId) -> Option<&World> {
        self.worlds[region.at()].as_ref()
    }

    /// The value of the parameter `id`, if the data hold it.
    pub fn parameter(&self, id: &str) -> Option<f64> {
        self.parameters.get(id).map(|p| p.value.value)
    }
}
