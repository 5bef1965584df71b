//! Totals of slices, as bytes: together they are what one run gives, and nothing else is.

use crate::support::data;
use jianpai::core::explain::Support;
use jianpai::core::text::Lang;
use jianpai::report::sweep::{self as report, Spread};
use jianpai::study::sweep::{Failure, Finished, Format, Job, Options, Part};
use jianpai::study::{Session, SweepOptions, SweepStudy};
use jianpai::sweep::design::Rng;
use jianpai::sweep::findings::ENOUGH;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

const HEAD: &str = "[scenario]\nname_zh = \"变\"\nname_en = \"varied\"\n\
    extends = \"scenarios/shaanxi-14fyp-planned.toml\"\n";
/// Growth of −60 % a year leaves less than nothing of steam: draws that are not feasible.
const RANDOM: &str = "[sweep]\ndesign = \"random\"\nyears = [2025]\n\
    [sweep.inputs.boilers]\nlevel = \"boilers-le35\"\nuniform = [\"40 %\", \"100 %\"]\n\
    [sweep.inputs.pace]\ngrowth = \"electricity\"\nuniform = [\"-3 %\", \"3 %\"]\n\
    [sweep.inputs.steam]\ngrowth = \"industry\"\nuniform = [\"-60 %\", \"4 %\"]\n\
    [sweep.inputs.elastic]\nelasticity = \"industrial-steam\"\nuniform = [0.5, 2]\n\
    [sweep.inputs.ask]\ntarget = \"nox\"\nuniform = [\"6 %\", \"18 %\"]\n";
const SALTELLI: &str = "[sweep]\ndesign = \"saltelli\"\nyears = [2025]\n\
    [sweep.inputs.boilers]\nlevel = \"boilers-le35\"\nuniform = [\"40 %\", \"100 %\"]\n\
    [sweep.inputs.pace]\ngrowth = \"electricity\"\nuniform = [\"-3 %\", \"3 %\"]\n";
/// More of one measure costs more and reaches more: no draw beats another.
const LINE: &str = "drop = [\"cod\", \"nh3n\", \"vocs\", \"energy-per-gdp\", \"co2-per-gdp\"]\n[sweep]\ndesign = \"random\"\nyears = [2025]\n\
    [sweep.inputs.boilers]\nlevel = \"boilers-le35\"\nuniform = [\"40 %\", \"90 %\"]\n";

fn session(text: &str) -> Session {
    let text = format!("{HEAD}{text}");
    Session::new(Arc::clone(data()), move |path| match path {
        "main.toml" => Ok(text.as_bytes().to_vec()),
        other => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            std::fs::read(root.join(other))
        }
    })
}

fn compiled(text: &str, options: SweepOptions) -> SweepStudy {
    let swept = session(text).sweeps("main.toml", &[None], options).unwrap();
    swept.into_iter().next().unwrap()
}

fn options(shard: Option<(u64, u64)>) -> Options {
    Options {
        draws: None,
        seed: None,
        format: Format::None,
        trajectories: false,
        model_error: true,
        shard,
        charts: false,
        resume: false,
    }
}

fn run(swept: &SweepStudy) -> Finished {
    let own = options(None);
    let job = Job::new(swept, &own, ENOUGH);
    job.execute(None, &mut |_| true).unwrap()
}

/// What each of `n` slices adds, as bytes.
fn parts(swept: &SweepStudy, n: u64) -> Vec<Vec<u8>> {
    let one = |i| {
        let own = options(Some((i, n)));
        let job = Job::new(swept, &own, ENOUGH);
        let finished = job.execute(None, &mut |_| true).unwrap();
        job.part(finished.totals).unwrap()
    };
    (1..=n).map(one).collect()
}

fn join(swept: &SweepStudy, parts: &[Vec<u8>]) -> Result<Option<Finished>, String> {
    let own = options(None);
    let job = Job::new(swept, &own, ENOUGH);
    let read = parts.iter().map(|bytes| {
        let part = Part::of(bytes.clone());
        part.map_err(jianpai::study::folder::Problem)
    });
    job.join(read, &mut |_| true)
        .map_err(|failure| match failure {
            Failure::Write(problem) => problem.0.en,
            other => panic!("{other:?}"),
        })
}

/// Every file that reports make of it.
fn files(swept: &SweepStudy, finished: &Finished) -> Vec<(String, Vec<u8>)> {
    let study = &swept.study;
    let support = Support::of(study.catalogue(), study.scenario(), &study.plan);
    let spread = Spread {
        catalogue: study.catalogue(),
        scenario: study.scenario(),
        plan: &study.plan,
        support: &support,
        sweep: &swept.sweep,
        totals: &finished.totals,
        findings: finished.findings.as_ref(),
    };
    let mut files = report::files(&spread, Lang::En);
    files.push(("told".into(), report::text(&spread, Lang::Zh).into_bytes()));
    files.extend(report::figures::all(&spread, None));
    files
}

fn asked(draws: u64) -> SweepOptions {
    SweepOptions {
        draws: Some(draws),
        seed: Some(5),
        ..SweepOptions::default()
    }
}

#[test]
fn parts_of_any_cut_are_the_whole() {
    // Quantiles are exact up to 2¹⁷ draws, and counted beyond, where a slice's own would
    // still be exact.
    let cases = [
        (RANDOM, 3_000, &[1, 2, 5][..]),
        (RANDOM, 150_000, &[2, 7][..]),
        (SALTELLI, 40_000, &[3][..]),
    ];
    for (text, draws, cuts) in cases {
        let swept = compiled(text, asked(draws));
        let whole = files(&swept, &run(&swept));
        for n in cuts {
            let joined = join(&swept, &parts(&swept, *n)).unwrap().unwrap();
            let found = files(&swept, &joined);
            assert_eq!(found.len(), whole.len());
            for ((name, bytes), (_, wanted)) in found.iter().zip(&whole) {
                assert!(bytes == wanted, "{draws} draws in {n}: {name} differs");
            }
        }
    }
}

#[test]
fn what_a_part_of_many_draws_says_is_small() {
    let swept = compiled(RANDOM, asked(150_000));
    let sizes: Vec<usize> = parts(&swept, 2).iter().map(Vec::len).collect();
    let columns = swept.sweep.columns.len();
    // Values themselves would take 8 bytes a draw and column.
    assert!(
        sizes.iter().all(|size| *size < columns * 75_000 * 8 / 8),
        "{sizes:?}"
    );
}

#[test]
fn parts_of_another_sweep_are_refused() {
    let swept = compiled(RANDOM, asked(40_000));
    let own = parts(&swept, 3);
    let others = [
        compiled(
            RANDOM,
            SweepOptions {
                seed: Some(6),
                ..asked(40_000)
            },
        ),
        compiled(RANDOM, asked(40_001)),
        compiled(&RANDOM.replace("18 %", "19 %"), asked(40_000)),
    ];
    for other in &others {
        let mut mixed = own.clone();
        mixed[1] = parts(other, 3)[1].clone();
        let said = join(&swept, &mixed).unwrap_err();
        assert!(said.contains("another sweep"), "{said}");
    }
    let [a, b, c] = &own[..] else { panic!() };
    for wrong in [
        vec![a, c],
        vec![a, b],
        vec![b, c],
        vec![a, b, b, c],
        vec![b, a, c],
        vec![],
    ] {
        let wrong: Vec<Vec<u8>> = wrong.into_iter().cloned().collect();
        let said = join(&swept, &wrong).unwrap_err();
        assert!(said.contains("do not follow one another"), "{said}");
    }
}

#[test]
fn what_is_damaged_is_refused() {
    let swept = compiled(LINE, asked(600));
    let [own] = &parts(&swept, 1)[..] else {
        panic!()
    };
    assert!(join(&swept, std::slice::from_ref(own)).unwrap().is_some());
    let rng = Rng::new(9, 0);
    for i in 0..200 {
        let mut bytes = own.clone();
        let at = rng.u64(2 * i) as usize % bytes.len();
        bytes[at] ^= 1 << (rng.u64(2 * i + 1) % 8);
        assert!(Part::of(bytes).is_err(), "byte {at}");
        let cut = rng.u64(1000 + i) as usize % own.len();
        assert!(Part::of(own[..cut].to_vec()).is_err(), "{cut} bytes");
    }
    // With a hash that fits it is a part: it may say something else, or be refused, but
    // nothing breaks.
    let (mut refused, mut read) = (0, 0);
    let plain = options(None);
    let job = Job::new(&swept, &plain, ENOUGH);
    for i in 0..600 {
        let end = own.len() - 32;
        let mut bytes = own[..end].to_vec();
        for j in 0..3 {
            // Half of the places are near the front, where numbers and lengths stand.
            let most = if i % 2 == 0 { end } else { 400 };
            let at = rng.u64(5_000 + 8 * i + 2 * j) as usize % most;
            bytes[at] = rng.u64(5_001 + 8 * i + 2 * j) as u8;
        }
        let seal = Sha256::digest(&bytes);
        bytes.extend_from_slice(&seal);
        let joined = Part::of(bytes).map(|part| job.join([Ok(part)], &mut |_| true));
        match joined {
            Err(_) | Ok(Err(Failure::Write(_))) => refused += 1,
            Ok(Err(other)) => panic!("{other:?}"),
            Ok(Ok(None)) => {}
            Ok(Ok(Some(finished))) => {
                read += 1;
                if read % 10 == 0 {
                    drop(files(&swept, &finished));
                }
            }
        }
    }
    assert!(refused > 40 && read > 40, "{refused} {read}");
}

#[test]
fn a_set_that_may_have_been_thinned_is_left_to_a_run() {
    let swept = compiled(LINE, asked(300_000));
    let whole = run(&swept);
    assert!(whole.totals.front.is_thinned());
    assert!(join(&swept, &parts(&swept, 3)).unwrap().is_none());
    // As many as fit are told by the parts.
    let few = compiled(LINE, asked(100_000));
    let whole = run(&few);
    let joined = join(&few, &parts(&few, 3)).unwrap().unwrap();
    assert!(whole.totals.front.points().len() > 60_000);
    assert_eq!(joined.totals.front.points(), whole.totals.front.points());
    assert!(!joined.totals.front.is_thinned());
}
