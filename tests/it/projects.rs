//! The ledger of projects: from a table as a spreadsheet saves it to credits, sums and
//! verdicts.

use super::program::call;
use super::support::{bare, catalogue, compiled, load};
use jianpai::core::outcome;
use jianpai::core::projects::{Ledger, TYPES};
use jianpai::core::text::Lang;
use jianpai::load::diag::{Color, Diagnostics, Files};
use jianpai::load::ledger;
use std::collections::BTreeSet;

const EXAMPLE: &str = "scenarios/ledger/jiangxi-example.csv";
const HEADER: &str = "project,source,type,place,pollutant,stable,quantity,unit,before,after,measure,hours,sulphur,load,base,offset\n";

fn read(bytes: &[u8], lang: Lang) -> Result<Ledger, String> {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = ledger::read(catalogue(), "mine.csv", bytes, &mut files, &mut diags);
    found
        .map(|(ledger, _)| ledger)
        .ok_or_else(|| diags.render(&files, lang, Color::Never))
}

fn rows(rows: &str) -> Result<Ledger, String> {
    read(format!("{HEADER}{rows}").as_bytes(), Lang::En)
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
}

/// The oracles of the rules, from a file.
#[test]
fn works_and_boilers_earn_what_the_worked_examples_say() {
    let ledger = rows(
        "A,,urban-sewage,x,COD,2021-01,1000,m3/d,60,50,mg/L,,,,1000,\n\
         A,,urban-sewage,x,NH3-N,2021-01,1,1e3 m3/d,8,5,mg/L,,,,1000,\n\
         B,,boilers,x,SO2,2021/6,11000,t,0,75,%,,1,,176,\n\
         C,,ultra-low-power,x,NOx,2021年6月,1e6,m3/h,100,50,mg/m3,5000,,80,500,\n\
         D,,livestock,x,COD,202106,2,万头,7,1,kg/头,,,,500,20\n\
         E,,restructuring,x,COD,2021.12,,,310,0,t,,,,310,\n",
    )
    .unwrap();
    let credit: Vec<f64> = ledger
        .projects
        .iter()
        .map(|p| p.credit(1).credited)
        .collect();
    let wanted = [3.65, 1.095, 132.0, 200.0, 100.0, 310.0];
    for (found, wanted) in credit.iter().zip(wanted) {
        close(*found, wanted);
    }
    assert_eq!(ledger.lag, 1, "the second month after stable operation");
    let boiler = &ledger.projects[2];
    close(176.0 - boiler.new_in(0, 2021), 99.0);
    close(boiler.new_in(1, 2021), 66.0);
    let cod = catalogue().pollutant("COD").unwrap();
    // A from February: 11/12; D from July: 6/12; E from January of the next year.
    close(
        ledger.new_in(cod, 2021, |_| true),
        3.65 * 11.0 / 12.0 + 50.0,
    );
    close(
        ledger.new_in(cod, 2022, |_| true),
        3.65 / 12.0 + 50.0 + 310.0,
    );
}

/// The same table in Chinese, in the encodings that spreadsheets write.
#[test]
fn headers_in_chinese_and_every_encoding() {
    let text = "项目名称,项目类型,地区,污染物,稳定运行年月,规模,规模单位,治理前,治理后,治理前后单位,基数排放量\n提标,城镇污水治理,甲市,化学需氧量,2021-06,2,万m3/d,60,50,mg/L,500\n";
    let plain = read(text.as_bytes(), Lang::Zh).unwrap();
    close(plain.projects[0].credit(1).capability, 73.0);
    let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let gbk = std::fs::read(format!(
        "{}/tests/fixtures/ledger-gbk.csv",
        env!("CARGO_MANIFEST_DIR")
    ));
    let gbk = gbk.unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [bom, gbk, utf16] {
        let found = read(&bytes, Lang::Zh).unwrap();
        assert_eq!(found.projects, plain.projects);
    }
}

/// All in one pass, each with its place and a fix.
#[test]
fn what_is_wrong_with_a_ledger_is_said_at_once() {
    let found = rows(
        "A,,urban-sewage,x,COD,2021-13,1000,m3/d,60,50,mg/L,,,,100,\n\
         B,,urban-sewage,x,COD,44348,1000,m3/d,60,50,mg/L,,,,100,\n\
         C,,urban-sewge,x,COD,2021-06,1000,m3/d,60,50,mg/L,,,,100,\n\
         D,,urban-sewage,x,COD,2021-06,1000,m3/d,50,60,mg/L,,,,100,\n\
         E,,urban-sewage,x,COD,2021-06,1000,m3/d,-60,50,mg/L,,,,100,\n\
         F,,boilers,x,SO2,2021-06,1000,t,0,120,%,,1,,100,\n\
         G,,urban-sewage,x,COD,2021-06,100000,m3/d,60,50,mg/L,,,,100,\n\
         H,G,urban-sewage,x,NOx,2021-06,,,3,1,t,,,,100,\n\
         H2,G,urban-sewage,x,NOx,2022-06,,,3,1,t,,,,100,\n\
         I,,ultra-low-power,x,NOx,2021-06,1000,m3/h,100,50,mg/m3,,,,100,\n\
         J,,ultra-low-power,x,NOX2,2021-06,1000,m3/d,100,50,kg/t,,,,100,\n\
         K,,boilers,x,SO2,2021-06,1000,t,90,75,%,,1,,100,\n",
    )
    .unwrap_err();
    for code in [
        "month",
        "date-serial",
        "unknown-name",
        "no-reduction",
        "negative",
        "out-of-range",
        "beyond-base",
        "source-twice",
        "empty-cell",
        "unit",
    ] {
        assert!(found.contains(&format!("[{code}]")), "{code}: {found}");
    }
    for text in ["2021-06", "urban-sewage", "month 13", "365 t", "swapped"] {
        assert!(found.contains(text), "{text}: {found}");
    }
    assert!(found.matches("mine.csv:").count() >= 12, "{found}");
    assert_eq!(found.matches("error[").count(), 12, "{found}");
    let chinese = read(
        format!("{HEADER}A,,城镇污水,x,COD,44348,1,m3/d,6,5,mg/L,,,,1,\n").as_bytes(),
        Lang::Zh,
    );
    let chinese = chinese.unwrap_err();
    assert!(
        chinese.contains("城镇污水治理") && chinese.contains("2021年6月"),
        "{chinese}"
    );
    assert!(
        read(HEADER.as_bytes(), Lang::En)
            .unwrap_err()
            .contains("no-rows")
    );
    assert!(
        read(b"project,type\nA,boilers\n", Lang::En)
            .unwrap_err()
            .contains("stable")
    );
}

#[test]
fn the_example_is_large_and_adds_up() {
    let bytes = std::fs::read(format!("{}/{EXAMPLE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let ledger = read(&bytes, Lang::Zh).unwrap();
    let names: BTreeSet<&str> = ledger.projects.iter().map(|p| p.name.as_str()).collect();
    assert!(names.len() >= 30 && names.iter().all(|name| name.starts_with("示例")));
    let kinds: BTreeSet<&str> = ledger.projects.iter().map(|p| p.kind).collect();
    assert!(kinds.len() >= 12, "{kinds:?}");
    for medium in ["water", "air"] {
        let of = TYPES.iter().filter(|t| t.medium == medium);
        assert!(of.filter(|t| kinds.contains(t.id)).count() >= 5, "{medium}");
    }
    // Sums by type and by place are the sum of the projects, in every year together.
    let all: f64 = ledger
        .projects
        .iter()
        .map(|p| p.credit(ledger.lag).credited)
        .sum();
    let by_type: f64 = ledger.sums(|p| p.kind.to_string()).values().sum();
    let by_place: f64 = ledger.sums(|p| p.place.clone()).values().sum();
    assert!((all - by_type).abs() < 1e-6 && (all - by_place).abs() < 1e-6);
    // What is not in the base earns nothing, pledged offsets are taken off.
    let outside = ledger.projects.iter().filter(|p| p.base.is_none());
    assert!(outside.clone().count() > 0 && outside.clone().all(|p| p.credit(1).credited == 0.0));
    let pledged = ledger
        .projects
        .iter()
        .find(|p| p.name.contains("高安"))
        .unwrap();
    close(pledged.credit(1).credited, 900.0 - 260.0);
}

#[test]
fn the_command_prints_projects_sums_and_targets() {
    let (code, text, _) = call(
        "zh",
        &["ledger", EXAMPLE, "--region", "jiangxi", "--plan", "14fyp"],
    );
    assert_eq!(code, 0);
    for word in [
        "项目减排量",
        "分年减排量",
        "重点工程减排目标",
        "核算规则",
        "✗",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let table = [
        "ledger",
        EXAMPLE,
        "--region",
        "jiangxi",
        "--table",
        "project-targets",
        "--csv",
    ];
    let (_, csv, _) = call("en", &table);
    assert_eq!(
        csv.lines()
            .filter(|line| line.starts_with("14fyp,jiangxi,"))
            .count(),
        4,
        "{csv}"
    );
    let cod = csv.lines().find(|line| line.contains(",COD,")).unwrap();
    let cells: Vec<&str> = cod.split(',').collect();
    assert_eq!(&cells[3..6], ["2020", "2025", "84100"], "{cod}");
    let (_, json, _) = call("en", &["ledger", EXAMPLE, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["start_lag_months"], 1);
    let (code, _, said) = call("en", &["ledger", "scenarios/shaanxi-2020.toml"]);
    assert_eq!(code, 2, "{said}");
    let (code, _, said) = call("en", &["ledger", EXAMPLE, "--region", "jiangx"]);
    assert!(code == 2 && said.contains("jiangxi"), "{said}");
}

/// A scenario with a ledger judges project targets by it, and by nothing else.
#[test]
fn a_ledger_in_a_scenario_judges_project_targets() {
    let data = catalogue();
    let base = bare(data, data.region("jiangxi").unwrap(), 2025);
    let text = format!(
        "{base}\n[ledger]\nfile = \"mine.csv\"\n\n[targets.cod]\nindicator = \"COD\"\nyear = 2025\nbase_year = 2020\nproject = \"360 t\"\n\n[targets.nox]\nindicator = \"NOx\"\nyear = 2025\nproject = \"1 t\"\n"
    );
    let rows = format!(
        "{HEADER}D,,livestock,x,COD,2020-06,2,万头,7,1,kg/头,,,,500,20\nE,,restructuring,x,COD,2021-12,,,310,0,t,,,,310,\n"
    );
    let loaded = load(data, &[("main.toml", &text), ("mine.csv", &rows)]).unwrap();
    assert_eq!(loaded.inputs.len(), 2, "the ledger is an input of the run");
    let plan = compiled(data, &loaded.scenario);
    let run = outcome::run(data, &loaded.scenario, &plan);
    let cod = run.verdicts[0].unwrap();
    // 50 of D's 100 t fall in 2020 and count before the base year.
    close(cod.reached, 50.0 + 310.0);
    assert!(cod.met && cod.year_met == Some(2022));
    // The ledger says nothing of NOx: measures count, and there are none.
    close(run.verdicts[1].unwrap().reached, 0.0);
    let bad = load(data, &[("main.toml", &text), ("mine.csv", "project\nA\n")]).unwrap_err();
    assert!(bad.contains("mine.csv"), "{bad}");
    let gone = load(data, &[("main.toml", &text)]).unwrap_err();
    assert!(
        gone.contains("cannot-open") && gone.contains("main.toml"),
        "{gone}"
    );
}
