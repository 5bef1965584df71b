//! Both languages everywhere: every text in the code has its Chinese and its English, every
//! code of a diagnostic is shown in both.

use crate::support::catalogue;
use std::collections::BTreeSet;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources without their tests: path and text.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs")
                && !["/test", "tests.rs", "samples.rs"]
                    .iter()
                    .any(|part| name.contains(part))
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_string();
                found.push((name, code));
            }
        }
    }
    found.sort();
    assert!(found.len() > 100);
    found
}

/// A string literal: where it begins and ends in the source, and what it says.
struct Literal {
    from: usize,
    to: usize,
    text: String,
}

/// The string literals of a source, comments and characters left out.
fn literals(code: &str) -> Vec<Literal> {
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        let rest = &code[i..];
        let raw = rest.starts_with("r\"") || rest.starts_with("r#\"");
        let word = i > 0 && (bytes[i - 1].is_ascii_alphanumeric() || bytes[i - 1] == b'_');
        if rest.starts_with("//") {
            i += rest.find('\n').unwrap_or(rest.len());
        } else if raw && !word {
            let end = if rest.starts_with("r#") { "\"#" } else { "\"" };
            let start = rest.find('"').unwrap() + 1;
            let long = rest[start..].find(end).unwrap();
            found.push(Literal {
                from: i,
                to: i + start + long + end.len(),
                text: rest[start..start + long].to_string(),
            });
            i += start + long + end.len();
        } else if rest.starts_with('"') {
            let mut to = i + 1;
            while bytes[to] != b'"' {
                to += if bytes[to] == b'\\' { 2 } else { 1 };
            }
            found.push(Literal {
                from: i,
                to: to + 1,
                text: code[i + 1..to].to_string(),
            });
            i = to + 1;
        } else if let Some(escaped) = rest.strip_prefix("'\\") {
            i += 2 + escaped.find('\'').unwrap() + 1;
        } else if let Some(after) = rest.strip_prefix('\'') {
            // A character, or a lifetime.
            let mut chars = after.char_indices();
            let close = chars.nth(1);
            i += match close {
                Some((at, '\'')) => at + 2,
                _ => 1,
            };
        } else {
            i += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// The arguments of a call, from behind its bracket on.
fn arguments(code: &str, from: usize, literals: &[Literal]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut depth, mut start, mut i) = (0, from, from);
    while i < code.len() {
        if let Some(literal) = literals.iter().find(|literal| literal.from == i) {
            i = literal.to;
            continue;
        }
        let c = code[i..].chars().next().unwrap();
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                found.push((start, i));
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push((start, i));
                start = i + 1;
            }
            _ => {}
        }
        i += c.len_utf8();
    }
    found.retain(|(from, to)| !code[*from..*to].trim().is_empty());
    found
}

/// A text in two languages: place, what stands for Chinese, what for English.
struct Pair {
    place: String,
    zh: Vec<String>,
    en: Vec<String>,
}

fn pairs() -> Vec<Pair> {
    let mut found = Vec::new();
    for (name, code) in sources() {
        let literals = literals(&code);
        for call in ["Text::new(", "Words::new(", ".pick("] {
            for (at, _) in code.match_indices(call) {
                let arguments = arguments(&code, at + call.len(), &literals);
                let [zh, en] = arguments.as_slice() else {
                    continue;
                };
                let within = |(from, to): (usize, usize)| -> Vec<String> {
                    let own = literals.iter().filter(|l| from <= l.from && l.to <= to);
                    own.map(|literal| literal.text.clone()).collect()
                };
                let line = code[..at].matches('\n').count() + 1;
                found.push(Pair {
                    place: format!("{name}:{line}"),
                    zh: within(*zh),
                    en: within(*en),
                });
            }
        }
    }
    assert!(found.len() > 600, "{}", found.len());
    found
}

/// A text without what is no word of it: code, names of fields, places of values.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut closing = None;
    for c in text.chars() {
        match (closing, c) {
            (Some(end), c) if c == end => closing = None,
            (Some(_), _) => {}
            (None, '`') => closing = Some('`'),
            (None, '{') => closing = Some('}'),
            // A table under the user's own name.
            (None, '[') => closing = Some(']'),
            (None, c) => out.push(c),
        }
    }
    out
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Runs of two words of English in a text that is not.
fn english(text: &str) -> Vec<String> {
    // The program, its commands and what follows them; names of designs.
    const NAMES: [&str; 4] = ["jianpai", "latin", "sources.csv", "Ang"];
    let bare = bare(text);
    let words: Vec<&str> = bare.split(' ').collect();
    let is_word = |word: &str| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
    let named = |i: usize| {
        (0..=i)
            .rev()
            .take(4)
            .any(|k| NAMES.iter().any(|n| words[k].ends_with(n)))
    };
    (1..words.len())
        .filter(|i| is_word(words[i - 1]) && is_word(words[*i]) && !named(*i))
        .map(|i| format!("{} {}", words[i - 1], words[i]))
        .collect()
}

#[test]
fn every_text_has_both_languages() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let (zh, en) = (pair.zh.concat(), pair.en.concat());
        for text in &pair.zh {
            for run in english(text) {
                wrong.push(format!("{}: English in the Chinese: {run}", pair.place));
            }
        }
        if bare(&en).chars().any(is_chinese) && !bare(&en).contains("万t") {
            wrong.push(format!("{}: Chinese in the English: {en}", pair.place));
        }
        // A sentence in one language and nothing of the other.
        let says = |text: &str| bare(text).split(' ').filter(|w| w.len() > 2).count() > 2;
        if says(&en) && !zh.chars().any(is_chinese) && !zh.is_empty() {
            wrong.push(format!("{}: no Chinese: {zh}", pair.place));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Old words that a bureau would not print.
#[test]
fn words_that_are_not_used() {
    let old = ["个点", "读不懂量", "多取了", "按权重"];
    for (name, code) in sources() {
        if name == "src/study/prepare.rs" {
            continue;
        }
        for literal in literals(&code) {
            for word in old {
                assert!(!literal.text.contains(word), "{name}: {}", literal.text);
            }
        }
    }
}

/// Every code of a diagnostic stands in a recording of both languages, and the Chinese one
/// is Chinese.
#[test]
fn every_code_is_said_in_both_languages() {
    let listed = std::fs::read_to_string(root().join("tests/invalid/codes.txt")).unwrap();
    let codes: BTreeSet<&str> = listed.lines().filter_map(|l| l.split(':').next()).collect();
    assert!(codes.len() > 80);
    let mut said: [BTreeSet<String>; 2] = Default::default();
    let mut folders = vec![root().join("tests/invalid")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let Some(language) = ["zh", "en"]
                .iter()
                .position(|l| name.ends_with(&format!(".{l}.txt")))
            else {
                continue;
            };
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines() {
                let heads = [["错误[", "警告["], ["error[", "warning["]];
                let head = heads[language]
                    .iter()
                    .find_map(|head| line.strip_prefix(head));
                let Some((code, message)) = head.and_then(|rest| rest.split_once("]: ")) else {
                    assert!(
                        !heads[1 - language]
                            .iter()
                            .any(|head| line.starts_with(head)),
                        "{name}: {line}"
                    );
                    continue;
                };
                said[language].insert(code.to_string());
                let chinese = bare(message).chars().any(is_chinese);
                assert_eq!(chinese, language == 0, "{name}: {line}");
                if language == 0 {
                    assert!(english(message).is_empty(), "{name}: {line}");
                }
            }
        }
    }
    for (code, file, text, arguments) in LIVE {
        for (language, lang) in ["zh", "en"].into_iter().enumerate() {
            let line = live(code, (file, text), arguments, lang);
            let message = line.split_once("]: ").unwrap().1;
            let chinese = bare(message).chars().any(is_chinese);
            assert_eq!(chinese, language == 0, "{line}");
            if language == 0 {
                assert!(english(message).is_empty(), "{line}");
            }
            said[language].insert(code.to_string());
        }
    }
    assert_eq!(said[0], said[1], "the same in both languages");
    // What is left has its words beside the code in the source.
    let pairs = pairs();
    let sources = sources();
    let beside = |code: &str| {
        let quoted = format!("\"{code}\"");
        sources.iter().any(|(name, text)| {
            text.match_indices(&quoted).any(|(at, _)| {
                let line = text[..at].matches('\n').count() + 1;
                pairs.iter().any(|pair| {
                    let Some((file, place)) = pair.place.rsplit_once(':') else {
                        return false;
                    };
                    let near = place.parse::<usize>().unwrap().abs_diff(line) <= 25;
                    let (zh, en) = (pair.zh.concat(), pair.en.concat());
                    let both = zh.chars().any(is_chinese) && !bare(&en).chars().any(is_chinese);
                    file == name && near && both && !en.is_empty()
                })
            })
        })
    };
    // 4 GiB of a table; found earlier by the loader itself; bases of two calibres.
    let unreached = ["file-too-large", "circular-links", "calibres-differ"];
    let missing: Vec<&&str> = codes
        .iter()
        .filter(|code| !said[0].contains(**code) && !unreached.contains(code))
        .filter(|code| !beside(code))
        .collect();
    assert!(
        missing.is_empty(),
        "nothing shows {missing:?}: add an input to tests/invalid, or a call to LIVE"
    );
}

const HEAD: &str = "[scenario]\nextends = \"ROOT/scenarios/shaanxi-2020.toml\"\n[sweep]\n";
const BOUNDS: &str = "name,distribution,lo,hi\na,uniform,0,1\nb,uniform,1,2\n";

/// Codes that no recording shows: a file, and the call that meets it.
const LIVE: [(&str, &str, &str, &[&str]); 7] = [
    (
        "no-sweep",
        "s.toml",
        "[scenario]\nextends = \"ROOT/scenarios/shaanxi-2020.toml\"\n",
        &["sweep", "s.toml"],
    ),
    (
        "no-list",
        "s.toml",
        "HEADdesign = \"list\"\n",
        &["sweep", "s.toml"],
    ),
    (
        "target-kind",
        "s.toml",
        "[scenario]\nextends = \"ROOT/scenarios/shaanxi-2020.toml\"\n[targets.cap]\nindicator = \"SO2\"\n\
         year = 2020\ncap = \"60 万t\"\n[sweep]\n[sweep.inputs.a]\ntarget = \"cap\"\n\
         uniform = [\"1 %\", \"2 %\"]\n",
        &["sweep", "s.toml"],
    ),
    (
        "correlation",
        "s.toml",
        "HEADcorrelation = [{ between = [\"a\", \"b\"], rank = 1.5 }]\n[sweep.inputs.a]\ngrowth = \"gdp\"\n\
         uniform = [\"0 %\", \"1 %\"]\n[sweep.inputs.b]\ngrowth = \"industry\"\n\
         uniform = [\"0 %\", \"1 %\"]\n",
        &["sweep", "s.toml"],
    ),
    (
        "correlated-design",
        "s.toml",
        "HEADdesign = \"morris\"\ncorrelation = [{ between = [\"a\", \"b\"], rank = 0.5 }]\n\
         [sweep.inputs.a]\ngrowth = \"gdp\"\nuniform = [\"0 %\", \"1 %\"]\n[sweep.inputs.b]\n\
         growth = \"industry\"\nuniform = [\"0 %\", \"1 %\"]\n",
        &["sweep", "s.toml"],
    ),
    (
        "constant-input",
        "t.csv",
        "a,y\n1,1\n1,2\n1,3\n1,4\n1,5\n1,6\n1,7\n1,8\n1,9\n1,10\n1,11\n1,12\n",
        &["sensitivity", "t.csv", "--outputs", "y"],
    ),
    (
        "not-a-power-of-two",
        "b.csv",
        BOUNDS,
        &[
            "sensitivity",
            "--sample",
            "sobol",
            "--bounds",
            "b.csv",
            "--n",
            "100",
        ],
    ),
];

/// The first line of the diagnostic of a code that a call prints.
fn live(code: &str, (file, text): (&str, &str), arguments: &[&str], lang: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let text = text
        .replace("HEAD", HEAD)
        .replace("ROOT", &root().to_string_lossy());
    std::fs::write(folder.path().join(file), text).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .current_dir(folder.path())
        .args(arguments)
        .args(["--lang", lang])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said
        .lines()
        .find(|line| line.contains(&format!("[{code}]")));
    line.unwrap_or_else(|| panic!("{code}, {lang}:\n{said}"))
        .to_string()
}

/// The names of the data in both languages.
#[test]
fn names_of_the_data_are_in_their_language() {
    let data = catalogue();
    let named = data
        .regions
        .iter()
        .map(|region| &region.named)
        .chain(data.services.iter().map(|service| &service.named))
        .chain(data.technologies.iter().map(|technology| &technology.named))
        .chain(data.indicators.iter().map(|indicator| &indicator.named))
        .chain(data.classes.iter().map(|class| &class.named))
        .chain(&data.drivers)
        .chain(&data.calibres);
    for named in named {
        let (zh, en) = (&named.name.zh, &named.name.en);
        assert!(!zh.is_empty() && !en.is_empty(), "{}", named.id);
        assert!(!en.chars().any(is_chinese), "{}: {en}", named.id);
    }
}
