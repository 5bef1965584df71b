//! The charts of a run: what goes into them. How they are drawn is
//! [`crate::chart`]'s business.

mod abatement;
mod alt;
mod balance;
mod books;
mod compare;
mod diff;
mod dots;
mod footnote;
mod indices;
mod places;
mod plates;
mod regions;
mod scenarios;
mod several;
mod slope;
mod sources;
mod synergy;
mod targets;
mod tracked;
mod wedges;

pub use abatement::abatement;
pub use balance::waterfall;
pub use books::books;
pub use compare::{comparison, ranking, trajectories};
pub use diff::{differences, steps_between};
pub use dots::dots;
pub use footnote::rests_on;
pub use indices::indices;
pub use plates::{Plate, plates};
pub use regions::{panels, tile_map};
pub use scenarios::scorecard;
pub use several::{comparing, plates_of_runs};
pub use slope::slopes;
pub use sources::by_source;
pub use synergy::synergy;
pub use targets::{headline, is_drawn, marks, not_drawn};

pub use wedges::wedges;

pub(crate) use balance::amount_of;
pub(crate) use footnote::footnote;
pub(crate) use places::{Shown, of_places, ranked, remarks, tiles, tiles_by_id};

use crate::case::Case;
use jianpai_core::text::Lang;

/// A chart file: its name and contents.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The file's name, e.g. `indices.zh.svg`.
    pub name: String,
    /// The SVG.
    pub svg: String,
}

/// Both languages of a chart.
pub(crate) fn both(name: &str, render: impl Fn(Lang) -> String) -> [Figure; 2] {
    [("zh", Lang::Zh), ("en", Lang::En)].map(|(suffix, lang)| Figure {
        name: format!("{name}.{suffix}.svg"),
        svg: render(lang),
    })
}

/// Every chart of one case.
pub fn all(case: &Case<'_>) -> Vec<Figure> {
    let plates = plates::briefing(case).into_iter();
    plates
        .flat_map(|plate| both(&plate.id, |lang| plate.chart.render(lang)))
        .collect()
}
