//! Measures on fleets, ships, machinery, sewage, farms and VOCs, each by hand from the
//! numbers of the data.

use crate::support::{bare, catalogue, compiled, load, physical, run_at, scenario, shares};
use jianpai::core::catalogue::Account;
use jianpai::core::compile::{PlanError, compile};
use jianpai::core::plan::Plan;

const END: i32 = 2025;

/// A plan of `region` to 2025 with measures, all complete in 2025.
fn plan(region: &str, measures: &str) -> Plan {
    let data = catalogue();
    let text = bare(data, data.region(region).unwrap(), END) + measures;
    compiled(data, &scenario(data, &text))
}

/// What keeps the measures from being carried out, in English.
fn refused(region: &str, measures: &str) -> String {
    let data = catalogue();
    let text = bare(data, data.region(region).unwrap(), END) + measures;
    let errors = compile(data, &scenario(data, &text)).expect_err("refused");
    match &errors[0] {
        PlanError::Measure { problem, .. } => format!("{}: {}", problem.key, problem.text.en),
        other => panic!("{other:?}"),
    }
}

fn measure(id: &str, body: &str) -> String {
    format!("\n[measures.{id}]\n{body}\nstart = 2021\nend = 2025\n")
}

/// The share of a technology in 2025 at stated levels.
fn share(plan: &Plan, id: &str) -> f64 {
    let k = catalogue().technology(id).unwrap();
    shares(plan, &vec![1.0; plan.measures.len()])[k.at()][plan.span() - 1]
}

fn base(plan: &Plan, id: &str) -> f64 {
    plan.base_year.shares[catalogue().technology(id).unwrap().at()]
}

/// Demand of 2025 in the unit of the service.
fn demand(plan: &Plan, id: &str) -> f64 {
    let run = run_at(plan, &vec![1.0; plan.measures.len()]);
    run.demand[catalogue().service(id).unwrap().at()][plan.span() - 1]
}

/// What the measures change in an account in 2025.
fn change(plan: &Plan, account: Account) -> f64 {
    let q = plan.account(account).unwrap();
    let t = q * plan.span() + plan.span() - 1;
    let (with, without) = (
        vec![1.0; plan.measures.len()],
        vec![0.0; plan.measures.len()],
    );
    run_at(plan, &with).total[t] - run_at(plan, &without).total[t]
}

fn coefficient(plan: &Plan, id: &str, account: Account) -> f64 {
    let k = catalogue().technology(id).unwrap();
    plan.base_year
        .coefficient(k, plan.account(account).unwrap())
}

fn near(found: f64, by_hand: f64) {
    let scale = by_hand.abs().max(1e-9);
    assert!(
        (found - by_hand).abs() / scale < 1e-9,
        "{found}, by hand {by_hand}"
    );
}

/// A fleet, vehicle by age: all of them, and the new-energy ones.
struct Cohorts {
    all: Vec<f64>,
    nev: Vec<f64>,
    life: f64,
    shape: f64,
}

impl Cohorts {
    fn new(life: f64, shape: f64, before: f64, nev: f64) -> Self {
        let left = |i: usize| (-(i as f64 / life).powf(shape)).exp();
        let ages: Vec<f64> = (0..60)
            .map(|i| left(i) * (1.0 + before).powf(-(i as f64)))
            .collect();
        let sum: f64 = ages.iter().sum();
        let all: Vec<f64> = ages.iter().map(|n| n / sum).collect();
        let nev = all.iter().map(|n| n * nev).collect();
        Self {
            all,
            nev,
            life,
            shape,
        }
    }

    /// A year passes; then so many are bought that there are `fleet`, a part of them new
    /// energy.
    fn year(&mut self, fleet: f64, part: f64) -> f64 {
        let left = |i: usize| (-(i as f64 / self.life).powf(self.shape)).exp();
        for ages in [&mut self.all, &mut self.nev] {
            let next = ages.iter().enumerate().map(|(i, n)| match left(i) {
                0.0 => 0.0,
                here => n * left(i + 1) / here,
            });
            let mut next: Vec<f64> = next.collect();
            next.insert(0, 0.0);
            *ages = next;
        }
        let bought = fleet - self.all.iter().sum::<f64>();
        assert!(bought > 0.0);
        self.all[0] = bought;
        self.nev[0] = bought * part;
        self.nev.iter().sum::<f64>() / fleet
    }
}

#[test]
fn a_share_of_new_sales_turns_the_fleet_over_vehicle_by_vehicle() {
    for (fleet, driver, (life, shape, before), group) in [
        ("cars", "passenger-vehicles", (14.5, 4.79, 0.208), "car"),
        ("trucks", "freight", (12.8, 5.58, 0.08), "truck"),
    ] {
        let body = format!(
            "type = \"new-energy-vehicles\"\nfleet = \"{fleet}\"\nsales = \"20 %\"\nof_fleet = \"50 %\""
        );
        let plan = plan("guangdong", &measure("nev", &body));
        let data = catalogue();
        let of = |k: usize| -> bool { data.technologies[k].has_tag(group) };
        let count = data.technologies.len();
        let whole: f64 = (0..count)
            .filter(|k| of(*k))
            .map(|k| plan.base_year.shares[k])
            .sum();
        let nev = (0..count)
            .find(|k| of(*k) && data.technologies[*k].has_tag("nev"))
            .unwrap();
        let start = plan.base_year.shares[nev] / whole;
        let growth = &plan.growth[data.driver(driver).unwrap().at()];
        let (mut cohorts, mut size) = (Cohorts::new(life, shape, before, start), 1.0);
        let found = shares(&plan, &[1.0]);
        let (mut last, mut credited_last) = (start, 0.0);
        for (t, year) in plan.years.iter().enumerate().skip(1) {
            size *= 1.0 + growth[t];
            let force = (f64::from(year - 2020) / 5.0).clamp(0.0, 1.0);
            let part = start + force * 0.5 * (0.2 - start);
            let end = cohorts.year(size, part);
            let mean = f64::midpoint(last, end) * whole;
            assert!(
                (found[nev][t] - mean).abs() < 1e-9,
                "{fleet} {year}: {} by hand {mean}",
                found[nev][t]
            );
            // Official accounting credits 11 months of 24 of what is done in a year.
            let credited = plan.measures[0].shifts[0].credited[t] / whole;
            let by_hand = credited_last + 11.0 / 24.0 * (end - start - credited_last);
            assert!((credited - by_hand).abs() < 1e-9, "{fleet} {year}");
            (last, credited_last) = (end, end - start);
        }
        // A fifth of sales is far less than a fifth of the fleet.
        assert!(found[nev][plan.span() - 1] / whole < 0.1);
    }
}

#[test]
fn sales_that_current_policy_has_already_are_told_and_more_than_all_is_refused() {
    let body = "type = \"new-energy-vehicles\"\nfleet = \"cars\"\nsales = \"0.1 %\"";
    let plan = plan("guangdong", &measure("nev", body));
    assert!(plan.measures[0].shifts.is_empty());
    let text = bare(catalogue(), catalogue().region("guangdong").unwrap(), END)
        + &measure("nev", &body.replace("0.1 %", "120 %"));
    let problems = load(catalogue(), &[("main.toml", &text)]).expect_err("above 100 %");
    assert!(problems.contains("120 %"), "{problems}");
}

#[test]
fn trucks_of_a_stage_are_renewed_by_new_energy_ones_under_their_usual_name() {
    let body = "类型 = \"车辆更新\"\n车队 = \"货车\"\n对象 = [\"国四\"]\n比例 = \"40 %\"\n改为 = { \"国六\" = \"70 %\", \"新能源\" = \"30 %\" }";
    let plan = plan("shandong", &measure("trucks", body));
    let c4 = base(&plan, "truck.c4");
    near(share(&plan, "truck.c4"), 0.6 * c4);
    near(share(&plan, "truck.electric"), 0.12 * c4);
    let body = "类型 = \"老旧车淘汰\"\n车队 = \"货车\"\n上限 = \"国三及以下\"\n台数 = \"5 万辆\"\n改为 = { \"国六\" = \"100 %\" }";
    let plan = self::plan("shandong", &measure("trucks", body));
    assert!(share(&plan, "truck.c3") < base(&plan, "truck.c3"));
}

#[test]
fn ships_take_low_sulphur_fuel_and_shore_power_in_steps() {
    let fuel = "type = \"clean-ships\"\napproach = \"low-sulphur\"\nshare = \"60 %\"\npolicy = \"current\"";
    let shore = "type = \"clean-ships\"\napproach = \"shore-power\"\nshare = \"30 %\"";
    let plan = plan(
        "guangdong",
        &(measure("fuel", fuel) + &measure("shore", shore)),
    );
    let ships = base(&plan, "water.ship");
    near(share(&plan, "water.ship"), 0.4 * 0.7 * ships);
    near(share(&plan, "water.ship-low-sulphur"), 0.6 * 0.7 * ships);
    near(share(&plan, "water.ship-shore"), 0.4 * 0.3 * ships);
    near(share(&plan, "water.ship-both"), 0.6 * 0.3 * ships);
    // 80 % of ships with low-sulphur fuel, with 60 % there: half of the rest.
    let reach = "type = \"clean-ships\"\napproach = \"low-sulphur\"\nreach = \"80 %\"";
    let plan = self::plan(
        "guangdong",
        &(measure("fuel", fuel) + &measure("more", reach)),
    );
    near(share(&plan, "water.ship"), 0.2 * ships);
    let lng = "type = \"clean-ships\"\napproach = \"lng\"\nreach = \"5 %\"";
    let plan = self::plan("guangdong", &(measure("fuel", fuel) + &measure("lng", lng)));
    near(share(&plan, "water.ship-lng"), 0.05 * ships);
    near(share(&plan, "water.ship"), 0.4 * 0.95 * ships);
}

#[test]
fn machinery_is_renewed_by_diesel_by_number_or_in_a_part_of_it() {
    let body = "type = \"non-road-renewal\"\nfrom = [\"stage2\"]\nto = { electric = \"100 %\" }\n";
    for (extent, by_hand) in [
        // 5,000 t; 400 machines of 12 t, or of the parameter's 10 t.
        ("fuel = \"5000 t\"", 5000.0),
        ("number = \"400 台\"\neach = \"12 t\"", 4800.0),
        ("number = \"400 台\"", 4000.0),
    ] {
        let plan = plan("shandong", &measure("ports", &(body.to_string() + extent)));
        let all = demand(&plan, "non-road") * 1e4;
        near(share(&plan, "machine.electric") * all, by_hand);
    }
    let extent = "share = \"60 %\"\npart = \"5 %\"";
    let plan = plan("shandong", &measure("ports", &(body.to_string() + extent)));
    near(
        share(&plan, "machine.electric"),
        0.03 * base(&plan, "machine.stage2"),
    );
}

#[test]
fn reuse_counts_from_the_rate_of_today_and_sewers_by_the_gap() {
    let treated = ["class2", "1b", "1a", "better"];
    let body = "type = \"water-reuse\"\nreach = \"25 %\"\nnow = \"15 %\"";
    let plan = plan("shandong", &measure("reuse", body));
    let each = |k: &str| base(&plan, &format!("sewage.{k}"));
    let all: f64 = treated.iter().map(|k| each(k)).sum();
    near(share(&plan, "sewage.reused"), 0.10 * all);
    near(share(&plan, "sewage.1b"), 0.9 * each("1b"));
    let account = physical(catalogue().pollutant("COD").unwrap());
    let less = |k: &str| {
        let of = |k: &str| coefficient(&plan, &format!("sewage.{k}"), account);
        of(k) - of("reused")
    };
    let cut: f64 = treated.iter().map(|k| 0.1 * each(k) * less(k)).sum();
    near(change(&plan, account), -demand(&plan, "urban-sewage") * cut);
    // 10 万 m3/d for 365 days at 60.5 m3 a resident.
    let body = "type = \"water-reuse\"\ncapacity = \"10 万m3/d\"";
    let plan = self::plan("shandong", &measure("reuse", body));
    let persons = share(&plan, "sewage.reused") * demand(&plan, "urban-sewage") * 1e4;
    near(persons, 1e5 * 365.0 / 60.5);
    // From 65 to 75 % closes 10 points of 35.
    let body = "type = \"sewer-network\"\nfrom = [\"1a\"]\nreach = \"75 %\"\nnow = \"65 %\"";
    let plan = self::plan("shandong", &measure("sewers", body));
    near(
        share(&plan, "sewage.collected"),
        base(&plan, "sewage.1a") * 10.0 / 35.0,
    );
    let body = "type = \"water-reuse\"\nreach = \"25 %\"";
    let told = refused("shandong", &measure("reuse", body));
    assert!(told.starts_with("now: `reach` needs"), "{told}");
}

#[test]
fn works_of_parks_are_told_by_their_flow_or_their_part() {
    let body = "type = \"industrial-wastewater-upgrade\"\nfrom = [\"standard\"]\nto = { advanced = \"100 %\" }\n";
    let plan = plan(
        "shandong",
        &measure("parks", &(body.to_string() + "capacity = \"20 万m3/d\"")),
    );
    // 70,911 t of wastewater for each 1e8 CNY.
    let moved = share(&plan, "wastewater.advanced") - base(&plan, "wastewater.advanced");
    near(
        moved * demand(&plan, "industrial-wastewater"),
        2e5 * 365.0 / 70911.0,
    );
    let plan = self::plan(
        "shandong",
        &measure(
            "parks",
            &(body.to_string() + "share = \"50 %\"\npart = \"40 %\""),
        ),
    );
    near(
        share(&plan, "wastewater.standard"),
        0.8 * base(&plan, "wastewater.standard"),
    );
}

#[test]
fn large_farms_use_what_they_are_equipped_for() {
    let body = "type = \"manure-utilisation\"\nequipment = \"95 %\"\nscale = \"73 %\"\nto = { returned = \"100 %\" }";
    let plan = plan("shandong", &measure("farms", body));
    near(share(&plan, "manure.untreated"), 1.0 - 0.95 * 0.73);
}

#[test]
fn a_cut_of_fertiliser_takes_from_crops_alone_and_earns_no_credit() {
    let body = "type = \"fertiliser-reduction\"\ncut = \"6 %\"";
    let plan = plan("shandong", &measure("crops", body));
    let data = catalogue();
    let nh3n = data.pollutant("NH3-N").unwrap();
    let all = demand(&plan, "other-agriculture");
    let plain = base(&plan, "agri.conventional");
    near(share(&plan, "agri.unfertilised"), 0.06 * plain);
    // Crops lose 8.30 of the 10.53 that crops and ponds do.
    let of = coefficient(&plan, "agri.conventional", physical(nh3n));
    let cut = 0.06 * plain * of * 0.788;
    let found = change(&plan, physical(nh3n));
    assert!((found / (-all * cut) - 1.0).abs() < 1e-5, "{found}");
    assert!(change(&plan, crate::support::leading(data, nh3n)).abs() < all * 1e-9);
    // Ponds: half of COD, of the part of them that is treated.
    let body = "type = \"aquaculture-tail-water\"\nshare = \"50 %\"";
    let plan = self::plan("shandong", &measure("ponds", body));
    let account = physical(data.pollutant("COD").unwrap());
    let cod = coefficient(&plan, "agri.conventional", account);
    let found = change(&plan, account);
    assert!(
        (found / (-all * 0.5 * plain * 0.5 * cod) - 1.0).abs() < 1e-5,
        "{found}"
    );
}

#[test]
fn a_cut_of_vocs_in_tonnes_is_that_many_tonnes() {
    let account = physical(catalogue().pollutant("VOCs").unwrap());
    let before =
        "type = \"voc-control\"\napproach = \"source\"\nshare = \"30 %\"\npolicy = \"current\"";
    for (approach, tonnes) in [("both", 95_200.0), ("source", 20_000.0), ("leaks", 5_000.0)] {
        let body =
            format!("type = \"voc-control\"\napproach = \"{approach}\"\namount = \"{tonnes} t\"");
        let plan = plan("shandong", &measure("vocs", &body));
        near(change(&plan, account), -tonnes);
        let both = measure("before", before) + &measure("vocs", &body);
        let with = self::plan("shandong", &both);
        let alone = self::plan("shandong", &measure("before", before));
        near(change(&with, account) - change(&alone, account), -tonnes);
    }
    let body = "type = \"voc-control\"\napproach = \"end-of-pipe\"\namount = \"300 万t\"";
    let told = refused("shandong", &measure("vocs", body));
    assert!(
        told.starts_with("amount: 3000000 t are to be cut"),
        "{told}"
    );
    let body = "type = \"voc-control\"\napproach = \"tanks\"\nshare = \"30 %\"";
    let told = refused("shandong", &measure("vocs", body));
    assert!(
        told.starts_with("share: the data have no activity"),
        "{told}"
    );
}
