//! Electricity's share of final energy and the energy of industry per value added: what is
//! counted, from what is published, against sums made by hand.

use crate::program::call;
use crate::support::{bare, catalogue, close, compiled, load, scenario};
use jianpai::core::catalogue::{Account, Catalogue};
use jianpai::core::dims::TechnologyId;
use jianpai::core::explain::Tape;
use jianpai::core::outcome::{self, Outcome};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;

const SHARE: &str = "electricity-share";
const PER_VALUE: &str = "industry-energy-per-value-added";
/// tce per kWh at its heat content: 3.6 MJ / 29.3076 MJ per kg.
const HEAT: f64 = 0.0036 / 29.3076;
/// Published shares of Hebei, made up.
const PUBLISHED: &str =
    "electricity_share = \"20 %\"\nindustrial_electricity_share = \"25 %\"\nend_year";

/// The data with both called up.
fn data() -> Catalogue {
    let ids = [SHARE.to_string(), PER_VALUE.to_string()];
    catalogue().called(&ids).expect("on call")
}

fn run(data: &Catalogue, text: &str) -> (Scenario, Plan, Outcome) {
    let scenario = scenario(data, text);
    let plan = compiled(data, &scenario);
    let outcome = outcome::run(data, &scenario, &plan);
    (scenario, plan, outcome)
}

/// Hebei to 2020 with published shares of 2015, and `more`.
fn hebei(data: &Catalogue, more: &str) -> String {
    let text = bare(data, data.region("hebei").unwrap(), 2020);
    text.replace("end_year", PUBLISHED) + more
}

fn total(plan: &Plan, outcome: &Outcome, account: Account, t: usize) -> f64 {
    outcome.run.total.at(plan.account(account).unwrap(), t)
}

/// What final users burn (tce) and use of electricity by the links of the data (kWh) in
/// the base year, of industry alone if `industry`; what power plants burn, and what they
/// generate by burning (kWh).
fn by_hand(data: &Catalogue, plan: &Plan, industry: bool) -> (f64, f64, f64, f64) {
    let (mut fuel, mut links, mut burnt, mut generated) = (0.0, 0.0, 0.0, 0.0);
    for (k, technology) in data.technologies.iter().enumerate() {
        let base = &plan.base_year;
        let done = base.demand[technology.service.at()] * base.shares[k];
        let own: f64 = technology.energy.iter().map(|(_, x)| x.value).sum();
        match data.classes[technology.class.at()].named.id.as_str() {
            "power" if technology.named.id == "power.nonfossil" => {}
            "power" => {
                burnt += done * own;
                generated += done * if own > 0.0 { 1e8 } else { 0.0 };
            }
            class if !industry || class == "industry" => {
                fuel += done * own;
                // 1e8 kWh a unit, scaled by the thermal share of generation.
                let power = |w: &jianpai::core::dims::ServiceId| {
                    data.services[w.at()].named.id == "thermal-power"
                };
                let used = technology.links.iter().filter(|(w, _)| power(w));
                links += done * used.map(|(_, x)| x.value * 1e8 / 0.737).sum::<f64>();
            }
            _ => {}
        }
    }
    (fuel, links, burnt, generated)
}

#[test]
fn the_base_year_has_the_published_share() {
    let data = data();
    let (_, plan, outcome) = run(&data, &hebei(&data, ""));
    let i = data.indicator(SHARE).unwrap().at();
    assert!(close(outcome.indicators[i][0], 0.2, 1e-12, 0.0));
    // With 20 % electricity the fuel is 80 % of final energy.
    let (fuel, ..) = by_hand(&data, &plan, false);
    let f = total(&plan, &outcome, Account::FinalEnergy, 0);
    assert!(close(f, fuel / 0.8, 1e-12, 0.0), "{f} {}", fuel / 0.8);
    let l = total(&plan, &outcome, Account::FinalElectricity, 0);
    assert!(close(l, 0.2 * f, 1e-12, 0.0));
    // Industry: its fuel is 75 % of its final energy; power plants by what they lose.
    let (fuel, _, burnt, generated) = by_hand(&data, &plan, true);
    let lost = burnt - generated * HEAT;
    let e = total(&plan, &outcome, Account::IndustryEnergy, 0);
    assert!(close(e, fuel / 0.75 + lost, 1e-12, 0.0), "{e}");
    assert!(lost > 0.1 * e && lost < 0.6 * e, "{lost} {e}");
}

#[test]
fn electric_steel_by_hand() {
    let data = data();
    let more = "\n[measures.eaf]\ntype = \"shift\"\nservice = \"steel\"\nfrom = [\"bof-plain\"]\n\
        of_service = \"10 %\"\nto = { eaf = \"100 %\" }\nstart = 2016\nend = 2020\n";
    let (_, plan, without) = run(&data, &hebei(&data, ""));
    let (_, _, with) = run(&data, &hebei(&data, more));
    let v = data.service("steel").unwrap().at();
    let moved = 0.1 * with.run.demand[v][5]; // 1e4 t
    let use_of = |id: &str| -> f64 {
        let k = data.technology(id).unwrap();
        let own = data.technologies[k.at()].energy.iter();
        own.map(|(_, x)| x.value).sum()
    };
    // 221.1 kWh/t in the data are 300 kWh of all electricity: 0.03685 tce/t at heat content.
    let gained = moved * 1e4 * 300.0 * HEAT;
    assert!(close(gained, moved * 1e4 * 0.036_85, 1e-4, 0.0));
    let l = total(&plan, &without, Account::FinalElectricity, 5) + gained;
    let f = total(&plan, &without, Account::FinalEnergy, 5)
        + gained
        + moved * (use_of("steel.eaf") - use_of("steel.bof-plain"));
    let i = data.indicator(SHARE).unwrap().at();
    let value = with.indicators[i][5];
    assert!(close(value, l / f, 1e-12, 0.0), "{value} {}", l / f);
    assert!(value > without.indicators[i][5] + 0.001);
    // Industry: what it burns less, more electricity, and what plants lose of it.
    let e = total(&plan, &with, Account::IndustryEnergy, 5);
    let own = total(&plan, &without, Account::IndustryEnergy, 5)
        + gained
        + moved * (use_of("steel.eaf") - use_of("steel.bof-plain"));
    let (_, _, burnt, generated) = by_hand(&data, &plan, true);
    // Of a kWh of the links (221.1 a tonne) the mix of plants loses this much; in Hebei
    // a part of the mix, non-fossil, loses nothing.
    let power = data.service("thermal-power").unwrap().at();
    let served = plan.base_year.demand[power] * 1e8;
    let lost = moved * 1e4 * 221.1 * (burnt - generated * HEAT) / served;
    assert!(close(e, own + lost, 1e-9, 0.0), "{e} {}", own + lost);
}

#[test]
fn what_is_saved_takes_its_electricity_along() {
    let data = data();
    let industry = [
        "industrial-steam",
        "steel",
        "cement",
        "coke",
        "other-industry",
        "solvents",
        "industrial-wastewater",
    ];
    let more = format!(
        "\n[measures.save]\ntype = \"energy-efficiency\"\nservices = {industry:?}\ngain = \"10 %\"\n\
         policy = \"current\"\nstart = 2016\nend = 2020\n"
    );
    let steady = |more: &str| {
        hebei(&data, more).replace("industry = \"3 %\"", "industry = { 2016 = \"3 %\" }")
    };
    let (_, plan, without) = run(&data, &steady(""));
    let (_, _, with) = run(&data, &steady(&more));
    let at = |of: &Outcome| total(&plan, of, Account::IndustryEnergy, 5);
    let power = data.service("thermal-power").unwrap().at();
    let (_, _, burnt, generated) = by_hand(&data, &plan, true);
    let grown = without.run.demand[power][5] / without.run.demand[power][0];
    let lost = (burnt - generated * HEAT) * grown;
    // A tenth of all that industry burns and uses, and nothing of what plants lose.
    let expected = 0.9 * (at(&without) - lost) + lost;
    assert!(close(at(&with), expected, 1e-12, 0.0));
    let i = data.indicator(PER_VALUE).unwrap().at();
    // 3 % a year of every driver: an index on value added.
    let v = at(&with) / total(&plan, &with, Account::IndustryEnergy, 0) / 1.03_f64.powi(5);
    assert!(close(with.indicators[i][5], v, 1e-9, 0.0));
    // Electricity's share hardly moves when fuel and electricity are saved alike.
    let s = data.indicator(SHARE).unwrap().at();
    let (a, b) = (without.indicators[s][5], with.indicators[s][5]);
    assert!((a - b).abs() < 0.002, "{a} {b}");
}

#[test]
fn value_added_is_its_own_growth() {
    let data = data();
    let text = hebei(&data, "").replace("industry = \"3 %\"", "industry = { 2016 = \"7 %\" }");
    let text = text.replace("gdp = \"3 %\"", "gdp = { 2016 = \"1 %\" }");
    let (_, plan, outcome) = run(&data, &text);
    let i = data.indicator(PER_VALUE).unwrap().at();
    let e = |t: usize| total(&plan, &outcome, Account::IndustryEnergy, t);
    let expected = e(5) / e(0) / 1.07_f64.powi(5);
    assert!(close(outcome.indicators[i][5], expected, 1e-12, 0.0));
}

#[test]
fn the_nation_follows_what_is_published() {
    let data = data();
    let china = data.region("china").unwrap();
    let i = data.indicator(SHARE).unwrap().at();
    for (first, text) in [
        (2015, bare(&data, china, 2025)),
        (
            2020,
            bare(&data, china, 2025).replace("end_year", "base = 2020\nend_year"),
        ),
    ] {
        let (_, plan, outcome) = run(&data, &text);
        assert_eq!(plan.years[0], first);
        for (year, share) in [(2015, 0.215), (2020, 0.255), (2021, 0.269), (2023, 0.28)] {
            if let Some(t) = plan.year(year) {
                let value = outcome.indicators[i][t];
                assert!(close(value, share, 1e-12, 0.0), "{first} {year}: {value}");
            }
        }
        // Nothing is electrified but by measures.
        let last = outcome.indicators[i][plan.year(2025).unwrap()];
        assert!((last - 0.28).abs() < 0.01, "{last}");
    }
}

#[test]
fn terms_and_effects_sum_to_the_run() {
    let data = data();
    let more = "\n[measures.eaf]\ntype = \"electric-steel\"\nreach = \"20 %\"\nstart = 2021\nend = 2025\n\
        [measures.pumps]\ntype = \"scattered-coal-replacement\"\nshare = \"30 %\"\n\
        to = { heat-pump = \"100 %\" }\nstart = 2021\nend = 2025\n\
        [measures.save]\ntype = \"energy-efficiency\"\nservices = [\"cement\"]\ngain = \"5 %\"\n\
        start = 2021\nend = 2025\n";
    for base in [2015, 2020] {
        let china = data.region("china").unwrap();
        let text =
            bare(&data, china, 2025).replace("end_year", &format!("base = {base}\nend_year"));
        let (scenario, plan, outcome) = run(&data, &(text + more));
        let mut tape = Tape::new(&data, &scenario, &plan);
        for id in [SHARE, PER_VALUE] {
            let id = data.indicator(id).unwrap();
            for t in 0..plan.span() {
                let root = tape.indicator(id, t);
                let (own, value) = (tape.node(root).value, outcome.indicators[id.at()][t]);
                assert!(close(own, value, 1e-9, 0.0), "{base} {t}: {own} {value}");
            }
            let last = plan.span() - 1;
            let effects: f64 = (0..plan.measures.len())
                .map(|m| {
                    let node = tape.effect(m, id, last);
                    tape.node(node).value
                })
                .sum();
            let change = outcome.indicators[id.at()][last] - outcome.frozen[id.at()][last];
            assert!(close(effects, change, 1e-9, 0.0), "{effects} {change}");
            assert!(change != 0.0);
        }
    }
}

#[test]
fn a_plan_is_judged_and_solved_on_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let text = hebei(&data(), "")
        + "\n[targets.share]\nindicator = \"电能占终端能源消费比重\"\n达到 = \"20.5 %左右\"\nyear = 2020\n\
           [targets.industry]\nindicator = \"规模以上工业单位增加值能耗\"\nyear = 2020\n\
           base_year = 2015\n下降 = \"10 %\"\n\
           [measures.eaf]\ntype = \"electric-steel\"\nreach = \"40 %\"\nstart = 2016\nend = 2020\n\
           [solve]\nobjective = \"effort\"\n";
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    for args in [
        vec!["check", path],
        vec!["run", path, "--out", out],
        vec!["explain", path, SHARE, "2020"],
        vec!["explain", path, PER_VALUE, "2020"],
        vec!["solve", path, "--out", out],
    ] {
        let (code, said, wrong) = call("zh", &args);
        assert_eq!(code, 0, "{args:?}\n{said}{wrong}");
        assert!(!wrong.contains("not-judged"), "{wrong}");
    }
}

#[test]
fn without_a_published_share_both_are_refused() {
    let data = data();
    let text = bare(&data, data.region("hebei").unwrap(), 2020);
    for (indicator, asked, key) in [
        ("electricity-share", "floor = \"30 %\"", "electricity_share"),
        (
            "industry-energy-per-value-added",
            "reduction = \"14 %\"",
            "industrial_electricity_share",
        ),
    ] {
        let target = format!("\n[targets.x]\nindicator = \"{indicator}\"\nyear = 2020\n{asked}\n");
        let error = load(catalogue(), &[("main.toml", &(text.clone() + &target))]).unwrap_err();
        assert!(
            error.contains("no-base-share") && error.contains(key),
            "{error}"
        );
    }
    // All of it is no share to count from.
    let all = text.replace("end_year", "electricity_share = \"100 %\"\nend_year");
    let error = load(catalogue(), &[("main.toml", &all)]).unwrap_err();
    assert!(error.contains("whole-share"), "{error}");
}

#[test]
fn every_final_user_and_no_plant_is_counted() {
    let data = data();
    for k in (0..data.technologies.len()).map(TechnologyId::from_usize) {
        let technology = &data.technologies[k.at()];
        let power = data.classes[technology.class.at()].named.id == "power";
        let f = data.coefficient(k, Account::FinalEnergy);
        assert!(!power || f == 0.0, "{}", technology.named.id);
        if technology.alias() == "saved" {
            assert!(f.abs() < f64::EPSILON);
        }
    }
}
