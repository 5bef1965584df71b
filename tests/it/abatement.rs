//! The abatement cost curves of plans and the probabilities of scorecards, against the runs.

use crate::drawn::{all, case, change, numbers, of_run, shows};
use crate::support::{catalogue, close, leading, run_at};
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::Account;
use jianpai::core::dims::PollutantId;
use jianpai::core::discrepancy::{self, Discrepancy};
use jianpai::core::doubt;
use jianpai::core::measure::Policy;
use jianpai::core::target::{Demand, is_met};
use jianpai::report::case::Case;
use jianpai::report::chart::Abatement;
use jianpai::report::figures;
use jianpai::study::{Data, Session, SweepOptions};

fn pollutants() -> impl Iterator<Item = PollutantId> {
    (0..catalogue().pollutants.len()).map(PollutantId::from_usize)
}

/// Tonnes and yuan a tonne in the units of a curve.
fn units(chart: &Abatement) -> (f64, f64) {
    let amount = if chart.unit.en == "10⁸ t" { 1e8 } else { 1e4 };
    let price = match chart.price_unit.en.as_str() {
        "CNY/t" => 1.0,
        "10⁴ CNY/t" => 1e4,
        other => panic!("{other}"),
    };
    (amount, price)
}

/// What a new measure takes away in the last year (t) and costs (yuan), by what the kernel
/// gives without it: everything is affine in the levels.
fn without(one: &Shipped, m: usize, account: Account) -> (f64, f64) {
    let mut levels: Vec<f64> = one.plan.measures.iter().map(|m| m.level).collect();
    levels[m] = 0.0;
    let run = run_at(&one.plan, &levels);
    let last = one.plan.span() - 1;
    let more = |account: Account| {
        let all = of_run(one, &run.total, account)[last];
        all - of_run(one, &one.outcome.run.total, account)[last]
    };
    (more(account), -more(Account::Cost))
}

/// Each bar is as wide as what goes without its measure, and its area is what the measure
/// costs in the run; what is not drawn is said, and all of it is the balance.
#[test]
fn bars_are_what_a_run_lacks_without_a_measure() {
    let (mut charts, mut bars, mut told, mut aside) = (0, 0, 0, 0);
    for one in all() {
        let case = case(one);
        let last = one.plan.span() - 1;
        for p in pollutants() {
            let id = &catalogue().pollutants[p.at()].named.id;
            let place = format!("{} {id}", one.scenario.id);
            let asked = one.scenario.targets.iter().any(|target| {
                let kind = &catalogue().indicators[target.indicator.at()].kind;
                kind.pollutant() == Some(p)
            });
            let Some(chart) = figures::abatement(&case, p) else {
                continue;
            };
            assert!(asked || id == "CO2", "{place}");
            charts += 1;
            let account = leading(catalogue(), p);
            let (unit, dear) = units(&chart);
            let joined = of_run(one, &one.outcome.run.join, account)[last] != 0.0;
            let size = of_run(one, &one.outcome.run.total, account)[0];
            let (mut drawn, mut unpriced, mut adding) = (0, (0, 0.0), (0, 0.0));
            for (m, measure) in one.plan.measures.iter().enumerate() {
                let cut = -change(one, m, account)[last];
                if measure.policy == Policy::Current || cut.abs() < size * 1.01e-6 {
                    continue;
                }
                let mut own = chart.bars.iter().filter(|bar| bar.name == measure.name);
                let bar = own.find(|bar| close(bar.amount * unit, cut, 1e-9, size * 1e-6));
                if cut < 0.0 {
                    adding = (adding.0 + 1, adding.1 - cut);
                    assert!(bar.is_none(), "{place}: {}", measure.name.en);
                } else if !measure.cost_known {
                    unpriced = (unpriced.0 + 1, unpriced.1 + cut);
                } else if let Some(bar) = bar {
                    drawn += 1;
                    let cost = change(one, m, Account::Cost)[last];
                    let area = bar.amount * unit * bar.price * dear;
                    assert!(close(area, cost, 1e-6, 1e4), "{place}: {area} {cost}");
                    if !joined && bars % 7 == 0 {
                        let (cut, cost) = without(one, m, account);
                        assert!(close(bar.amount * unit, cut, 1e-6, size * 1e-6), "{place}");
                        assert!(close(area, cost, 1e-6, 1e5), "{place}: {area} {cost}");
                    }
                    bars += 1;
                }
            }
            assert_eq!(drawn, chart.bars.len(), "{place}");
            for ((count, amount), zh, en) in [
                (unpriced, "项措施没有费用数据", "without a figure of cost"),
                (adding, "项措施使其增加", "that add"),
            ] {
                let said = chart.footnote.zh.contains(&format!("{count}{zh}"));
                assert_eq!(said, count > 0, "{place}: {}", chart.footnote.zh);
                assert_eq!(chart.footnote.en.contains(en), count > 0, "{place}");
                if count > 0 {
                    let said = numbers(&chart.footnote.en);
                    assert!(
                        said.iter().any(|text| shows(text, amount / unit)),
                        "{place}"
                    );
                    aside += 1;
                }
            }
            let open = one.plan.measures.iter().enumerate().filter(|(m, measure)| {
                let range = jianpai::report::costs::of_measure(&case, *m);
                chart.bars.iter().any(|bar| bar.name == measure.name)
                    && range.is_some_and(|cost| cost.low < 0.0 && cost.high > 0.0)
            });
            let open = open.count();
            let said = chart
                .footnote
                .zh
                .contains(&format!("{open}项的费用区间跨零"));
            assert_eq!(said, open > 0, "{place}: {open} {}", chart.footnote.zh);
            told += headline(&place, &chart, one.scenario.end_year);
        }
    }
    assert!(
        charts > 60 && bars > 300 && told > 150 && aside > 40,
        "{charts} {bars} {told} {aside}"
    );
}

/// Those that save money stand first, the others by price; the headline has the sums and the
/// ends of the bars. Returns how many numbers were held.
fn headline(place: &str, chart: &Abatement, year: i32) -> usize {
    let prices: Vec<f64> = chart.bars.iter().map(|bar| bar.price).collect();
    let saves = prices.iter().filter(|price| **price < 0.0).count();
    assert!(prices[..saves].iter().all(|price| *price < 0.0), "{place}");
    assert!(prices[saves..].is_sorted(), "{place}: {prices:?}");
    let sum = |bars: &[jianpai::report::chart::AbatementBar]| -> f64 {
        bars.iter().map(|bar| bar.amount).sum()
    };
    let (all, saved) = (sum(&chart.bars), sum(&chart.bars[..saves]));
    let mut title = chart.title.en.clone();
    // The longest first: one name may begin another.
    let mut names: Vec<&str> = chart.bars.iter().map(|bar| bar.name.en.as_str()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        title = title.replace(name, "");
    }
    for unit in [&chart.unit.en, &chart.price_unit.en] {
        title = title.replace(unit.as_str(), "");
    }
    let title = title.split_once(':').unwrap().1;
    let known = [
        chart.bars.len() as f64,
        all,
        f64::from(year),
        saves as f64,
        saved / all * 100.0,
        prices.get(saves).copied().unwrap_or(f64::NAN),
        prices[prices.len() - 1],
    ];
    let said = numbers(title);
    for text in &said {
        assert!(
            known.iter().any(|value| shows(text, *value)),
            "{place}: {text} of `{title}` in {known:?}"
        );
    }
    // Ends that print alike are one number, which needs no names.
    let printed = |bar: usize| jianpai::report::case::number(prices[bar]);
    let same = saves < prices.len() && printed(saves) == printed(prices.len() - 1);
    if saves < prices.len() && !same {
        let ends = [&chart.bars[saves], &chart.bars[prices.len() - 1]];
        for bar in ends {
            assert!(chart.title.zh.contains(&bar.name.zh), "{place}");
        }
    }
    said.len()
}

/// The line of what is needed is within the bars exactly where the target is met.
#[test]
fn what_is_needed_tells_met_from_missed() {
    let (mut within, mut beyond) = (0, 0);
    for one in all() {
        let case = case(one);
        for p in pollutants() {
            let (Some(chart), account) = (figures::abatement(&case, p), leading(catalogue(), p))
            else {
                continue;
            };
            let Some((needed, label)) = &chart.needed else {
                continue;
            };
            let own = case.targets().filter(|(target, _)| {
                let kind = &catalogue().indicators[target.indicator.at()].kind;
                let level = matches!(target.demand, Demand::Reduction { .. } | Demand::Cap(_));
                kind.amount() == Some(account) && level && target.year == one.scenario.end_year
            });
            let mut rooms = own.map(|(_, verdict)| verdict.unwrap().room);
            let first = rooms.next().unwrap();
            let room = rooms.fold(first, f64::min);
            let sum: f64 = chart.bars.iter().map(|bar| bar.amount).sum();
            let (unit, _) = units(&chart);
            let place = format!("{} {}", one.scenario.id, label.en);
            assert!(
                close((sum - needed) * unit, room, 1e-6, 1.0),
                "{place}: {room}"
            );
            assert!(numbers(&label.en).iter().any(|text| shows(text, *needed)));
            if *needed <= sum {
                within += 1;
            } else {
                beyond += 1;
            }
        }
    }
    assert!(within > 20 && beyond > 2, "{within} {beyond}");
}

/// The probability of a card, by a fine grid of the errors' ranks, and by a sweep in which
/// nothing but the error varies.
#[test]
fn a_card_states_the_probability_that_a_sweep_draws() {
    let ids = ["weak", "planned", "strengthened"].map(|end| format!("shaanxi-14fyp-{end}"));
    let find = |id: &String| shipped().iter().find(|one| one.scenario.id == *id).unwrap();
    let cases: Vec<Case<'_>> = ids.iter().map(|id| find(id).case()).collect();
    let chart = figures::scorecard(&cases).unwrap();
    assert!(
        chart.chance.zh.contains("有误差记录的4项"),
        "{}",
        chart.chance.zh
    );
    assert!(
        chart
            .footnote
            .zh
            .contains("挥发性有机物、能耗强度没有误差记录"),
        "{}",
        chart.footnote.zh
    );
    for (case, row) in cases.iter().zip(&chart.rows) {
        let id = &case.scenario.id;
        let share = row.probability.unwrap();
        let (mut together, mut sure) = (1.0, true);
        for (target, verdict) in case.targets() {
            let verdict = verdict.unwrap();
            let known = doubt::of_target(case.catalogue, (case.scenario, case.plan), target);
            let Some(sizes) = known.and_then(|known| Discrepancy::of(&known)) else {
                sure &= verdict.met;
                continue;
            };
            let grid = 84_000;
            let at = (0..grid).map(|k| 2.0 * (f64::from(k) + 0.5) / f64::from(grid) - 1.0);
            let met = at.filter(|z| is_met(verdict.margin - sizes.at(*z), verdict.required));
            together *= met.count() as f64 / f64::from(grid);
        }
        assert!(
            close(share, together, 1e-3, 1e-3),
            "{id}: {share} {together}"
        );
        if sure {
            let drawn = swept(id);
            let noise = 4.0 * (share * (1.0 - share) / f64::from(DRAWS)).sqrt() + 1e-3;
            assert!((share - drawn).abs() < noise, "{id}: {share} {drawn}");
        }
        let each = discrepancy::attained(case.catalogue, (case.scenario, case.plan), case.outcome);
        assert_eq!(each.each.iter().flatten().count(), 4);
        let text = row.stated.as_ref().unwrap();
        assert!(text.ends_with('%') && !text.contains("100%"), "{text}");
    }
    let shares: Vec<f64> = chart
        .rows
        .iter()
        .map(|row| row.probability.unwrap())
        .collect();
    assert!(shares.is_sorted(), "{shares:?}");
}

const DRAWS: i32 = 20_000;

/// How often all targets of a scenario are met in a sweep of the model's error alone.
fn swept(id: &str) -> f64 {
    let text = format!(
        "[scenario]\nname_en = \"still\"\nextends = \"scenarios/{id}.toml\"\n\
         [sweep]\ndesign = \"latin-hypercube\"\ndraws = {DRAWS}\nseed = 11\n\
         [sweep.inputs.still]\ngrowth = \"gdp\"\nuniform = [\"0 %\", \"0.0000001 %\"]\n"
    );
    let root = env!("CARGO_MANIFEST_DIR");
    let fetch = move |path: &str| match path {
        "main.toml" => Ok(text.clone().into_bytes()),
        other => std::fs::read(format!("{root}/{other}")),
    };
    let mut session = Session::new(Data::compiled_in().unwrap(), fetch);
    let swept = session.sweeps("main.toml", &[None], SweepOptions::default());
    let swept = swept.unwrap().into_iter().next().unwrap();
    swept.sweep.attained().all.said.share().unwrap()
}
