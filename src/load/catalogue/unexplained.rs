//! Official amounts that no technology emits, in the data or in an own inventory.

use crate::diag::Diagnostic;
use jianpai_core::calibrate::Unexplained;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::Text;

/// An official amount that no technology emits, without its place.
pub(crate) fn unexplained(catalogue: &Catalogue, found: &Unexplained) -> Diagnostic {
    let account = found.account.id(catalogue);
    let class = found
        .class
        .map_or("total", |c| catalogue.classes[c.at()].named.id.as_str());
    let amount = found.official.value;
    let message = Text::new(
        format!("清单中 `{class}` 的 {account} 为 {amount:.0} t，但本地区没有产生它的工艺"),
        format!(
            "the inventory has {amount:.0} t of {account} in `{class}`, but no technology of the region emits any"
        ),
    );
    Diagnostic::error("unexplained", message).help(Text::new(
        "改到有活动量的类别，或在 activity.csv、shares.csv、factors.csv 补上该类别的活动与因子",
        "move it to a class with activity, or add activity, shares and factors for this class",
    ))
}
