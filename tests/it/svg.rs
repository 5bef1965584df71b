//! Two drawings held against each other, element by element.

use std::fmt::Write as _;

/// Places closer than this (px) are the same.
const NEAR: f64 = 0.5;
/// Changes told of one drawing.
const TOLD: usize = 8;
/// Attributes that hold places and sizes.
const PLACES: [&str; 18] = [
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "width",
    "height",
    "points",
    "d",
    "dx",
    "dy",
    "viewBox",
    "transform",
];

/// A tag with what it says.
#[derive(Clone, Debug, Default)]
struct Element {
    /// The tag with its attributes that are no places, and its words: what makes two
    /// elements the same one.
    key: String,
    tag: String,
    words: String,
    /// Attributes that are places: name, what stands between the numbers, the numbers.
    places: Vec<(String, String, Vec<f64>)>,
}

/// The numbers in a text, and the text with a mark for each.
fn numbers(text: &str) -> (String, Vec<f64>) {
    let (mut form, mut found, mut run) = (String::new(), Vec::new(), String::new());
    let flush = |run: &mut String, form: &mut String, found: &mut Vec<f64>| {
        match run.parse::<f64>() {
            Ok(value) => {
                found.push(value);
                form.push('#');
            }
            Err(_) => form.push_str(run),
        }
        run.clear();
    };
    for c in text.chars() {
        let goes_on = c.is_ascii_digit() || c == '.' || (c == '-' && run.is_empty());
        if goes_on {
            run.push(c);
            continue;
        }
        flush(&mut run, &mut form, &mut found);
        if c == '-' {
            run.push(c);
        } else {
            form.push(c);
        }
    }
    flush(&mut run, &mut form, &mut found);
    (form, found)
}

/// Attributes of a tag, as they stand.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag
        .split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else {
            break;
        };
        found.push((name.trim(), value));
        rest = next;
    }
    found
}

fn elements(svg: &str) -> Vec<Element> {
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap_or((part, ""));
        if tag.starts_with('/') {
            open.pop();
        } else {
            let mut element = Element {
                tag: tag.split([' ', '/']).next().unwrap_or("").to_string(),
                ..Element::default()
            };
            element.key.clone_from(&element.tag);
            for (name, value) in attributes(tag) {
                if PLACES.contains(&name) {
                    let (form, numbers) = numbers(value);
                    element.places.push((name.to_string(), form, numbers));
                } else {
                    let _ = write!(element.key, " {name}={value}");
                }
            }
            all.push(element);
            if !tag.ends_with('/') {
                open.push(all.len() - 1);
            }
        }
        if let Some(at) = open.last() {
            all[*at].words.push_str(words);
        }
    }
    for element in &mut all {
        element.words = element.words.trim().to_string();
        let _ = write!(element.key, " {}", element.words);
    }
    all
}

impl Element {
    /// What it is, for a reader.
    fn told(&self) -> String {
        if self.words.is_empty() {
            self.key.trim().to_string()
        } else {
            format!("{} “{}”", self.tag, self.words)
        }
    }

    /// Where it is: its places as they stand.
    fn at(&self) -> String {
        let places = self.places.iter().map(|(name, _, numbers)| {
            let numbers = numbers.iter().take(6).map(|n| format!("{n}"));
            let more = numbers.len();
            let text = numbers.collect::<Vec<_>>().join(" ");
            let cut = if more == 6 { " …" } else { "" };
            format!("{name} {text}{cut}")
        });
        places.collect::<Vec<_>>().join(", ")
    }

    /// Whether it stands where another does.
    fn is_near(&self, other: &Self) -> bool {
        self.places.len() == other.places.len()
            && self.places.iter().zip(&other.places).all(|(a, b)| {
                let near = |(a, b): (&f64, &f64)| (a - b).abs() <= NEAR;
                a.0 == b.0 && a.1 == b.1 && a.2.len() == b.2.len() && a.2.iter().zip(&b.2).all(near)
            })
    }
}

/// The elements of two drawings that belong together: the longest common run of keys.
fn pairs(before: &[Element], after: &[Element]) -> Vec<(Option<usize>, Option<usize>)> {
    let (n, m) = (before.len(), after.len());
    let mut long = vec![vec![0_u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            long[i][j] = if before[i].key == after[j].key {
                long[i + 1][j + 1] + 1
            } else {
                long[i + 1][j].max(long[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < n || j < m {
        if i < n && j < m && before[i].key == after[j].key {
            found.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        } else if j == m || (i < n && long[i + 1][j] >= long[i][j + 1]) {
            found.push((Some(i), None));
            i += 1;
        } else {
            found.push((None, Some(j)));
            j += 1;
        }
    }
    found
}

/// What differs between two drawings, an element a line: moved from where to where, gone,
/// new. None where words are the same and no place is more than half a pixel off.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    if before.is_empty() {
        return vec!["is not there yet".to_string()];
    }
    if before == after {
        return Vec::new();
    }
    let (before, after) = (elements(before), elements(after));
    let mut found = Vec::new();
    for pair in pairs(&before, &after) {
        match pair {
            (Some(i), Some(j)) if !before[i].is_near(&after[j]) => found.push(format!(
                "moved: {}: from {} to {}",
                before[i].told(),
                before[i].at(),
                after[j].at()
            )),
            (Some(i), None) => {
                found.push(format!("gone: {} at {}", before[i].told(), before[i].at()));
            }
            (None, Some(j)) => found.push(format!("new: {} at {}", after[j].told(), after[j].at())),
            _ => {}
        }
    }
    let more = found.len().saturating_sub(TOLD);
    found.truncate(TOLD);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    found
}

/// The headline of a drawing.
pub fn title(svg: &str) -> String {
    let head = svg.split('>').next().unwrap_or("");
    let label = attributes(head)
        .into_iter()
        .find(|(name, _)| *name == "aria-label");
    let text = label.map_or("", |(_, text)| text);
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    pairs
        .iter()
        .fold(text.to_string(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn a_change_is_told_with_its_element() {
    let page = |body: &str| {
        format!(
            "<svg xmlns=\"x\" width=\"100\" viewBox=\"0 0 100 50\" aria-label=\"A &lt; B\">{body}</svg>"
        )
    };
    let text =
        |x: f64, words: &str| format!("<text x=\"{x}\" y=\"20\" fill=\"#000\">{words}</text>");
    let line = |to: f64| format!("<polyline points=\"0,1 {to},-2.5\" fill=\"none\"/>");
    let of = |a: &str, b: &str| changes(&page(a), &page(b));
    assert_eq!(title(&page("")), "A < B");
    let both = |x: f64, to: f64| text(x, "SO<tspan dy=\"3\">2</tspan> 12.3") + &line(to);
    assert!(of(&both(5.0, 9.0), &both(5.4, 8.6)).is_empty());
    assert_eq!(
        of(&both(5.0, 9.0), &both(5.6, 9.0)),
        ["moved: text “SO 12.3”: from x 5, y 20 to x 5.6, y 20"]
    );
    assert_eq!(
        of(&both(5.0, 9.0), &both(5.0, 9.6)),
        ["moved: polyline fill=none: from points 0 1 9 -2.5 to points 0 1 9.6 -2.5"]
    );
    // Words and colours are exact, and what stands around a change stays paired.
    let told = of(
        &(text(1.0, "a") + &text(2.0, "12.3%") + &line(1.0)),
        &(text(1.0, "a") + &text(2.0, "12.4%") + &line(1.0)),
    );
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .any(|line| line == "gone: text “12.3%” at x 2, y 20")
    );
    assert!(
        told.iter()
            .any(|line| line == "new: text “12.4%” at x 2, y 20")
    );
    let told = of(&line(1.0), &line(1.0).replace("none", "#fff"));
    assert_eq!(told.len(), 2, "{told:?}");
    let told = of(&line(1.0), &line(1.0).replace("0,1 ", "0,1 5,5 "));
    assert!(told[0].starts_with("moved: polyline"), "{told:?}");
    assert_eq!(of(&text(1.0, "a").repeat(40), "").len(), TOLD + 1);
}
