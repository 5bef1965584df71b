//! The gallery of charts: every kind that a command draws, as the shipped scenarios give it.
//!
//! Pictures are held against the last accepted ones element by element: words exactly, places
//! to half a pixel. `UPDATE=1 cargo test --locked --test it gallery::` accepts the new ones
//! and writes `scenarios/GALLERY.md`; what is drawn stands in `target/gallery` either way,
//! where `cargo test -p jianpai-raster --test gallery` compares it dot by dot.

use crate::program::call;
use crate::support::updating;
use crate::svg::{changes, title};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A picture: its name in the gallery, where its command writes it, and what kind of chart
/// it is.
struct Shown {
    name: &'static str,
    file: &'static str,
    zh: &'static str,
    en: &'static str,
}

const fn shown(
    name: &'static str,
    file: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Shown {
    Shown { name, file, zh, en }
}

/// A command, and the charts of its that the gallery shows.
struct Drawn {
    call: &'static str,
    shows: &'static [Shown],
}

const ALL: &[Drawn] = &[
    Drawn {
        call: "run scenarios/shaanxi-2020.toml",
        shows: &[
            shown(
                "indices",
                "shaanxi-2020/charts/indices",
                "指标走势与目标",
                "indicators over the years with targets",
            ),
            shown(
                "balance-SO2",
                "shaanxi-2020/charts/balance-SO2",
                "减排平衡",
                "balance of a pollutant",
            ),
            shown(
                "abatement-NOx",
                "shaanxi-2020/charts/abatement-NOx",
                "方案的减排成本曲线",
                "abatement cost curve of a plan",
            ),
            shown(
                "abatement-CO2",
                "shaanxi-2020/charts/abatement-CO2",
                "方案的减排成本曲线：二氧化碳",
                "abatement cost curve of a plan: CO2",
            ),
        ],
    },
    Drawn {
        call: "run scenarios/plans/hebei-air-2025.toml",
        shows: &[shown(
            "tracked",
            "hebei-air-2025/charts/tracked-",
            "模型之外的目标",
            "a target outside the model",
        )],
    },
    Drawn {
        call: "report scenarios/shaanxi-14fyp-planned.toml --only figures --both",
        shows: &[
            shown(
                "targets",
                "shaanxi-14fyp-planned-report/figures/targets",
                "目标与测算结果",
                "targets and what is reached",
            ),
            shown(
                "slopes",
                "shaanxi-14fyp-planned-report/figures/slopes",
                "各规划期的变化",
                "from plan to plan",
            ),
            shown(
                "wedges-NOx",
                "shaanxi-14fyp-planned-report/figures/wedges-NOx",
                "各项措施逐年的减排量",
                "what each measure cuts, year by year",
            ),
            shown(
                "sources-CO2",
                "shaanxi-14fyp-planned-report/figures/sources-CO2",
                "分来源的排放量",
                "emission by source",
            ),
            shown(
                "books",
                "shaanxi-14fyp-planned-report/figures/books",
                "核算与实际排放",
                "as accounted and as emitted",
            ),
            shown(
                "synergy-NOx",
                "shaanxi-14fyp-planned-report/figures/synergy-NOx",
                "减污降碳协同",
                "carbon beside a pollutant, by measure",
            ),
        ],
    },
    Drawn {
        call: "run scenarios/shaanxi-14fyp-weak.toml scenarios/shaanxi-14fyp-planned.toml \
               scenarios/shaanxi-14fyp-strengthened.toml",
        shows: &[
            shown(
                "scorecard",
                "comparison/charts/scorecard",
                "情景评分表",
                "scorecard of scenarios",
            ),
            shown(
                "comparison",
                "comparison/charts/comparison",
                "各情景的变化",
                "change by scenario",
            ),
            shown(
                "comparison-NOx",
                "comparison/charts/comparison-NOx-accounted",
                "各情景的轨迹",
                "course of each scenario",
            ),
        ],
    },
    Drawn {
        call: "run scenarios/provinces.toml --region all",
        shows: &[
            shown(
                "ranking-COD",
                "comparison/charts/comparison-COD-accounted",
                "各省排序",
                "provinces in order",
            ),
            shown(
                "tiles-CO2",
                "comparison/charts/map-CO2-per-GDP",
                "省级方格图",
                "tiles of the provinces",
            ),
            shown(
                "years-SO2",
                "comparison/charts/years-SO2-accounted",
                "各省逐年小图",
                "each province over the years",
            ),
        ],
    },
    Drawn {
        call: "solve scenarios/shaanxi-2020.toml --ranges --curve so2 --front cost,CO2",
        shows: &[
            shown(
                "prices",
                "shaanxi-2020/charts/prices",
                "目标与限制的影子价格",
                "what targets and limits cost",
            ),
            shown(
                "ranges",
                "shaanxi-2020/charts/ranges",
                "成本相近的方案",
                "plans that cost little more",
            ),
            shown(
                "curve-so2",
                "shaanxi-2020/charts/curve-so2",
                "边际减排成本曲线",
                "marginal abatement cost curve",
            ),
            shown(
                "front-cost-CO2",
                "shaanxi-2020/charts/front-cost-CO2",
                "帕累托前沿",
                "Pareto front",
            ),
        ],
    },
    Drawn {
        call: "options scenarios/options/shaanxi-2025.toml",
        shows: &[shown(
            "options",
            "shaanxi-2025/charts/options",
            "目标方案比选",
            "target options side by side",
        )],
    },
    Drawn {
        call: "sweep scenarios/sweeps/shaanxi-14fyp.toml --draws 4096",
        shows: &[
            shown(
                "attainment",
                "shaanxi-14fyp/charts/attainment",
                "达标概率",
                "probability of each target",
            ),
            shown(
                "fan-NOx",
                "shaanxi-14fyp/charts/fan-NOx",
                "扇形图",
                "fan of an indicator",
            ),
            shown(
                "tornado-NOx",
                "shaanxi-14fyp/charts/tornado-NOx",
                "龙卷风图",
                "tornado of the inputs",
            ),
            shown(
                "variance-NOx",
                "shaanxi-14fyp/charts/variance-NOx",
                "各输入占方差的份额",
                "what inputs explain of a variance",
            ),
            shown(
                "map-NOx",
                "shaanxi-14fyp/charts/map-NOx",
                "两项力度的响应图",
                "response over two levels",
            ),
        ],
    },
    Drawn {
        call: "hindcast",
        shows: &[
            shown(
                "hindcast",
                "hindcast/charts/hindcast",
                "回算与公布值",
                "past years against what was published",
            ),
            shown(
                "hindcast-NOx",
                "hindcast/charts/hindcast-NOx",
                "回算与研究清单",
                "past years against research inventories",
            ),
            shown(
                "reliability",
                "hindcast/charts/reliability",
                "误差区间的覆盖率",
                "how often bands cover",
            ),
            shown(
                "errors-CO2",
                "hindcast/charts/hindcast-map-CO2-per-GDP-2019",
                "各省误差",
                "errors by province",
            ),
        ],
    },
    Drawn {
        call: "diff scenarios/shaanxi-14fyp-weak.toml scenarios/shaanxi-14fyp-strengthened.toml",
        shows: &[shown(
            "diff-SO2",
            "shaanxi-14fyp-weak-vs-shaanxi-14fyp-strengthened/diff-SO2-accounted",
            "两个情景的差别",
            "from one scenario to another",
        )],
    },
    Drawn {
        call: "decompose scenarios/shaanxi-2020.toml",
        shows: &[shown(
            "decomposition-CO2",
            "shaanxi-2020-decomposition/decomposition-CO2-kaya",
            "LMDI 分解",
            "LMDI decomposition",
        )],
    },
    Drawn {
        call: "allocate COD --scenario scenarios/provinces.toml",
        shows: &[
            shown(
                "allocation-COD",
                "COD-allocation/allocation",
                "目标分解：各规则的结果",
                "a target shared by several rules",
            ),
            shown(
                "allocation-map-COD",
                "COD-allocation/allocation-map-cost",
                "目标分解：一种规则的方格图",
                "a target shared by one rule, as tiles",
            ),
        ],
    },
];

const LANGS: [&str; 2] = ["zh", "en"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn accepted(name: &str, lang: &str) -> PathBuf {
    root().join(format!("scenarios/gallery/{name}.{lang}.svg"))
}

/// Every SVG below a folder, by its path in it.
fn pictures(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "svg") {
                let name = path.strip_prefix(folder).unwrap();
                let text = std::fs::read_to_string(&path).unwrap();
                found.insert(name.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    found
}

/// What the commands draw, in their order.
fn drawn() -> Vec<BTreeMap<String, String>> {
    let run = |one: &Drawn| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_string_lossy().into_owned();
        let mut words: Vec<&str> = one.call.split_whitespace().collect();
        words.extend(["--out", &out]);
        let (code, _, errors) = call("en", &words);
        assert!(code < 2, "{}: {errors}", one.call);
        pictures(folder.path())
    };
    ALL.par_iter().map(run).collect()
}

/// The picture of a chart in a language; the file may end in what follows a name that is
/// cut at a dash: the first of those.
fn picture<'p>(found: &'p BTreeMap<String, String>, file: &str, lang: &str) -> &'p str {
    let end = format!(".{lang}.svg");
    let own = found.iter().find(|(name, _)| {
        let stem = name.strip_suffix(&end);
        stem.is_some_and(|stem| stem == file || file.ends_with('-') && stem.starts_with(file))
    });
    own.unwrap_or_else(|| panic!("no {file}{end} in {:?}", found.keys()))
        .1
}

/// The kind of a chart: what its file is called before the first dash.
fn kind(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split(['-', '.']).next().unwrap_or(name)
}

fn page(found: &[BTreeMap<String, String>]) -> String {
    let mut text = String::from(
        "# 图表总览 Gallery\n\n\
         每一种图各举一两例，由随附的情景画出；图题由图中的数算出。\n\n\
         Every kind of chart once or twice, drawn from the shipped scenarios; headlines are \
         computed from the numbers drawn.\n\n\
         `UPDATE=1 cargo test --locked --test it gallery::` 重画全部图并重写本页；不带 `UPDATE=1` 时逐个元素与此处的图比较。\
         `UPDATE=1 cargo test --locked --test it gallery::` draws all of them anew and writes this \
         page; without `UPDATE=1` it compares them with those here, element by element.\n",
    );
    for (one, found) in ALL.iter().zip(found) {
        for shown in one.shows {
            let titles = LANGS.map(|lang| {
                let title = title(picture(found, shown.file, lang));
                title.replace('|', "\\|").replace(['[', ']'], "")
            });
            let name = shown.name;
            let _ = write!(
                text,
                "\n## {} {}\n\n```sh\njianpai {}\n```\n\n| 中文 | English |\n|---|---|\n\
                 | ![{}](gallery/{name}.zh.svg) | ![{}](gallery/{name}.en.svg) |\n| {} | {} |\n",
                shown.zh, shown.en, one.call, titles[0], titles[1], titles[0], titles[1]
            );
        }
    }
    text
}

/// What is drawn today is what was accepted, and the page and its folder hold no more and
/// no less.
#[test]
fn pictures_are_those_accepted() {
    let found = drawn();
    let fresh = root().join("target/gallery");
    let folder = root().join("scenarios/gallery");
    for folder in [&fresh, &folder] {
        std::fs::create_dir_all(folder).unwrap();
    }
    let (mut wrong, mut names, mut bytes) = (Vec::new(), BTreeSet::new(), 0);
    for (one, found) in ALL.iter().zip(&found) {
        for shown in one.shows {
            for lang in LANGS {
                let svg = picture(found, shown.file, lang);
                let name = format!("{}.{lang}.svg", shown.name);
                std::fs::write(fresh.join(&name), svg).unwrap();
                bytes += svg.len();
                let path = accepted(shown.name, lang);
                if updating() {
                    std::fs::write(&path, svg).unwrap();
                }
                let before = std::fs::read_to_string(&path).unwrap_or_default();
                let told = changes(&before, svg);
                if !told.is_empty() {
                    wrong.push(format!("{name}\n  {}", told.join("\n  ")));
                }
                assert!(names.insert(name), "twice: {}", shown.name);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "charts have changed; new ones stand in target/gallery, accept them with \
         UPDATE=1 cargo test --locked --test it gallery::\n{}",
        wrong.join("\n")
    );
    assert!(bytes < 3_000_000, "the gallery is too large: {bytes} bytes");
    let kept = pictures(&folder).into_keys().collect::<BTreeSet<_>>();
    assert_eq!(kept, names, "files of scenarios/gallery");
    let (path, wanted) = (root().join("scenarios/GALLERY.md"), page(&found));
    if updating() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == wanted,
        "scenarios/GALLERY.md is not what would be written"
    );
    // Every kind that one of these commands draws is shown by one of them.
    let known: BTreeSet<&str> = ALL
        .iter()
        .flat_map(|one| one.shows.iter().map(|shown| kind(shown.file)))
        .collect();
    let missing: BTreeSet<&String> = found
        .iter()
        .flat_map(BTreeMap::keys)
        .filter(|file| !known.contains(kind(file)))
        .collect();
    assert!(missing.is_empty(), "not in the gallery: {missing:?}");
}
