//! What a solve takes after loading: the plan with its prices, the reason there is none,
//! the ranges, 27 target options with 10,000 draws each, and a margin of safety.

use criterion::{Criterion, criterion_group, criterion_main};
use jianpai::solve::affine::Sheets;
use jianpai::solve::answer::{Outcome, answer};
use jianpai::solve::nearby;
use jianpai::solve::programme::Programme;
use jianpai::study::draws::Trial;
use jianpai::study::solve::{MarginOptions, SAMPLE};
use jianpai::study::{Data, Session, SolveOptions, SolveStudy};
use std::hint::black_box;
use std::path::Path;

fn asked(path: &str) -> SolveStudy {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = Data::compiled_in().expect("the data");
    let mut session = Session::new(data, move |path| std::fs::read(root.join(path)));
    let study = session.try_open(path, None).expect("a scenario");
    let asked = session.try_solve(&study, SolveOptions::default());
    asked.expect("a programme")
}

fn solves(c: &mut Criterion) {
    let plan = asked("scenarios/shaanxi-2020.toml");
    let none = asked("scenarios/shaanxi-14fyp-weak.toml");
    let mut group = c.benchmark_group("solve");
    group.sample_size(20);
    group.bench_function("programme from a plan", |b| {
        b.iter(|| {
            let sheets = Sheets::of(plan.study.catalogue(), &plan.study.plan);
            let targets = &plan.study.scenario().targets;
            Programme::of(&sheets, targets, plan.programme.spec.clone())
        });
    });
    group.bench_function("a province with prices", |b| {
        b.iter(|| answer(black_box(&plan.programme)));
    });
    group.bench_function("why not", |b| b.iter(|| answer(black_box(&none.programme))));
    let Ok(Outcome::Best(found)) = answer(&plan.programme) else {
        panic!("a plan");
    };
    group.bench_function("ranges at three parts", |b| {
        b.iter(|| nearby::ranges(&plan.programme, &found.point, &[0.01, 0.05, 0.10]));
    });
    group.finish();
}

/// A scenario with 27 options, from reading to the comparison; and a margin of safety.
fn options(c: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = Data::compiled_in().expect("the data");
    let mut session = Session::new(data, move |path| std::fs::read(root.join(path)));
    let study = session.try_open("scenarios/options/shaanxi-2025.toml", None);
    let study = study.expect("a scenario");
    let mut group = c.benchmark_group("options");
    group.sample_size(10);
    group.bench_function("27 options of 10,000 draws", |b| {
        b.iter(|| {
            let asked = session.try_options(&study, SolveOptions::default());
            asked.expect("options").compare(Trial::default())
        });
    });
    let plan = asked("scenarios/shaanxi-2020.toml");
    let uncertain = session.try_uncertain(&plan.file).expect("the errors");
    let margin = MarginOptions {
        part: 0.2,
        sample: SAMPLE,
        trial: Trial::default(),
    };
    group.bench_function("a margin of safety", |b| {
        b.iter(|| plan.solve_safe(&uncertain, margin));
    });
    group.finish();
}

criterion_group!(benches, solves, options);
criterion_main!(benches);
