//! From a layout to a page: charts with more on them than a page of a fixed shape holds
//! are laid out on a larger one of the same shape.

use jianpai_core::text::Lang;

use super::look::{Chart, Look, Paper};
use super::sheet::Finished;

/// Times that a page is made larger before its chart is centred on it.
const TRIES: usize = 6;

/// Lays a chart out on a page of the look.
pub(super) fn fit(look: Look, layout: impl Fn(Paper) -> Finished) -> Finished {
    let mut paper = Paper::of(look);
    let mut done = layout(paper);
    let Some(ratio) = look.format.ratio() else {
        return done;
    };
    for _ in 0..TRIES {
        let wanted = done.size.1 * ratio;
        if wanted <= done.size.0 + 0.5 {
            break;
        }
        paper.width = wanted.ceil();
        done = layout(paper);
    }
    done
}

/// Makes types with a `layout` into charts.
macro_rules! charts {
    ($($chart:ident),* $(,)?) => {$(
        impl Chart for super::$chart {
            fn draw(&self, lang: Lang, look: Look) -> String {
                fit(look, |paper| self.layout(lang, paper)).svg
            }
        }
    )*};
}

charts!(
    AreaChart,
    Abatement,
    Coverage,
    LevelRanges,
    PriceBars,
    RegionPanels,
    ScenarioCard,
    TileMap,
    TradeOff,
    Attainment,
    Cascades,
    Comparison,
    IndexPanels,
    LineChart,
    OptionCard,
    PairedBars,
    Quadrants,
    ResponseMap,
    SlopeChart,
    Strip,
    TargetDots,
    Tornado,
    VarianceShares,
    Waterfall,
);
