//! What the model's error does to a sweep, in a sentence.

use super::spread::Spread;
use crate::case::{probability, short_name};
use crate::grid::{WIDE, wrap};
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::engine::Column;

/// A share of the draws by the model alone, which holds against no record: all and none
/// are said as such.
pub(super) fn alone(share: f64) -> Text {
    if share <= 0.0 {
        Text::new("零次抽样", "no draw")
    } else if share >= 1.0 {
        Text::new("全部抽样", "all draws")
    } else {
        Text::new(
            format!(" {} 的抽样", probability(share)),
            probability(share),
        )
    }
}

/// From where to where the error moves how often each target is met; `None` where none is
/// drawn.
pub fn moves(spread: &Spread<'_>) -> Option<Text> {
    let errors = spread.sweep.reported.errors.as_ref()?;
    let name = |i: usize| {
        let target = &spread.sweep.reported.targets[i];
        let name = |id: usize| short_name(spread.catalogue, &spread.catalogue.indicators[id]);
        let own = name(target.indicator.at());
        let mut others = spread.sweep.reported.targets.iter();
        if others.any(|other| other.id != target.id && name(other.indicator.at()) == own) {
            let id = &target.id;
            Text::new(format!("{}（{id}）", own.zh), format!("{} ({id})", own.en))
        } else {
            own
        }
    };
    let moved = |name: Text, wanted: &Column| {
        let (own, with) = (spread.by_model(wanted)?, spread.count(wanted)?);
        let (own, with) = (alone(own.share), with.text());
        Some(Text::new(
            format!("{}由{}变为 {with}", name.zh, own.zh),
            format!("{} from {} to {with}", name.en, own.en),
        ))
    };
    let (known, unknown): (Vec<usize>, Vec<usize>) =
        (0..errors.targets.len()).partition(|i| errors.targets[*i].is_some());
    let mut each: Vec<Text> = known
        .iter()
        .filter_map(|i| moved(name(*i), &Column::Met(*i)))
        .collect();
    let all = Text::new("全部目标", "all targets");
    each.extend(moved(all, &Column::AllMet));
    let unknown: Vec<Text> = unknown.into_iter().map(name).collect();
    let list = |texts: &[Text], lang: Lang, word: &str| {
        let texts: Vec<&str> = texts.iter().map(|text| text.get(lang)).collect();
        texts.join(word)
    };
    let mut said = if each.is_empty() {
        Text::new(
            "模型误差不影响任何目标：没有可比的公布值",
            "The model's error moves no target: nothing was published to compare with",
        )
    } else {
        Text::new(
            format!(
                "计入模型误差（取自以往规划与公布值之差，data/model_error.csv）后，达标概率：{}",
                list(&each, Lang::Zh, "，")
            ),
            format!(
                "With the model's error (drawn from how far plans of the past were off, data/model_error.csv) the share of draws that meet a target moves: {}",
                list(&each, Lang::En, ", ")
            ),
        )
    };
    if !unknown.is_empty() && !each.is_empty() {
        said.zh += &format!(
            "；{}没有可比的公布值，仍按模型判定",
            list(&unknown, Lang::Zh, "、")
        );
        said.en += &format!(
            "; {} {} no published numbers to compare with and {} the model's verdict",
            list(&unknown, Lang::En, ", "),
            if unknown.len() == 1 { "has" } else { "have" },
            if unknown.len() == 1 { "keeps" } else { "keep" },
        );
    }
    said.zh += "；--no-model-error 可不计";
    said.en += "; --no-model-error leaves it out";
    Some(said)
}

/// The same on the terminal.
pub(super) fn text(spread: &Spread<'_>, lang: Lang) -> String {
    let said = moves(spread).map(|said| format!("  {}", said.get(lang)));
    let lines = said.map(|said| wrap(&said, WIDE)).unwrap_or_default();
    lines.into_iter().map(|line| line + "\n").collect()
}
