//! The page with levers: what it holds, that it is closed to everything else, and what is
//! refused. What it computes is held against the kernel by `tests/page/model.test.mjs`, and it
//! is used in a browser by `tests/page/browser.test.mjs`.

use super::program::{call, run};
use super::support::study;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The page of a scenario, and its document.
fn page(folder: &Path, scenario: &str, lang: &str) -> (String, Value) {
    let out = folder.to_str().unwrap();
    let (code, _, stderr) = call(lang, &["report", scenario, "--out", out]);
    assert_eq!(code, 0, "{stderr}");
    let id = Path::new(scenario).file_stem().unwrap().to_str().unwrap();
    let path = folder.join(format!("{id}-report/{id}.{lang}.html"));
    let html = fs::read_to_string(path).unwrap();
    let document = between(&html, "id=\"plan\">", "</script>");
    let document = serde_json::from_str(document).unwrap();
    (html, document)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let from = text.find(before).unwrap() + before.len();
    let rest = &text[from..];
    &rest[..rest.find(after).unwrap()]
}

/// The levers are what a plan can decide, the targets stand as the run has them.
#[test]
fn a_page_holds_the_plan_and_its_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in [
        "scenarios/shaanxi-14fyp-planned.toml",
        "scenarios/plans/hunan-saving-2025.toml",
    ] {
        let (_, document) = page(folder.path(), scenario, "en");
        let study = study(scenario);
        let new = study.plan.measures.iter();
        let new = new.filter(|m| m.policy == jianpai::core::measure::Policy::New);
        let new: Vec<&str> = new
            .filter(|m| !m.shifts.is_empty())
            .map(|m| m.id.as_str())
            .collect();
        let levers = document["levers"].as_array().unwrap();
        let level = levers.iter().filter(|lever| lever["kind"] == "level");
        let level: Vec<&str> = level.map(|lever| lever["id"].as_str().unwrap()).collect();
        assert_eq!(level, new);
        assert!(levers.len() > level.len(), "growth can be moved");
        assert_eq!(
            document["plan"]["inputs"].as_array().unwrap().len(),
            levers.len()
        );
        let outcome = study.run();
        let targets = document["targets"].as_array().unwrap();
        assert_eq!(targets.len(), outcome.case().targets().count());
        for ((target, verdict), shown) in outcome.case().targets().zip(targets) {
            assert_eq!(shown["id"], target.id.as_str());
            let verdict = verdict.unwrap();
            let reached = shown["planned"]["reached"].as_f64().unwrap();
            assert!((reached - verdict.reached).abs() <= 1e-12 * verdict.reached.abs());
            assert_eq!(shown["planned"]["met"], verdict.met);
        }
    }
}

/// A page for a region that the caller chose says which: what is saved from it has to name it.
#[test]
fn a_chosen_region_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let scenario = "scenarios/provinces.toml";
    let (code, _, stderr) = run(&["report", scenario, "--region", "hebei", "--out", out]);
    assert_eq!(code, 0, "{stderr}");
    let file = folder
        .path()
        .join("provinces-hebei-report/provinces-hebei.en.html");
    let html = fs::read_to_string(file).unwrap();
    let document: Value =
        serde_json::from_str(between(&html, "id=\"plan\">", "</script>")).unwrap();
    assert_eq!(document["chosen"], "hebei");
    let (_, document) = page(folder.path(), "scenarios/jiangxi-2020.toml", "en");
    assert!(document["chosen"].is_null());
}

/// What a file says of a measure is what its lever shows, a `reach` from what there is.
#[test]
fn levers_speak_in_the_units_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (_, document) = page(folder.path(), "scenarios/shaanxi-14fyp-planned.toml", "zh");
    let extent = |id: &str| -> (f64, f64, String) {
        let levers = document["levers"].as_array().unwrap();
        let lever = levers.iter().find(|lever| lever["id"] == id).unwrap();
        let own = &lever["extent"];
        (
            own["number"].as_f64().unwrap(),
            own["from"].as_f64().unwrap(),
            own["rest"].as_str().unwrap().to_string(),
        )
    };
    assert_eq!(extent("boilers-le35"), (60.0, 0.0, "%".into()));
    // 51 % of freight by rail in the end, 49.1 % without it.
    let (number, from, unit) = extent("rail");
    assert_eq!((number, unit.as_str()), (51.0, "%"));
    assert!((from - 49.1).abs() < 0.1, "{from}");
}

/// The policy of a page names its script and its style by their hashes and lets nothing else
/// in; nothing on it is fetched.
#[test]
fn a_page_is_closed() {
    use sha2::{Digest, Sha256};
    let folder = tempfile::tempdir().unwrap();
    let (html, _) = page(folder.path(), "scenarios/jiangxi-2020.toml", "zh");
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"");
    for (part, kind) in [
        (between(&html, "<style>", "</style>"), "style-src"),
        (
            between(&html, "</script>\n<script>", "</script>"),
            "script-src",
        ),
    ] {
        let said = between(policy, &format!("{kind} 'sha256-"), "'");
        assert_eq!(said, base64(&Sha256::digest(part.as_bytes())), "{kind}");
    }
    assert!(policy.starts_with("default-src 'none';"));
    assert!(!policy.contains("unsafe"));
    for word in [
        "eval(",
        "innerHTML",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        "style=\"",
    ] {
        assert!(!html.contains(word), "{word}");
    }
    let addresses = html.matches("http").count();
    assert_eq!(
        addresses,
        html.matches("http-equiv").count() + html.matches("http://www.w3.org/2000/svg").count()
    );
    assert!(html.len() < 1_000_000);
}

/// RFC 4648, worked out apart from the library.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0_u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for k in 0..4 {
            let sign = SIGNS[(word >> (18 - 6 * k)) as usize & 63] as char;
            out.push(if k > three.len() { '=' } else { sign });
        }
    }
    out
}

/// A name that looks like markup is text.
#[test]
fn names_are_no_markup() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.toml");
    let parent = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/jiangxi-2020.toml");
    let text = format!(
        "[scenario]\nname_zh = \"</script><script>alert(1)</script>{{{{data}}}}\"\nname_en = \"<b>\"\nextends = {parent:?}\n"
    );
    fs::write(&file, text).unwrap();
    let (html, document) = page(folder.path(), file.to_str().unwrap(), "zh");
    assert!(!html.contains("alert(1)</script>"), "ends the script");
    assert!(
        html.contains("<title>江西 &lt;/script&gt;") || html.contains("<title>&lt;/script&gt;")
    );
    assert!(
        document["title"]["zh"]
            .as_str()
            .unwrap()
            .contains("</script>")
    );
    assert_eq!(html.matches("<script").count(), 2);
}

/// What has no lever, is not there or would overwrite another page is refused, and nothing is
/// written.
#[test]
fn pages_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let (code, _, stderr) = run(&["report", "scenarios/none.toml", "--out", out]);
    assert_eq!(code, 2);
    assert!(stderr.contains("scenarios/none.toml"), "{stderr}");
    let still = folder.path().join("still.toml");
    let text = "[scenario]\nname_en = \"Still\"\nregion = \"shaanxi\"\nend_year = 2017\n";
    fs::write(&still, text).unwrap();
    let (code, _, stderr) = run(&["report", still.to_str().unwrap(), "--out", out]);
    assert_eq!(code, 2);
    assert!(stderr.contains("nothing can be moved"), "{stderr}");
    let twice = [
        "report",
        "scenarios/jiangxi-2020.toml",
        "scenarios/jiangxi-2020.toml",
        "--out",
        out,
    ];
    let (code, _, stderr) = run(&twice);
    assert_eq!(code, 2);
    assert!(stderr.contains("jiangxi-2020"), "{stderr}");
    assert!(!Path::new(out).exists());
    // A file where the folder should be.
    fs::write(out, "mine").unwrap();
    let (code, _, _) = run(&["report", "scenarios/jiangxi-2020.toml", "--out", out]);
    assert_eq!(code, 2);
    assert_eq!(fs::read_to_string(out).unwrap(), "mine");
}
