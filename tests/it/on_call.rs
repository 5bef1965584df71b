//! Indicators that scenarios call up: they change no other number, and count from what is
//! published.

use crate::program::call;
use crate::support::{bare, catalogue, close, compiled, load, scenario};
use jianpai::core::catalogue::{Account, Catalogue};
use jianpai::core::explain::Tape;
use jianpai::core::outcome::{self, Outcome};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;

const SHARE: &str = "non-fossil-share";

/// The data with the non-fossil share called up.
fn with_share() -> Catalogue {
    catalogue().called(&[SHARE.to_string()]).expect("on call")
}

fn run(data: &Catalogue, text: &str) -> (Scenario, Plan, Outcome) {
    let scenario = scenario(data, text);
    let plan = compiled(data, &scenario);
    let outcome = outcome::run(data, &scenario, &plan);
    (scenario, plan, outcome)
}

/// Hebei to 2020 with a published share of 2015, and `more`.
fn hebei(data: &Catalogue, share: &str, more: &str) -> String {
    let text = bare(data, data.region("hebei").unwrap(), 2020);
    text.replace("end_year", &format!("non_fossil = {share}\nend_year")) + more
}

const POWER: &str = "\n[measures.wind]\ntype = \"non-fossil-power\"\nelectricity = \"100 亿kWh\"\n\
    start = 2016\nend = 2020\n";
const SAVING: &str = "\n[measures.save]\ntype = \"shift\"\nservice = \"steel\"\nfrom = [\"bof-plain\"]\n\
    share = \"20 %\"\nto = { eaf = \"100 %\" }\nstart = 2016\nend = 2020\n";

#[test]
fn what_is_called_up_changes_nothing_else() {
    let data = with_share();
    let china = data.region("china").unwrap();
    let (_, _, before) = run(catalogue(), &(bare(catalogue(), china, 2020) + POWER));
    let (_, _, after) = run(&data, &(bare(&data, china, 2020) + POWER));
    assert_eq!(after.indicators.len(), before.indicators.len() + 1);
    for (i, values) in before.indicators.iter().enumerate() {
        let id = &catalogue().indicators[i].named.id;
        assert_eq!(data.indicators[i].named.id, *id, "indices stay");
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        assert_eq!(bits(values), bits(&after.indicators[i]), "{id}");
    }
    // Nothing of it is there unasked.
    assert!(catalogue().indicator(SHARE).is_none());
    assert!(!catalogue().accounts().contains(&Account::NonFossil));
}

#[test]
fn the_share_is_the_published_one_in_its_years() {
    let data = with_share();
    let i = data.indicator(SHARE).unwrap().at();
    let china = data.region("china").unwrap();
    for more in ["", POWER] {
        let (_, plan, outcome) = run(&data, &(bare(&data, china, 2026) + more));
        let at = |year: i32| outcome.indicators[i][plan.year(year).unwrap()];
        for (year, share) in [(2015, 0.12), (2018, 0.145), (2020, 0.159), (2023, 0.179)] {
            assert!(close(at(year), share, 1e-12, 0.0), "{year}: {}", at(year));
        }
        // The supply outside stays afterwards while energy grows.
        assert!(at(2026) < at(2023));
    }
    // From a later base year as well.
    let text = bare(&data, china, 2022).replace("end_year", "base = 2020\nend_year");
    let (_, plan, outcome) = run(&data, &text);
    assert_eq!(plan.years[0], 2020);
    assert!(close(outcome.indicators[i][0], 0.159, 1e-12, 0.0));
}

#[test]
fn the_model_gives_the_change() {
    let data = with_share();
    let i = data.indicator(SHARE).unwrap().at();
    let energy = data.indicator("energy").unwrap().at();
    let (_, _, without) = run(&data, &hebei(&data, "\"3 %\"", ""));
    let (_, _, with) = run(&data, &hebei(&data, "\"3 %\"", POWER));
    let value = |of: &Outcome, i: usize, t: usize| of.indicators[i][t];
    assert!(close(value(&with, i, 0), 0.03, 1e-12, 0.0));
    // 100e8 kWh at 300 gce/kWh are 3e6 tce; coal power and non-fossil power count alike, so
    // energy stays as it was.
    let (e, e0) = (value(&with, energy, 5), value(&without, energy, 5));
    assert!(close(e, e0, 1e-12, 0.0), "{e} {e0}");
    let gained = value(&with, i, 5) - value(&without, i, 5);
    assert!(close(gained, 3e6 / e, 1e-9, 0.0), "{gained} {}", 3e6 / e);
    // Without measures what grows is the model's own part alone.
    let n0 = 0.03 * value(&without, energy, 0);
    let own = |t: usize| value(&without, i, t) * value(&without, energy, t) - n0;
    assert!(own(5) > 0.0 && own(5) < 0.05 * n0, "{}", own(5));
}

#[test]
fn effects_of_measures_on_the_share_sum_to_its_change() {
    let data = with_share();
    let id = data.indicator(SHARE).unwrap();
    let text = hebei(&data, "{ 2015 = \"3 %\", 2018 = \"4 %\" }", POWER) + SAVING;
    let (scenario, plan, outcome) = run(&data, &text);
    let mut tape = Tape::new(&data, &scenario, &plan);
    for t in 0..plan.span() {
        let root = tape.indicator(id, t);
        let value = tape.node(root).value;
        assert!(
            close(value, outcome.indicators[id.at()][t], 1e-9, 0.0),
            "{t}"
        );
    }
    let effects: f64 = (0..plan.measures.len())
        .map(|m| {
            let node = tape.effect(m, id, 5);
            tape.node(node).value
        })
        .sum();
    let change = outcome.indicators[id.at()][5] - outcome.frozen[id.at()][5];
    assert!(close(effects, change, 1e-9, 0.0), "{effects} {change}");
    assert!(change > 0.0);
}

#[test]
fn a_floor_is_met_as_the_search_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let text = hebei(&with_share(), "\"3 %\"", POWER)
        + "\n[targets.share]\nindicator = \"非化石能源消费比重\"\nfloor = \"3.3 %\"\nyear = 2020\n\
           [solve]\nobjective = \"effort\"\n";
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let (code, said, wrong) = call("en", &["solve", path, "--json", "--out", out]);
    assert_eq!(code, 0, "{said}{wrong}");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let text = json.to_string();
    assert!(text.contains("3.3") || text.contains("0.033"), "{text}");
}

#[test]
fn a_share_without_a_published_one_is_refused() {
    let data = with_share();
    let text = bare(&data, data.region("hebei").unwrap(), 2020);
    let target = "\n[targets.share]\nindicator = \"non-fossil-share\"\nyear = 2020\n";
    let error = load(
        catalogue(),
        &[("main.toml", &(text.clone() + target + "floor = \"4 %\"\n"))],
    );
    assert!(error.unwrap_err().contains("no-base-share"));
    let error = load(
        catalogue(),
        &[("main.toml", &(text + target + "reduction = \"4 %\"\n"))],
    );
    assert!(error.unwrap_err().contains("only-floor"));
}

const FACTORS: &str = "technology,pollutant,low,central,high,unit,source,status,note\n\
    sewage.untreated,TP,0.2,0.3,0.4,kg/person,own,estimated,local\n\
    sewage.class2,TP,0.05,0.1,0.2,kg/person,own,estimated,local\n\
    sewage.1a,TP,0.01,0.02,0.03,kg/person,own,estimated,local\n\
    sewage.1b,TN,1,1,1,kg/person,own,estimated,another pollutant\n";

/// A scenario of Hunan with total phosphorus of its own, and `more`.
fn phosphorus(more: &str) -> String {
    let text = bare(catalogue(), catalogue().region("hunan").unwrap(), 2020);
    let text = text.replace("end_year", "inventory = \"mine.csv\"\nend_year");
    text + "\n[pollutants.TP]\nname_zh = \"总磷\"\nname_en = \"total phosphorus\"\n\
            unit = \"t\"\nfactors = \"factors.csv\"\n\
            [targets.tp]\nindicator = \"总磷排放量\"\nyear = 2020\nreduction = \"10 %\"\n"
        + more
}

const MINE: &str = "region,account,class,year,value,unit,calibre,source,status,note\n\
    hunan,TP,total,2015,5000,t,env-stats-2015,own,estimated,local\n";

#[test]
fn a_pollutant_comes_with_the_scenario() {
    let more = "\n[measures.works]\ntype = \"shift\"\nservice = \"urban-sewage\"\n\
        from = [\"untreated\"]\nof_service = \"2 %\"\nto = { 1a = \"100 %\" }\n\
        start = 2016\nend = 2020\n";
    let text = phosphorus(more);
    let files = [
        ("main.toml", text.as_str()),
        ("factors.csv", FACTORS),
        ("mine.csv", MINE),
    ];
    let loaded = load(catalogue(), &files).unwrap_or_else(|error| panic!("{error}"));
    let data = loaded
        .called
        .as_deref()
        .expect("a catalogue that has grown");
    let scenario = &loaded.scenario;
    let plan = compiled(data, scenario);
    let outcome = outcome::run(data, scenario, &plan);
    let tp = data.indicator("TP").unwrap();
    assert_eq!(scenario.targets[0].indicator, tp);
    let values = &outcome.indicators[tp.at()];
    assert!(close(values[0], 5000.0, 1e-9, 0.0), "{}", values[0]);
    // By hand: κ brings what the three kinds of treatment give to 5000 t, and the measure
    // takes 2 % of the service from 0.3 to 0.02 kg a person.
    let world = data.world(data.region("hunan").unwrap()).unwrap();
    let share = |id: &str| {
        world.shares[data.technology(id).unwrap().at()]
            .unwrap()
            .value
    };
    let mix =
        0.3 * share("sewage.untreated") + 0.1 * share("sewage.class2") + 0.02 * share("sewage.1a");
    let v = data.service("urban-sewage").unwrap().at();
    let grown = outcome.run.demand[v][5] / outcome.run.demand[v][0];
    let expected = 5000.0 * grown * (1.0 - 0.02 * (0.3 - 0.02) / mix);
    assert!(
        close(values[5], expected, 1e-9, 0.0),
        "{} {expected}",
        values[5]
    );
    // Nothing else moves by a bit, and no past run speaks of it.
    let plain = text
        .split("[pollutants")
        .next()
        .unwrap()
        .replace("inventory = \"mine.csv\"\n", "");
    let (_, _, before) = run(catalogue(), &(plain + more));
    for (i, values) in before.indicators.iter().enumerate() {
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        assert_eq!(bits(values), bits(&outcome.indicators[i]));
    }
    assert!(
        data.model_errors
            .iter()
            .all(|error| error.indicator != "TP")
    );
}

#[test]
fn an_own_pollutant_runs_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("plan.toml", phosphorus("").as_str()),
        ("factors.csv", FACTORS),
        ("mine.csv", MINE),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join("plan.toml");
    let path = path.to_str().unwrap();
    let out = folder.path().join("out");
    for args in [
        vec!["run", path, "--out", out.to_str().unwrap()],
        vec!["explain", path, "TP", "2020"],
        vec!["check", path],
    ] {
        let (code, said, wrong) = call("zh", &args);
        assert_eq!(code, 0, "{args:?}\n{said}{wrong}");
        assert!(
            said.contains("TP") || said.contains("总磷") || args[0] == "check",
            "{args:?}\n{said}"
        );
    }
    let without = MINE.replace(
        "hunan,TP,total,2015,5000,t,env-stats-2015,own,estimated,local\n",
        "hunan,SO2,total,2015,59.6,1e4 t,env-stats-2015,own,estimated,local\n",
    );
    std::fs::write(folder.path().join("mine.csv"), without).unwrap();
    // Without an official amount it stands bottom-up, and that is said.
    let (code, said, _) = call("zh", &["run", path, "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(
        said.contains("自下而上") || said.contains("无官方"),
        "{said}"
    );
}
