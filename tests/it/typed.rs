//! Plans as a planner types them at first, from their sentences and the manual alone: what
//! is said, and the same plans once that has been followed. And what such plans speak of:
//! freight by water, all motor vehicles, output that is cut.

use crate::program::call;
use crate::support::{bare, catalogue, close, compiled, load, scenario};
use jianpai::core::outcome;
use jianpai::core::plan::Plan;
use jianpai::core::plausible;

const FOLDER: &str = "tests/fixtures/typed";

/// What is wrong with a file, one line each.
fn wrong(path: &str) -> Vec<String> {
    let (_, said, found) = call("zh", &["check", path]);
    let lines = said.lines().chain(found.lines());
    let errors = lines.filter(|line| line.starts_with("错误["));
    errors.map(str::to_string).collect()
}

#[test]
fn first_drafts_are_told_what_to_write() {
    for (name, most) in [("jiangsu", 7), ("anshan", 2), ("gf33", 14)] {
        let found = wrong(&format!("{FOLDER}/{name}-first.toml"));
        assert!(found.len() <= most, "{name}: {found:#?}");
        let all = found.join("\n");
        // Nothing is taken for something else: what the model does not compute is said so.
        for outside in ["清洁运输", "铁水联运", "废钢", "秸秆", "垃圾焚烧"] {
            let lines = found.iter().filter(|line| line.contains(outside));
            for line in lines {
                assert!(line.contains("not-in-model"), "{line}");
            }
        }
        assert!(
            !all.contains("水路货运") && !all.contains("新车销量占比"),
            "{all}"
        );
    }
}

#[test]
fn drafts_that_follow_what_is_said_run() {
    for name in ["jiangsu", "anshan", "gf33"] {
        let path = format!("{FOLDER}/{name}.toml");
        let found = wrong(&path);
        assert!(found.is_empty(), "{name}: {found:#?}");
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let (code, said, error) = call("zh", &["run", &path, "--out", out]);
        assert_eq!(code, 0, "{said}{error}");
    }
}

/// The plan of a region to 2025 without policy, with freight up 1 % a year from 2016 on.
fn plan_of(region: &str, more: &str) -> Plan {
    let text = bare(catalogue(), catalogue().region(region).unwrap(), 2025);
    let text = text.replace("freight = \"3 %\"", "freight = { 2016 = \"1 %\" }");
    compiled(catalogue(), &scenario(catalogue(), &(text + more)))
}

#[test]
fn water_freight_grows_from_what_it_was() {
    let more = "\n[measures.water]\ntype = \"水路货运量\"\ngrowth = \"12 %左右\"\nsince = 2020\n\
        start = 2021\nend = 2025\n";
    let plan = plan_of("jiangsu", more);
    let data = catalogue();
    let service = data.service("freight").unwrap();
    let sum = |tag: &str| -> f64 {
        let all = data.tagged(service, tag).into_iter();
        all.map(|k| plan.base_year.shares[k.at()]).sum()
    };
    // Freight of 2025 is (1.01 · 0.995)^5 of that of 2020, at 0.5 % saved a year.
    let grown = (1.01_f64 * 0.995).powi(5);
    let by_hand = sum("water") * (1.12 / grown - 1.0);
    let shift = &plan.measures[0].shifts[0];
    assert!(
        close(shift.amount[10], by_hand, 1e-9, 0.0),
        "{} {by_hand}",
        shift.amount[10]
    );
    assert!(by_hand > 0.0 && sum("water") > 0.01);
    // Lorries lose it, ships gain it.
    assert!(
        shift
            .take
            .iter()
            .all(|(k, _)| data.technologies[k.at()].has_tag("truck"))
    );
    assert!(
        shift
            .give
            .iter()
            .all(|(k, _)| data.technologies[k.at()].has_tag("water"))
    );
}

#[test]
fn growth_of_water_freight_counts_from_its_year() {
    let data = catalogue();
    let service = data.service("freight").unwrap();
    let base = plan_of("jiangsu", "");
    let water = data.tagged(service, "water").into_iter();
    let share: f64 = water.map(|k| base.base_year.shares[k.at()]).sum();
    // By 2018 current policy has brought it to a twentieth more.
    let policy = format!(
        "\n[measures.before]\ntype = \"water-freight\"\npolicy = \"current\"\nreach = \"{} %\"\n\
         start = 2016\nend = 2018\n",
        105.0 * share
    );
    let own = "\n[measures.water]\ntype = \"water-freight\"\ngrowth = \"20 %\"\nsince = 2015\n\
        start = 2021\nend = 2025\n";
    let plan = plan_of("jiangsu", &(policy + own));
    let measure = plan.measures.iter().find(|m| m.id == "water").unwrap();
    let grown = (1.01_f64 * 0.995).powi(10);
    let by_hand = share * 1.2 / grown - 1.05 * share;
    let found = measure.shifts[0].amount[10];
    assert!(close(found, by_hand, 1e-9, 0.0), "{found} {by_hand}");
}

#[test]
fn all_motor_vehicles_are_trucks_and_cars() {
    let measure = |id: &str, fleet: &str| {
        format!(
            "\n[measures.{id}]\ntype = \"old-vehicle-retirement\"\nfleet = \"{fleet}\"\nup_to = \"c3\"\n\
             share = \"50 %\"\nto = {{ c6 = \"100 %\" }}\nstart = 2021\nend = 2025\n"
        )
    };
    let both = plan_of("jiangsu", &measure("both", "汽车"));
    let apart = plan_of(
        "jiangsu",
        &(measure("trucks", "trucks") + &measure("cars", "cars")),
    );
    let found: Vec<_> = both.measures[0]
        .shifts
        .iter()
        .map(|s| (s.service, s.amount.clone()))
        .collect();
    let each = apart.measures.iter().flat_map(|m| &m.shifts);
    let each: Vec<_> = each.map(|s| (s.service, s.amount.clone())).collect();
    assert_eq!(found, each);
    assert_eq!(found.len(), 2);
    // A number of both cannot be told apart.
    let text = bare(catalogue(), catalogue().region("jiangsu").unwrap(), 2025)
        + &measure("both", "汽车").replace("share = \"50 %\"", "number = \"5 万辆\"");
    let error = load(catalogue(), &[("main.toml", &text)]);
    let text = error.err().unwrap_or_else(|| {
        let (_, said, wrong) = check_text(&text);
        said + &wrong
    });
    assert!(
        text.contains("分不出") || text.contains("does not tell"),
        "{text}"
    );
}

/// Checks a scenario given as text.
fn check_text(text: &str) -> (u8, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    std::fs::write(&path, text).unwrap();
    let (code, said, wrong) = call("en", &["check", path.to_str().unwrap()]);
    (u8::try_from(code).unwrap(), said, wrong)
}

#[test]
fn output_that_is_cut_is_capacity_at_its_rate() {
    let measure = |extent: &str| {
        format!(
            "\n[measures.cut]\ntype = \"压减粗钢产量\"\nproduct = \"steel\"\n{extent}\n\
             to = {{ saved = \"100 %\" }}\nstart = 2021\nend = 2025\n"
        )
    };
    let output = plan_of("jiangsu", &measure("output = \"300 万吨\""));
    let capacity = plan_of(
        "jiangsu",
        &measure("capacity = \"300 万吨\"\nutilisation = \"60 %\""),
    );
    let part = |plan: &Plan| plan.measures[0].shifts[0].amount[10];
    assert!(close(part(&capacity), 0.6 * part(&output), 1e-12, 0.0));
    // 300 of the steel of 2025, in 1e4 t.
    let data = catalogue();
    let v = data.service("steel").unwrap().at();
    let demand = jianpai::core::plan::demand::demand(&output, &output.growth)[v][10];
    assert!(close(part(&output), 300.0 / demand, 1e-9, 0.0));
}

#[test]
fn closing_a_whole_industry_is_asked_about() {
    let codes = |cut: &str| -> Vec<&'static str> {
        let text = bare(catalogue(), catalogue().region("liaoning").unwrap(), 2025)
            + &format!(
                "\n[measures.sinter]\ntype = \"淘汰落后产能\"\nservices = [\"钢铁\"]\ncut = \"{cut}\"\n\
                 start = 2021\nend = 2025\n"
            );
        let scenario = scenario(catalogue(), &text);
        let plan = compiled(catalogue(), &scenario);
        let outcome = outcome::run(catalogue(), &scenario, &plan);
        let found = plausible::find(catalogue(), &scenario, &plan, &outcome);
        found.iter().map(|finding| finding.code).collect()
    };
    assert!(codes("全部淘汰").contains(&"closes-most"));
    assert!(codes("51 %").contains(&"closes-most"));
    assert!(!codes("49 %").contains(&"closes-most"));
}

#[test]
fn more_than_the_stock_is_told_in_its_own_unit() {
    for (measure, unit) in [
        (
            "type = \"coal-boiler-phaseout\"\nup_to = \"35 t/h\"\ncapacity = \"900 万蒸吨\"\nto = { gas = \"100 %\" }",
            "t/h",
        ),
        (
            "type = \"coal-boiler-phaseout\"\nup_to = \"35 t/h\"\nnumber = \"90 万台\"\nto = { gas = \"100 %\" }",
            "boilers",
        ),
        (
            "type = \"new-energy-vehicles\"\nfleet = \"cars\"\nnumber = \"90000 万辆\"",
            "vehicles",
        ),
        (
            "type = \"old-vehicle-retirement\"\nfleet = \"trucks\"\nup_to = \"c3\"\nnumber = \"90000 万辆\"\nto = { c6 = \"100 %\" }",
            "vehicles",
        ),
    ] {
        let text = bare(catalogue(), catalogue().region("hebei").unwrap(), 2025)
            + &format!("\n[measures.x]\n{measure}\nstart = 2021\nend = 2025\n");
        let (code, said, wrong) = check_text(&text);
        let all = said + &wrong;
        assert_eq!(code, 2, "{all}");
        assert!(
            all.contains("what is there of") && all.contains(unit),
            "{all}"
        );
    }
}

#[test]
fn the_stock_told_is_that_of_the_end_year() {
    let told = |growth: &str| -> f64 {
        let text = bare(catalogue(), catalogue().region("hebei").unwrap(), 2025);
        let stated = "steel-output = \"3 %\"";
        assert!(text.contains(stated), "{text}");
        let text = text.replace(stated, &format!("steel-output = {{ 2016 = \"{growth}\" }}"))
            + "\n[measures.x]\ntype = \"ultra-low-retrofit\"\nsector = \"steel\"\n\
               capacity = \"900000 万吨\"\nstart = 2021\nend = 2025\n";
        let (code, _, wrong) = check_text(&text);
        assert_eq!(code, 2, "{wrong}");
        let after = wrong.split("comes to ").nth(1).unwrap();
        after.split(' ').next().unwrap().parse().unwrap()
    };
    let (slow, fast) = (told("1 %"), told("4 %"));
    let by_hand = (1.04_f64 / 1.01).powi(10);
    assert!(close(fast / slow, by_hand, 1e-4, 0.0), "{slow} {fast}");
}

/// What a measure in `words` comes to, beside the same in ids.
fn same_measure(words: &str, ids: &str) {
    let one = plan_of("hebei", &format!("\n[measures.one]\n{words}"));
    let other = plan_of("hebei", &format!("\n[measures.one]\n{ids}"));
    let of = |plan: &Plan| {
        let own = plan.measures.iter().find(|m| m.id == "one").unwrap();
        assert!(!own.shifts.is_empty(), "{words}");
        (own.kind.id, format!("{:?}", own.shifts))
    };
    assert_eq!(of(&one), of(&other), "{words}");
}

#[test]
fn the_words_of_a_type_say_their_field() {
    let years = "start = 2021\nend = 2025\n";
    let pairs = [
        (
            "type = \"农村生活污水治理\"\nreach = \"40 %\"\nto = \"处理\"\n",
            "type = \"sewage-expansion\"\narea = \"rural\"\nreach = \"40 %\"\nto = { treated = \"100 %\" }\n",
        ),
        (
            "type = \"压减水泥熟料产能\"\ncapacity = \"300 万吨\"\nto = \"节约\"\n",
            "type = \"capacity-closure\"\nproduct = \"clinker\"\ncapacity = \"300 万吨\"\nto = { saved = \"100 %\" }\n",
        ),
        (
            "type = \"焦化行业超低排放改造\"\nshare = \"30 %\"\n",
            "type = \"ultra-low-retrofit\"\nsector = \"coke\"\nshare = \"30 %\"\n",
        ),
        (
            "type = \"风力发电\"\ncapacity = \"100 万千瓦\"\n",
            "type = \"non-fossil-power\"\nenergy = \"wind\"\ncapacity = \"100 万千瓦\"\n",
        ),
        (
            "type = \"淘汰国三及以下柴油货车\"\nnumber = \"5 万辆\"\nto = \"国六\"\n",
            "type = \"old-vehicle-retirement\"\nfleet = \"trucks\"\nup_to = \"c3\"\nnumber = \"5 万辆\"\nto = { c6 = \"100 %\" }\n",
        ),
        // What a key states goes before the words.
        (
            "type = \"农村污水治理\"\narea = \"urban\"\nshare = \"40 %\"\nto = \"一级A\"\n",
            "type = \"sewage-expansion\"\narea = \"urban\"\nshare = \"40 %\"\nto = { 1a = \"100 %\" }\n",
        ),
    ];
    for (words, ids) in pairs {
        same_measure(&format!("{words}{years}"), &format!("{ids}{years}"));
    }
}

#[test]
fn what_is_missing_is_shown_as_the_area_has_it() {
    let text = bare(catalogue(), catalogue().region("hebei").unwrap(), 2025);
    let more = "\n[measures.one]\ntype = \"农村生活污水治理\"\nreach = \"40 %\"\nstart = 2021\n";
    let (code, _, error) = check_text(&(text.clone() + more));
    assert!(
        code == 2 && error.contains("`to = { treated = \"100 %\" }`"),
        "{error}"
    );
    let (_, _, error) = check_text(&(text + &more.replace("农村", "城镇")));
    assert!(error.contains("`to = { 1a = \"100 %\" }`"), "{error}");
}

#[test]
fn words_of_a_type_that_say_two_things_are_not_guessed() {
    let text = bare(catalogue(), catalogue().region("hebei").unwrap(), 2025);
    let more = "\n[measures.one]\ntype = \"生活污水治理\"\nshare = \"40 %\"\nto = \"一级A\"\nstart = 2021\n结束 = 2025\n";
    let (code, said, error) = check_text(&(text + more));
    assert_eq!(code, 2, "{said}");
    assert!(
        error.contains("missing-key") && error.contains("area"),
        "{error}"
    );
}
