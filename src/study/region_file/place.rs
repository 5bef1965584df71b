//! The places that a file can be written for.

use jianpai_core::catalogue::{Catalogue, Region};
use jianpai_core::dims::RegionId;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;

/// A place that a file is written for.
#[derive(Clone, Debug)]
pub struct NewPlace {
    /// Its id, and the name of its file.
    pub id: String,
    /// Its usual name.
    pub name: Text,
    /// Its code, if it is one of the list.
    pub code: Option<String>,
    /// The region it lies in.
    pub parent: RegionId,
}

/// Why a name leads to no place.
#[derive(Clone, Debug)]
pub enum NoPlace {
    /// Nothing goes by it; the names most like it.
    Unknown(Vec<String>),
    /// Several do: ids to choose from, with what each is.
    Several(Vec<(String, Text)>),
    /// It is built in, under this id.
    BuiltIn(String),
    /// It lies elsewhere: the id of its province.
    Elsewhere(String),
}

/// The place that goes by `name`, in `parent` if that is given.
///
/// # Errors
/// Why there is none, or not one alone.
pub fn find(
    catalogue: &Catalogue,
    name: &str,
    parent: Option<RegionId>,
) -> Result<NewPlace, NoPlace> {
    let gazetteer = &catalogue.gazetteer;
    let region = |id: &str| {
        catalogue
            .regions
            .iter()
            .find(|r| !r.own && r.named.id == id)
    };
    let mut found = gazetteer.called(name, parent);
    let own: Vec<&Region> = catalogue
        .regions
        .iter()
        .filter(|r| !r.own && (r.named.id == name || r.named.name.zh == name))
        // Who names the parent means a place in it.
        .filter(|r| parent.is_none_or(|parent| r.parent == Some(parent)))
        .collect();
    if found.is_empty() {
        // 海南 is a province, and 海南藏族自治州 begins with it.
        let places = gazetteer.places.iter();
        found = places
            .filter(|p| parent.is_none_or(|parent| p.parent == parent))
            .filter(|p| !name.is_empty() && p.name.zh.starts_with(name))
            .collect();
    }
    let several =
        found.len() > 1 || (found.len() == 1 && !own.is_empty() && own[0].named.id != found[0].id);
    if several {
        let mut all: Vec<(String, Text)> = found
            .iter()
            .map(|place| {
                let parent = &catalogue.regions[place.parent.at()].named.name;
                let zh = format!("{}{}", parent.zh, place.name.zh);
                (
                    place.id.clone(),
                    Text::new(zh, format!("{}, {}", place.name.en, parent.en)),
                )
            })
            .collect();
        all.extend(
            own.iter()
                .map(|r| (r.named.id.clone(), r.named.name.clone())),
        );
        return Err(NoPlace::Several(all));
    }
    if let Some(place) = found.first() {
        if region(&place.id).is_some() {
            return Err(NoPlace::BuiltIn(place.id.clone()));
        }
        return Ok(NewPlace {
            id: place.id.clone(),
            name: Text::new(place.short.clone(), place.name.en.clone()),
            code: Some(place.code.clone()),
            parent: place.parent,
        });
    }
    if let Some(own) = own.first() {
        return Err(NoPlace::BuiltIn(own.named.id.clone()));
    }
    if let Some(place) = gazetteer.called(name, None).first() {
        let parent = &catalogue.regions[place.parent.at()].named.id;
        return Err(NoPlace::Elsewhere(parent.clone()));
    }
    Err(NoPlace::Unknown(like(catalogue, name)))
}

/// The names most like one that no place has, at most three.
fn like(catalogue: &Catalogue, name: &str) -> Vec<String> {
    let gazetteer = &catalogue.gazetteer;
    let ids = gazetteer.places.iter().map(|place| place.id.as_str());
    let mut near: Vec<String> = nearest(name, ids).into_iter().map(str::to_string).collect();
    near.extend(
        gazetteer
            .alike(name)
            .into_iter()
            .map(|place| place.short.clone()),
    );
    near.truncate(3);
    near
}

/// A place that is not in the list: its population is taken to be the mean of the places
/// of its parent until it is stated.
pub fn beyond(name: &str, parent: RegionId) -> NewPlace {
    NewPlace {
        id: name.trim().to_lowercase().replace(' ', "-"),
        name: Text::same(name.trim()),
        code: None,
        parent,
    }
}
