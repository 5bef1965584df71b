//! Laws of the decomposition, its limits at zero, and published numbers.

use super::{Split, Unfit, chain, effects, log_mean, ratio, split};
use proptest::prelude::*;

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn the_mean_of_equals_is_the_number_itself() {
    for a in [1e-300, 1e-9, 0.1, 1.0, 3.0, 1e15, 1e300] {
        assert_eq!(log_mean(a, a).to_bits(), a.to_bits());
    }
    assert!(near(log_mean(2.0, 1.0), 1.0 / 2f64.ln(), 1e-15));
    assert_eq!(log_mean(0.0, 5.0).to_bits(), 0f64.to_bits());
    assert!(log_mean(1e300, 1e-300).is_finite());
}

/// Table 2 of Ang, Zhang and Choi (1998), with c = 42 and d = 7.
#[test]
fn the_eight_limits_at_zero() {
    let (c, d) = (42.0, 7.0);
    // The factor looked at, and another that makes the value what the case says.
    for (case, from, to, effect) in [
        (1, [0.0, 6.0], [d, 6.0], c),
        (2, [d, 6.0], [0.0, 6.0], -c),
        (3, [d, 0.0], [d, 6.0], 0.0),
        (4, [d, 6.0], [d, 0.0], 0.0),
        (5, [d, 0.0], [d, 0.0], 0.0),
        (6, [0.0, 6.0], [0.0, 5.0], 0.0),
        (7, [d, 0.0], [0.0, 6.0], 0.0),
        (8, [0.0, 6.0], [d, 0.0], 0.0),
    ] {
        let found = effects(&from, &to);
        assert!(near(found[0], effect, 1e-15), "case {case}: {found:?}");
        let change: f64 = to.iter().product::<f64>() - from.iter().product::<f64>();
        assert!(near(found.iter().sum(), change, 1e-15), "case {case}");
    }
}

/// The limits are those of a small number in place of the zeros, where it is the
/// same for all: so are equal parts where several factors vanish at once.
#[test]
fn limits_are_what_a_small_number_tends_to() {
    for (from, to) in [
        ([0.0, 2.0, 5.0], [3.0, 4.0, 5.0]),
        ([0.0, 0.0, 5.0], [3.0, 4.0, 5.0]),
        ([2.0, 3.0, 4.0], [0.0, 0.0, 0.0]),
        ([0.0, 3.0, 4.0], [2.0, 0.0, 4.0]),
    ] {
        let limit = effects(&from, &to);
        let distance = |small: f64| -> f64 {
            let filled = |x: [f64; 3]| x.map(|x| if x == 0.0 { small } else { x });
            let found = effects(&filled(from), &filled(to));
            let pairs = found.iter().zip(&limit);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        // It converges with 1/ln: slowly, which is why the limits are used.
        let (far, close) = (distance(1e-20), distance(1e-100));
        assert!(
            close <= far && close < 1.0,
            "{from:?} {to:?}: {far} {close}"
        );
    }
    assert_eq!(
        effects(&[0.0, 0.0, 5.0], &[3.0, 4.0, 5.0]),
        [30.0, 30.0, 0.0]
    );
}

/// The states of 1971–1974: 2 terms × 3 factors.
const HEUN: [[f64; 6]; 4] = [
    [1.0, 10.0, 2.0, 4.0, 5.0, 3.0],
    [4.0, 5.0, 3.0, 5.0, 6.0, 4.0],
    [8.0, 2.0, 4.0, 5.0, 7.0, 5.0],
    [10.0, 1.0, 5.0, 6.0, 8.0, 6.0],
];

/// Numbers published with the R package LMDIR (M. K. Heun, github.com/MatthewHeun/LMDIR,
/// tests/testthat/test_lmdi.R), worked out there in a spreadsheet.
#[test]
fn the_worked_example_of_heun() {
    let terms = [
        [
            50.474_380_29,
            -25.237_190_14,
            14.762_809_86,
            19.315_685_69,
            15.782_064_35,
            24.902_249_96,
        ],
        [
            42.960_214_67,
            -56.790_314_73,
            17.830_100_06,
            0.0,
            22.471_288_16,
            32.528_711_84,
        ],
        [
            12.654_981_5,
            -39.309_962_99,
            12.654_981_5,
            41.355_660_84,
            30.288_678_32,
            41.355_660_84,
        ],
    ];
    let sums = [
        [69.790_065_98, -9.455_125_793, 39.665_059_81],
        [42.960_214_67, -34.319_026_56, 50.358_811_9],
        [54.010_642_34, -9.021_284_671, 54.010_642_34],
    ];
    let ratios = [
        [1.761_117_821, 0.926_191_306, 1.379_410_116],
        [1.229_284_572, 0.847_970_248, 1.273_773_912],
        [1.208_140_223, 0.968_911_503, 1.208_140_223],
    ];
    let totals = [80.0, 180.0, 239.0, 338.0];
    for step in 0..3 {
        let found = split(&HEUN[step], &HEUN[step + 1], 3).unwrap();
        assert!(near(found.from, totals[step], 1e-15) && near(found.to, totals[step + 1], 1e-15));
        let factors = found.by_factor();
        let terms = found.additive.iter().zip(&terms[step]);
        let all = terms.chain(factors.iter().zip(&sums[step]));
        for (found, published) in all {
            assert!(near(*found, *published, 2e-9), "{found} {published}");
        }
        for (found, published) in found.ratios().unwrap().iter().zip(&ratios[step]) {
            assert!(near(*found, *published, 2e-9), "{found} {published}");
        }
    }
    // Chained: effects of the steps are added, ratios multiplied.
    let states: Vec<&[f64]> = HEUN.iter().map(|state| &state[..]).collect();
    let whole = chain(&states, 3).unwrap();
    let product = |f: usize| ratios.iter().map(|step| step[f]).product::<f64>();
    for (f, effect) in whole.by_factor().iter().enumerate() {
        assert!(near(*effect, sums.iter().map(|step| step[f]).sum(), 2e-9));
        assert!(near(whole.ratios().unwrap()[f], product(f), 5e-9));
    }
    assert!(near(whole.by_factor().iter().sum(), 258.0, 1e-12));
    // With a zero in the first term before, and with one in the second after.
    let (mut from, mut to) = (HEUN[0], HEUN[1]);
    from[0] = 0.0;
    let found = split(&from, &HEUN[1], 3).unwrap().additive;
    let published = [60.0, 0.0, 0.0, 19.315_685_69, 15.782_064_35, 24.902_249_96];
    assert!(
        found
            .iter()
            .zip(&published)
            .all(|(a, b)| near(*a, *b, 2e-9)),
        "{found:?}"
    );
    to[5] = 0.0;
    let found = split(&HEUN[0], &to, 3).unwrap().additive;
    let published = [
        50.474_380_29,
        -25.237_190_14,
        14.762_809_86,
        0.0,
        0.0,
        -60.0,
    ];
    assert!(
        found
            .iter()
            .zip(&published)
            .all(|(a, b)| near(*a, *b, 2e-9)),
        "{found:?}"
    );
}

#[test]
fn a_negative_factor_is_refused_with_its_place() {
    let good = [1.0, 2.0, 3.0, 4.0];
    let bad = [1.0, 2.0, -3.0, 4.0];
    let place = Unfit {
        state: 1,
        term: 1,
        factor: 0,
        value: -3.0,
    };
    assert_eq!(split(&good, &bad, 2), Err(place));
    assert!(split(&[f64::NAN, 1.0], &[1.0, 1.0], 2).is_err());
    assert!(split(&[f64::INFINITY, 1.0], &[1.0, 1.0], 2).is_err());
}

#[test]
fn a_total_of_nothing_has_no_ratio() {
    assert_eq!(split(&[0.0, 1.0], &[2.0, 3.0], 2).unwrap().ratios(), None);
    assert_eq!(ratio(1.0, 0.0, 1.0), None);
    assert_eq!(ratio(-1.0, 1.0, 0.0), None);
    assert!(near(ratio(46.0, 50.0, 96.0).unwrap(), 96.0 / 50.0, 1e-15));
}

#[test]
fn products_too_small_for_a_float_still_sum_up() {
    let (from, to) = ([1e-200, 1e-200, 1.0], [1.0, 1.0, 2.0]);
    let found = effects(&from, &to);
    assert!(near(found.iter().sum(), 2.0, 1e-12), "{found:?}");
    assert!(effects(&from, &from).iter().all(|x| x.to_bits() == 0));
}

/// States of four terms and three factors, with zeros among them.
fn state() -> impl Strategy<Value = Vec<f64>> {
    let cell = prop_oneof![1 => Just(0.0), 6 => 1e-3..1e3f64, 1 => 1e-9..1e9f64];
    prop::collection::vec(cell, 12)
}

/// What rounding is measured on.
fn scale(split: &Split) -> f64 {
    split.from.max(split.to)
}

fn reordered(state: &[f64], order: &[usize]) -> Vec<f64> {
    let terms = state.chunks_exact(order.len());
    terms
        .flat_map(|term| order.iter().map(|f| term[*f]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_mean_lies_between_the_geometric_and_the_arithmetic(a in 1e-6..1e6f64, by in -1.0..1.0f64) {
        let b = a * (by.powi(9) * 5.0).exp();
        let mean = log_mean(a, b);
        prop_assert!(mean >= (a * b).sqrt() * (1.0 - 1e-14) && mean <= f64::midpoint(a, b) * (1.0 + 1e-14));
        prop_assert_eq!(mean.to_bits(), log_mean(b, a).to_bits());
    }

    #[test]
    fn effects_sum_to_the_change_and_ratios_multiply_to_it(from in state(), to in state()) {
        let found = split(&from, &to, 3).unwrap();
        let sum: f64 = found.by_factor().iter().sum();
        prop_assert!((sum - (found.to - found.from)).abs() <= 1e-12 * scale(&found), "{sum}");
        if let Some(ratios) = found.ratios() {
            let product: f64 = ratios.iter().product();
            prop_assert!((product / (found.to / found.from) - 1.0).abs() < 1e-9, "{product}");
        }
        prop_assert_eq!(found.logs.is_some(), found.from > 0.0 && found.to > 0.0);
    }

    #[test]
    fn backwards_the_effects_change_sign(from in state(), to in state()) {
        let (there, back) = (split(&from, &to, 3).unwrap(), split(&to, &from, 3).unwrap());
        for (a, b) in there.additive.iter().zip(&back.additive) {
            prop_assert!((a + b).abs() <= 1e-12 * scale(&there), "{a} {b}");
        }
        if let (Some(there), Some(back)) = (there.ratios(), back.ratios()) {
            prop_assert!(there.iter().zip(&back).all(|(a, b)| (a.ln() + b.ln()).abs() < 1e-9));
        }
    }

    #[test]
    fn the_order_of_factors_and_terms_does_not_matter(
        from in state(), to in state(), order in Just(vec![0, 1, 2]).prop_shuffle(),
    ) {
        let plain = split(&from, &to, 3).unwrap();
        let mixed = split(&reordered(&from, &order), &reordered(&to, &order), 3).unwrap();
        for (place, f) in order.iter().enumerate() {
            let (a, b) = (plain.by_factor()[*f], mixed.by_factor()[place]);
            prop_assert!((a - b).abs() <= 1e-12 * scale(&plain), "{a} {b}");
        }
        let backwards = |state: &[f64]| -> Vec<f64> {
            state.chunks_exact(3).rev().flatten().copied().collect()
        };
        let turned = split(&backwards(&from), &backwards(&to), 3).unwrap();
        for (a, b) in plain.by_factor().iter().zip(turned.by_factor()) {
            prop_assert!((a - b).abs() <= 1e-12 * scale(&plain), "{a} {b}");
        }
    }

    #[test]
    fn a_chain_sums_to_the_same_change(states in prop::collection::vec(state(), 1..5)) {
        let states: Vec<&[f64]> = states.iter().map(Vec::as_slice).collect();
        let found = chain(&states, 3).unwrap();
        let sum: f64 = found.by_factor().iter().sum();
        let top = states.iter().map(|state| split(state, state, 3).unwrap().from).fold(0.0, f64::max);
        prop_assert!((sum - (found.to - found.from)).abs() <= 1e-12 * top);
        if let Some(ratios) = found.ratios() {
            let product: f64 = ratios.iter().product();
            prop_assert!((product / (found.to / found.from) - 1.0).abs() < 1e-9);
        }
    }
}
