//! Words that documents put around a number: 约 1.2 万台, 10 %以上, 力争达到 60 %.

/// What such words make of the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedge {
    /// Nothing: it stands alone, or with a word that changes nothing (达到, 累计).
    Plain,
    /// Nearly so much (约, 左右).
    About,
    /// So much or more (不低于, 以上).
    AtLeast,
    /// So much or less (不超过, 以内).
    AtMost,
    /// So much, if it can be had (力争).
    Wish,
}

use Hedge::{About, AtLeast, AtMost, Plain, Wish};

/// Longer ones before those that they begin with.
const BEFORE: [(&str, Hedge); 28] = [
    ("力争达到", Wish),
    ("争取达到", Wish),
    ("力争", Wish),
    ("争取", Wish),
    ("不低于", AtLeast),
    ("不少于", AtLeast),
    ("不小于", AtLeast),
    ("至少", AtLeast),
    ("≥", AtLeast),
    ("不超过", AtMost),
    ("不高于", AtMost),
    ("不大于", AtMost),
    ("控制在", AtMost),
    ("≤", AtMost),
    ("大约", About),
    ("约为", About),
    ("约", About),
    ("近", About),
    ("累计", Plain),
    ("同比下降", Plain),
    ("同比", Plain),
    ("达到", Plain),
    ("达", Plain),
    ("下降", Plain),
    ("降低", Plain),
    ("削减", Plain),
    ("减少", Plain),
    ("提高到", Plain),
];

const AFTER: [(&str, Hedge); 8] = [
    ("及以上", AtLeast),
    ("以上", AtLeast),
    ("及以下", AtMost),
    ("以下", AtMost),
    ("以内", AtMost),
    ("之内", AtMost),
    ("左右", About),
    ("上下", About),
];

/// The number with its unit, and what the words around it make of it.
pub fn strip(text: &str) -> (&str, Hedge) {
    let mut rest = text.trim();
    let mut hedge = Plain;
    let mut take = |found: Hedge| {
        if found != Plain {
            hedge = found;
        }
    };
    while let Some((word, found)) = BEFORE.iter().find(|(word, _)| rest.starts_with(word)) {
        rest = rest[word.len()..].trim_start();
        take(*found);
    }
    while let Some((word, found)) = AFTER.iter().find(|(word, _)| rest.ends_with(word)) {
        rest = rest[..rest.len() - word.len()].trim_end();
        take(*found);
    }
    (rest, hedge)
}

#[cfg(test)]
mod tests {
    use super::{Hedge, strip};

    #[test]
    fn words_around_a_number_are_read() {
        let cases = [
            ("10 %以上", "10 %", Hedge::AtLeast),
            ("不低于 8 %", "8 %", Hedge::AtLeast),
            ("约1.2万台", "1.2万台", Hedge::About),
            ("力争达到60%", "60%", Hedge::Wish),
            ("35蒸吨/小时及以下", "35蒸吨/小时", Hedge::AtMost),
            ("累计约 300 万户", "300 万户", Hedge::About),
            ("下降 10 %", "10 %", Hedge::Plain),
            ("62 万t", "62 万t", Hedge::Plain),
        ];
        for (text, number, hedge) in cases {
            assert_eq!(strip(text), (number, hedge), "{text}");
        }
    }
}
