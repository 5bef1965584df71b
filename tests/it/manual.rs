//! The manual of scenario files: its tables are those of the program, its snippets run.

use crate::program::run;
use crate::support::{catalogue, updating};
use jianpai::core::catalogue::Level;
use jianpai::core::measure::common::{COMMON, Holds};
use jianpai::core::measure::spec::{KINDS, KindSpec, Role};
use jianpai::core::names::NameOf;
use jianpai::load::{quantity, schema};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn path() -> PathBuf {
    root().join("scenarios/MANUAL.md")
}

/// A line of a table.
fn line(cells: &[&str]) -> String {
    let cells = cells
        .iter()
        .map(|cell| cell.replace('|', "\\|").replace('\n', " "));
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | ")).replace("  |", " |")
}

/// A table with its header; `code` columns stand in backticks.
fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut text = line(header);
    let _ = writeln!(text, "|{}", "---|".repeat(header.len()));
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        text += &line(&cells);
    }
    text
}

fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

/// The other names of something, as they may stand in files.
fn names(of: NameOf, id: &str) -> String {
    let all = catalogue().names.iter();
    let own = all.filter(|other| other.of == of && other.id == id);
    let own: Vec<&str> = own.map(|other| other.name.as_str()).collect();
    own.join("、")
}

/// Chinese and English, one of them where they are the same.
fn both(zh: &str, en: &str) -> String {
    match (zh, en) {
        (one, "") | ("", one) => one.to_string(),
        (zh, en) if zh == en => zh.to_string(),
        (zh, en) => format!("{zh} *{en}*"),
    }
}

/// The keys of a table of the schema, at a JSON pointer.
fn keys(pointer: &str) -> String {
    let schema = schema::schema();
    let properties = schema.pointer(pointer).and_then(|of| of.as_object());
    let properties = properties.unwrap_or_else(|| panic!("{pointer}"));
    let row = |(key, of): (&String, &_)| {
        let of: &serde_json::Value = of;
        let text = of["description"].as_str().unwrap_or_default();
        let (zh, en) = text.split_once(" / ").unwrap_or((text, ""));
        let words = of["enum"].as_array().map(|words| {
            let words = words.iter().map(ToString::to_string);
            words.collect::<Vec<_>>().join("、")
        });
        let example = of["examples"][0].as_str().map(|text| format!("\"{text}\""));
        let holds = words.or(example).unwrap_or_else(|| {
            let holds = of["type"].as_str().unwrap_or_default();
            match holds {
                "integer" => "2025".to_string(),
                "boolean" => "true".to_string(),
                "number" => "1.5".to_string(),
                _ => String::new(),
            }
        });
        vec![
            code(key),
            names(NameOf::Key, key),
            both(zh, en),
            code(&holds),
        ]
    };
    table(
        &["键 key", "也可写作 also", "含义 meaning", "写法 such as"],
        properties.iter().map(row).collect(),
    )
}

fn common() -> String {
    let row = |common: &jianpai::core::measure::common::Common| {
        let holds = match common.holds {
            Holds::Text => "\"…\"".to_string(),
            Holds::Year => "2021".to_string(),
            Holds::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                words.join("、")
            }
            Holds::Share(example) | Holds::Money(example) => format!("\"{example}\""),
            Holds::Shares(example) => format!("{{ 2023 = \"{example}\", 2025 = \"100 %\" }}"),
            Holds::Years => "15".to_string(),
            Holds::Regions => "{ hebei = { share = \"63.8 %\" } }".to_string(),
        };
        vec![
            code(common.key),
            names(NameOf::Key, common.key),
            both(common.zh, common.en),
            code(&holds),
        ]
    };
    let header = ["键 key", "也可写作 also", "含义 meaning", "写法 such as"];
    table(&header, COMMON.iter().map(row).collect())
}

/// A measure of a kind with what it must have, in the words of its table.
fn example(kind: &KindSpec) -> String {
    let mut text = format!("[measures.{}]\ntype = \"{}\"\n", kind.id, kind.id);
    let mut stated = false;
    for field in kind.fields {
        let wanted = match field.role {
            Role::Required => true,
            Role::Optional => false,
            Role::Extent => !std::mem::replace(&mut stated, true),
        };
        if wanted {
            text += &format!("{}\n", field.written());
        }
    }
    text + "start = 2021\nend = 2025\n"
}

fn measures() -> String {
    let mut text = String::new();
    for kind in KINDS {
        let also = names(NameOf::Measure, kind.id);
        let _ = writeln!(text, "#### {} {}\n", kind.zh, kind.en);
        let _ = write!(text, "`type = \"{}\"`", kind.id);
        if !also.is_empty() {
            let _ = write!(text, "，也可写作 {also}");
        }
        let _ = writeln!(text, "。{}\n*{}*\n", kind.doc_zh, kind.doc_en);
        let row = |field: &jianpai::core::measure::spec::Field| {
            let role = match field.role {
                Role::Required => "必填 required",
                Role::Optional => "可选 optional",
                Role::Extent => "择一 one of",
            };
            let written = field.written();
            vec![
                code(field.key),
                names(NameOf::Key, field.key),
                role.to_string(),
                both(field.zh, field.en),
                code(&written),
            ]
        };
        let header = [
            "字段 field",
            "也可写作 also",
            "填写",
            "内容 holds",
            "写法 such as",
        ];
        text += &table(&header, kind.fields.iter().map(row).collect());
        let _ = writeln!(text, "\n```toml\n{}```\n", example(kind));
    }
    text
}

/// Spellings of units by what they are of; the first is the unit that the rest are told in.
const SPELLINGS: [(&str, &[&str]); 14] = [
    (
        "质量 mass",
        &["t", "吨", "万t", "万吨", "亿吨", "kg", "kt", "Mt"],
    ),
    (
        "能源 energy",
        &["tce", "吨标准煤", "万吨标准煤", "亿吨标煤", "GJ", "PJ"],
    ),
    (
        "电量 electricity",
        &[
            "kWh",
            "千瓦时",
            "度",
            "万千瓦时",
            "亿千瓦时",
            "亿kWh",
            "MWh",
            "TWh",
        ],
    ),
    ("装机 power", &["MW", "kW", "万千瓦", "万kW", "GW"]),
    (
        "锅炉容量 boilers",
        &["t/h", "蒸吨", "蒸吨/小时", "吨/时", "万蒸吨"],
    ),
    (
        "水量 flow",
        &["m3/d", "立方米/日", "万m3/d", "万立方米/日", "m3/h"],
    ),
    (
        "货物周转量 freight",
        &["t km", "t.km", "吨公里", "万吨公里", "亿吨公里"],
    ),
    ("户 households", &["户", "万户", "households"]),
    ("车辆 vehicles", &["辆", "万辆", "vehicles"]),
    ("台数 pieces", &["台", "万台", "套", "座"]),
    ("人口 persons", &["人", "万人", "persons"]),
    ("牲畜 animals", &["头", "万头", "heads"]),
    ("金额 money", &["元", "万元", "亿元", "CNY"]),
    ("比例 shares", &["1", "%", "‰", "个百分点"]),
];

fn units() -> String {
    let rows = SPELLINGS.iter().map(|(of, units)| {
        let read = |unit: &str| {
            let text = if unit == "1" {
                "1".to_string()
            } else {
                format!("1 {unit}")
            };
            let read = quantity::parse(&text);
            read.unwrap_or_else(|error| panic!("{unit}: {}", error.message().en))
        };
        let base = read(units[0]);
        let told = units.iter().map(|unit| {
            let own = read(unit);
            assert_eq!(own.dim, base.dim, "{unit}");
            let ratio = own.value / base.value;
            if (ratio - 1.0).abs() < 1e-9 {
                code(unit)
            } else {
                let told = format!("{ratio:.6}");
                let told = told.trim_end_matches('0').trim_end_matches('.');
                let exponent = ratio.log10().round();
                let exact = (ratio / 10_f64.powi(exponent as i32) - 1.0).abs() < 1e-9;
                if exact && exponent.abs() > 3.0 {
                    format!("{} = 1e{exponent}", code(unit))
                } else {
                    format!("{} = {told}", code(unit))
                }
            }
        });
        let told: Vec<String> = told.collect();
        vec![(*of).to_string(), code(units[0]), told.join("，")]
    });
    table(
        &["种类 of", "折算单位 base", "可写 such as"],
        rows.collect(),
    )
}

fn entries(of: NameOf, columns: [&str; 4], rows: Vec<(String, String, String)>) -> String {
    let rows = rows.into_iter().map(|(id, name, more)| {
        let also = names(of, &id);
        vec![code(&id), name, also, more]
    });
    table(&columns, rows.collect())
}

fn indicators() -> String {
    let all = catalogue().indicators.iter();
    // The accounted twin is asked for by `book`.
    let own = all.filter(|indicator| indicator.named.id == indicator.base);
    let rows = own.map(|i| {
        let name = both(&i.named.name.zh, &i.named.name.en);
        (i.named.id.clone(), name, i.display_unit.clone())
    });
    let columns = ["id", "名称 name", "也可写作 also", "显示单位 shown in"];
    entries(NameOf::Indicator, columns, rows.collect())
}

fn drivers() -> String {
    let data = catalogue();
    let moves = |d: usize| {
        let own = data.services.iter().filter(|v| v.driver.at() == d);
        let own: Vec<&str> = own.map(|v| v.named.name.zh.as_str()).collect();
        own.join("、")
    };
    let rows = data.drivers.iter().enumerate();
    let rows = rows.map(|(d, driver)| {
        let name = both(&driver.name.zh, &driver.name.en);
        (driver.id.clone(), name, moves(d))
    });
    let columns = ["id", "名称 name", "也可写作 also", "带动的活动 moves"];
    entries(NameOf::Driver, columns, rows.collect())
}

fn technologies() -> String {
    let data = catalogue();
    let mut text = String::new();
    for service in &data.services {
        let name = both(&service.named.name.zh, &service.named.name.en);
        let also = names(NameOf::Service, &service.named.id);
        let _ = write!(
            text,
            "**`{}`** {name}，单位 {}",
            service.named.id, service.unit
        );
        if !also.is_empty() {
            let _ = write!(text, "；也可写作 {also}");
        }
        text += "\n\n";
        let rows = service.technologies.iter();
        let rows = rows.map(|k| &data.technologies[k.at()]);
        let rows = rows.filter(|k| k.alias() != "saved").map(|k| {
            let also = [k.alias(), k.named.id.as_str()].map(|id| names(NameOf::Technology, id));
            let also = also.into_iter().filter(|names| !names.is_empty());
            vec![
                code(k.alias()),
                both(&k.named.name.zh, &k.named.name.en),
                also.collect::<Vec<_>>().join("、"),
            ]
        });
        text += &table(
            &["写作", "工艺 technology", "也可写作 also"],
            rows.collect(),
        );
        text += "\n";
    }
    text
}

fn regions() -> String {
    let all = catalogue().regions.iter();
    let rows = all.map(|region| {
        let level = match region.level {
            Level::Nation => "全国 nation",
            Level::Province => "省级 province",
            Level::City => "市 city",
            Level::Zone => "分区 zone",
        };
        let name = both(&region.named.name.zh, &region.named.name.en);
        (region.named.id.clone(), name, level.to_string())
    });
    let columns = ["id", "名称 name", "也可写作 also", "级别 level"];
    entries(NameOf::Region, columns, rows.collect())
}

fn calibres() -> String {
    let all = catalogue().calibres.iter();
    let rows = all.map(|calibre| vec![code(&calibre.id), both(&calibre.name.zh, &calibre.name.en)]);
    table(&["id", "名称 name"], rows.collect())
}

/// Chinese names of tables and words.
fn words() -> String {
    let mut found: BTreeMap<(NameOf, &str), Vec<&str>> = BTreeMap::new();
    for other in &catalogue().names {
        if matches!(other.of, NameOf::Table | NameOf::Word) {
            let own = found.entry((other.of, other.id.as_str())).or_default();
            own.push(&other.name);
        }
    }
    let rows = found.into_iter().map(|((of, id), names)| {
        let of = if of == NameOf::Table {
            "表 table"
        } else {
            "词 word"
        };
        let id = if of.starts_with('表') {
            format!("[{id}]")
        } else {
            id.to_string()
        };
        vec![of.to_string(), code(&id), names.join("、")]
    });
    table(&["", "id", "也可写作 also"], rows.collect())
}

/// What stands between the markers of a name.
fn made(name: &str) -> String {
    let at = |table: &str| keys(&format!("/properties/{table}/properties"));
    let entry = |table: &str| {
        keys(&format!(
            "/properties/{table}/additionalProperties/properties"
        ))
    };
    match name {
        "head" => at("scenario"),
        "target" => entry("targets"),
        "observed" => entry("observed"),
        "splice" => entry("splice"),
        "tracked" => entry("tracked"),
        "limit" => entry("limit"),
        "solve" => at("solve"),
        "option" => keys("/properties/option/items/properties"),
        "sweep" => at("sweep"),
        "sweep-inputs" => {
            keys("/properties/sweep/properties/inputs/additionalProperties/properties")
        }
        "common" => common(),
        "measures" => measures(),
        "names" => words(),
        "units" => units(),
        "indicators" => indicators(),
        "drivers" => drivers(),
        "technologies" => technologies(),
        "regions" => regions(),
        "calibres" => calibres(),
        other => panic!("nothing makes `{other}`"),
    }
}

/// Every table between `<!-- made: NAME -->` and `<!-- end -->` is the one that the
/// program's own tables give; `UPDATE=1` writes them.
#[test]
fn the_tables_of_the_manual_are_made_from_the_programs_own() {
    let text = std::fs::read_to_string(path()).unwrap();
    let (open, end) = ("<!-- made: ", "<!-- end -->");
    let mut wanted = String::new();
    let mut rest = text.as_str();
    let mut count = 0;
    while let Some((before, after)) = rest.split_once(open) {
        let (name, after) = after.split_once(" -->").expect("a name");
        let (_, after) = after.split_once(end).expect("an end");
        let own = made(name);
        let own = own.trim_end();
        let _ = write!(wanted, "{before}{open}{name} -->\n\n{own}\n\n{end}");
        rest = after;
        count += 1;
    }
    wanted += rest;
    assert!(count >= 19, "{count}");
    if updating() {
        std::fs::write(path(), wanted).unwrap();
        return;
    }
    let differs = text
        .lines()
        .zip(wanted.lines())
        .find(|(old, new)| old != new);
    assert!(text == wanted, "UPDATE=1 writes the manual: {differs:#?}");
}

/// The blocks of a language in the manual.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let open = format!("\n```{language}\n");
    let all = text.match_indices(&open);
    let block = |(at, _): (usize, &str)| {
        let rest = &text[at + open.len()..];
        rest[..=rest.find("\n```").expect("an end")].to_string()
    };
    all.map(block).collect()
}

/// Every snippet is without an error: whole scenarios as they stand, the others behind the
/// head that the manual gives first.
#[test]
fn the_snippets_of_the_manual_run() {
    let text = std::fs::read_to_string(path()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    };
    for name in [
        "base/current-policy-13fyp.toml",
        "base/current-policy-14fyp.toml",
        "ledger/jiangxi-example.csv",
        "shaanxi-14fyp-planned.toml",
    ] {
        let text = std::fs::read_to_string(root().join("scenarios").join(name)).unwrap();
        put(name, &text);
    }
    let inventory = blocks(&text, "csv");
    put("mine.csv", &inventory[0]);
    let snippets = blocks(&text, "toml");
    assert!(snippets.len() > 15 + KINDS.len(), "{}", snippets.len());
    let head = &snippets[0];
    let mut calls = vec!["check".to_string()];
    for (i, snippet) in snippets.iter().enumerate() {
        let whole = snippet.starts_with("[scenario]") || snippet.starts_with("[情景]");
        let text = if whole {
            snippet.clone()
        } else {
            format!("{head}\n{snippet}")
        };
        calls.push(put(&format!("manual-{i}.toml"), &text));
    }
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    let (code, _, errors) = run(&calls);
    assert!(code == 0, "{errors}");
}

/// The fragments of section 18 are parts of scenarios: each runs behind the head of one that
/// has what it names.
#[test]
fn the_fragments_of_the_manual_run() {
    let text = std::fs::read_to_string(path()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let scenarios = root().join("scenarios");
    let ledger = scenarios.join("ledger/jiangxi-example.csv");
    std::fs::copy(ledger, folder.path().join("projects.csv")).unwrap();
    let fragments = blocks(&text, "toml fragment");
    assert!(fragments.len() >= 5, "{}", fragments.len());
    let mut calls = vec!["check".to_string()];
    for (i, fragment) in fragments.iter().enumerate() {
        let has = |part: &str| fragment.contains(part);
        let parent = match () {
            () if has("[solve]") => "shaanxi-2020.toml",
            () if has("[ledger]") => "jiangxi-2020.toml",
            () if has("[options]") => "shaanxi-15fyp-planned.toml",
            () if has("2018") => "base/current-policy-13fyp.toml",
            () => "base/current-policy-14fyp.toml",
        };
        let end = match () {
            () if parent.contains("15fyp") => 2030,
            () if parent.contains("14fyp") => 2025,
            () => 2020,
        };
        let region = if has("[ledger]") {
            "jiangxi"
        } else {
            "shaanxi"
        };
        let parent = scenarios.join(parent);
        let head = format!(
            "[scenario]\nname_zh = \"片段\"\nextends = {:?}\nregion = \"{region}\"\nend_year = {end}\n",
            parent.to_str().unwrap()
        );
        let path = folder.path().join(format!("fragment-{i}.toml"));
        std::fs::write(&path, format!("{head}\n{fragment}")).unwrap();
        calls.push(path.to_str().unwrap().to_string());
    }
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    let (code, _, errors) = run(&calls);
    assert!(code == 0, "{errors}");
}
