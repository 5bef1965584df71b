//! What the tests of the model share: the data, scenarios from text, and random
//! scenarios that can be carried out.

use jianpai::core::calibrate::Kappa;
use jianpai::core::catalogue::{Account, Book, Catalogue, Level, World};
use jianpai::core::compile::{PlanError, compile};
use jianpai::core::dims::{PollutantId, RegionId, ServiceId, TechnologyId};
use jianpai::core::kernel::{self, Draw, Trajectory};
use jianpai::core::measure::Value;
use jianpai::core::measure::spec::{Field, FieldKind, KINDS, KindSpec, Role};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;
use jianpai::core::text::Lang;
use jianpai::load::catalogue::{self, DataFile};
use jianpai::load::diag::{Color, Diagnostics, Files};
use jianpai::load::scenario::{self, Loaded};
use jianpai::load::vocabulary::Vocabulary;
use jianpai::study::{Data, Error, Session, Study};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// All coal power retrofitted at once.
pub const POWER_RETROFIT: &str = r#"
[measures.power]
type = "ultra-low-retrofit"
sector = "power"
share = "100 %"
start = 2016
ramp = "step"
"#;

/// The account that official targets on a pollutant speak of.
pub fn leading(data: &Catalogue, p: PollutantId) -> Account {
    let accounted =
        ["COD", "NH3-N", "SO2", "NOx"].contains(&data.pollutants[p.at()].named.id.as_str());
    let book = if accounted {
        Book::Accounted
    } else {
        Book::Physical
    };
    Account::Pollutant(p, book)
}

/// The account of what is really emitted of a pollutant.
pub fn physical(p: PollutantId) -> Account {
    Account::Pollutant(p, Book::Physical)
}

/// Whether recordings are to be written anew: `UPDATE=1`, and no other value.
pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// The data as compiled into the program.
pub fn data() -> &'static Arc<Data> {
    static DATA: OnceLock<Arc<Data>> = OnceLock::new();
    DATA.get_or_init(|| {
        let data = Data::compiled_in();
        data.unwrap_or_else(|problems| panic!("{}", Error::Input(problems)))
    })
}

/// What the data hold.
pub fn catalogue() -> &'static Catalogue {
    data().catalogue()
}

/// A session that reads from the project's folder.
pub fn session() -> Session {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Session::new(Arc::clone(data()), move |path| {
        std::fs::read(root.join(path))
    })
}

/// A session over files held in memory.
pub fn session_over(memory: &[(&str, &str)]) -> Session {
    let owned = memory
        .iter()
        .map(|(name, text)| ((*name).to_string(), (*text).to_string()));
    let memory: HashMap<String, String> = owned.collect();
    Session::new(Arc::clone(data()), move |path| {
        let file = memory.get(path).map(|text| text.as_bytes().to_vec());
        file.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    })
}

/// The scenario at a path from the project's root, compiled; panics with what is wrong.
pub fn study(path: &str) -> Study {
    let study = session().open(path, None);
    study.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads data tables; panics with the diagnostics if there is anything wrong.
pub fn read_catalogue(data: &[DataFile]) -> Catalogue {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = catalogue::read("data", data, &mut files, &mut diags);
    found.unwrap_or_else(|| panic!("{}", diags.render(&files, Lang::En, Color::Never)))
}

/// The compiled-in tables with `rows` added at the end of the files named.
pub fn data_with(rows: &[(&str, &str)]) -> Vec<DataFile> {
    let mut data = jianpai::study::embedded::data();
    for (name, row) in rows {
        let file = data.iter_mut().find(|file| file.name == *name);
        let bytes = &mut file.unwrap_or_else(|| panic!("no {name}")).bytes;
        bytes.extend_from_slice(row.as_bytes());
        bytes.push(b'\n');
    }
    data
}

/// Regions with a base year of their own.
pub fn worlds(catalogue: &Catalogue) -> Vec<(RegionId, &World)> {
    let regions = catalogue.worlds.iter().enumerate();
    regions
        .filter_map(|(r, world)| Some((RegionId::from_usize(r), world.as_ref()?)))
        .collect()
}

/// Loads the scenario `main.toml` of files held in memory.
pub fn load(catalogue: &Catalogue, memory: &[(&str, &str)]) -> Result<Loaded, String> {
    // A catalogue may be a test's own, which no session holds.
    let fetch = |path: &str| {
        let file = memory.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.as_bytes().to_vec())
            .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    };
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let vocabulary = Vocabulary::new(catalogue);
    let names = (catalogue, &vocabulary);
    let loaded = scenario::read("main.toml", None, names, &fetch, &mut files, &mut diags);
    loaded.ok_or_else(|| diags.render(&files, Lang::En, Color::Never))
}

/// The scenario in `text`; panics with the diagnostics if it is not valid.
pub fn scenario(catalogue: &Catalogue, text: &str) -> Scenario {
    match load(catalogue, &[("main.toml", text)]) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{problems}\n{text}"),
    }
}

/// Compiles a scenario that must compile.
pub fn compiled(catalogue: &Catalogue, scenario: &Scenario) -> Plan {
    compile(catalogue, scenario).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// A scenario with nothing in it but growth of 3 % for every driver.
pub fn bare(catalogue: &Catalogue, region: RegionId, end: i32) -> String {
    let id = &catalogue.regions[region.at()].named.id;
    let mut text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"{id}\"\nend_year = {end}\n\n[growth]\n"
    );
    for driver in &catalogue.drivers {
        let _ = writeln!(text, "{} = \"3 %\"", driver.id);
    }
    text
}

/// The calibration factor of an account and class.
pub fn kappa<'p>(plan: &'p Plan, account: Account, class: Option<&str>) -> Option<&'p Kappa> {
    let class = class.map(|id| catalogue().class(id).expect("a class"));
    let mut kappas = plan.base_year.kappas.iter();
    kappas.find(|kappa| kappa.account == account && kappa.class == class)
}

/// Whether two numbers agree to `relative`, measured on `scale` where that is larger.
pub fn close(a: f64, b: f64, relative: f64, scale: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()).max(scale)
}

/// The bits of every number of a run.
pub fn bits(run: &Trajectory) -> Vec<u64> {
    let demand = run.demand.iter().flatten();
    let rest: [&[f64]; 5] = [&run.gdp, &run.frozen, &run.change, &run.join, &run.total];
    demand
        .chain(rest.into_iter().flatten())
        .map(|value| value.to_bits())
        .collect()
}

/// A run at given levels and the stated growth.
pub fn run_at(plan: &Plan, levels: &[f64]) -> Trajectory {
    let draw = Draw {
        levels: levels.to_vec(),
        ..Draw::stated(plan)
    };
    kernel::run(plan, &draw)
}

/// Shares by technology and year at given levels, from the shifts themselves.
pub fn shares(plan: &Plan, levels: &[f64]) -> Vec<Vec<f64>> {
    shares_in(plan, levels, Account::Energy)
}

/// The same as an account counts them: the accounted book credits work later.
pub fn shares_in(plan: &Plan, levels: &[f64], account: Account) -> Vec<Vec<f64>> {
    let base = plan.base_year.shares.iter();
    let mut shares: Vec<Vec<f64>> = base.map(|share| vec![*share; plan.span()]).collect();
    for (measure, level) in plan.measures.iter().zip(levels) {
        for shift in &measure.shifts {
            for (t, amount) in shift.amount_in(account).iter().enumerate() {
                let taken = shift.take.iter().map(|(k, parts)| (k, -parts[t]));
                let given = shift.give.iter().map(|(k, part)| (k, *part));
                for (k, part) in taken.chain(given) {
                    shares[k.at()][t] += level * amount * part;
                }
            }
        }
    }
    shares
}

/// A case: a random scenario that compiles, with its plan and its text.
#[derive(Clone)]
pub struct Case {
    pub scenario: Scenario,
    pub plan: Plan,
    /// The text it was read from, before levels were cut to what there is.
    pub text: String,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let levels = self.scenario.measures.iter();
        let levels = levels.map(|m| format!("{} {}", m.id, m.level));
        writeln!(
            f,
            "\n{}\nlevels: {:?}",
            self.text,
            levels.collect::<Vec<_>>()
        )
    }
}

/// What a random scenario is made from. Everything follows from these numbers.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub region: usize,
    pub end: i32,
    /// Kind (an index into `KINDS`) and the seed of its fields.
    pub measures: Vec<(usize, u64)>,
    pub observed: usize,
    pub seed: u64,
}

/// Recipes with up to `measures` measures and up to `observed` anchors.
pub fn recipes(measures: usize, observed: usize) -> impl Strategy<Value = Recipe> {
    let measure = (0..KINDS.len(), any::<u64>());
    let measures = prop::collection::vec(measure, 0..=measures);
    let regions = worlds(catalogue()).len();
    (
        0..regions,
        2018..=2028,
        measures,
        0..=observed,
        any::<u64>(),
    )
        .prop_map(|(region, end, measures, observed, seed)| Recipe {
            region,
            end,
            measures,
            observed,
            seed,
        })
}

/// Feasible cases.
pub fn cases(measures: usize, observed: usize) -> impl Strategy<Value = Case> {
    recipes(measures, observed).prop_map(|recipe| recipe.case())
}

/// Choices that follow from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `sides` − 1.
    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides.max(1) as u64).unwrap_or_default()
    }

    fn year(&mut self, from: i32, to: i32) -> i32 {
        let span = usize::try_from(to - from + 1).unwrap_or(1);
        from + i32::try_from(self.roll(span)).unwrap_or_default()
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }

    /// Up to `most` different ones, at least one.
    fn some<T: Clone>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut left = from.to_vec();
        let count = 1 + self.roll(most.min(from.len()));
        (0..count)
            .map(|_| left.remove(self.roll(left.len())))
            .collect()
    }
}

impl Recipe {
    /// The case: the text read, levels cut until nothing is over-claimed.
    pub fn case(&self) -> Case {
        let text = self.text();
        let stated = scenario(catalogue(), &text);
        let (scenario, plan) = feasible(stated);
        Case {
            scenario,
            plan,
            text,
        }
    }

    fn region(&self) -> RegionId {
        worlds(catalogue())[self.region].0
    }

    /// The scenario file.
    pub fn text(&self) -> String {
        let data = catalogue();
        let mut dice = Dice(self.seed);
        let id = &data.regions[self.region().at()].named.id;
        let harmonise = *dice.pick(&["ratio", "offset"]);
        let mut text = format!(
            "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"{id}\"\nend_year = {}\nharmonise = \"{harmonise}\"\n\n[growth]\n",
            self.end
        );
        for driver in &data.drivers {
            let (first, second) = (dice.between(-4.0, 8.0), dice.between(-4.0, 8.0));
            let _ = match dice.roll(4) {
                0 => writeln!(
                    text,
                    "{} = {{ 2016 = \"{first:.2} %\", {} = \"{second:.2} %\" }}",
                    driver.id,
                    dice.year(2017, 2024)
                ),
                _ => writeln!(text, "{} = \"{first:.2} %\"", driver.id),
            };
        }
        if dice.roll(3) == 0 {
            let service = &dice.pick(&data.services).named.id;
            let elasticity = dice.between(0.2, 1.5);
            let _ = writeln!(text, "\n[elasticity]\n{service} = {elasticity:.3}");
        }
        let known = [
            "SO2",
            "NOx",
            "COD",
            "NH3-N",
            "CO2-per-GDP",
            "energy-per-GDP",
        ];
        for indicator in dice.some(&known, 6).iter().take(self.observed) {
            for year in [dice.year(2016, 2017), dice.year(2018, self.end)] {
                let reduction = dice.between(-5.0, 40.0);
                let _ = writeln!(
                    text,
                    "\n[observed.{indicator}-{year}]\nindicator = \"{indicator}\"\nyear = {year}\nreduction = \"{reduction:.2} %\"",
                );
            }
        }
        for (number, (kind, seed)) in self.measures.iter().enumerate() {
            let _ = write!(
                text,
                "\n[measures.m{number}]\n{}",
                self.measure(*kind, *seed)
            );
        }
        text
    }

    /// The keys of one measure.
    fn measure(&self, kind: usize, seed: u64) -> String {
        let mut dice = Dice(seed);
        let spec = &KINDS[kind];
        let mut text = format!("type = \"{}\"\n", spec.id);
        let policy = *dice.pick(&["new", "new", "current"]);
        let level = dice.between(0.0, 130.0);
        let _ = writeln!(text, "policy = \"{policy}\"\nlevel = \"{level:.2} %\"");
        let id = &catalogue().regions[self.region().at()].named.id;
        if id == "shaanxi" && dice.roll(3) == 0 {
            let zone = dice.pick(&["guanzhong", "southern", "northern"]);
            let _ = writeln!(text, "zone = \"shaanxi-{zone}\"");
        }
        let (start, end) = (dice.year(2016, self.end), dice.year(2016, self.end + 2));
        let (start, end) = (start.min(end), start.max(end));
        let half = dice.between(0.0, 100.0);
        let full = dice.between(40.0, 100.0);
        let _ = match dice.roll(5) {
            0 => writeln!(text, "start = {start}\nramp = \"step\""),
            1 => writeln!(text, "start = {start}\nend = {end}\nramp = \"s-curve\""),
            2 => writeln!(
                text,
                "points = {{ {start} = \"{half:.2} %\", {} = \"{full:.2} %\" }}",
                end + 1
            ),
            _ => writeln!(text, "start = {start}\nend = {end}"),
        };
        if !spec.is_cap() && Dice(!seed).roll(3) == 0 {
            let _ = writeln!(text, "at = \"year-end\"");
        }
        let mut fields = Fields {
            recipe: self,
            spec,
            dice,
            service: None,
            word: String::new(),
            chosen: 1,
        };
        let extents: Vec<&Field> = spec
            .fields
            .iter()
            .filter(|field| field.role == Role::Extent)
            .collect();
        // The words first: they say which service the others speak of.
        for field in spec.fields.iter().filter(|f| f.role == Role::Required) {
            let _ = writeln!(text, "{} = {}", field.key, fields.value(field));
        }
        let extents: Vec<&Field> = extents
            .into_iter()
            .filter(|field| fields.allowed(field))
            .collect();
        let extent = *fields.dice.pick(&extents);
        let _ = writeln!(text, "{} = {}", extent.key, fields.value(extent));
        for field in spec.fields.iter().filter(|f| f.role == Role::Optional) {
            // A year or rate that an extent refers to stands beside that one alone.
            let of = match field.key {
                "since" => Some("growth"),
                "now" => Some("reach"),
                _ => None,
            };
            let needed = of == Some(extent.key);
            let fits = field.key != "technologies" || fields.chosen == 1;
            // One bound of size, so that there is something between them; a stock is of small ones.
            let bounded = match field.key {
                "above" => ["share", "reach"].contains(&extent.key),
                "up_to" => !text.contains("above = "),
                _ => true,
            };
            let fits = fits && fields.allowed(field) && bounded;
            let of_capacity = ["hours", "displaced", "utilisation"].contains(&field.key);
            let fits = fits && (!of_capacity || extent.key == "capacity");
            // A kind of plant turns a capacity into electricity.
            let needed = needed || field.key == "energy" && extent.key == "capacity";
            let fits = fits && (field.key != "fuel" || extent.key != "amount");
            if needed || (fits && of.is_none() && fields.dice.roll(2) == 0) {
                let _ = writeln!(text, "{} = {}", field.key, fields.value(field));
            }
        }
        text
    }
}

/// Writes the fields of one measure.
struct Fields<'r> {
    recipe: &'r Recipe,
    spec: &'static KindSpec,
    dice: Dice,
    /// The service that the measure acts on, once known.
    service: Option<ServiceId>,
    /// The word chosen last.
    word: String,
    /// How many services were chosen.
    chosen: usize,
}

impl Fields<'_> {
    /// Whether this way of saying how much is open to the measure.
    fn allowed(&self, field: &Field) -> bool {
        let homes = self.word == "scattered-coal";
        match (self.spec.id, field.key) {
            ("voc-control", "share") => !["leaks", "tanks"].contains(&&*self.word),
            ("ultra-low-retrofit", "capacity") => self.word != "other-industry",
            ("ultra-low-retrofit", "number" | "above" | "up_to") => self.word == "boilers",
            ("ultra-low-retrofit", "utilisation") => {
                ["steel", "cement", "coke"].contains(&self.word.as_str())
            }
            ("network-heat", "households") => homes,
            ("network-heat", "capacity") => !homes,
            ("network-heat", "up_to") => self.word == "coal-boilers",
            _ => true,
        }
    }

    /// The service that a measure of this kind acts on.
    fn acts_on(&self) -> ServiceId {
        let id = match (self.spec.services, self.spec.id) {
            ([first, ..], _) => first,
            ([], "ultra-low-retrofit") => match self.word.as_str() {
                "boilers" => "industrial-steam",
                sector @ ("steel" | "cement" | "coke") => sector,
                _ => "thermal-power",
            },
            ([], _) => "passenger-vehicles",
        };
        self.service
            .or(catalogue().service(id))
            .expect("a service of the data")
    }

    /// The base-year amount of the service in natural units.
    fn natural(&self) -> f64 {
        let (data, service) = (catalogue(), self.acts_on());
        let world = data.world(self.recipe.region()).expect("a base year");
        let amount = world.demand[service.at()].map_or(0.0, |amount| amount.value);
        amount * data.services[service.at()].scale
    }

    /// A part of a stock of the region.
    fn stock(&mut self, prefix: &str, whole: bool) -> f64 {
        use jianpai::core::catalogue::StockUnit::{Items, SteamCapacity, Vehicles};
        let world = catalogue().world(self.recipe.region());
        let stocks = world.expect("a base year").stocks.iter();
        let fits = |unit| match prefix {
            "boiler-le10" if whole => unit == Items,
            "boiler-le10" => unit == SteamCapacity,
            _ => unit == Vehicles,
        };
        let found = stocks.filter(|((group, unit), _)| group == prefix && fits(*unit));
        let total: f64 = found.map(|(_, stock)| stock.value.value).sum();
        total * self.dice.between(0.0, 0.3)
    }

    /// What a mix or a list may call the technologies: the alias, or the whole id
    /// where two of them (`truck.electric`, `rail.electric`) share the alias.
    fn aliases(&self) -> Vec<String> {
        let data = catalogue();
        let ids = &data.services[self.acts_on().at()].technologies;
        let technologies = ids.iter().map(|k| &data.technologies[k.at()]);
        let fleet = [
            "old-vehicle-retirement",
            "new-energy-vehicles",
            "fleet-renewal",
        ];
        technologies
            .filter(|k| !fleet.contains(&self.spec.id) || k.has_tag("truck") || k.has_tag("car"))
            .map(|k| {
                let first = data.technology_of(self.acts_on(), k.alias());
                let own =
                    first.is_some_and(|first| data.technologies[first.at()].named.id == k.named.id);
                let name = if own { k.alias() } else { &k.named.id };
                name.to_string()
            })
            .collect()
    }

    /// Tonnes: the unit of machinery is one of its diesel, a unit of solvents emits some.
    fn mass(&self, field: &Field, natural: f64, part: f64) -> String {
        let amount = match (field.key, self.spec.id) {
            ("fuel", _) => natural,
            ("each", _) => 4.0 + 40.0 * part,
            (_, "voc-control") => natural / 1e8 * 5.0,
            _ => natural * 3.0,
        };
        format!("\"{amount:.4} t\"")
    }

    /// m3/d: those of industry are told by its value added, those of residents by their
    /// number.
    fn flow(&self, natural: f64) -> String {
        let yearly = match self.spec.id {
            "industrial-wastewater-upgrade" => natural / 1e8 * 70911.0,
            _ => natural * 60.5,
        };
        format!("\"{:.3} m3/d\"", yearly / 365.0)
    }

    /// What only measures on plant state: a part of what there is, by the base-year amount.
    fn of_plant(&mut self, field: &Field, natural: f64) -> Option<String> {
        // Of gas and biomass boilers there are few.
        let few = ["low-nox-burners", "biomass-boilers", "network-heat"].contains(&self.spec.id);
        let capacity = natural * 0.05 / 1391.57;
        Some(match field.kind {
            FieldKind::Output => format!("\"{natural:.4} t\""),
            FieldKind::Area => format!("\"{:.1} 平方米\"", natural * 0.5),
            FieldKind::Plant => {
                let sector = Value::Word(self.word.clone());
                let field = field.within(&BTreeMap::from([("sector", sector)]));
                self.value(&field.expect("a sector with a capacity"))
            }
            FieldKind::SteamCapacity if few && field.role == Role::Extent => {
                format!("\"{capacity:.3} t/h\"")
            }
            FieldKind::Items if few => format!("\"{:.2} 台\"", capacity / 4.0),
            FieldKind::Coal if field.key == "amount" => {
                format!("\"{:.1} tce\"", natural / 1e8 * 700.0)
            }
            _ => return None,
        })
    }

    /// One of the words that a field may hold; which service the others speak of follows.
    fn word_of(&mut self, field: &Field, words: &'static [&'static str]) -> String {
        // Trucks older than China III are of that class.
        let skip = usize::from(field.key == "up_to" && self.word == "trucks");
        // The first four products are services of the model.
        // All motor vehicles are two services.
        let most = match field.key {
            "product" => 4,
            "fleet" => 2,
            _ => words.len(),
        };
        let boilers = field.key == "sector" && self.dice.roll(2) == 0;
        let word = if boilers {
            "boilers"
        } else {
            *self.dice.pick(&words[skip..most])
        };
        self.word = word.to_string();
        let service = match word {
            "trucks" => "freight",
            "cars" => "passenger-vehicles",
            "rural" => "rural-sewage",
            "coal-boilers" | "gas-boilers" => "industrial-steam",
            "clinker" => "cement",
            "steel" | "cement" | "coke" => word,
            _ => "",
        };
        self.service = catalogue().service(service).or(self.service);
        format!("\"{word}\"")
    }

    fn value(&mut self, field: &Field) -> String {
        let data = catalogue();
        let part = self.dice.between(0.0, 0.3);
        let natural = part * self.natural();
        if let Some(text) = self.of_plant(field, natural) {
            return text;
        }
        match field.kind {
            FieldKind::Share => {
                let most = match field.key {
                    "reach" => 95.0,
                    "gain" | "cut" | "reburn" | "of_service" => 25.0,
                    _ => 70.0,
                };
                format!("\"{:.3} %\"", self.dice.between(0.0, most))
            }
            FieldKind::Growth => format!("\"{:.3} %\"", self.dice.between(0.0, 30.0)),
            FieldKind::Mass => self.mass(field, natural, part),
            FieldKind::Coal => {
                let coal = data.world(self.recipe.region()).expect("a base year");
                let coal = coal.inventory.get(&Account::Coal).and_then(|i| i.total);
                let coal = coal.map_or(1e6, |total| total.amount.value);
                format!("\"{:.1} tce\"", coal * self.dice.between(0.7, 1.3))
            }
            FieldKind::Households => format!("\"{natural:.2} 户\""),
            FieldKind::Output | FieldKind::Area | FieldKind::Plant => {
                unreachable!("an amount of plant")
            }
            FieldKind::SteamCapacity if field.role != Role::Extent => {
                format!("\"{} t/h\"", self.dice.pick(&[10, 35, 65]))
            }
            FieldKind::SteamCapacity => format!("\"{:.2} t/h\"", self.stock("boiler-le10", false)),
            FieldKind::Items if self.spec.id == "non-road-renewal" => {
                format!("\"{:.1} 台\"", natural / 10.0)
            }
            FieldKind::Items => format!("\"{:.1} 台\"", self.stock("boiler-le10", true)),
            FieldKind::Power => format!("\"{:.3} MW\"", natural / 4000.0 / 1000.0),
            FieldKind::Electricity => format!("\"{natural:.1} kWh\""),
            FieldKind::Hours => format!("\"{:.0} h\"", self.dice.between(2000.0, 6000.0)),
            FieldKind::Vehicles => {
                let group = if self.word == "trucks" {
                    "trucks"
                } else {
                    "passenger-vehicles"
                };
                format!("\"{:.1} 辆\"", self.stock(group, true))
            }
            FieldKind::Persons => format!("\"{natural:.1} 人\""),
            FieldKind::Flow => self.flow(natural),
            FieldKind::FreightWork => format!("\"{:.1} t km\"", natural * 0.3),
            FieldKind::Heads => format!("\"{natural:.1} 头\""),
            // A measure begins in 2016 at the earliest.
            FieldKind::Year if field.key == "base_year" => "2015".to_string(),
            FieldKind::Year => self.dice.year(2015, 2019).to_string(),
            FieldKind::Word(words) => self.word_of(field, words),
            FieldKind::Service | FieldKind::Services => {
                let most = if field.kind == FieldKind::Service {
                    1
                } else {
                    3
                };
                let ids: Vec<usize> = (0..data.services.len()).collect();
                let chosen = self.dice.some(&ids, most);
                self.chosen = chosen.len();
                self.service = chosen.first().copied().map(ServiceId::from_usize);
                let ids = chosen.iter().map(|v| data.services[*v].named.id.as_str());
                match field.kind {
                    FieldKind::Service => format!("\"{}\"", ids.collect::<String>()),
                    _ => format!("{:?}", ids.collect::<Vec<_>>()),
                }
            }
            FieldKind::Technologies => {
                let aliases = self.aliases();
                format!("{:?}", self.dice.some(&aliases, 3))
            }
            FieldKind::Mix => {
                let aliases = self.aliases();
                let chosen = self.dice.some(&aliases, 3);
                let mut left = 100;
                let mut parts = Vec::new();
                for (i, alias) in chosen.iter().enumerate() {
                    let part = if i + 1 == chosen.len() {
                        left
                    } else {
                        self.dice.roll(left + 1)
                    };
                    left -= part;
                    parts.push(format!("\"{alias}\" = \"{part} %\""));
                }
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }
}

/// Cuts levels until nothing is over-claimed; drops what the region has no
/// figures for, and an elasticity that leaves nothing of a service. Panics on any
/// other problem: the generator would be at fault.
pub fn feasible(mut scenario: Scenario) -> (Scenario, Plan) {
    for round in 0.. {
        let errors = match compile(catalogue(), &scenario) {
            Ok(plan) => return (scenario, plan),
            Err(errors) => errors,
        };
        for error in errors {
            match error {
                PlanError::OverClaim {
                    available, claims, ..
                } => {
                    let claimed: f64 = claims.iter().map(|(_, part)| part).sum();
                    let fits = 0.98 * available / claimed;
                    let claims = |id: &str| claims.iter().any(|(claimer, _)| claimer == id);
                    if fits > 0.05 && round < 12 {
                        let claimers = scenario.measures.iter_mut().filter(|m| claims(&m.id));
                        claimers.for_each(|m| m.level *= fits.min(0.98));
                    } else {
                        scenario.measures.retain(|m| !claims(&m.id));
                    }
                }
                PlanError::Measure { measure, problem } => {
                    // A cap out of reach names what states it.
                    let known = [
                        "since",
                        "capacity",
                        "number",
                        "type",
                        "cap",
                        "reduction",
                        // More than there is of a class, in the unit of the field.
                        "heated_area",
                        "households",
                        "amount",
                        "output",
                        // A fleet that others leave nothing of has no new sales.
                        "sales",
                    ];
                    let known = known.contains(&problem.key.as_str());
                    assert!(known, "{measure}: {problem:?}");
                    scenario.measures.retain(|m| m.id != measure);
                }
                // A driver that all but stopped, under an elasticity above 1.
                PlanError::NothingLeft(found) => {
                    let stated = scenario.elasticity.remove(&found.service);
                    assert!(stated.is_some(), "the data's own elasticity: {found:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
    unreachable!("a scenario without measures compiles")
}

/// The level of a region in the tree.
pub fn level(catalogue: &Catalogue, region: RegionId) -> Level {
    catalogue.regions[region.at()].level
}

/// The technologies with their subscripts.
pub fn technologies(catalogue: &Catalogue) -> impl Iterator<Item = TechnologyId> {
    (0..catalogue.technologies.len()).map(TechnologyId::from_usize)
}
