//! What the main job costs: reading the data, compiling and running a scenario,
//! drawing its charts. `cargo bench --bench run`.

use criterion::{Criterion, criterion_group, criterion_main};
use jianpai::core::explain::Support;
use jianpai::core::outcome;
use jianpai::core::plan;
use jianpai::load::catalogue;
use jianpai::load::diag::{Diagnostics, Files};
use jianpai::load::scenario;
use jianpai::report::case::Case;
use jianpai::report::{figures, iamc};
use std::hint::black_box;

const SCENARIO: &str = "scenarios/shaanxi-2020.toml";

fn benches(c: &mut Criterion) {
    let data = jianpai::study::embedded::data();
    c.bench_function("load all data", |b| {
        b.iter(|| {
            let (mut files, mut diags) = (Files::new(), Diagnostics::default());
            catalogue::read("data", black_box(&data), &mut files, &mut diags)
        });
    });
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let catalogue = catalogue::read("data", &data, &mut files, &mut diags).expect("good data");
    let fetch = |path: &str| std::fs::read(path);
    let mut read = || {
        scenario::read(SCENARIO, None, &catalogue, &fetch, &mut files, &mut diags)
            .expect("a good scenario")
    };
    let loaded = read();
    c.bench_function("read a scenario", |b| {
        b.iter(&mut read);
    });
    c.bench_function("compile a scenario", |b| {
        b.iter(|| plan::compile(&catalogue, black_box(&loaded.scenario)));
    });
    let plan = plan::compile(&catalogue, &loaded.scenario).expect("a scenario that runs");
    c.bench_function("run a scenario", |b| {
        b.iter(|| outcome::run(&catalogue, &loaded.scenario, black_box(&plan)));
    });
    let outcome = outcome::run(&catalogue, &loaded.scenario, &plan);
    c.bench_function("weigh the numbers behind a scenario", |b| {
        b.iter(|| Support::of(&catalogue, &loaded.scenario, black_box(&plan)));
    });
    let support = Support::of(&catalogue, &loaded.scenario, &plan);
    let case = Case {
        catalogue: &catalogue,
        scenario: &loaded.scenario,
        plan: &plan,
        outcome: &outcome,
        support: &support,
    };
    c.bench_function("draw all charts", |b| {
        b.iter(|| figures::all(black_box(&case)));
    });
    c.bench_function("write the trajectory", |b| {
        b.iter(|| iamc::trajectory(std::slice::from_ref(black_box(&case)), "jianpai"));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
