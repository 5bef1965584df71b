//! The text of the file, table by table.

use super::place::NewPlace;
use jianpai_core::catalogue::{Account, Book, Catalogue, StockUnit, World};
use jianpai_core::dims::{DriverId, ServiceId};
use jianpai_core::gazetteer::{By, ParentAmount, PlaceAmount, unit_name as unit};
use jianpai_core::place::{Own, Stated};
use jianpai_core::provenance::{Origin, Status};
use jianpai_core::text::{Lang, Text};
use jianpai_report::estimates::stock;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A proxy as it is written: value and whole in its unit, year, source id, status.
struct Known {
    proxy: usize,
    value: f64,
    of: f64,
    year: i32,
    source: String,
    status: Status,
    why: Text,
}

/// What the data know of a place.
fn known(catalogue: &Catalogue, place: &NewPlace) -> Vec<Known> {
    let gazetteer = &catalogue.gazetteer;
    let parent = &catalogue.regions[place.parent.at()].named.id;
    let mut all = Vec::new();
    for (at, proxy) in gazetteer.proxies.iter().enumerate() {
        let own = gazetteer.amount(&place.id, &proxy.id);
        let whole = gazetteer.amount(parent, &proxy.id);
        let (Some(whole), known) = (whole, own) else {
            continue;
        };
        let source = |amount: &PlaceAmount| {
            let origin = amount.value.origin;
            catalogue.sources[origin.source.at()].id.clone()
        };
        let of = whole.value.value / proxy.scale;
        let own = known.map(|own| (own.value.value / proxy.scale, own.value.origin.status));
        let (value, status, why, from) = match (own, proxy.until) {
            (Some((value, status)), _) => {
                // Residents of a place and of a province are counted alike, but not in one go.
                (
                    value.min(of),
                    status,
                    Text::default(),
                    known.unwrap_or(whole),
                )
            }
            (None, None) => {
                let siblings = gazetteer.places.iter();
                let count = siblings.filter(|p| p.parent == place.parent).count().max(2);
                let why = Text::new(
                    format!("假设：{count} 个地市的平均；请换成本地的数"),
                    format!("assumed: the mean of {count} places; put the place's own"),
                );
                (of / count as f64, Status::Assumed, why, whole)
            }
            (None, Some(_)) => continue,
        };
        all.push(Known {
            proxy: at,
            value,
            of,
            year: from.year,
            source: if status == Status::Assumed {
                "assumption".to_string()
            } else {
                source(from)
            },
            status,
            why,
        });
    }
    all
}

/// The place as the file will state it.
fn own(catalogue: &Catalogue, place: &NewPlace, known: &[Known]) -> Own {
    let origin = Origin {
        source: jianpai_core::dims::SourceId(0),
        status: Status::Estimated,
        file: 0,
        line: 0,
    };
    let proxies = known.iter().map(|known| {
        let scale = catalogue.gazetteer.proxies[known.proxy].scale;
        let stated = Stated {
            value: known.value * scale,
            of: Some(known.of * scale),
            origin: Origin {
                status: known.status,
                ..origin
            },
        };
        (known.proxy, stated)
    });
    Own {
        parent: place.parent,
        origin,
        proxies: proxies.collect(),
        shares: BTreeMap::new(),
        amounts: BTreeMap::new(),
        mix: BTreeMap::new(),
        growth: BTreeMap::new(),
        inventory: BTreeMap::new(),
        stocks: BTreeMap::new(),
    }
}

/// A number with at most so many decimals and no needless ones.
fn digits(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

/// An amount with four figures.
fn amount(value: f64) -> String {
    let places = (3.0 - value.abs().max(1e-6).log10().floor()).clamp(0.0, 6.0) as usize;
    digits(value, places)
}

/// What writes the file.
struct Writer<'a> {
    catalogue: &'a Catalogue,
    own: Own,
    world: World,
    parent: &'a World,
    /// The parent's name.
    whole: &'a Text,
    lang: Lang,
    out: String,
}

/// The text of the file, with comments in `lang`; `None` where the parent has no base year.
pub fn text(catalogue: &Catalogue, place: &NewPlace, lang: Lang) -> Option<String> {
    let known = known(catalogue, place);
    let own = own(catalogue, place, &known);
    let mut writer = Writer {
        world: own.world(catalogue, None)?,
        parent: catalogue.world(place.parent)?,
        whole: &catalogue.regions[place.parent.at()].named.name,
        own,
        catalogue,
        lang,
        out: String::new(),
    };
    writer.head(place);
    writer.proxies(&known);
    writer.amounts();
    writer.stocks();
    writer.inventory();
    writer.mix();
    writer.growth();
    writer.zones();
    Some(writer.out)
}

impl Writer<'_> {
    /// Adds a comment: lines in the language of the file.
    fn say(&mut self, zh: &str, en: &str) {
        for line in self.lang.pick(zh, en).lines() {
            let _ = writeln!(self.out, "# {line}");
        }
    }

    /// Adds a line with a word on it.
    fn line(&mut self, code: &str, zh: &str, en: &str) {
        let word = self.lang.pick(zh, en);
        let _ = match word {
            "" => writeln!(self.out, "{code}"),
            _ => writeln!(self.out, "{code:<44} # {word}"),
        };
    }

    fn head(&mut self, place: &NewPlace) {
        let (own, whole) = (&place.name, self.whole);
        let base = self.catalogue.base_year;
        self.say(
            &format!("{}（{}）。自定地区：由{}按占比得出，再与程序自带的地区一样校准和运算。\n以 # 开头的行是待填的数：去掉 #、写上本地的数即起作用；行末写明未填之前取什么。\n基年是 {base} 年：未另注明的，都填 {base} 年的数。写 {{ value = \"…\", source = \"文件名\", status = \"quoted\" }} 可注明出处。\njianpai check 情景.toml 列出对目标影响最大的几个估计数，先换这几个。", own.zh, place.code.as_deref().unwrap_or("无代码"), whole.zh),
            &format!("{} ({}). A region of one's own: parts of {}, then calibrated and run like any built-in region.\nLines that begin with # wait for numbers: take the # off and put the place's own; the end of the line says what is\ntaken until then. The base year is {base}: give numbers of {base} where nothing else is said. A source can be given:\n{{ value = \"…\", source = \"document\", status = \"quoted\" }}. jianpai check SCENARIO.toml says which numbers to replace first.", own.en, place.code.as_deref().unwrap_or("no code"), whole.en),
        );
        let id = &self.catalogue.regions[self.own.parent.at()].named.id;
        let _ = write!(
            self.out,
            "[region]\nid = \"{}\"\nname_zh = \"{}\"\nname_en = \"{}\"\n",
            place.id, own.zh, own.en
        );
        if let Some(code) = &place.code {
            let _ = writeln!(self.out, "code = \"{code}\"");
        }
        let _ = write!(self.out, "parent = \"{id}\"\n\n");
    }

    fn proxies(&mut self, known: &[Known]) {
        let whole = self.whole.clone();
        self.say(
            &format!("指标：本地占{}的多少由它们定。value 为本地，of 为{}，须同一年。", whole.zh, whole.zh),
            &format!("Proxies tell what part of {} lies here. value: the place; of: {}; both of one year.", whole.en, whole.en),
        );
        self.out += "[region.proxies]\n";
        for (at, proxy) in self.catalogue.gazetteer.proxies.iter().enumerate() {
            let unit = unit(&proxy.unit);
            let name = &proxy.name;
            if let Some(found) = known.iter().find(|known| known.proxy == at) {
                let code = format!(
                    "{} = {{ value = \"{} {}\", of = \"{} {}\", year = {}, source = \"{}\", status = \"{}\" }}",
                    proxy.id,
                    digits(found.value, 4),
                    unit.zh,
                    digits(found.of, 4),
                    unit.zh,
                    found.year,
                    found.source,
                    found.status.id(),
                );
                let status = found.status.name();
                let mark = found.status >= Status::Estimated;
                let (zh, en) = match (found.why.zh.as_str(), mark) {
                    ("", false) => (name.zh.clone(), name.en.clone()),
                    ("", true) => (
                        format!("{}：{}", name.zh, status.zh),
                        format!("{}: {}", name.en, status.en),
                    ),
                    (why, _) => (
                        format!("{}；{why}", name.zh),
                        format!("{}; {}", name.en, found.why.en),
                    ),
                };
                self.line(&code, &zh, &en);
                continue;
            }
            let Some(part) = self.own.part_by(self.catalogue, at) else {
                continue;
            };
            let by = part.proxy.map_or_else(Text::default, |p| {
                self.catalogue.gazetteer.proxies[p].name.clone()
            });
            let percent = digits(part.share * 100.0, 2);
            let base = self.catalogue.base_year;
            let (zh, en) = match self.own.parent_amount(self.catalogue, at) {
                Some(all) => {
                    let (own, all) = (
                        amount(part.share * all / proxy.scale),
                        amount(all / proxy.scale),
                    );
                    (
                        format!(
                            "{}，{base} 年（{} {all}）；未填前按{}占 {percent} %，即 {own} {}【估计】",
                            name.zh, whole.zh, by.zh, unit.zh
                        ),
                        format!(
                            "{}, {base} ({} {all}); until then {percent} % by {}: {own} {} [estimate]",
                            name.en, whole.en, by.en, unit.en
                        ),
                    )
                }
                None => (
                    format!(
                        "{}（须同时写 of）；未填前按{}占 {percent} %【估计】",
                        name.zh, by.zh
                    ),
                    format!(
                        "{} (with `of`); until then {percent} % by {} [estimate]",
                        name.en, by.en
                    ),
                ),
            };
            let with_of = matches!(proxy.of, ParentAmount::Stated);
            let code = if with_of {
                format!(
                    "# {} = {{ value = \"… {}\", of = \"… {}\" }}",
                    proxy.id, unit.zh, unit.zh
                )
            } else {
                format!("# {} = \"… {}\"", proxy.id, unit.zh)
            };
            self.line(&code, &zh, &en);
        }
        self.out.push('\n');
    }

    fn amounts(&mut self) {
        let base = self.catalogue.base_year;
        self.say(
            &format!("活动量，{base} 年；写了就不再按指标估计。也可写 [region.shares] steel = \"12 %\"（占上级的比例）。"),
            &format!("Amounts of {base}; one that is given is no longer told by a proxy. [region.shares] steel = \"12 %\" gives a part."),
        );
        self.out += "[region.amounts]\n";
        for (v, service) in self.catalogue.services.iter().enumerate() {
            let id = ServiceId::from_usize(v);
            let Some(By::Proxy(by)) = self.catalogue.gazetteer.by(id) else {
                continue;
            };
            // What a proxy is stands there already.
            if self.catalogue.gazetteer.proxies[by].of == ParentAmount::Service(id) {
                continue;
            }
            let (Some(part), Some(all)) =
                (self.own.part(self.catalogue, id), self.parent.demand[v])
            else {
                continue;
            };
            if all.value <= 0.0 {
                continue;
            }
            let name = &service.named.name;
            let unit = unit(&service.unit);
            let by = part.proxy.map_or_else(Text::default, |p| {
                self.catalogue.gazetteer.proxies[p].name.clone()
            });
            let (own, all) = (amount(part.share * all.value), amount(all.value));
            let percent = digits(part.share * 100.0, 2);
            let whole = self.whole;
            let (zh, en) = (
                format!(
                    "{}（{} {all}）；未填前按{}占 {percent} %，即 {own} {}【估计】",
                    name.zh, whole.zh, by.zh, unit.zh
                ),
                format!(
                    "{} ({} {all}); until then {percent} % by {}: {own} {} [estimate]",
                    name.en, whole.en, by.en, unit.en
                ),
            );
            let code = format!("# {} = \"… {}\"", service.named.id, unit.zh);
            self.line(&code, &zh, &en);
        }
        self.out.push('\n');
    }

    fn stocks(&mut self) {
        self.say(
            "存量：措施按台数、蒸吨、万辆、MW 写时用到；以下数为估计（随相应活动的占比）。",
            "Stocks, where measures speak of boilers, t/h, vehicles, MW; estimates, by the part of their service.",
        );
        self.out += "[region.stocks]\n";
        let mut lines: BTreeMap<&str, Vec<(StockUnit, f64)>> = BTreeMap::new();
        for ((group, unit), stock) in &self.world.stocks {
            lines
                .entry(group)
                .or_default()
                .push((*unit, stock.value.value));
        }
        let lines: Vec<(String, String, Text)> = lines
            .into_iter()
            .map(|(group, parts)| {
                let written: Vec<String> = parts
                    .iter()
                    .map(|(unit, value)| match unit {
                        StockUnit::SteamCapacity => format!("\"{} 蒸吨/小时\"", amount(*value)),
                        StockUnit::Items => format!("\"{} 台\"", digits(*value, 0)),
                        StockUnit::Vehicles => format!("\"{} 万辆\"", amount(*value / 1e4)),
                        StockUnit::Power => format!("\"{} MW\"", amount(*value)),
                    })
                    .collect();
                let value = match written.as_slice() {
                    [one] => one.clone(),
                    all => format!("[{}]", all.join(", ")),
                };
                let kind = parts.first().map_or(StockUnit::Items, |(unit, _)| *unit);
                (group.to_string(), value, stock(group, kind))
            })
            .collect();
        for (group, value, name) in lines {
            self.line(
                &format!("# {group} = {value}"),
                &format!("{}【估计】", name.zh),
                &format!("{} [estimate]", name.en),
            );
        }
        self.out.push('\n');
    }

    fn inventory(&mut self) {
        let base = self.catalogue.base_year;
        self.say(
            &format!("{base} 年官方排放量（环境统计），万t；可只写 total，也可只写部分类别。以下数为估计（{}的校准系数）。", self.whole.zh),
            &format!("Official emissions of {base} (environmental statistics), 1e4 t; a total alone or some classes will do.\nEstimates, by the calibration of {}.", self.whole.en),
        );
        self.out += "[region.inventory]\n";
        let mut lines = Vec::new();
        for (account, inventory) in &self.world.inventory {
            let Account::Pollutant(_, Book::Physical) = account else {
                continue;
            };
            let Some(total) = inventory.total else {
                continue;
            };
            let number = |value: f64| format!("\"{} 万t\"", digits(value / 1e4, 6));
            let mut parts = vec![format!("total = {}", number(total.amount.value))];
            for (class, value) in &inventory.classes {
                let id = &self.catalogue.classes[class.at()].named.id;
                parts.push(format!("{id} = {}", number(value.amount.value)));
            }
            let id = account.id(self.catalogue);
            lines.push(format!("# {id} = {{ {} }}", parts.join(", ")));
        }
        for line in lines {
            self.line(&line, "【估计】", "[estimate]");
        }
        self.out.push('\n');
    }

    fn mix(&mut self) {
        self.say(
            &format!(
                "各活动的工艺构成（合计 100 %）；以下为{}的，作为本地的估计。",
                self.whole.zh
            ),
            &format!(
                "Technologies of each service (100 % together); those of {}, as an estimate.",
                self.whole.en
            ),
        );
        self.out += "[region.mix]\n";
        let mut lines = Vec::new();
        for (v, service) in self.catalogue.services.iter().enumerate() {
            let used = self.world.demand[v].is_some_and(|demand| demand.value > 0.0);
            let shares = service.technologies.iter().filter_map(|k| {
                let share = self.world.shares[k.at()]?.value;
                let k = &self.catalogue.technologies[k.at()];
                let same = |other: &&jianpai_core::dims::TechnologyId| {
                    self.catalogue.technologies[other.at()].alias() == k.alias()
                };
                // Two may share an alias: `electric` of trucks and of rail.
                let alone = service.technologies.iter().filter(same).count() == 1;
                let name = if alone {
                    k.alias().to_string()
                } else {
                    format!("\"{}\"", k.named.id)
                };
                (share > 0.0).then(|| format!("{name} = \"{} %\"", digits(share * 100.0, 8)))
            });
            let shares: Vec<String> = shares.collect();
            if used && shares.len() > 1 {
                let code = format!("# {} = {{ {} }}", service.named.id, shares.join(", "));
                lines.push((code, service.named.name.clone()));
            }
        }
        self.estimates(&lines);
    }

    fn growth(&mut self) {
        self.say(
            &format!("历年增长率（之后的年份在情景的 [growth] 里写）；以下为{}的记录，作为本地的估计。", self.whole.zh),
            &format!("Growth on record (later years go in [growth] of the scenario); that of {}, as an estimate.", self.whole.en),
        );
        self.out += "[region.growth]\n";
        let mut lines = Vec::new();
        for (d, driver) in self.catalogue.drivers.iter().enumerate() {
            let id = DriverId::from_usize(d);
            let rates = self.world.growth.range((id, i32::MIN)..=(id, i32::MAX));
            let rates: Vec<String> = rates
                .map(|((_, year), (rate, _))| {
                    format!("{year} = \"{} %\"", digits(rate.value * 100.0, 4))
                })
                .collect();
            if !rates.is_empty() {
                let code = format!("# {} = {{ {} }}", driver.id, rates.join(", "));
                lines.push((code, driver.name.clone()));
            }
        }
        self.estimates(&lines);
    }

    /// Lines that hold estimates, each with what it is of.
    fn estimates(&mut self, lines: &[(String, Text)]) {
        for (code, name) in lines {
            let (zh, en) = (
                format!("{}【估计】", name.zh),
                format!("{} [estimate]", name.en),
            );
            self.line(code, &zh, &en);
        }
        self.out.push('\n');
    }

    fn zones(&mut self) {
        self.say(
            "分区：措施可只在一部分地方做（zone = \"north\"）。各分区之和不超过 100 %。\n[region.zones.north]\nname_zh = \"北部\"\nshare = \"40 %\"               # 各项活动所占\nshares = { steel = \"90 %\" }   # 与此不同的活动",
            "Zones: a measure can act in a part alone (zone = \"north\"). Zones sum to at most 100 %.\n[region.zones.north]\nname_en = \"North\"\nshare = \"40 %\"               # of every service\nshares = { steel = \"90 %\" }   # but of these",
        );
    }
}
