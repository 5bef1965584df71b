//! What the charts of a solve are given to draw, against the model itself: runs with one
//! measure, with none, and programmes solved again.

use crate::program::run as call;
use crate::solve::{modest, planned, shaanxi, written};
use crate::support::{close, run_at};
use jianpai::core::catalogue::Account;
use jianpai::core::plan::Plan;
use jianpai::report::solve::{self as report, Answered, Found};
use jianpai::solve::curve;
use jianpai::solve::front::{Axis, front};
use jianpai::solve::nearby;
use jianpai::study::SolveStudy;
use jianpai::study::solve::Planned;

/// An answer as reports see it.
fn answered<'a>(asked: &'a SolveStudy, found: &'a Planned) -> Answered<'a> {
    Answered {
        catalogue: asked.study.catalogue(),
        scenario: asked.study.scenario(),
        plan: &found.run.study.plan,
        laid_out: &asked.study.plan,
        programme: &found.programme,
        limits: &[],
        held: &asked.held,
        found: Found::Plan(&found.solution),
    }
}

/// What the model emits in the last year at some levels (t).
fn emitted(plan: &Plan, levels: &[f64], account: Account) -> f64 {
    let run = run_at(plan, levels);
    run.total
        .at(plan.account(account).unwrap(), plan.span() - 1)
}

/// The width of each bar is what the model takes away with that measure alone, its area the
/// cost of that measure; the order is that of the table.
#[test]
fn bars_of_a_cost_curve_are_what_the_model_does_with_one_measure_alone() {
    let asked = shaanxi(&modest());
    let found = planned(&asked);
    let answered = answered(&asked, &found);
    let programme = &found.programme;
    let none = programme.levels(&programme.nothing());
    let mut seen = 0;
    for (i, wanted) in &programme.wanted {
        let indicator = &answered.catalogue.indicators[wanted.target.indicator.at()];
        if !indicator.kind.is_emission() {
            continue;
        }
        let Ok(drawn) = curve::curve(programme, *i, false) else {
            continue;
        };
        let alone = curve::alone(programme, wanted);
        let chart = report::abatement(&answered, wanted, (&drawn, &alone));
        let account =
            jianpai::report::case::leading(answered.catalogue, indicator.kind.pollutant().unwrap());
        let base = emitted(answered.laid_out, &none, account);
        assert_eq!(chart.bars.len(), alone.len());
        let yuan = if chart.price_unit.en.starts_with("10⁴") {
            1e4
        } else {
            1.0
        };
        for (bar, one) in chart.bars.iter().zip(&alone) {
            let levels = programme.levels(&programme.alone(one.variable));
            let cut = base - emitted(answered.laid_out, &levels, account);
            assert!(close(bar.amount * 1e4, cut, 1e-6, 1.0), "{}", bar.name.en);
            let cost = bar.amount * 1e4 * bar.price * yuan;
            assert!(close(cost, one.money * 1e8, 1e-9, 1.0), "{}", bar.name.en);
            assert!(bar.planned <= bar.amount * (1.0 + 1e-12));
            seen += 1;
        }
        let saves = chart.bars.iter().filter(|bar| bar.price < 0.0).count();
        let count = chart.bars.len();
        assert!(
            chart.title.en.contains(&format!("{count} measures")),
            "{}",
            chart.title.en
        );
        assert!(saves == 0 || chart.title.en.contains(&format!("; {saves} save money")));
        // What is said of all together is the way from doing nothing to the most.
        assert!(chart.footnote.en.contains("not to be added"));
    }
    assert!(seen > 20, "{seen}");
}

/// The front goes through the points found, and the plans beside it stand where the model
/// puts them.
#[test]
fn a_front_is_drawn_through_its_points_with_the_plans_of_the_model() {
    let asked = shaanxi(&modest());
    let found = planned(&asked);
    let answered = answered(&asked, &found);
    let sheets = answered.sheets();
    let catalogue = answered.catalogue;
    let nox = catalogue
        .pollutants
        .iter()
        .position(|p| p.named.id == "NOx")
        .unwrap();
    let nox = jianpai::core::dims::PollutantId::from_usize(nox);
    let account = jianpai::report::case::leading(catalogue, nox);
    let leads = |indicator: &jianpai::core::catalogue::Indicator| {
        indicator.leads(catalogue)
            && indicator.kind.pollutant() == Some(nox)
            && indicator.kind.is_emission()
    };
    let i = catalogue.indicators.iter().position(leads).unwrap();
    let axis = Axis::Indicator(jianpai::core::dims::IndicatorId::from_usize(i));
    let front = front(&found.programme, &sheets, (axis, Axis::Money), false).unwrap();
    let chart = report::trade_off(&answered, &front);
    assert_eq!(chart.points.len(), front.points.len());
    for (drawn, point) in chart.points.iter().zip(&front.points) {
        let levels = found.programme.levels(&point.x);
        let tonnes = emitted(answered.laid_out, &levels, account);
        assert!(close(drawn.less * 1e4, tonnes, 1e-9, 1.0));
        assert!(close(
            drawn.more,
            found.programme.money_at(&point.x),
            1e-9,
            1e-6
        ));
    }
    let stated: Vec<f64> = asked.study.plan.measures.iter().map(|m| m.level).collect();
    for (plan, levels) in chart.plans.iter().zip([&stated, &found.solution.levels]) {
        let tonnes = emitted(answered.laid_out, levels, account);
        assert!(
            close(plan.less * 1e4, tonnes, 1e-9, 1.0),
            "{}",
            plan.name.en
        );
    }
    assert!(chart.plans[1].chosen && close(chart.plans[1].more, found.solution.money, 1e-9, 1e-6));
    // Half of the way in what becomes less, and what it takes of the whole, by hand.
    let (first, last) = (&chart.points[0], &chart.points[chart.points.len() - 1]);
    let half = f64::midpoint(first.less, last.less);
    let k = chart.points.iter().position(|p| p.less <= half).unwrap();
    let (a, b) = (&chart.points[k - 1], &chart.points[k]);
    let cost = a.more + (b.more - a.more) * (a.less - half) / (a.less - b.less) - first.more;
    let share = jianpai::report::case::percent(cost / (last.more - first.more));
    assert!(
        chart
            .title
            .en
            .ends_with(&format!("the first half takes {share} of that")),
        "{}",
        chart.title.en
    );
}

/// The price of a target is what a plan for a slightly stricter one costs more.
#[test]
fn drawn_prices_are_those_of_a_slightly_stricter_target() {
    let text = modest();
    let asked = shaanxi(&text);
    let found = planned(&asked);
    let chart = report::price_bars(&answered(&asked, &found), &found.solution);
    let targets = &chart.groups[0];
    assert!(
        targets.heading.en.starts_with("Targets"),
        "{}",
        targets.heading.en
    );
    assert_eq!(targets.rows.len(), found.programme.wanted.len());
    let (mut priced, mut slack) = (0, 0);
    for (row, (_, wanted)) in targets.rows.iter().zip(&found.programme.wanted) {
        let Some(price) = row.next else {
            slack += usize::from(!row.words.en.is_empty());
            continue;
        };
        let id = &wanted.target.id;
        let head = format!("[targets.{id}]\nreduction = \"");
        let (before, rest) = text.split_once(&head).unwrap();
        let (percent, after) = rest.split_once(' ').unwrap();
        let more: f64 = percent.parse::<f64>().unwrap() + 0.01;
        let stricter = format!("{before}{head}{more:.6} {after}");
        let other = planned(&shaanxi(&stricter));
        let rise = other.solution.point.cost - found.solution.point.cost;
        assert!(
            close(rise, 0.01 * price, 0.01, 1e-4),
            "{id}: {rise} {price}"
        );
        priced += 1;
    }
    assert!(priced >= 2, "{priced}");
    assert!(
        chart
            .title
            .en
            .contains(&format!("{slack} of {} targets", targets.rows.len()))
            || slack == 0
    );
}

/// Ranges hold the plan found and grow with what may be spent.
#[test]
fn drawn_ranges_hold_the_plan_and_grow() {
    let asked = shaanxi(&modest());
    let found = planned(&asked);
    let parts = [0.01, 0.05, 0.1];
    let ranges = nearby::ranges(&found.programme, &found.solution.point, &parts).unwrap();
    let chart = report::level_ranges(&answered(&asked, &found), &found.solution, &ranges).unwrap();
    assert_eq!(
        (chart.parts.len(), chart.rows.len()),
        (3, found.programme.spec.free.len())
    );
    let mut always = 0;
    for (j, row) in chart.rows.iter().enumerate() {
        let measure = found.programme.spec.free[j].measure;
        assert!(close(
            row.best,
            100.0 * found.solution.levels[measure],
            1e-9,
            1e-6
        ));
        assert!(close(
            row.stated,
            100.0 * asked.study.plan.measures[measure].level,
            1e-9,
            1e-6
        ));
        for pair in row.ranges.windows(2) {
            assert!(pair[1].0 <= pair[0].0 + 1e-6 && pair[1].1 >= pair[0].1 - 1e-6);
        }
        let (low, high) = row.ranges[0];
        assert!(
            low <= row.best + 1e-6 && row.best <= high + 1e-6,
            "{}",
            row.name.en
        );
        always += usize::from(row.ranges[2].0 > 1e-4);
    }
    assert!(
        chart
            .title
            .en
            .contains(&format!("{always} are in every plan")),
        "{}",
        chart.title.en
    );
    assert!(report::level_ranges(&answered(&asked, &found), &found.solution, &[]).is_none());
}

/// The folder of a solve has its charts in both languages.
#[test]
fn a_solve_leaves_its_charts() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let path = written(folder.path(), "within-reach.toml", &modest());
    let args = ["solve", &path, "--out", out.to_str().unwrap()];
    let (code, _, error) = call(
        &[
            &args[..],
            &["--ranges", "--curve", "nox", "--front", "NOx,cost"],
        ]
        .concat(),
    );
    assert_eq!(code, 0, "{error}");
    for name in ["prices", "ranges", "curve-nox", "front-NOx-accounted-cost"] {
        for lang in ["zh", "en"] {
            let file = out.join(format!("within-reach/charts/{name}.{lang}.svg"));
            let svg = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{name}"));
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
        }
    }
}
