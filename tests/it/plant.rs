//! Boilers, works, furnaces, power plants and heat: what their measures move and save is
//! the figure worked out on paper from the tables of `data/`.

use crate::support::{bare, catalogue, close, compiled, load, run_at, scenario};
use crate::units::{Moved, before, cell, check, demand, gained, parameter, plan, stock};
use jianpai::core::catalogue::{Account, Book};
use jianpai::core::plan::Plan;

const LARGE: [&str; 2] = ["steam.coal-gt65", "steam.coal-gt65-ule"];
const MIDDLE: [&str; 2] = ["steam.coal-35-65", "steam.coal-35-65-ule"];

#[test]
fn coal_boilers_of_some_sizes_are_retrofitted() {
    let head = "type = \"ultra-low-retrofit\"\nsector = \"boilers\"\n";
    let check = |extent: &str, to: &[(&str, f64)], expected: &dyn Fn(&Plan) -> Moved| {
        check(
            &format!("{head}{extent}\n"),
            "industrial-steam",
            to,
            expected,
        );
    };
    let large = [("steam.coal-gt65-ule", 1.0)];
    check("above = \"65 t/h\"\nshare = \"70 %\"", &large, &|plan| {
        Moved::Part(0.7 * before(plan, &["steam.coal-gt65"]))
    });
    // A part of the class in the stock of 2015, plain and retrofitted.
    check(
        "above = \"65蒸吨/小时以上\"\ncapacity = \"900 蒸吨\"",
        &large,
        &|plan| {
            let part = 900.0 / stock("boiler-gt65", "t/h") * before(plan, &LARGE);
            Moved::Amount(part * demand(plan, "industrial-steam").1)
        },
    );
    check(
        "above = \"35 t/h\"\nup_to = \"65 t/h\"\nnumber = \"20 台\"",
        &[("steam.coal-35-65-ule", 1.0)],
        &|plan| {
            let part = 20.0 / stock("boiler-35-65", "boilers") * before(plan, &MIDDLE);
            Moved::Amount(part * demand(plan, "industrial-steam").1)
        },
    );
    // `reach` is of the boilers of those sizes: 80 % of 0.1056 + 0.2024, of which 0.01 is
    // there, by 0.298 of plain ones.
    let bare = plan(&format!("{head}share = \"0 %\"\n"), "");
    let plain = ["steam.coal-35-65", "steam.coal-gt65"].map(|id| before(&bare, &[id]));
    assert!(close(plain[0] + plain[1], 0.298, 1e-12, 0.0));
    let parts = [
        ("steam.coal-35-65-ule", plain[0] / 0.298),
        ("steam.coal-gt65-ule", plain[1] / 0.298),
    ];
    check("above = \"35 t/h\"\nreach = \"80 %\"", &parts, &|_| {
        Moved::Part(0.8 * 0.308 - 0.01)
    });
    // Nothing of other sizes moves.
    let some = plan(
        &format!("{head}above = \"65 t/h\"\nshare = \"100 %\"\n"),
        "",
    );
    let others = ["steam.coal-le10-ule", "steam.coal-10-35-ule", MIDDLE[1]];
    assert!(gained(&some, &others).abs() < 1e-15);
}

#[test]
fn gas_and_biomass_boilers_by_share_capacity_and_number() {
    let steam = parameter("steam-per-capacity");
    let low = |extent: &str, expected: &dyn Fn(&Plan) -> Moved| {
        let to = [("steam.gas-low-nox", 1.0)];
        let measure = format!("type = \"low-nox-burners\"\n{extent}\n");
        check(&measure, "industrial-steam", &to, expected);
    };
    low("share = \"60 %\"", &|plan| {
        Moved::Part(0.6 * before(plan, &["steam.gas"]))
    });
    low("reach = \"90 %\"", &|plan| {
        Moved::Part(0.9 * before(plan, &["steam.gas"]))
    });
    low("capacity = \"1200 蒸吨\"", &|_| {
        Moved::Amount(1200.0 * steam)
    });
    low("number = \"200 台\"", &|_| {
        Moved::Amount(200.0 * parameter("size-boiler-gas") * steam)
    });
    let measure =
        "type = \"biomass-boilers\"\nto = { biomass-ule = \"70 %\", gas-low-nox = \"30 %\" }\n";
    let to = [("steam.biomass-ule", 0.7), ("steam.gas-low-nox", 0.3)];
    let biomass = |extent: &str, expected: &dyn Fn(&Plan) -> Moved| {
        check(
            &format!("{measure}{extent}\n"),
            "industrial-steam",
            &to,
            expected,
        );
    };
    biomass("share = \"50 %\"", &|plan| {
        Moved::Part(0.5 * before(plan, &["steam.biomass"]))
    });
    biomass("capacity = \"200 蒸吨\"", &|_| {
        Moved::Amount(200.0 * steam)
    });
    biomass("number = \"60 台\"", &|_| {
        Moved::Amount(60.0 * parameter("size-boiler-biomass") * steam)
    });
}

/// Ten thousand t/h of gas boilers at 1,391.57 h: 13.9 Mt of steam with 103.1 g NOx less for
/// each tonne are 1,435 t; official accounting credits two thirds of the plain factor.
#[test]
fn a_low_nox_burner_saves_what_its_factor_says_in_both_books() {
    let data = catalogue();
    let head = bare(data, data.region("china").unwrap(), 2020);
    let text = format!(
        "{head}\n[measures.m]\ntype = \"low-nox-burners\"\ncapacity = \"1 万蒸吨\"\nstart = 2016\nend = 2020\n"
    );
    let plan = compiled(data, &scenario(data, &text));
    let nox = data.pollutant("NOx").unwrap();
    let saved = |book: Book| {
        let q = plan.account(Account::Pollutant(nox, book)).unwrap();
        let at = q * plan.span() + plan.span() - 1;
        run_at(&plan, &[0.0]).total[at] - run_at(&plan, &[1.0]).total[at]
    };
    let kappa = |book: Book| {
        let account = Account::Pollutant(nox, book);
        crate::support::kappa(&plan, account, Some("industry"))
            .unwrap()
            .value
    };
    let steam = 1e4 * 1391.57;
    let physical = steam * (154.66 - 51.578) * 1e-6 * kappa(Book::Physical);
    assert!(close(saved(Book::Physical), physical, 1e-9, 0.0));
    let accounted = steam * 154.66 * (1.0 - 0.333_333) * 1e-6 * kappa(Book::Accounted);
    assert!(close(saved(Book::Accounted), accounted, 1e-9, 0.0));
    // About a tenth of a kilogram a tonne of steam: 0.14 t for each t/h and year, before
    // the class is brought to the inventory.
    let each = saved(Book::Physical) / kappa(Book::Physical) / 1e4;
    assert!((0.14..0.15).contains(&each), "{each}");
}

#[test]
fn capacity_of_works_becomes_output() {
    let ule = |sector: &str, extent: &str| {
        format!("type = \"ultra-low-retrofit\"\nsector = \"{sector}\"\n{extent}\n")
    };
    check(
        &ule("steel", "capacity = \"200 万吨\""),
        "steel",
        &[("steel.bof-ule", 1.0)],
        &|_| Moved::Amount(2e6 * parameter("utilisation-steel")),
    );
    check(
        &ule(
            "cement",
            "capacity = \"1000 万吨/年\"\nutilisation = \"58 %\"",
        ),
        "cement",
        &[("cement.ule", 1.0)],
        &|_| Moved::Amount(1e7 * 0.58),
    );
    check(
        &ule("coke", "capacity = \"500 万吨\""),
        "coke",
        &[("coke.ule", 1.0)],
        &|_| Moved::Amount(5e6 * parameter("utilisation-coke")),
    );
    let closed = |product: &str, rest: &str| {
        format!("type = \"capacity-closure\"\nproduct = \"{product}\"\n{rest}\n")
    };
    check(
        &closed(
            "steel",
            "capacity = \"100 万吨\"\nto = { saved = \"60 %\", eaf = \"40 %\" }",
        ),
        "steel",
        &[
            ("steel.saved", 0.6),
            ("steel.eaf", 0.4),
            ("steel.bof-plain", -1.0),
        ],
        &|_| Moved::Amount(1e6 * parameter("utilisation-steel")),
    );
    check(
        &closed(
            "coke",
            "capacity = \"300 万吨\"\nutilisation = \"80 %\"\nto = { ule = \"100 %\" }",
        ),
        "coke",
        &[("coke.ule", 1.0), ("coke.plain", -1.0)],
        &|_| Moved::Amount(3e6 * 0.8),
    );
    // Kilns of 2,500 t of clinker a day: 365 days at the rate of clinker, and more cement.
    check(
        &closed(
            "clinker",
            "capacity = \"2500 吨/日\"\nto = { saved = \"100 %\" }",
        ),
        "cement",
        &[("cement.saved", 1.0), ("cement.plain", -1.0)],
        &|_| {
            Moved::Amount(
                2500.0 * 365.0 * parameter("utilisation-clinker") / parameter("clinker-per-cement"),
            )
        },
    );
    let electric = "type = \"electric-steel\"\n";
    check(
        &format!("{electric}reach = \"20 %\"\n"),
        "steel",
        &[("steel.eaf", 1.0)],
        &|plan| Moved::Part(0.2 - before(plan, &["steel.eaf"])),
    );
    check(
        &format!("{electric}output = \"60 万吨\"\n"),
        "steel",
        &[("steel.eaf", 1.0)],
        &|_| Moved::Amount(6e5),
    );
}

#[test]
fn furnaces_by_share_and_by_coal() {
    let head = "type = \"furnace-fuel-switch\"\nto = { gas = \"70 %\", electric = \"30 %\" }\n";
    let to = [("other.gas", 0.7), ("other.electric", 0.3)];
    let check = |extent: &str, to: &[(&str, f64)], expected: &dyn Fn(&Plan) -> Moved| {
        check(&format!("{head}{extent}\n"), "other-industry", to, expected);
    };
    check("share = \"20 %\"", &to, &|plan| {
        Moved::Part(0.2 * before(plan, &["other.coal"]))
    });
    // tce over tce for 1e8 CNY, the unit of the service.
    let each = cell("energy_use.csv", &["other.coal", "coal"], 3);
    check("amount = \"30 万吨标准煤\"", &to, &|_| {
        Moved::Amount(3e5 / each * 1e8)
    });
    let raw = parameter("tce-per-t-coal");
    check("amount = \"30 万吨\"", &to, &|_| {
        Moved::Amount(3e5 * raw / each * 1e8)
    });
    check("fuel = \"oil\"\nshare = \"20 %\"", &to, &|plan| {
        Moved::Part(0.2 * before(plan, &["other.oil"]))
    });
}

#[test]
fn power_without_fossil_fuels_by_capacity() {
    let check = |extent: &str, kwh: f64| {
        let measure = format!("type = \"non-fossil-power\"\n{extent}\n");
        let to = [("power.nonfossil", 1.0)];
        check(&measure, "thermal-power", &to, &|_| Moved::Amount(kwh));
    };
    for energy in ["pv", "wind", "hydro", "nuclear", "biomass"] {
        let hours = parameter(&format!("hours-{energy}"));
        let extent = format!("capacity = \"30 万千瓦\"\nenergy = \"{energy}\"");
        check(&extent, 300_000.0 * hours);
    }
    check(
        "capacity = \"300 MW\"\nhours = \"1350 h\"",
        300_000.0 * 1350.0,
    );
    check(
        "capacity = \"0.3 GW\"\nenergy = \"wind\"\nhours = \"2000 h\"\ndisplaced = \"80 %\"",
        300_000.0 * 2000.0 * 0.8,
    );
}

#[test]
fn heat_from_a_network_by_area_and_capacity() {
    let check = |replaces: &str, extent: &str, id: &str, expected: &dyn Fn(&Plan) -> Moved| {
        let measure = format!(
            "type = \"network-heat\"\nreplaces = \"{replaces}\"\nto = {{ power-heat = \"100 %\" }}\n{extent}\n"
        );
        let service = if id.starts_with("heat") {
            "residential-heat"
        } else {
            "industrial-steam"
        };
        check(&measure, service, &[(id, 1.0)], expected);
    };
    let area = "heated_area = \"500 万平方米\"";
    check("scattered-coal", area, "heat.power-heat", &|_| {
        Moved::Amount(5e6 / parameter("area-per-household"))
    });
    check(
        "scattered-coal",
        "households = \"5 万户\"",
        "heat.power-heat",
        &|_| Moved::Amount(5e4),
    );
    let steam = 5e6 * parameter("heat-per-area") / parameter("heat-per-steam");
    for replaces in ["coal-boilers", "gas-boilers"] {
        check(replaces, area, "steam.power-heat", &|_| {
            Moved::Amount(steam)
        });
    }
    let gas = 300.0 * parameter("steam-per-capacity");
    check(
        "gas-boilers",
        "capacity = \"300 蒸吨\"",
        "steam.power-heat",
        &|_| Moved::Amount(gas),
    );
    let small = ["steam.coal-le10", "steam.coal-le10-ule"];
    check(
        "coal-boilers",
        "up_to = \"10 t/h\"\ncapacity = \"300 蒸吨\"",
        "steam.power-heat",
        &|plan| {
            let part = 300.0 / stock("boiler-le10", "t/h") * before(plan, &small);
            Moved::Amount(part * demand(plan, "industrial-steam").1)
        },
    );
    check(
        "coal-boilers",
        "share = \"10 %\"",
        "steam.power-heat",
        &|plan| {
            let coal = ["steam.coal-10-35", "steam.coal-10-35-ule"];
            let all = [&small[..], &coal, &MIDDLE, &LARGE].concat();
            Moved::Part(0.1 * before(plan, &all))
        },
    );
}

/// Measures on the same plant take no more than there is of it, and two that retrofit the
/// same boilers together are refused where they ask for more.
#[test]
fn plant_is_counted_once() {
    let data = catalogue();
    let head = bare(data, data.region("shaanxi").unwrap(), 2020);
    let time = "start = 2016\nend = 2020\n";
    let both = |first: &str, second: &str| {
        format!(
            "{head}\n[measures.a]\ntype = \"ultra-low-retrofit\"\nsector = \"boilers\"\nabove = \"65 t/h\"\nshare = \"{first}\"\n{time}[measures.b]\ntype = \"ultra-low-retrofit\"\nsector = \"boilers\"\nshare = \"{second}\"\n{time}"
        )
    };
    assert!(load(data, &[("main.toml", &both("60 %", "40 %"))]).is_ok());
    let text = both("60 %", "50 %");
    let scenario = scenario(data, &text);
    let errors = jianpai::core::compile::compile(data, &scenario).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    // Network heat stands in: what is retrofitted is replaced as well as what is not.
    let heat = format!(
        "{head}\n[measures.a]\ntype = \"ultra-low-retrofit\"\nsector = \"boilers\"\nabove = \"65 t/h\"\nshare = \"100 %\"\n{time}[measures.b]\ntype = \"network-heat\"\nreplaces = \"coal-boilers\"\nshare = \"30 %\"\nto = {{ power-heat = \"100 %\" }}\n{time}"
    );
    let plan = compiled(data, &crate::support::scenario(data, &heat));
    let shares = crate::support::shares(&plan, &[1.0, 1.0]);
    let end = plan.span() - 1;
    let of = |id: &str| shares[data.technology(id).unwrap().at()][end];
    assert!(of("steam.coal-gt65").abs() < 1e-12);
    let left = before(&plan, &LARGE) * 0.7;
    assert!(close(of("steam.coal-gt65-ule"), left, 1e-9, 0.0));
}
