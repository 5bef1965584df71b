//! What a sweep says of its draws, worked out again from its rows: quantiles and their
//! bounds, the Pareto set, strata of correlated inputs.

use crate::sweep::{sweep, variation};
use std::path::Path;

/// A CSV file's header and lines.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(String::from).collect();
    let lines = reader.records().map(|line| line.unwrap());
    let lines = lines.map(|line| line.iter().map(String::from).collect());
    (header, lines.collect())
}

/// A column of numbers.
fn column((header, lines): &(Vec<String>, Vec<Vec<String>>), name: &str) -> Vec<f64> {
    let place = header.iter().position(|cell| cell == name).unwrap();
    let cells = lines.iter().filter(|line| !line[place].is_empty());
    cells.map(|line| line[place].parse().unwrap()).collect()
}

/// More draws than are kept: every quantile lies within its bounds and within a hundredth
/// of the deviation of the exact one, also of an indicator that varies by a millionth of
/// its size; one thread and two say the same.
#[test]
fn quantiles_of_many_draws_are_near_and_say_how_near() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 140000\nseed = 3\nyears = [2025]\n\
        [sweep.inputs.sewage]\nlevel = \"sewage-collection\"\ntriangular = [\"40 %\", \"90 %\", \"100 %\"]\n\
        [sweep.inputs.cement]\nlevel = \"cement-ule\"\nuniform = [\"99.99 %\", \"100 %\"]\n";
    let output = variation(folder.path(), text);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rows = table(&folder.path().join("varied/draws.csv"));
    let (header, lines) = table(&folder.path().join("varied/summary.csv"));
    let place = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let mut narrow = 0;
    for line in &lines {
        let mut values = column(&rows, &line[0]);
        values.sort_unstable_by(f64::total_cmp);
        let number = |name: &str| line[place(name)].parse::<f64>().unwrap();
        let (sd, mean) = (number("sd"), number("mean"));
        narrow += u32::from(sd > 0.0 && sd < 1e-5 * mean.abs());
        for q in [2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5] {
            let at = (values.len() - 1) as f64 * q / 100.0;
            let (low, share) = (at.floor() as usize, at.fract());
            let next = values[(low + 1).min(values.len() - 1)];
            let exact = values[low] + share * (next - values[low]);
            let name = format!("q{q}");
            let [lower, upper] = ["low", "high"].map(|end| number(&format!("{name}_{end}")));
            assert!(
                lower <= exact && exact <= upper,
                "{} {q}: {lower} {exact} {upper}",
                line[0]
            );
            let off = (number(&name) - exact).abs();
            assert!(off <= 0.01 * sd, "{} {q}: off by {off}, sd {sd}", line[0]);
            let rounding = 1e-12 * mean.abs();
            assert!(
                upper - lower <= 0.01 * sd + rounding,
                "{} {q}: {lower} {upper}",
                line[0]
            );
        }
    }
    assert!(narrow > 0, "an indicator that hardly varies");
}

#[test]
fn summaries_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    let summary = |threads: &str| {
        let out = folder.path().join(threads);
        let more = [
            "--draws",
            "600000",
            "--format",
            "none",
            "--threads",
            threads,
        ];
        assert!(sweep(&out, &more).status().unwrap().success());
        let read = |name: &str| std::fs::read(out.join("shaanxi-14fyp").join(name)).unwrap();
        (
            read("summary.csv"),
            read("best.csv"),
            read("sensitivity.csv"),
        )
    };
    assert!(summary("1") == summary("2"));
}

/// The Pareto set from all rows: no draw is as cheap with as large a smallest relative
/// margin, and better in one. Where every draw belongs to it, it says how many there are.
#[test]
fn the_pareto_set_is_whole_or_says_that_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let inputs = "[sweep.inputs.sewage]\nlevel = \"sewage-collection\"\nuniform = [\"40 %\", \"100 %\"]\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"100 %\"]\n";
    let output = variation(
        folder,
        &format!("[sweep]\ndraws = 3000\nyears = [2025]\n{inputs}"),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rows = table(&folder.join("varied/draws.csv"));
    let (header, targets) = table(&folder.join("varied/attainment.csv"));
    let place = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let mut slack = vec![f64::INFINITY; 3000];
    for line in targets
        .iter()
        .filter(|line| line[place("demand")].contains("% on"))
    {
        // `−8% on 2020`
        let wanted = line[place("demand")]
            .trim_start_matches('−')
            .split('%')
            .next()
            .unwrap();
        let wanted = wanted.parse::<f64>().unwrap() / 100.0;
        let margins = column(&rows, &format!("margin:{}", line[place("target")]));
        for (slack, margin) in slack.iter_mut().zip(margins) {
            *slack = slack.min(margin / wanted);
        }
    }
    let cost = column(&rows, "cost_cny");
    let beats = |a: usize, b: usize| {
        cost[a] <= cost[b] && slack[a] >= slack[b] && (cost[a] < cost[b] || slack[a] > slack[b])
    };
    let wanted: Vec<usize> = (0..3000)
        .filter(|b| !(0..3000).any(|a| beats(a, *b)))
        .collect();
    let listed = |file: &str| -> (Vec<usize>, Vec<String>) {
        let (header, lines) = table(&folder.join(file));
        let size = header.len() - 1;
        let pareto: Vec<&Vec<String>> = lines.iter().filter(|line| line[0] == "pareto").collect();
        let mut draws: Vec<usize> = pareto.iter().map(|line| line[1].parse().unwrap()).collect();
        draws.sort_unstable();
        (
            draws,
            pareto.iter().map(|line| line[size].clone()).collect(),
        )
    };
    let (draws, sizes) = listed("varied/best.csv");
    assert!(wanted.len() > 5 && draws == wanted, "{draws:?} {wanted:?}");
    assert!(sizes.iter().all(|size| *size == wanted.len().to_string()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains(&format!("{} draws, all of them", wanted.len())),
        "{text}"
    );
    // More of one measure costs more and brings more.
    let one =
        "[sweep.inputs.sewage]\nlevel = \"sewage-collection\"\nuniform = [\"40 %\", \"90 %\"]\n";
    let output = variation(
        folder,
        &format!("[sweep]\ndraws = 12000\nyears = [2025]\n{one}"),
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("12,000 draws, thinned to 1,000"), "{text}");
    let (draws, sizes) = listed("varied/best.csv");
    assert!(draws.len() == 1000 && sizes.iter().all(|size| size == "12000"));
}

/// A correlated Latin hypercube has one draw in every stratum of every input, and the
/// ranks are correlated as the file says.
#[test]
fn correlated_inputs_keep_their_strata() {
    let folder = tempfile::tempdir().unwrap();
    for draws in [50_usize, 256, 900] {
        let text = format!(
            "[sweep]\ndesign = \"latin-hypercube\"\ndraws = {draws}\nyears = [2025]\n\
             [sweep.inputs.steel]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"100 %\"]\n\
             [sweep.inputs.cement]\nlevel = \"cement-ule\"\nuniform = [\"50 %\", \"100 %\"]\n\
             [sweep.inputs.boilers]\nlevel = \"boilers-le35\"\nuniform = [\"0 %\", \"100 %\"]\n\
             [[sweep.correlation]]\nbetween = [\"steel\", \"boilers\"]\nrank = 0.6\n"
        );
        let output = variation(folder.path(), &text);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let rows = table(&folder.path().join("varied/draws.csv"));
        let mut ranks = Vec::new();
        for (name, lo) in [("steel", 0.4), ("cement", 0.5), ("boilers", 0.0)] {
            let strata = column(&rows, name);
            let of = |x: &f64| ((x - lo) / (1.0 - lo) * draws as f64).floor() as usize;
            let strata: Vec<usize> = strata.iter().map(of).collect();
            let mut sorted = strata.clone();
            sorted.sort_unstable();
            assert!(sorted.iter().copied().eq(0..draws), "{draws} {name}");
            ranks.push(strata);
        }
        let n = draws as f64;
        let middle = (n - 1.0) / 2.0;
        let products = ranks[0].iter().zip(&ranks[2]);
        let sum: f64 = products
            .map(|(a, b)| (*a as f64 - middle) * (*b as f64 - middle))
            .sum();
        let found = sum / (n * (n * n - 1.0) / 12.0);
        assert!((found - 0.6).abs() < 0.06, "{draws}: {found}");
    }
}
