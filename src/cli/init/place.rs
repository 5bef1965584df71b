//! `jianpai init --place`: a region of one's own, and a scenario for it.

use super::super::console::Console;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::text::Lang;
use jianpai_study::region_file::{NewPlace, NoPlace, beyond, find};

/// What a name leads to.
pub(super) enum Wanted {
    /// A region that the data hold.
    BuiltIn(RegionId),
    /// One that a file is written for.
    New(NewPlace),
}

/// The place that is meant by `name`.
pub(super) fn choose(
    console: &Console,
    catalogue: &Catalogue,
    (name, parent, new): (&str, Option<RegionId>, bool),
) -> Result<Wanted, u8> {
    match find(catalogue, name, parent) {
        Ok(place) => Ok(Wanted::New(place)),
        Err(NoPlace::BuiltIn(id)) => match catalogue.region(&id) {
            Some(region) => Ok(Wanted::BuiltIn(region)),
            None => Err(console.complain(&id)),
        },
        Err(NoPlace::Unknown(_)) if new => match parent {
            Some(parent) => Ok(Wanted::New(beyond(name, parent))),
            None => Err(console.complain(console.lang.pick(
                "名录以外的地方要写上级：--parent hebei",
                "a place that is not in the list needs its parent: --parent hebei",
            ))),
        },
        Err(other) => Err(console.complain(&said(&other, name, console.lang))),
    }
}

/// Why a name leads to no place, and what to do.
fn said(why: &NoPlace, name: &str, lang: Lang) -> String {
    match why {
        NoPlace::Several(all) => {
            let listed = all.iter().map(|(id, what)| match lang {
                Lang::Zh => format!("{id}（{}）", what.zh),
                Lang::En => format!("{id} ({})", what.en),
            });
            let listed: Vec<String> = listed.collect();
            match lang {
                Lang::Zh => format!(
                    "`{name}` 可指 {}：写明是哪一个，或加 --parent",
                    listed.join("、")
                ),
                Lang::En => format!(
                    "`{name}` may mean {}: say which, or give --parent",
                    listed.join(", ")
                ),
            }
        }
        NoPlace::Elsewhere(parent) => match lang {
            Lang::Zh => format!("`{name}` 属于 {parent}：改 --parent 或不写"),
            Lang::En => format!("`{name}` lies in {parent}: change --parent or leave it out"),
        },
        NoPlace::Unknown(near) => {
            let near = near.join(lang.pick("、", ", "));
            let asked = match (lang, near.is_empty()) {
                (_, true) => String::new(),
                (Lang::Zh, _) => format!("；相近的有 {near}"),
                (Lang::En, _) => format!("; the nearest are {near}"),
            };
            match lang {
                Lang::Zh => format!(
                    "没有地级行政区 `{name}`{asked}（全部见 jianpai list places）；县区等名录以外的地方加 --new --parent 上级"
                ),
                Lang::En => format!(
                    "no prefecture-level place `{name}`{asked} (see jianpai list places); for a county or another place that is not in the list add --new --parent REGION"
                ),
            }
        }
        NoPlace::BuiltIn(id) => id.clone(),
    }
}
