//! The facade: what a program gets that runs the model without a command line.

use super::support::{bits, close, session, session_over, study};
use jianpai::core::measure::Policy;
use jianpai::core::text::Lang;
use jianpai::study::{Error, Session, SweepOptions, hindcast};
use jianpai::sweep::engine::{Column, Workspace};

const MAIN: &str = "scenarios/shaanxi-2020.toml";

/// Other levels are those that a file with these levels would have.
#[test]
fn other_levels_are_those_of_a_file_that_states_them() {
    let own = study(MAIN);
    let measures = own.loaded.scenario.measures.iter();
    let new: Vec<_> = measures.filter(|m| m.policy == Policy::New).collect();
    let (first, last) = (new[0], new[new.len() - 1]);
    let [a, b] = [first.level * 0.5, last.level * 0.25];
    let moved = own
        .with_levels(&[(&first.id, a), (&last.id, b)])
        .unwrap()
        .run();
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{MAIN}\"\n\
         [measures.{}]\nreplace = true\nlevel = \"{:.12} %\"\n\
         [measures.{}]\nreplace = true\nlevel = \"{:.12} %\"\n",
        first.id,
        100.0 * a,
        last.id,
        100.0 * b,
    );
    let root = env!("CARGO_MANIFEST_DIR");
    let mut session = Session::new(own.data().clone(), move |path| match path {
        "main.toml" => Ok(text.clone().into_bytes()),
        path => std::fs::read(format!("{root}/{path}")),
    });
    let stated = session.open("main.toml", None).unwrap().run();
    let stated = &stated.outcome.indicators;
    let before = study(MAIN).run().outcome.indicators;
    let mut changed = 0;
    for ((moved, stated), before) in moved.outcome.indicators.iter().zip(stated).zip(&before) {
        for ((x, y), z) in moved.iter().zip(stated).zip(before) {
            assert!(close(*x, *y, 1e-12, 0.0), "{x} {y}");
            changed += usize::from(!close(*x, *z, 1e-6, 0.0));
        }
    }
    assert!(changed > 10, "the levels matter: {changed}");
}

/// The levels that a study has give itself, to the bit.
#[test]
fn the_same_levels_are_the_same_study() {
    let own = study(MAIN);
    let measures = own.loaded.scenario.measures.iter();
    let levels: Vec<(String, f64)> = measures.map(|m| (m.id.clone(), m.level)).collect();
    let levels: Vec<(&str, f64)> = levels.iter().map(|(id, x)| (id.as_str(), *x)).collect();
    let again = own.with_levels(&levels).unwrap().run();
    assert_eq!(bits(&again.outcome.run), bits(&own.run().outcome.run));
}

#[test]
fn levels_that_cannot_be_are_refused_in_words() {
    let own = study(MAIN);
    let id = own.loaded.scenario.measures[0].id.clone();
    let unknown = own.with_levels(&[("guanzhong-boiler", 1.0)]).unwrap_err();
    let said = unknown.text(Lang::En);
    assert!(said.contains("did you mean `guanzhong-boilers`?"), "{said}");
    for level in [-0.1, 10.5, f64::NAN, f64::INFINITY] {
        let refused = own.with_levels(&[(&id, level)]).unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{level}: {refused}");
    }
    // More boilers than there are: the place of the measure is told.
    let refused = own.with_levels(&[("guanzhong-boilers", 9.0)]).unwrap_err();
    let said = refused.text(Lang::En);
    assert!(
        matches!(refused, Error::Input(_)) && said.contains("shaanxi-2020.toml:"),
        "{said}"
    );
}

/// All that is wrong with several files is told at once, each with its place; a session
/// that has told is fit for the next file.
#[test]
fn problems_of_several_files_come_together_and_once() {
    let bad = |key: &str| {
        format!(
            "[scenario]\nname_zh = \"x\"\nname_en = \"x\"\nregion = \"shaanxi\"\nend_year = 2018\n{key} = 1\n"
        )
    };
    let (a, b) = (bad("colour"), bad("shape"));
    let good = bad("colour").replace("colour = 1\n", "");
    let mut session = session_over(&[("a.toml", &a), ("b.toml", &b), ("good.toml", &good)]);
    let paths = ["a.toml", "b.toml"].map(String::from);
    let Err(Error::Input(problems)) = session.load_all(&paths, &[None]) else {
        panic!("both are refused");
    };
    let said = problems.render(Lang::En, jianpai::load::diag::Color::Never);
    assert!(
        said.contains("a.toml:6") && said.contains("b.toml:6"),
        "{said}"
    );
    assert!(session.take_found().is_empty(), "it has been told");
    session.open("good.toml", None).unwrap();
}

/// A sweep knows its study, and its draws follow from file, seed and number alone.
#[test]
fn a_sweep_is_compiled_for_each_region() {
    let mut session = session();
    let regions = session
        .regions(&["shaanxi".into(), "henan".into()])
        .unwrap();
    let options = SweepOptions {
        draws: Some(64),
        seed: Some(3),
        ..SweepOptions::default()
    };
    let path = "scenarios/sweeps/provinces.toml";
    let all = session.sweeps(path, &regions, options).unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.study.region()).collect();
    assert_eq!(names, ["shaanxi", "henan"]);
    for one in &all {
        assert_eq!((one.sweep.points.len(), one.sweep.points.seed()), (64, 3));
        assert!(one.study.scenario().id.ends_with(one.study.region()));
        assert!(one.over_time.is_none() && one.list.is_none());
    }
}

#[test]
fn the_hindcast_needs_no_disk() {
    let data = super::support::data().clone();
    let mut nothing = Session::new(data, |_| Err(std::io::ErrorKind::NotFound.into()));
    let twice = ["china".into(), "china".into()];
    let regions = hindcast::regions(&nothing, &twice).unwrap();
    assert_eq!(regions.len(), 1, "each once");
    let runs = hindcast::run(&mut nothing, None, &twice).unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].study.region(), "china");
    let unknown = hindcast::regions(&nothing, &["chna".into()]).unwrap_err();
    assert!(unknown.to_string().contains("china"), "{unknown}");
    assert!(nothing.open(MAIN, None).is_err(), "its own fetch is back");
}

/// A `[sweep]` put in place of a scenario's own, whose inputs are given: levels above 105 %
/// take more boilers than there are, whatever the design would draw; beyond what a scenario
/// may hold there is no result; between, both sweeps have the same bits.
#[test]
fn inputs_that_are_given_are_watched_beyond_what_is_drawn() {
    let mut session = session();
    let own = session.open(MAIN, None).unwrap();
    let text =
        "[sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"90 %\"]\n";
    let mut compiled = |is_open: bool| {
        let study = session.try_with_sweep(&own, "given", text);
        let options = SweepOptions {
            is_open,
            model_error: false,
            ..SweepOptions::default()
        };
        let swept = study.and_then(|study| session.try_sweep(&study, options));
        session.settle(swept).unwrap().sweep
    };
    let (drawn, open) = (compiled(false), compiled(true));
    assert_eq!(drawn.drawn(), [(0.4, 0.9)]);
    assert_eq!(open.drawn(), [(0.4, 0.9)]);
    let feasible = open.column(&Column::Feasible).unwrap();
    let result = open.columns.iter().position(Column::is_result).unwrap();
    let levels = [0.4, 0.77, 0.9, 0.0, 1.04, 1.06, 1.6, 11.0, -0.1];
    let points: Vec<Vec<f64>> = levels.iter().map(|x| vec![*x]).collect();
    let mut work = Workspace::default();
    open.take(&levels, levels.len(), &mut work);
    let rows = open.evaluate(levels.len(), &mut work);
    assert_eq!(
        rows.column(feasible),
        [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    );
    let mut written = vec![0.0; levels.len()];
    rows.write(result, &open.columns[result], &mut written);
    let none: Vec<bool> = written.iter().map(|value| value.is_nan()).collect();
    assert_eq!(
        none,
        [false, false, false, false, false, false, false, true, true]
    );
    let (a, b) = (drawn.at(&points[..3]), open.at(&points[..3]));
    let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
    for (a, b) in a.iter().zip(&b) {
        assert!(a.len() == 3 && a.iter().zip(b).all(same), "{a:?} {b:?}");
    }
    // What cannot be read is said, with its place in the text that was given.
    let faulty = "[sweep.inputs.a]\nlevel = \"no-such\"\nuniform = [\"1 %\", \"2 %\"]\n";
    let study = session.try_with_sweep(&own, "given", faulty);
    let swept = study.and_then(|study| session.try_sweep(&study, SweepOptions::default()));
    let said = session.settle(swept).unwrap_err().to_string();
    assert!(said.contains("given:2"), "{said}");
}
