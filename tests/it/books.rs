//! The two books: what is really emitted, and what official accounting counts.

use crate::support::{POWER_RETROFIT, bare, catalogue, close, compiled, load, physical};
use jianpai::core::account::UnitKind;
use jianpai::core::catalogue::{Account, Accounting, Book, CreditRule};
use jianpai::core::dims::{PollutantId, TechnologyId};
use jianpai::core::kernel::{self, Draw, Trajectory};
use jianpai::core::outcome::{self, Item};
use jianpai::core::plan::Plan;
use jianpai::core::target::Demand;

const ACCOUNTED: Book = Book::Accounted;
const PHYSICAL: Book = Book::Physical;

fn accounted(p: PollutantId) -> Account {
    Account::Pollutant(p, Book::Accounted)
}

fn stated(plan: &Plan) -> Trajectory {
    kernel::run(plan, &Draw::stated(plan))
}

/// What one measure changes in an account by the last year (t).
fn change(text: &str, measure: &str, account: Account) -> f64 {
    let data = catalogue();
    let loaded = load(data, &[("main.toml", text)]).unwrap();
    let plan = compiled(data, &loaded.scenario);
    let result = outcome::run(data, &loaded.scenario, &plan);
    let t = plan.span() - 1;
    let balance = outcome::balance(&plan, &result.run, account, t).unwrap();
    let m = plan.measures.iter().position(|m| m.id == measure).unwrap();
    let lines = balance.lines.iter();
    let (_, value) = lines
        .clone()
        .find(|(item, _)| *item == Item::Measure(m))
        .unwrap();
    *value
}

/// All coal power of the nation retrofitted at once.
fn retrofit() -> String {
    let data = catalogue();
    bare(data, data.region("china").unwrap(), 2016) + POWER_RETROFIT
}

/// The minister credits the retrofit of coal power with 83 % less SO2 and 50 % less NOx;
/// the monitors see 97 and 91 %. By hand, from demand, shares, factors and the official
/// class: the plain units give `official · D' / D · (1 − r)` of their own part.
#[test]
fn a_retrofit_of_coal_power_is_credited_by_the_ratio_of_limits() {
    let data = catalogue();
    let china = data.region("china").unwrap();
    let world = data.world(china).unwrap();
    let (power, class) = (
        data.service("thermal-power").unwrap(),
        data.class("power").unwrap(),
    );
    let text = retrofit();
    for (name, ratio, plain, ule, gas) in [
        ("SO2", 35.0 / 200.0, 1.59933, 0.047_501, 0.008),
        ("NOx", 50.0 / 100.0, 1.29318, 0.121_042, 0.26),
    ] {
        let p = data.pollutant(name).unwrap();
        let share = |id: &str| {
            let k = data
                .technologies
                .iter()
                .position(|k| k.named.id == id)
                .unwrap();
            world.shares[k].map_or(0.0, |share| share.value)
        };
        let [of_plain, of_ule, of_gas] =
            ["power.coal-plain", "power.coal-ule", "power.gas"].map(share);
        let official = world.inventory[&physical(p)].classes[&class].amount.value;
        let loaded = load(data, &[("main.toml", &text)]).unwrap();
        let run = stated(&compiled(data, &loaded.scenario));
        let grown = run.demand[power.at()][1] / run.demand[power.at()][0];
        for (account, after) in [(accounted(p), ratio * plain), (physical(p), ule)] {
            let base = of_plain * plain + of_ule * after + of_gas * gas;
            let wanted = official * grown * of_plain * (plain - after) / base;
            let found = -change(&text, "power", account);
            assert!(
                close(found, wanted, 2e-5, 0.0),
                "{name} {account:?}: {found} {wanted}"
            );
        }
    }
}

/// Work finished evenly over 2016 stands for half of that year on average; accounting credits
/// each month's from the next one on, 11 + 10 + … + 0 of 144 months, and all of it in 2017.
/// What a rule counts at its own pace, energy and CO2 and what goes up the stack, does not lag.
#[test]
fn work_of_a_year_is_credited_from_the_second_month_on() {
    let data = catalogue();
    let china = data.region("china").unwrap();
    let text = |end: i32, at: &str| bare(data, china, end) + POWER_RETROFIT + at;
    let (whole, ends) = ("", "at = \"year-end\"\n");
    for (name, account) in [("SO2", ACCOUNTED), ("NOx", ACCOUNTED), ("SO2", PHYSICAL)] {
        let account = Account::Pollutant(data.pollutant(name).unwrap(), account);
        let (part, first) = match account {
            Account::Pollutant(_, Book::Accounted) => (66.0 / 144.0, 1.0),
            _ => (0.5, 1.0),
        };
        for (end, part) in [(2016, part), (2017, first)] {
            let all = change(&text(end, whole), "power", account);
            let found = change(&text(end, ends), "power", account);
            assert!(all < 0.0);
            assert!(
                close(found, part * all, 1e-12, 0.0),
                "{name} {end}: {found} of {all}"
            );
        }
    }
    // A factor that a draw varies scales what is credited by then.
    let loaded = load(data, &[("main.toml", &text(2016, ends))]).unwrap();
    let plan = compiled(data, &loaded.scenario);
    let k = data.technologies.iter();
    let k = k
        .clone()
        .position(|k| k.named.id == "power.coal-ule")
        .unwrap();
    let row = plan
        .shares
        .iter()
        .find(|row| row.technology.at() == k)
        .unwrap();
    let p = data.pollutant("SO2").unwrap();
    let (base, changes) = row.in_account(accounted(p));
    let done = row.in_account(physical(p)).1[0].1[1];
    assert!(close(base, row.base, 1e-15, 0.0));
    assert!(close(changes[0].1[1], done * 66.0 / 72.0, 1e-12, 0.0));
}

/// Both books equal the official inventory in the base year, class by class, and what the
/// total does not count is in the physical book alone.
#[test]
fn both_books_begin_at_the_official_total() {
    let data = catalogue();
    let mut held = 0;
    for (r, region) in data.regions.iter().enumerate() {
        let id = jianpai::core::dims::RegionId::from_usize(r);
        let Some(world) = data.world(id) else {
            continue;
        };
        let base =
            jianpai::core::calibrate::calibrate(data, world, &std::collections::BTreeMap::new())
                .unwrap();
        for p in (0..data.pollutants.len()).map(PollutantId::from_usize) {
            let Some(q) = base.position(accounted(p)) else {
                continue;
            };
            let Some(total) = world.inventory.get(&physical(p)).and_then(|i| i.total) else {
                continue;
            };
            let sum: f64 = (0..data.technologies.len())
                .map(|k| {
                    let v = data.technologies[k].service.at();
                    let k = TechnologyId::from_usize(k);
                    base.demand[v] * base.shares[k.at()] * base.coefficient(k, q)
                })
                .sum();
            assert!(
                close(sum, total.amount.value, 1e-9, 0.0),
                "{}: {} {sum}",
                region.named.id,
                data.pollutants[p.at()].named.id
            );
            held += 1;
        }
    }
    assert!(held > 120, "{held}");
}

/// Four pollutants have rules of their own, CO2 is counted by one arithmetic, VOCs have no
/// official total; every factor of the four has its row.
#[test]
fn every_factor_of_an_accounted_pollutant_has_its_rule() {
    let data = catalogue();
    let of = |wanted: Accounting| -> Vec<&str> {
        let all = data.pollutants.iter().filter(|p| p.accounting == wanted);
        all.map(|p| p.named.id.as_str()).collect()
    };
    assert_eq!(of(Accounting::Rules), ["COD", "NH3-N", "SO2", "NOx"]);
    assert_eq!(of(Accounting::Physical), ["CO2"]);
    assert_eq!(of(Accounting::None), ["VOCs"]);
    let mut counts = [0; 4];
    for technology in &data.technologies {
        for (p, credit) in &technology.credits {
            counts[credit.rule as usize] += 1;
            let starts = matches!(credit.rule, CreditRule::Limits | CreditRule::Nothing);
            assert_eq!(credit.of.is_some(), starts, "{}", technology.named.id);
            let k = data
                .technologies
                .iter()
                .position(|k| k.named.id == technology.named.id);
            let k = TechnologyId::from_usize(k.unwrap());
            let factor = data.coefficient(k, accounted(*p));
            let by_hand = match credit.rule {
                CreditRule::Rule => credit.value.value,
                CreditRule::Physical => data.coefficient(k, physical(*p)),
                CreditRule::Limits | CreditRule::Nothing => {
                    credit.value.value * data.coefficient(credit.of.unwrap(), accounted(*p))
                }
            };
            assert!(
                close(factor, by_hand, 1e-12, 0.0),
                "{}",
                technology.named.id
            );
        }
    }
    // Rules, ratios of limits, none and physical factors all occur.
    assert!(counts.iter().all(|n| *n > 0), "{counts:?}");
}

/// Reductions and projects are judged as accounted, limits as emitted; a target may say
/// otherwise, and official targets do not.
#[test]
fn a_target_is_judged_in_its_book() {
    let data = catalogue();
    let text = bare(data, data.region("shaanxi").unwrap(), 2020)
        + r#"
[targets.a]
indicator = "SO2"
year = 2020
reduction = "15 %"
[targets.b]
indicator = "SO2"
year = 2020
cap = "50 万t"
[targets.c]
indicator = "NOx"
year = 2020
reduction = "15 %"
book = "physical"
[targets.d]
indicator = "NOx"
year = 2020
cap = "50 万t"
book = "accounted"
[targets.e]
indicator = "COD"
year = 2020
project = "1 万t"
[targets.f]
indicator = "VOCs"
year = 2020
reduction = "1 %"
[targets.g]
indicator = "CO2-per-GDP"
year = 2020
reduction = "18 %"
[targets.h]
indicator = "energy-per-GDP"
year = 2020
reduction = "15 %"
"#;
    let loaded = load(data, &[("main.toml", &text)]).unwrap();
    let books: Vec<Book> = loaded.scenario.targets.iter().map(|t| t.book).collect();
    assert_eq!(
        books,
        [
            ACCOUNTED, PHYSICAL, PHYSICAL, ACCOUNTED, ACCOUNTED, PHYSICAL, ACCOUNTED, PHYSICAL,
        ]
    );
    for target in &loaded.scenario.targets {
        let indicator = &data.indicators[target.indicator.at()];
        assert!(
            indicator.both || indicator.book == target.book,
            "{}",
            target.id
        );
    }
    let official = text.replace("end_year", "targets_from = \"13fyp\"\nend_year");
    let loaded = load(data, &[("main.toml", &official)]).unwrap();
    let own = loaded
        .scenario
        .targets
        .iter()
        .filter(|t| t.id.starts_with("13fyp"));
    for target in own {
        let indicator = &data.indicators[target.indicator.at()];
        let kept = indicator.kind.unit_kind() == UnitKind::Mass || indicator.both;
        let wanted = if kept && indicator.base != "VOCs" {
            ACCOUNTED
        } else {
            PHYSICAL
        };
        assert_eq!(target.book, wanted, "{}", target.id);
        assert!(matches!(
            target.demand,
            Demand::Reduction { .. } | Demand::Project { .. }
        ));
    }
}

/// Published progress joins the accounted book and leaves what is emitted as modelled; an
/// amount of the statistics joins the physical one.
#[test]
fn observations_join_the_book_of_their_calibre() {
    let data = catalogue();
    let p = data.pollutant("SO2").unwrap();
    let text = bare(data, data.region("china").unwrap(), 2018)
        .replace("end_year", "harmonise = \"ratio\"\nend_year")
        + "[observed.so2]\nindicator = \"SO2\"\nyear = 2017\nreduction = \"8 %\"\n";
    let loaded = load(data, &[("main.toml", &text)]).unwrap();
    let plan = compiled(data, &loaded.scenario);
    let run = stated(&plan);
    let value = |account: Account, t: usize| run.total.at(plan.account(account).unwrap(), t);
    let base = value(accounted(p), 0);
    assert!(close(value(accounted(p), 2), base * 0.92, 1e-12, 0.0));
    assert!(value(physical(p), 2) > base, "growth alone, not joined");
    let spliced = text.replace(
        "reduction = \"8 %\"\n",
        "value = \"1700 万t\"\ncalibre = \"env-stats-2015\"\n",
    );
    let loaded = load(data, &[("main.toml", &spliced)]).unwrap();
    let run = stated(&compiled(data, &loaded.scenario));
    let value = |account: Account, t: usize| run.total.at(plan.account(account).unwrap(), t);
    assert!(close(value(physical(p), 2), 1.7e7, 1e-12, 0.0));
    assert!(value(accounted(p), 2) > base);
}
