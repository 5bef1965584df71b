//! What documents write in the place of a number, or around it: 全部, 半数以上, 基本淘汰,
//! 零增长, 年均下降 3 %, 2024 年底.
//!
//! | words | read as |
//! |---|---|
//! | 全部, 全面, 清零 … of a share | 100 % |
//! | 半数以上, 过半; 三分之二 | 50 %; two thirds: what must be reached at least |
//! | 基本, 大部分, 明显 … | nothing: the plan gives no number, and none is made up |
//! | 零增长, 持平 of a yearly growth | 0 % |
//! | 年均增长 x, 下降 x of a growth | x, −x |
//! | 年均下降 x of a reduction | 1 − (1 − x)ⁿ over the n years from the base year |
//! | 2024 年; 2024 年底 | 2024; 2024, and the timetable speaks of ends of years |

use crate::diag::{Diagnostic, Diagnostics};
use crate::number;
use crate::tree::{Node, Value};
use jianpai_core::text::Text;

/// All of it.
const ALL: [&str; 8] = [
    "全部",
    "全面",
    "全覆盖",
    "全域",
    "清零",
    "归零",
    "悉数",
    "所有",
];
/// Half of it.
const HALF: [&str; 4] = ["半数", "一半", "过半", "半以上"];
/// Words that say much and no number.
const VAGUE: [&str; 16] = [
    "基本",
    "大部分",
    "多数",
    "明显",
    "显著",
    "大幅",
    "有效",
    "进一步",
    "持续",
    "稳步",
    "逐步",
    "加快",
    "尽改",
    "尽收",
    "尽淘",
    "尽可能",
];
/// A yearly growth of nothing.
const STILL: [&str; 7] = [
    "零增长",
    "不增长",
    "持平",
    "不变",
    "保持稳定",
    "不再增长",
    "零新增",
];
/// A fall without a number.
const FALLS: [&str; 4] = ["负增长", "只减不增", "不增加", "逐年下降"];
/// So much a year, on average.
const YEARLY: [&str; 5] = ["年均", "年平均", "每年", "逐年", "平均每年"];
/// Words before a rise.
const UP: [&str; 9] = [
    "增长率",
    "增长",
    "增加",
    "增速",
    "增幅",
    "上升",
    "提高",
    "递增",
    "提升",
];
/// Words before a fall.
const DOWN: [&str; 8] = [
    "下降率",
    "下降",
    "降低",
    "降幅",
    "减少",
    "递减",
    "削减",
    "压减",
];

/// What stands in the place of a number.
#[derive(Clone, Copy)]
pub(super) enum Worded {
    /// So much.
    Number(f64),
    /// Words that say no number.
    Unsaid,
}

/// Whether a text has a number in digits.
fn has_digit(text: &str) -> bool {
    text.chars().map(number::fold).any(|c| c.is_ascii_digit())
}

/// Whether a text has one of these words.
fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The text of a node that is one.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A share in words; `None` where a number stands, or nothing that is known.
pub(super) fn share(text: &str) -> Option<Worded> {
    if has_digit(text) || text.contains("百分之") {
        return None;
    }
    if let Some(part) = fraction(text) {
        return Some(Worded::Number(part));
    }
    if has(text, &VAGUE) {
        return Some(Worded::Unsaid);
    }
    let number = |value: f64, words: &[&str]| has(text, words).then_some(Worded::Number(value));
    number(0.5, &HALF).or_else(|| number(1.0, &ALL))
}

/// 三分之二 anywhere in a text.
fn fraction(text: &str) -> Option<f64> {
    let (below, above) = text.split_once("分之")?;
    let numeral = |c: &char| "一二三四五六七八九两十".contains(*c);
    let below: Vec<char> = below.chars().rev().take_while(numeral).collect();
    let below: String = below.into_iter().rev().collect();
    let above: String = above.chars().take_while(numeral).collect();
    let read = |text: &str| number::chinese(text)?.parse::<f64>().ok();
    let (above, below) = (read(&above)?, read(&below)?);
    (below > 0.0 && above <= below).then_some(above / below)
}

/// A yearly growth in words.
pub(super) fn rate(text: &str) -> Option<Worded> {
    if has_digit(text) || text.contains("百分之") {
        return None;
    }
    if has(text, &FALLS) || has(text, &VAGUE) {
        return Some(Worded::Unsaid);
    }
    has(text, &STILL).then_some(Worded::Number(0.0))
}

/// How a number moves: what is left without the words, whether it falls, and whether it
/// is said of each year.
pub(super) struct Motion<'t> {
    pub(super) rest: &'t str,
    pub(super) falls: bool,
    pub(super) rises: bool,
    pub(super) yearly: bool,
}

/// Takes the words of motion off the beginning of a text.
pub(super) fn motion(text: &str) -> Motion<'_> {
    let mut found = Motion {
        rest: text.trim(),
        falls: false,
        rises: false,
        yearly: false,
    };
    loop {
        let begins = |words: &[&'static str]| {
            let mut words = words.iter();
            words.find(|word| found.rest.starts_with(**word)).copied()
        };
        let word = if let Some(word) = begins(&YEARLY) {
            found.yearly = true;
            word
        } else if let Some(word) = begins(&UP).filter(|_| !found.rest.starts_with("提高到")) {
            found.rises = true;
            word
        } else if let Some(word) = begins(&DOWN) {
            found.falls = true;
            word
        } else if let Some(word) =
            begins(&["力争", "争取", "同比", "实现", "保持"]).filter(|word| {
                has(
                    &found.rest[word.len()..],
                    &[UP.as_slice(), &DOWN, &YEARLY].concat(),
                )
            })
        {
            word
        } else {
            return found;
        };
        found.rest = found.rest[word.len()..].trim_start();
    }
}

/// A growth with the words of motion in front of it, as a number with its sign.
pub(super) fn signed(node: &Node) -> Option<Node> {
    let moved = motion(text(node)?);
    if !moved.falls && !moved.rises && !moved.yearly {
        return None;
    }
    let sign = if moved.falls { "-" } else { "" };
    let mut plain = node.clone();
    plain.value = Value::String(format!("{sign}{}", moved.rest));
    Some(plain)
}

/// A year as documents write it: `2024`, `2024 年`, `2024年底`; whether its end is meant.
pub(super) fn year(text: &str) -> Option<(i32, bool)> {
    let folded: String = text.trim().chars().map(number::fold).collect();
    let plain = folded.trim_start_matches(['到', '至', '于']).trim_start();
    let (digits, rest) = plain.split_at_checked(4)?;
    let year = digits.parse().ok()?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Some((year, false));
    }
    let rest = rest.strip_prefix('年')?.trim_start();
    let rest = rest.strip_prefix('年').unwrap_or(rest);
    match rest {
        "" | "内" | "度" => Some((year, false)),
        "底" | "末" | "底前" | "末前" | "底以前" | "末以前" | "底之前" | "末之前" | "终" => {
            Some((year, true))
        }
        _ => None,
    }
}

/// A node that holds a whole number of years, also where it is written as documents do.
pub(super) fn year_of(node: &Node, diags: &mut Diagnostics) -> Option<i64> {
    match text(node).and_then(year) {
        // Digits alone want no quotes, as is said.
        Some((year, _)) if text(node).is_none_or(|text| text.trim().len() != 4) => {
            Some(i64::from(year))
        }
        _ => node.integer(diags),
    }
}

/// Words that give no number where one is needed: `form` is how one is written.
pub(super) fn unsaid(node: &Node, written: &str, form: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{written}` 没有说做到多少"),
        format!("`{written}` does not say how much"),
    );
    Diagnostic::error("no-number", message)
        .label(node.span, Text::new("没有数字", "no number"))
        .note(Text::new(
            "规划没有给出数，程序也不替规划定：做到几成，须由规划者写明，并在 `source` 里注明是假设",
            "the plan gives no number, and none is made up: whoever plans says how far it goes, and in `source` that this is assumed",
        ))
        .help(Text::new(
            format!("写成带百分号的数，如 \"{form}\"；全部完成写 \"100 %\"；定不下来的写到 [tracked]，原话放在 `target`"),
            format!("write a percentage, such as \"{form}\"; \"100 %\" if all of it; what cannot be settled goes under [tracked], its words as `target`"),
        ))
}

/// Percentage points where a part of what there is is asked for.
pub(super) fn points(node: &Node, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{written}` 说的是百分点，这里要的是百分比"),
        format!("`{written}` is in percentage points; a percentage is wanted here"),
    );
    Diagnostic::error("points", message)
        .label(node.span, Text::new("百分点", "percentage points"))
        .note(Text::new(
            "占比从 60 % 降到 40 %，是降低 20 个百分点，也是降低 33.3 %：两者不能互换",
            "a share that falls from 60 % to 40 % falls by 20 points, and by 33.3 %",
        ))
        .help(Text::new(
            "写到期达到的占比，或占整个活动的比例（转移类措施的 `of_service`）；没有原来占比的，写到 [tracked]",
            "write the share that is reached, or the part of the whole service (`of_service` of a shift); where the share of today is not known, put it under [tracked]",
        ))
}

#[cfg(test)]
mod tests {
    use super::{Worded, motion, rate, share, year};

    fn number(found: Option<Worded>) -> Option<f64> {
        match found {
            Some(Worded::Number(value)) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn shares_in_words() {
        for (text, value) in [
            ("全部淘汰", 1.0),
            ("全面完成", 1.0),
            ("动态清零", 1.0),
            ("半数以上", 0.5),
            ("过半", 0.5),
            ("三分之二以上", 2.0 / 3.0),
            ("四分之三", 0.75),
        ] {
            assert_eq!(number(share(text)), Some(value), "{text}");
        }
        for text in ["基本淘汰", "基本全部完成", "大幅提升"] {
            assert!(matches!(share(text), Some(Worded::Unsaid)), "{text}");
        }
        for text in ["60 %", "百分之六十", "foo"] {
            assert!(share(text).is_none(), "{text}");
        }
    }

    #[test]
    fn growth_in_words_keeps_its_sign() {
        assert_eq!(number(rate("零增长")), Some(0.0));
        assert!(matches!(rate("负增长"), Some(Worded::Unsaid)));
        let moved = motion("年均下降3%左右");
        assert!(moved.falls && moved.yearly && !moved.rises);
        assert_eq!(moved.rest, "3%左右");
        let moved = motion("力争年均增长 5.5 %");
        assert!(moved.rises && moved.yearly && !moved.falls);
        assert_eq!(moved.rest, "5.5 %");
        assert_eq!(motion("5 %").rest, "5 %");
        assert_eq!(motion("力争 5 %").rest, "力争 5 %");
    }

    #[test]
    fn years_as_documents_write_them() {
        assert_eq!(year("2024年底"), Some((2024, true)));
        assert_eq!(year("2024 年底前"), Some((2024, true)));
        assert_eq!(year("2025年"), Some((2025, false)));
        assert_eq!(year("2025"), Some((2025, false)));
        assert_eq!(year("二零二五"), None);
        assert_eq!(year("2025x"), None);
    }
}
