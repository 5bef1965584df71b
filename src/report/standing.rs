//! How a target stands, as charts, tables and sentences say it.

use jianpai_core::doubt::Grade;
use jianpai_core::text::Text;

/// How a target stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It cannot be judged: a year outside the run, a base of nothing.
    #[default]
    Open,
    /// Met, whatever the model's usual error.
    Met,
    /// Met, but by no more than the model is usually wrong.
    Within,
    /// Missed.
    Missed,
}

impl Standing {
    /// Every one of them, in the order of keys.
    pub const ALL: [Standing; 4] = [Self::Met, Self::Within, Self::Missed, Self::Open];

    /// Whether it is met, surely or within the model's error; `None` if that is open.
    pub fn met(self) -> Option<bool> {
        match self {
            Self::Open => None,
            Self::Met | Self::Within => Some(true),
            Self::Missed => Some(false),
        }
    }

    /// Of several together: missed if one is, open if one is, surely met if all are.
    /// `None` of none.
    pub fn together(all: impl IntoIterator<Item = Standing>) -> Option<Standing> {
        let rank = |standing: &Standing| match standing {
            Self::Met => 0,
            Self::Within => 1,
            Self::Open => 2,
            Self::Missed => 3,
        };
        all.into_iter().max_by_key(rank)
    }

    /// The id in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "unjudged",
            Self::Met => "met",
            Self::Within => "met-within-error",
            Self::Missed => "missed",
        }
    }

    /// In a word or two.
    pub fn words(self) -> Text {
        match self {
            Self::Open => Text::new("无法判定", "cannot be judged"),
            Self::Met => Text::new("达标", "met"),
            Self::Within => Text::new("达标，误差之内", "met, within error"),
            Self::Missed => Text::new("未达标", "missed"),
        }
    }

    /// What a mark of such a target means, for the key of a chart.
    pub fn of_target(self) -> Text {
        match self {
            Self::Open => Text::new("目标", "target"),
            other => {
                let words = other.words();
                Text::new(
                    format!("目标（{}）", words.zh),
                    format!("target, {}", words.en),
                )
            }
        }
    }
}

impl From<Grade> for Standing {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Met => Self::Met,
            Grade::MetWithinError => Self::Within,
            Grade::Missed => Self::Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Standing::{self, Met, Missed, Open, Within};

    #[test]
    fn the_worst_of_several_counts() {
        let together = |all: &[Standing]| Standing::together(all.iter().copied());
        assert_eq!(together(&[]), None);
        assert_eq!(together(&[Met, Met]), Some(Met));
        assert_eq!(together(&[Met, Within]), Some(Within));
        assert_eq!(together(&[Open, Within, Met]), Some(Open));
        assert_eq!(together(&[Missed, Open]), Some(Missed));
        assert_eq!(Within.met(), Some(true));
    }
}
