//! Target options: what is read, solved, tried on draws and judged under another growth.

use crate::program::run as call;
use crate::solve::session_of;
use crate::support::{catalogue, session};
use jianpai::core::target::{Demand, is_met};
use jianpai::core::text::Lang;
use jianpai::load::scenario::solve::options::{OptionSpec, read};
use jianpai::report::options as report;
use jianpai::report::write;
use jianpai::solve::affine::Sheets;
use jianpai::solve::regret::worth;
use jianpai::study::draws::Trial;
use jianpai::study::options::{Compared, Judgement};
use jianpai::study::solve::{Planned, Solved};
use jianpai::study::{OptionsStudy, Session, SolveOptions};
use std::path::Path;

fn asked(mut session: Session, path: &str) -> OptionsStudy {
    let study = session.try_open(path, None);
    let asked = study.and_then(|study| session.try_options(&study, SolveOptions::default()));
    session
        .settle(asked)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn options(more: &str) -> OptionsStudy {
    asked(session_of(more), "main.toml")
}

fn trial(draws: u64) -> Trial {
    Trial {
        draws,
        ..Trial::default()
    }
}

fn compared(asked: &OptionsStudy, trial: Trial) -> Compared {
    asked
        .compare(trial)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn plan(compared: &Compared, i: usize) -> &Planned {
    match &compared.all[i].solved {
        Solved::Plan(planned) => planned,
        Solved::Infeasible(why) => panic!("option {i}: {why:?}"),
    }
}

/// Shaanxi's measures on boilers and sewage alone are sought, under targets that they can
/// meet in part.
const TWO: &str = r#"
[solve]
fixed = [
    "southern-boilers", "northern-boilers", "guanzhong-scattered-coal",
    "heating-stations-35-65", "heating-stations-gt65", "steel-ule", "coke-treated",
    "industrial-nox", "voc-source", "voc-end", "voc-both", "relocation", "guanzhong-rail",
    "works-rail", "old-trucks", "old-cars", "nev", "machines-renewal",
    "sewage-upgrade-guanzhong", "sewage-upgrade-northern", "rural-sewage-new",
    "industrial-water", "manure-new", "diffuse", "carbon-action",
]
"#;

fn specs(more: &str) -> Vec<OptionSpec> {
    let mut session = session_of(more);
    let study = session.try_open("main.toml", None).expect("a scenario");
    let mut diags = jianpai::load::diag::Diagnostics::default();
    let found = read(catalogue(), &study.loaded, &mut diags);
    found.unwrap_or_else(|| {
        panic!(
            "{}",
            diags.render(session.files(), Lang::En, jianpai::load::diag::Color::Never)
        )
    })
}

fn wanted(spec: &OptionSpec) -> Vec<f64> {
    let each = spec.targets.iter().map(|target| match target.demand {
        Demand::Reduction { wanted, .. } => wanted,
        other => panic!("{other:?}"),
    });
    each.collect()
}

/// A fall is a fall however it is written, and a grid is every combination.
#[test]
fn options_are_read_as_they_are_meant() {
    let listed = specs(
        r#"
[[option]]
name = "a"
targets = { COD = "-6 %", 二氧化硫 = "12 %", nox = "+3 %" }
[[方案]]
"#
        .replace("[[方案]]\n", "")
        .as_str(),
    );
    let mut each = wanted(&listed[0]);
    each.sort_by(f64::total_cmp);
    for (own, wanted) in each.iter().zip([-0.03, 0.06, 0.12]) {
        assert!((own - wanted).abs() < 1e-12, "{each:?}");
    }
    let chinese = specs(
        "[[方案]]\n名称 = \"从严\"\n目标 = { 化学需氧量 = \"下降 11 %\" }\n增长 = { 地区生产总值 = \"5 %\", 起始年 = 2018 }\n",
    );
    assert_eq!(wanted(&chinese[0]), [0.11]);
    assert_eq!(chinese[0].name.as_ref().unwrap().zh, "从严");
    assert_eq!(chinese[0].growth[0].path.last(), Some(&(2018, 0.05)));
    let grid = specs(
        "[options]\ntargets.COD = [\"-6 %\", \"-8 %\", \"-10 %\"]\ntargets.NOx = [\"-8 %\", \"-10 %\", \"-12 %\"]\ngrowth.gdp = [\"4.5 %\", \"5 %\", \"5.5 %\"]\ngrowth.industry = [\"4 %\", \"4.5 %\", \"5 %\"]\ngrowth.start = 2018\n",
    );
    assert_eq!(grid.len(), 27);
    // The first target is slowest, growth is fastest and goes side by side.
    let at = |i: usize| {
        let growth: Vec<f64> = grid[i].growth.iter().filter_map(|g| g.rate).collect();
        (wanted(&grid[i]), growth)
    };
    assert_eq!(at(0), (vec![0.06, 0.08], vec![0.045, 0.04]));
    assert_eq!(at(1), (vec![0.06, 0.08], vec![0.05, 0.045]));
    assert_eq!(at(3), (vec![0.06, 0.10], vec![0.045, 0.04]));
    assert_eq!(at(26), (vec![0.10, 0.12], vec![0.055, 0.05]));
}

/// Growth from a year on leaves what the scenario states before it.
#[test]
fn growth_of_an_option_is_laid_over_the_scenarios() {
    let found = specs(
        "[growth]\nindustry = { 2016 = \"7 %\", 2019 = \"6 %\" }\n[[option]]\ngrowth = { industry = \"4 %\", start = 2018 }\n[[option]]\ngrowth = { industry = { 2019 = \"3 %\" } }\n",
    );
    assert_eq!(found[0].growth[0].path, [(2016, 0.07), (2018, 0.04)]);
    assert_eq!(found[1].growth[0].path, [(2016, 0.07), (2019, 0.03)]);
}

/// Two measures, three growths: no pair of levels on a grid, run by the kernel, meets the
/// targets for less, and no plan of a grid has less worst regret than the robust one.
#[test]
fn no_levels_of_a_grid_are_better() {
    let text = format!(
        "{TWO}\n[targets.co2-per-gdp]\nreduction = \"1 %\"\n[options]\ntargets.COD = \"-15.5 %\"\ntargets.SO2 = \"-46 %\"\ngrowth.gdp = [\"5 %\", \"7 %\", \"8 %\"]\ngrowth.urban-population = [\"1 %\", \"1.5 %\", \"2.5 %\"]\ngrowth.industry = [\"3 %\", \"5 %\", \"7 %\"]\ngrowth.start = 2018\n"
    );
    let asked = options(&text);
    let free = asked.each[0].programme.spec.free.len();
    let found = compared(&asked, trial(256));
    let set = &found.sets[0];
    assert_eq!((found.sets.len(), set.options.len()), (1, 3));
    let ids: Vec<String> = asked.each[0]
        .programme
        .spec
        .free
        .iter()
        .map(|free| asked.each[0].study.plan.measures[free.measure].id.clone())
        .collect();
    // What a plan costs and whether it meets everything in each case, by the kernel.
    let judge = |i: usize, x: &[f64]| -> Option<f64> {
        let levels: Vec<(&str, f64)> = ids
            .iter()
            .map(String::as_str)
            .zip(x.iter().copied())
            .collect();
        let own = &asked.each[i];
        let run = own.study.with_levels(&levels).unwrap().run();
        let met = run
            .case()
            .targets()
            .all(|(_, verdict)| verdict.is_none_or(|v| is_met(v.margin, v.required)));
        // Money of the last year, straight from the sheets of that run.
        let plan = &run.study.plan;
        let sheets = Sheets::of(catalogue(), plan);
        let cost = sheets.account(jianpai::core::catalogue::Account::Cost, plan.span() - 1);
        let free = own.programme.spec.free.iter().zip(x);
        let money: f64 = free.map(|(f, x)| cost.slopes[f.measure] * x / 1e8).sum();
        met.then_some(money)
    };
    let steps = 16;
    let mut points: Vec<Vec<f64>> = vec![Vec::new()];
    for _ in 0..free {
        points = points
            .iter()
            .flat_map(|p| {
                (0..=steps).map(move |k| [&p[..], &[f64::from(k) / f64::from(steps)]].concat())
            })
            .collect();
    }
    assert_eq!(free, 2);
    let table: Vec<Vec<Option<f64>>> = points
        .iter()
        .map(|x| (0..3).map(|i| judge(i, x)).collect())
        .collect();
    let mut seen = 0;
    for i in 0..3 {
        let cost = plan(&found, i).solution.point.cost;
        let least = table.iter().filter_map(|row| row[i]);
        let least = least.fold(f64::INFINITY, f64::min);
        assert!(cost <= least + 1e-9, "{i}: {cost} {least}");
        seen += usize::from(least.is_finite());
    }
    assert_eq!(
        seen, 3,
        "the grid meets the targets somewhere in every case"
    );
    // Regrets of the options' own plans, anew.
    for judged in &set.judged {
        let x = &plan(&found, judged.plan).solution.point.x[..free];
        let own = judge(judged.under, x);
        assert_eq!(judged.judged.holds(), own.is_some());
        let least = plan(&found, judged.under).solution.point.cost;
        match own {
            Some(cost) => {
                let regret = judged.regret().unwrap();
                assert!((regret - (cost - least)).abs() < 1e-7, "{regret}");
                assert!(regret > -1e-7);
            }
            None => assert_eq!(judged.regret(), Some(f64::INFINITY)),
        }
    }
    assert!(
        set.judged.iter().any(|j| !j.judged.holds()),
        "some plan misses under another growth"
    );
    let robust = set.robust.as_ref().expect("a robust plan");
    let vs: Vec<f64> = (0..3)
        .map(|i| plan(&found, i).solution.point.cost)
        .collect();
    for (i, cost, regret) in &robust.cases {
        let own = judge(*i, &robust.x).expect("it meets the targets in every case");
        assert!((own - cost).abs() < 1e-7 && (regret - (cost - vs[*i])).abs() < 1e-9);
    }
    let worst = |row: &Vec<Option<f64>>| {
        let each = row
            .iter()
            .zip(&vs)
            .map(|(c, v)| c.map_or(f64::INFINITY, |c| c - v));
        each.fold(0.0, f64::max)
    };
    let best = table.iter().map(worst).fold(f64::INFINITY, f64::min);
    assert!(
        best.is_finite() && robust.worst <= best + 1e-9,
        "{} {best}",
        robust.worst
    );
}

/// The plan of an option in its own case has no regret, and the robust plan none that is
/// worse than that of any other plan.
#[test]
fn regrets_of_the_shipped_options_are_in_order() {
    let asked = asked(session(), "scenarios/options/shaanxi-2030.toml");
    let found = compared(&asked, trial(512));
    assert_eq!(found.all.len(), 12);
    let mut several = 0;
    for set in &found.sets {
        assert_eq!(set.options.len(), 3);
        for judged in set.judged.iter().filter(|j| j.plan == j.under) {
            let regret = judged.regret().unwrap();
            assert!(judged.judged.holds() && regret.abs() < 1e-6, "{judged:?}");
        }
        let Some(robust) = &set.robust else { continue };
        several += 1;
        for option in &set.options {
            let own = set.judged.iter().filter(|j| j.plan == *option);
            let worst = own.filter_map(Judgement::regret).fold(0.0, f64::max);
            assert!(robust.worst <= worst + 1e-6, "{} {worst}", robust.worst);
        }
        // Judged anew in every case, and it holds.
        for (option, cost, _) in &robust.cases {
            let own = &asked.each[*option];
            let ids = own.programme.spec.free.iter().map(|f| f.measure);
            let ids = ids.map(|m| own.study.plan.measures[m].id.as_str());
            let levels: Vec<(&str, f64)> = ids.zip(robust.x.iter().copied()).collect();
            let run = own.study.with_levels(&levels).unwrap().run();
            assert!(
                run.case()
                    .targets()
                    .all(|(_, v)| v.is_none_or(|v| is_met(v.margin, v.required)))
            );
            let sheets = Sheets::of(catalogue(), &run.study.plan);
            let made = jianpai::solve::programme::Programme::of(
                &sheets,
                &own.study.scenario().targets,
                own.programme.spec.clone(),
            );
            let again = worth(&made.unwrap(), &robust.x);
            assert!((again - cost).abs() < 1e-6, "{again} {cost}");
        }
    }
    assert!(several > 0);
}

/// Without anything else that varies, a target is met as often as the model's error leaves
/// room for it, and errors of different indicators come apart.
#[test]
fn probabilities_are_those_of_the_errors() {
    use jianpai::core::discrepancy::Discrepancy;
    use jianpai::core::doubt;
    let asked = options("[options]\ntargets.SO2 = [\"-14 %\", \"-15 %\"]\n");
    let draws = 20_000;
    let found = compared(&asked, trial(draws));
    for i in 0..2 {
        let run = &plan(&found, i).run;
        let (attained, targets) = found.all[i].attained.as_ref().unwrap();
        let mut together = 1.0;
        for (met, t) in attained.each.iter().zip(targets) {
            let target = &run.study.scenario().targets[*t];
            let verdict = run.outcome.verdicts[*t].as_ref().unwrap();
            let known =
                doubt::of_target(catalogue(), (run.study.scenario(), &run.study.plan), target);
            let sizes = known.and_then(|known| Discrepancy::of(&known));
            // The part of all errors that the margin covers, on a fine grid of their ranks.
            let grid = 200_000;
            let kept = |sizes: &Discrepancy| {
                let at = (0..grid).map(|k| 2.0 * (f64::from(k) + 0.5) / f64::from(grid) - 1.0);
                let met = at.filter(|z| is_met(verdict.margin - sizes.at(*z), verdict.required));
                met.count() as f64 / f64::from(grid)
            };
            let exact = sizes.as_ref().map_or(1.0, kept);
            let share = met.said.share().unwrap();
            let noise = 4.0 * (exact * (1.0 - exact) / draws as f64).sqrt() + 1e-4;
            assert!(
                (share - exact).abs() <= noise,
                "{}: {share} {exact}",
                target.id
            );
            together *= exact;
        }
        let share = attained.all.said.share().unwrap();
        let noise = 4.0 * (together * (1.0 - together) / draws as f64).sqrt() + 1e-3;
        assert!((share - together).abs() <= noise, "{share} {together}");
        assert_eq!(attained.all.by_model.share(), Some(1.0));
    }
    let without = Trial {
        model_error: false,
        ..trial(300)
    };
    let found = compared(&asked, without);
    for one in &found.all {
        let (attained, _) = one.attained.as_ref().unwrap();
        assert_eq!(attained.all.said.share(), Some(1.0));
    }
}

/// The same bytes on one thread and on many.
#[test]
fn threads_change_nothing() {
    let asked = options(
        "[options]\ntargets.COD = [\"-9 %\", \"-10 %\"]\ngrowth.gdp = [\"6 %\", \"7 %\"]\ngrowth.start = 2018\n",
    );
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| {
            let found = compared(&asked, trial(1000));
            let seen = found.report();
            let mut out = format!("{:#}", write::document(&report::tables(&seen)));
            for figure in report::figures(&seen) {
                out += &figure.svg;
            }
            out
        })
    };
    let one = on(1);
    assert!(one.len() > 10_000);
    assert_eq!(one, on(3));
}

/// A target that no measure that is sought touches is told before anything is solved, where
/// the option asks for it.
#[test]
fn untouched_targets_are_told_first() {
    let text = "[solve]\nfixed = [\"sewage-upgrade-guanzhong\", \"sewage-upgrade-northern\", \"sewage-collection\", \"rural-sewage-new\", \"industrial-water\", \"manure-new\", \"diffuse\"]\n[[option]]\ntargets = { NH3-N = \"-50 %\" }\n";
    let mut session = session_of(text);
    let study = session.try_open("main.toml", None).expect("a scenario");
    session.try_options(&study, SolveOptions::default());
    let found = session.take_found();
    let said = found.render(Lang::Zh, jianpai::load::diag::Color::Never);
    assert!(
        said.contains("target-untouched") && said.contains("因此达不到"),
        "{said}"
    );
    assert!(said.contains("targets = { NH3-N = \"-50 %\" }"), "{said}");
}

/// Inputs of a sweep that are decisions stay out, the others move the probability.
#[test]
fn decisions_of_a_sweep_are_not_drawn() {
    let sweep = "[sweep.inputs.rail]\nlevel = \"guanzhong-rail\"\nuniform = [\"0 %\", \"100 %\"]\n[sweep.inputs.so2]\nfactor = { class = \"industry\", pollutants = [\"SO2\"] }\nlognormal = [0.7, 1, 1.4]\n[sweep.inputs.growth]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"2 %\"]\n[[option]]\ntargets = { SO2 = \"-14 %\" }\n";
    let asked = options(sweep);
    assert_eq!(asked.uncertain.drawn, ["so2", "growth"]);
    assert_eq!(asked.uncertain.decided, ["rail"]);
    let without = Trial {
        model_error: false,
        ..trial(4000)
    };
    let found = compared(&asked, without);
    let (attained, _) = found.all[0].attained.as_ref().unwrap();
    let share = attained.all.said.share().unwrap();
    assert!((0.02..0.98).contains(&share), "{share}");
}

/// The command: tables, chart, exit codes.
#[test]
fn the_command_compares() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("own.toml");
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    let text = format!(
        "[scenario]\nextends = \"{}\"\nname_zh = \"自拟方案\"\n[[option]]\nname_zh = \"稳妥\"\nname_en = \"Safe\"\ntargets = {{ 化学需氧量 = \"-8 %\" }}\n[[option]]\nname_zh = \"激进\"\nname_en = \"Bold\"\ntargets = {{ COD = \"-45 %\" }}\n",
        parent.display()
    );
    std::fs::write(&path, text).unwrap();
    let file = path.to_str().unwrap();
    let out = dir.path().join("out");
    let (code, said, _) = call(&[
        "--lang",
        "zh",
        "options",
        file,
        "--draws",
        "500",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(code, 0);
    assert!(
        said.contains("2 个方案中 1 个做得到") && said.contains("做不到：最多"),
        "{said}"
    );
    for name in [
        "options.csv",
        "option-targets.csv",
        "charts/options.zh.svg",
        "charts/options.en.svg",
    ] {
        assert!(out.join("own").join(name).is_file(), "{name}");
    }
    let (code, ..) = call(&["options", file, "--draws", "100", "--strict"]);
    assert_eq!(code, 1);
    let (code, json, _) = call(&["options", file, "--draws", "100", "--json"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows = &json["tables"]["options"]["rows"];
    assert_eq!(rows[1]["feasible"], false, "{json:#}");
    let (code, csv, _) = call(&[
        "--lang", "en", "options", file, "--draws", "100", "--table", "options", "--csv",
    ]);
    assert_eq!(code, 0);
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let (code, _, said) = call(&["options", "scenarios/shaanxi-2020.toml"]);
    assert_eq!(code, 2);
    assert!(said.contains("no-options"), "{said}");
}

/// Draw for draw, the rows that a plan was made on say what the kernel says.
fn kept_is_what_the_kernel_keeps(more: &str, found: &jianpai::study::solve::Safe) {
    let mut session = session_of(more);
    let study = session.try_open("main.toml", None).expect("a scenario");
    let uncertain = session.try_uncertain(&study).expect("what is uncertain");
    let own = uncertain.attained(&found.planned.run.study, found.sample);
    let (attained, _) = own.unwrap_or_else(|error| panic!("{error}"));
    let said = attained.all.said.share().unwrap();
    assert_eq!(said.to_bits(), found.tries[found.own].kept.to_bits());
}

fn safe(more: &str, part: f64, trial: Trial) -> jianpai::study::solve::Safe {
    let mut session = session_of(more);
    let study = session.try_open("main.toml", None).expect("a scenario");
    let asked = session.try_solve(&study, SolveOptions::default());
    let asked = session
        .settle(asked)
        .unwrap_or_else(|error| panic!("{error}"));
    let uncertain = session.try_uncertain(&study).expect("what is uncertain");
    let options = jianpai::study::solve::MarginOptions {
        part,
        sample: 2000,
        trial,
    };
    let found = asked.solve_safe(&uncertain, options);
    match found.unwrap_or_else(|error| panic!("{error}")) {
        Ok(safe) => *safe,
        Err(none) => panic!("{none:?}"),
    }
}

/// One target that only sewage moves, and the model's error alone: the plan with a margin
/// is that of a target stricter by the error's own quantile.
#[test]
fn a_margin_for_one_target_is_its_quantile() {
    use jianpai::core::discrepancy::Discrepancy;
    use jianpai::core::doubt;
    let one = format!(
        "{TWO}\n[targets.cod]\nreduction = \"10 %\"\n[targets.so2]\nreduction = \"-900 %\"\n[targets.nox]\nreduction = \"-900 %\"\n[targets.nh3n]\nreduction = \"-900 %\"\n[targets.co2-per-gdp]\nreduction = \"-900 %\"\n"
    );
    let found = safe(&one, 0.605, trial(20_000));
    assert!(found.is_reached(), "{:?}", found.tries);
    let share = found.attained.0.all.said.share().unwrap();
    assert!((0.605..0.64).contains(&share), "{share}");
    kept_is_what_the_kernel_keeps(&one, &found);
    // What it reaches, beyond what is asked, covers the errors of that part of all draws.
    let run = &found.planned.run;
    let target = &run.study.scenario().targets[0];
    let known = doubt::of_target(catalogue(), (run.study.scenario(), &run.study.plan), target);
    let sizes = Discrepancy::of(&known.unwrap()).unwrap();
    let verdict = run.outcome.verdicts[0].as_ref().unwrap();
    let grid = 100_000;
    let at = (0..grid).map(|k| 2.0 * (f64::from(k) + 0.5) / f64::from(grid) - 1.0);
    let kept = at.filter(|z| sizes.at(*z) <= verdict.margin).count() as f64 / f64::from(grid);
    assert!((kept - share).abs() < 0.02, "{kept} {share}");
    // The margin costs what the stricter target costs, and the plain plan is
    // right less often.
    let cost = found.planned.solution.point.cost;
    assert!(cost > found.plain.solution.point.cost + 1e-6);
    let plain = found.plain_attained.all.said.share().unwrap();
    assert!((0.55..0.605).contains(&plain), "{plain}");
    let (_, wanted) = &found.plain.programme.wanted[0];
    let stricter =
        jianpai::solve::answer::at_requirement(&found.plain.programme, 0, verdict.reached);
    let stricter = stricter.unwrap().expect("as strict as that can be met");
    assert_eq!(wanted.target.id, "cod");
    assert!(
        (stricter.cost - cost).abs() < 1e-6,
        "{} {cost}",
        stricter.cost
    );
}

/// What cannot be had is not called so, and it is told which target fails.
#[test]
fn a_margin_out_of_reach_is_told() {
    let text = format!("{TWO}\n[targets.cod]\nreduction = \"16.5 %\"\n");
    let found = safe(&text, 0.99, trial(4000));
    assert!(
        !found.is_reached() && found.out_of_reach,
        "{:?}",
        found.tries
    );
    let share = found.attained.0.all.said.share().unwrap();
    assert!(share < 0.9, "{share}");
    kept_is_what_the_kernel_keeps(&text, &found);
    // All that sewage can do leaves less than that.
    let plain = found.plain_attained.all.said.share().unwrap();
    assert!(share > plain + 0.01, "{share} {plain}");
}

/// With a sweep: factors and growth move the rows themselves, and fresh draws, run by the
/// kernel, confirm the plan.
#[test]
fn a_margin_under_a_sweep_is_confirmed() {
    let text = format!(
        "{TWO}\n[targets.cod]\nreduction = \"14.5 %\"\n[targets.so2]\nreduction = \"42 %\"\n[targets.nox]\nreduction = \"-900 %\"\n[targets.nh3n]\nreduction = \"-900 %\"\n[targets.co2-per-gdp]\nreduction = \"-900 %\"\n[sweep]\n[sweep.inputs.factor]\nfactor = {{ service = \"urban-sewage\", pollutants = [\"COD\"] }}\nlognormal = [0.9, 1, 1.1]\n[sweep.inputs.people]\ngrowth = \"urban-population\"\nnormal = [\"0 %\", \"0.5 %\"]\n[sweep.inputs.industry]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"1 %\"]\n"
    );
    let without = Trial {
        model_error: false,
        ..trial(6000)
    };
    let found = safe(&text, 0.8, without);
    assert!(found.is_reached(), "{:?}", found.tries);
    let share = found.attained.0.all.said.share().unwrap();
    assert!((0.8..0.9).contains(&share), "{share}");
    kept_is_what_the_kernel_keeps(&text, &found);
    let last = found.tries.last().unwrap();
    assert!(
        last.kept >= last.asked && (last.kept - share).abs() < 0.06,
        "{last:?}"
    );
}
