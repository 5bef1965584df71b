//! What the main job costs: reading the data, compiling and running a scenario,
//! drawing its charts. `cargo bench --bench run`.

use criterion::{Criterion, criterion_group, criterion_main};
use jianpai::core::compile::compile;
use jianpai::core::explain::Support;
use jianpai::core::outcome;
use jianpai::core::text::Lang;
use jianpai::report::chart::Look;
use jianpai::report::{figures, iamc};
use jianpai::study::{Data, Session};
use std::hint::black_box;

const SCENARIO: &str = "scenarios/shaanxi-2020.toml";

fn benches(c: &mut Criterion) {
    c.bench_function("load all data", |b| b.iter(Data::compiled_in));
    let data = Data::compiled_in().expect("good data");
    let mut session = Session::new(data, |path| std::fs::read(path));
    c.bench_function("read a scenario", |b| {
        b.iter(|| session.try_load(SCENARIO, None));
    });
    let study = session.open(SCENARIO, None).expect("a scenario that runs");
    let catalogue = session.catalogue();
    c.bench_function("compile a scenario", |b| {
        b.iter(|| compile(catalogue, black_box(study.scenario())));
    });
    c.bench_function("run a scenario", |b| {
        b.iter(|| outcome::run(catalogue, study.scenario(), black_box(&study.plan)));
    });
    c.bench_function("weigh the numbers behind a scenario", |b| {
        b.iter(|| Support::of(catalogue, study.scenario(), black_box(&study.plan)));
    });
    let run = study.clone().run();
    let case = run.case();
    c.bench_function("draw all charts", |b| {
        b.iter(|| figures::all(black_box(&case)));
    });
    let mut group = c.benchmark_group("draw");
    for plate in figures::plates(&case) {
        group.bench_function(&plate.id, |b| {
            b.iter(|| black_box(&plate).chart.draw(Lang::Zh, Look::default()));
        });
    }
    group.finish();
    c.bench_function("write the trajectory", |b| {
        b.iter(|| iamc::trajectory(std::slice::from_ref(black_box(&case)), "jianpai"));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
