//! Text that is measured, wrapped and marked up without a font at hand.

use jianpai_core::plain::steers;

/// Fonts asked for, best first. All have Chinese; the last resort is the viewer's.
pub(super) const FONTS: &str = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif";

/// The narrowest character, lowered, in em.
const NARROWEST: f64 = 0.224 * SUB_SIZE;

/// Characters of one text that are laid out; names may be as long as a book.
const LONGEST: usize = 1_000;

/// Size of a subscript against the text it stands in.
pub(super) const SUB_SIZE: f64 = 0.72;
/// How far a subscript is lowered, in em of the text it stands in.
pub(super) const SUB_DROP: f64 = 0.18;

/// Rounding allowed when a text is as wide as its room.
const SLACK: f64 = 1e-6;

/// Advances of U+0020..U+007E in Noto Sans CJK SC Regular, in 1/1000 em.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555,
    555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589,
    552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573,
    531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552,
    284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
];

/// The same of Noto Sans CJK SC Bold.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590,
    590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514, 1007, 641, 681, 656, 714, 615,
    585, 717, 757, 330, 568, 686, 578, 853, 749, 770, 667, 770, 682, 624, 625, 748, 619, 915, 627,
    580, 613, 378, 387, 378, 590, 567, 626, 591, 644, 527, 644, 581, 372, 597, 640, 304, 306, 604,
    315, 964, 641, 626, 644, 644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590,
];

/// A stretch of text on one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The characters.
    pub text: String,
    /// Lowered and smaller.
    pub sub: bool,
}

/// Advance of a character in em.
fn advance(c: char, bold: bool) -> f64 {
    let table = if bold { &BOLD } else { &REGULAR };
    let code = c as usize;
    match code {
        0x20..=0x7e => f64::from(table[code - 0x20]) / 1000.0,
        0x2212 => f64::from(table[usize::from(b'+' - b' ')]) / 1000.0,
        0x2010..=0x2013 => 0.56,
        0xb0 | 0xb2 | 0xb3 | 0xb9 => 0.43,
        0xc0..=0x24f if code != 0xd7 && code != 0xf7 => 0.8,
        0x370..=0x52f => 0.8,
        _ => 1.0,
    }
}

/// Width of one line in px, subscripts counted as drawn.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    runs(text)
        .iter()
        .map(|run| {
            let scale = if run.sub { SUB_SIZE } else { 1.0 };
            let em: f64 = run.text.chars().map(|c| advance(c, bold)).sum();
            em * size * scale
        })
        .sum()
}

/// Formulas whose digits (and x) are subscripts.
const FORMULAS: [&str; 12] = [
    "CO2", "SO2", "NO2", "N2O", "NH3", "CH4", "NOx", "SOx", "PM2.5", "PM10", "SF6", "O3",
];

/// The formula that starts at `at`, if one does.
fn formula_at(chars: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|index| chars[index]);
    if before.is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        return None;
    }
    FORMULAS.into_iter().find_map(|formula| {
        let end = at + formula.chars().count();
        let same = formula
            .chars()
            .zip(chars.get(at..end)?)
            .all(|(a, &b)| a == b);
        let after = chars.get(end).copied();
        let open = match after {
            Some('e') if formula == "CO2" => {
                !chars.get(end + 1).is_some_and(char::is_ascii_alphanumeric)
            }
            Some(c) => !c.is_ascii_alphanumeric(),
            None => true,
        };
        (same && open).then_some(end)
    })
}

/// The plain character of a Unicode subscript.
fn lowered(c: char) -> Option<char> {
    match c {
        '\u{2080}'..='\u{2089}' => char::from_digit(u32::from(c) - 0x2080, 10),
        '\u{2093}' => Some('x'),
        _ => None,
    }
}

/// Splits text into runs: the digits of CO2, NH3, PM2.5 … and the x of `NOx` are
/// lowered, as are Unicode subscripts, which most Chinese fonts do not have.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Run> = Vec::new();
    let mut push = |c: char, sub: bool| match out.last_mut() {
        Some(run) if run.sub == sub => run.text.push(c),
        _ => out.push(Run {
            text: c.to_string(),
            sub,
        }),
    };
    let mut at = 0;
    while at < chars.len() {
        if let Some(end) = formula_at(&chars, at) {
            for &c in &chars[at..end] {
                push(c, c.is_ascii_digit() || c == '.' || c == 'x');
            }
            at = end;
        } else {
            let c = chars[at];
            push(lowered(c).unwrap_or(c), lowered(c).is_some());
            at += 1;
        }
    }
    out
}

/// Straight quotes in text without Chinese: the curly ones are a full em wide in
/// Chinese fonts. Control characters become spaces, what turns the direction of writing
/// or cannot be seen is dropped, and what is too long to be read is cut.
pub(super) fn tidy(text: &str) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        return tidy(&text[..end]) + "…";
    }
    let chinese = text.chars().any(wide);
    text.chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' if !chinese => '\'',
            '\u{201c}' | '\u{201d}' if !chinese => '"',
            '\n' => '\n',
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => ' ',
            c => c,
        })
        .filter(|c| *c == '\n' || !steers(*c))
        .collect()
}

/// Escapes text for XML; what XML forbids is dropped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c if steers(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Chinese, Japanese and full-width characters: lines may break beside them.
fn wide(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x9fff | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x2_0000..=0x3_ffff)
}

/// May not start a line.
fn no_start(c: char) -> bool {
    "，。、；：！？）】》」』〉”’％%…·—～,.;:!?)]".contains(c)
}

/// May not end a line.
fn no_end(c: char) -> bool {
    "（【《「『〈“‘([".contains(c)
}

/// Words of the field that a line should not cut in two.
const WORDS: &str = "治理 污水 排放 改造 污染 行业 淘汰 重点 锅炉 超低 蒸吨 以下 以上 燃煤 下降 工业 \
    处理 利用 货车 客车 提高 更新 整治 提标 综合 环境 比例 生活 设施 氧化 钢铁 能源 道路 机械 因子 \
    方案 替代 完成 达标 节能 降碳 农村 养殖 建成 脱硝 脱硫 流域 粪污 移动 安全 城市 城镇 生态 断面 \
    柴油 份额 稀释 铁路 增长 增速 偏离 收集 水泥 炉窑 空气 质量 企业 退出 自然 货运 客运 清洁 汽车 浓度 \
    集中 建设 机组 控制 总量 继续 氨氮 单位 散煤 焦炉 焦化 河流 园区 资源 消费 生物 试点 烟气 化工 火电 \
    煤电 规模 取暖 全面 煤炭 面源 平均 覆盖 监管 许可 防治 金属 耕地 秸秆 县级 涂装 占比 电炉 耗能 \
    提前 提质 增效 强度 目标 情景 基年 数据 来源 公布 推算 估计 假设";

/// Whether two neighbours make a word of the field.
fn is_word(a: char, b: char) -> bool {
    let mut words = WORDS.split_whitespace();
    words.any(|word| word.chars().eq([a, b]))
}

/// Whether a line may end between two neighbours.
fn may_break(a: char, b: char) -> bool {
    if a == ' ' {
        return b != ' ';
    }
    if b == ' ' || no_start(b) || no_end(a) {
        return false;
    }
    let counted = a.is_ascii_digit() && "年月日万亿千吨元项个家台辆户座人".contains(b);
    (wide(a) || wide(b)) && !counted && !is_word(a, b)
}

/// Pieces that stay together.
fn atoms(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut atom = String::new();
    let mut last = None;
    for c in text.chars() {
        if last.is_some_and(|a| may_break(a, c)) {
            out.push(std::mem::take(&mut atom));
        }
        atom.push(c);
        last = Some(c);
    }
    out.push(atom);
    out
}

/// Wraps to lines of at most `room` px. Breaks at spaces and beside Chinese
/// characters, keeps common words of the field in one piece, numbers with their unit
/// and closing marks off the line start; only a word wider than a whole line is cut.
pub(super) fn wrap(text: &str, size: f64, bold: bool, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in tidy(text).split('\n') {
        let mut line = String::new();
        for atom in atoms(paragraph) {
            let longer = format!("{line}{atom}");
            if width(longer.trim_end(), size, bold) <= room + SLACK {
                line = longer;
                continue;
            }
            if !line.trim().is_empty() {
                lines.push(line.trim().to_owned());
            }
            line = String::new();
            for c in atom.chars() {
                let longer = format!("{line}{c}");
                if !line.is_empty() && width(longer.trim_end(), size, bold) > room + SLACK {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        if !line.trim().is_empty() {
            lines.push(line.trim().to_owned());
        }
    }
    lines
}

/// [`wrap`] with lines of about the same length, so that no last line is a single word.
pub(super) fn wrap_even(text: &str, size: f64, bold: bool, room: f64) -> Vec<String> {
    let lines = wrap(text, size, bold, room);
    if lines.len() < 2 || text.contains('\n') {
        return lines;
    }
    let (mut lo, mut hi) = (room / lines.len() as f64 * 0.5, room);
    let mut best = lines;
    for _ in 0..10 {
        let mid = f64::midpoint(lo, hi);
        let tried = wrap(text, size, bold, mid);
        if tried.len() <= best.len() && !cuts_a_word(text, &tried) {
            best = tried;
            hi = mid;
        } else {
            lo = mid;
        }
    }
    best
}

/// Two lines that meet at a pause of the sentence, if both fit and are not too uneven.
pub(super) fn at_a_pause(text: &str, size: f64, bold: bool, room: f64) -> Option<[String; 2]> {
    let line = tidy(text);
    let pause = |(index, c): (usize, char)| {
        let end = index + c.len_utf8();
        let spaced = line[end..].starts_with(' ');
        ("，；：。".contains(c) || (spaced && ",;:.".contains(c))).then_some(end)
    };
    let measured = line.char_indices().filter_map(pause).filter_map(|end| {
        let (one, two) = (line[..end].trim(), line[end..].trim());
        let (a, b) = (width(one, size, bold), width(two, size, bold));
        let fits = a.max(b) <= room + SLACK && a.min(b) >= 0.3 * a.max(b);
        fits.then(|| (a.max(b), [one.to_owned(), two.to_owned()]))
    });
    let best = measured.reduce(|best, other| if other.0 < best.0 { other } else { best });
    best.map(|(_, lines)| lines)
}

/// Whether some line was ended inside a piece that should stay together.
pub(super) fn cuts_a_word(text: &str, lines: &[String]) -> bool {
    let tidied = tidy(text);
    let starts: Vec<String> = atoms(&tidied)
        .iter()
        .map(|atom| atom.trim().to_owned())
        .collect();
    let mut index = 0;
    for line in lines {
        let mut rest = line.as_str();
        while !rest.is_empty() {
            while starts.get(index).is_some_and(String::is_empty) {
                index += 1;
            }
            match starts
                .get(index)
                .and_then(|atom| rest.strip_prefix(atom.as_str()))
            {
                Some(tail) => rest = tail.trim_start(),
                None => return true,
            }
            index += 1;
        }
    }
    false
}

/// Cuts a line to `room` px with an ellipsis, the last resort.
pub(super) fn fit(text: &str, size: f64, bold: bool, room: f64) -> String {
    let line = tidy(text).replace('\n', " ");
    if width(&line, size, bold) <= room + SLACK {
        return line;
    }
    let chars: Vec<char> = line.chars().collect();
    let cut = |kept: usize| {
        chars[..kept]
            .iter()
            .collect::<String>()
            .trim_end()
            .to_owned()
            + "…"
    };
    // No character is narrower than this, so no more of them fit.
    let mut kept = chars.len().min((room / (size * NARROWEST)) as usize + 1);
    while kept > 0 {
        let short = cut(kept);
        if width(&short, size, bold) <= room + SLACK {
            return short;
        }
        kept -= 1;
    }
    String::new()
}

/// At most `most` lines; the last one is cut when there is more.
pub(super) fn lines(text: &str, size: f64, bold: bool, room: f64, most: usize) -> Vec<String> {
    let even = wrap_even(text, size, bold, room);
    if even.len() > most {
        cut_to(wrap(text, size, bold, room), size, bold, room, most)
    } else {
        even
    }
}

/// [`lines`] filled from the left, for prose; where little would be left over for the
/// last of them, they part at a pause or are about as long as each other.
pub(super) fn lines_greedy(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let all = wrap(text, size, false, room);
    let last = all.last().map_or(room, |line| width(line, size, false));
    if (2..=most).contains(&all.len()) && last < 0.2 * room {
        let two = at_a_pause(text, size, false, room).filter(|_| all.len() == 2);
        return two.map_or_else(|| wrap_even(text, size, false, room), Vec::from);
    }
    cut_to(all, size, false, room, most)
}

/// Keeps `most` lines; what is left over ends in an ellipsis.
fn cut_to(mut all: Vec<String>, size: f64, bold: bool, room: f64, most: usize) -> Vec<String> {
    let keep = most.max(1) - 1;
    if all.len() > most {
        let rest = all[keep..].join(" ");
        all.truncate(keep);
        all.push(fit(&rest, size, bold, room));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_one_em_and_ascii_is_from_the_table() {
        assert!((width("减排", 10.0, false) - 20.0).abs() < 1e-9);
        assert!((width("0", 1000.0, false) - 555.0).abs() < 1e-9);
        assert!(width("Wm", 10.0, true) > width("Wm", 10.0, false));
    }

    #[test]
    fn formulas_are_lowered_and_words_are_not() {
        let subs = |text: &str| -> Vec<String> {
            runs(text)
                .into_iter()
                .filter(|run| run.sub)
                .map(|run| run.text)
                .collect()
        };
        assert_eq!(subs("SO2与NOx、NH3-N"), ["2", "x", "3"]);
        assert_eq!(subs("CO₂、tCO2/tce、CO2e"), ["2", "2", "2"]);
        assert_eq!(subs("PM2.5 PM10"), ["2.5", "10"]);
        assert!(subs("SO2A XCO2 2O3 ISO2020 CO2050").is_empty());
        let joined: String = runs("SO₂").into_iter().map(|r| r.text).collect();
        assert_eq!(joined, "SO2");
    }

    #[test]
    fn escaping_covers_xml_and_control_characters() {
        assert_eq!(escape("a<b>&\"'\u{1}"), "a&lt;b&gt;&amp;&quot;&#39; ");
        assert_eq!(escape("a\u{202e}b\u{1b}[31m\u{feff}"), "ab [31m");
        assert_eq!(tidy("a\u{202e}b\n"), "ab\n");
    }

    #[test]
    fn wrapping_keeps_punctuation_and_numbers() {
        let text =
            "到2020年二氧化硫排放量下降15.3%，其中燃煤锅炉淘汰贡献7.2个百分点（约5.3万吨）。";
        for room in [60, 80, 100, 120, 200] {
            let lines = wrap(text, 14.0, false, f64::from(room));
            assert_eq!(lines.concat(), text);
            for line in &lines {
                assert!(width(line, 14.0, false) <= f64::from(room), "{line}");
                let first = line.chars().next().unwrap_or(' ');
                let last = line.chars().last().unwrap_or(' ');
                assert!(!no_start(first) && !no_end(last), "{lines:?}");
            }
            assert!(lines.iter().any(|line| line.contains("2020年")));
        }
    }

    #[test]
    fn english_breaks_at_spaces_and_cuts_only_giants() {
        let lines = wrap(
            "Ultra-low emission retrofit of coal power",
            12.0,
            false,
            110.0,
        );
        assert!(
            lines
                .iter()
                .all(|line| !line.starts_with(' ') && !line.ends_with(' '))
        );
        assert_eq!(lines.join(" "), "Ultra-low emission retrofit of coal power");
        let giant = wrap(&"x".repeat(100), 12.0, false, 50.0);
        assert!(giant.len() > 10 && giant.concat().len() == 100);
        assert!(wrap("", 12.0, false, 50.0).is_empty());
    }

    #[test]
    fn lines_do_not_cut_words_of_the_field() {
        let text = "陕北县级以上建成区基本淘汰 10 蒸吨/时以下燃煤锅炉，提标改造污水处理设施";
        for room in 45..300 {
            let lines = wrap(text, 14.0, false, f64::from(room));
            for (line, next) in lines.iter().zip(&lines[1..]) {
                let ends = line.chars().last().zip(next.chars().next());
                assert!(!ends.is_some_and(|(a, b)| is_word(a, b)), "{lines:?}");
            }
        }
    }

    #[test]
    fn even_wrapping_leaves_no_orphan() {
        let lines = wrap_even("燃煤小锅炉淘汰改造", 13.0, false, 110.0);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].chars().count() >= 4, "{lines:?}");
    }

    #[test]
    fn headlines_break_at_a_pause() {
        let lines = at_a_pause(
            "五项指标中三项可达标，氨氮与氮氧化物尚差",
            20.0,
            true,
            300.0,
        );
        assert_eq!(
            lines,
            Some([
                "五项指标中三项可达标，".to_owned(),
                "氨氮与氮氧化物尚差".to_owned()
            ])
        );
        assert_eq!(
            at_a_pause("1,859 and 2.5 no pause", 20.0, true, 300.0),
            None
        );
    }

    #[test]
    fn too_much_text_ends_in_an_ellipsis() {
        let text = "很长的标题".repeat(40);
        let cut = lines(&text, 22.0, true, 300.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && width(&cut[1], 22.0, true) <= 300.0);
    }

    #[test]
    fn curly_quotes_stay_only_with_chinese() {
        assert_eq!(tidy("the province’s"), "the province's");
        assert_eq!(tidy("“十三五”"), "“十三五”");
    }
}
