//! Observed values, their calibres, and the splices between calibres.
//!
//! Progress is published as a reduction on the base year, or on another observed year
//! (`base_year`, see [`super::chained`]), or as an amount. An amount counts only against a
//! base of the same calibre; a splice carries it there.

use super::chained::{self, Draft, Link};
use super::decode::Decoder;
use super::fields::{one_of_like, within};
use super::head::Head;
use super::names::{Known, unknown};
use super::percent::{number, reduction};
use crate::diag::{Diagnostic, Diagnostics, Span, beside};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::calibre::{Calibred, Mixed, Splice};
use jianpai_core::catalogue::{Book, InventoryValue, Named, World};
use jianpai_core::dims::{CalibreId, IndicatorId};
use jianpai_core::scenario::Observation;
use jianpai_core::text::Text;

/// The calibre of published progress against the data's own base year; that of a later one
/// ends in its year.
const FIXED_BASE: &str = "mee-fixed-base";

/// The splices of a scenario, and which of them were used.
#[derive(Debug, Default)]
pub(super) struct Splices {
    pub(super) all: Vec<Splice>,
    keys: Vec<Span>,
    used: Vec<bool>,
}

impl Splices {
    /// `number` of `indicator` carried to the calibre `to`, and by which splice.
    pub(super) fn carry(
        &mut self,
        indicator: IndicatorId,
        number: Calibred,
        to: CalibreId,
    ) -> Option<(Calibred, usize)> {
        let mut all = self.all.iter().enumerate();
        let (at, there) = all.find_map(|(i, s)| Some((i, s.carry(indicator, number, to)?)))?;
        self.used[at] = true;
        Some((there, at))
    }

    /// A splice that nothing passes is probably a slip.
    pub(super) fn unused(&self, diags: &mut Diagnostics) {
        let idle = self.all.iter().zip(&self.keys).zip(&self.used);
        for ((splice, key), _) in idle.filter(|(_, used)| !**used) {
            let message = Text::new(
                format!("衔接 `{}` 没有用上", splice.id),
                format!("nothing uses the splice `{}`", splice.id),
            );
            diags.push(
                Diagnostic::warning("splice-unused", message)
                    .label(*key, Text::new("未用", "not used"))
                    .help(Text::new(
                        "检查指标与两端口径是否与观测值、基年一致；不需要就删去",
                        "see whether its indicator and calibres are those of the observed value and the base year; else take it out",
                    )),
            );
        }
    }
}

/// A published amount, where it stands, and the base it is to be set against.
struct Clash<'b> {
    mixed: Mixed,
    /// The base year.
    year: i32,
    indicator: IndicatorId,
    node: &'b Node,
    base: &'b InventoryValue,
}

impl Decoder<'_, '_> {
    /// Reads `[splice.*]`.
    pub(super) fn splices(&self, table: &TableNode, diags: &mut Diagnostics) -> Splices {
        let mut found = Splices::default();
        for (key, node) in &table.entries {
            let Some(entry) = node.table(diags) else {
                continue;
            };
            if let Some(splice) = self.splice(key, entry, diags) {
                let ends = |s: &Splice| (s.indicator, s.from.min(s.to), s.from.max(s.to));
                let twice = found.all.iter().position(|s| ends(s) == ends(&splice));
                if let Some(first) = twice {
                    let message = Text::new(
                        "这两个口径之间已有衔接",
                        "there is a splice between these calibres already",
                    );
                    diags.push(
                        Diagnostic::error("splice", message)
                            .label(key.span, Text::new("又一个", "the second"))
                            .label(found.keys[first], Text::new("已有", "the first"))
                            .help(Text::new("只留一个", "keep one of them")),
                    );
                    continue;
                }
                found.all.push(splice);
                found.keys.push(key.span);
                found.used.push(false);
            }
        }
        found
    }

    fn splice(&self, key: &Key, entry: &TableNode, diags: &mut Diagnostics) -> Option<Splice> {
        let what = Text::same(format!("[splice.{}]", key.name));
        let mut reader = Reader::new(entry, what);
        let indicator = reader.required("indicator");
        let indicator = indicator.and_then(|node| self.indicator(node, reader.diags()));
        let from = reader.required("from");
        let from = from.and_then(|node| self.calibre(node, reader.diags()));
        let to_node = reader.required("to");
        let to = to_node.and_then(|node| self.calibre(node, reader.diags()));
        let factor_node = reader.required("factor");
        let factor = factor_node.and_then(|node| {
            let factor = node.number(reader.diags())?;
            if factor > 0.0 {
                return Some(factor);
            }
            let message = Text::new("系数应为正数", "the factor must be above zero");
            reader.push(
                Diagnostic::error("splice", message)
                    .label(node.span, Text::new("不是正数", "not above zero"))
                    .help(Text::new(
                        "系数 = 同一对象 to 口径的数 ÷ from 口径的数，如 2.1",
                        "the factor is the number in `to` over that in `from` for the same thing, such as 2.1",
                    )),
            );
            None
        });
        let year = reader
            .opt_integer("year")
            .and_then(|year| i32::try_from(year).ok());
        let source = reader.string("source").map(str::to_string);
        if let (Some(from), Some(to), Some(node)) = (from, to, to_node)
            && from == to
        {
            let message = Text::new("两端是同一口径", "both ends are the same calibre");
            reader.push(
                Diagnostic::error("splice", message)
                    .label(node.span, Text::new("与 from 相同", "the same as `from`"))
                    .help(Text::new(
                        "同一口径无需衔接：删去，或改正其中一端",
                        "one calibre needs no splice: take it out, or correct one end",
                    )),
            );
            reader.finish(diags);
            return None;
        }
        reader.finish(diags);
        Some(Splice {
            id: key.name.clone(),
            indicator: indicator?,
            from: from?,
            to: to?,
            factor: factor?,
            year,
            source: source?,
        })
    }

    /// A calibre by its id.
    pub(super) fn calibre(&self, node: &Node, diags: &mut Diagnostics) -> Option<CalibreId> {
        let name = node.string(diags)?;
        let found = self.catalogue.calibre(name);
        if found.is_none() {
            let known = Known::all(&self.catalogue.calibres);
            let what = Text::new("口径", "calibre");
            diags.push(unknown(&what, name, node.span, &known, Some("calibres")));
        }
        found
    }

    /// Reads `[observed.*]`.
    pub(super) fn observed(
        &self,
        table: &TableNode,
        head: &Head,
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> Vec<Observation> {
        let mut found = Vec::new();
        for (key, node) in &table.entries {
            let Some(entry) = node.table(diags) else {
                continue;
            };
            found.extend(self.observation(key, entry, head, (world, splices), diags));
        }
        let all = found.len() == table.entries.len();
        chained::carried(self.catalogue, found, (all, head.base_year), diags)
    }

    fn observation(
        &self,
        key: &Key,
        entry: &TableNode,
        head: &Head,
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> Option<Draft> {
        let what = format!("[observed.{}]", key.name);
        let mut reader = Reader::new(entry, Text::same(what));
        let indicator = reader.required("indicator");
        let indicator = indicator.and_then(|node| {
            let id = self.indicator(node, reader.diags())?;
            self.observable(id, node, reader.diags())
        });
        let book = reader.optional("book");
        let year = reader.required("year");
        let year = year.and_then(|node| within(node, head, head.base_year + 1, reader.diags()));
        let calibre_node = reader.optional("calibre");
        let calibre = calibre_node.and_then(|node| self.calibre(node, reader.diags()));
        let nodes = ["reduction", "value"].map(|key| (key, reader.optional(key)));
        let examples = [
            "reduction = \"11.5 %\"".to_string(),
            "value = \"96.3 万t\", calibre = \"census-2017\"".to_string(),
        ];
        let said = one_of_like(&nodes, key.span, &examples, &mut reader);
        let base_node = reader.optional("base_year");
        let own = (year, calibre_node.map(|node| node.span));
        let link = chained::link(base_node, said, own, head, &mut reader);
        let source = reader.opt_string("source").map(str::to_string);
        let own = indicator.and_then(|id| {
            let account = self.catalogue.indicators[id.at()].kind.inventoried()?;
            world?.inventory.get(&account.official())
        });
        let base = own.and_then(|own| own.total);
        let from = own.and_then(|own| own.year);
        let from = from.unwrap_or(self.catalogue.base_year);
        let readable = calibre.is_some() || calibre_node.is_none();
        let progress = match (said, indicator) {
            (Some(("reduction", node)), Some(_)) if readable => {
                let cut = reduction(node, reader.diags());
                let given = calibre.zip(calibre_node);
                let calibre = match link {
                    // That of the year it counts from, unless it says otherwise.
                    Some(Some(_)) => Some(calibre.unwrap_or(CalibreId(0))),
                    _ => self.of_reduction(given, (base.as_ref(), head), reader.diags()),
                };
                cut.zip(calibre)
                    .map(|(cut, calibre)| (cut, calibre, None, None))
            }
            (Some(("value", node)), Some(id)) if readable => {
                let base = base.as_ref().filter(|_| from == head.base_year);
                let projected = (from != head.base_year).then_some(from);
                let base = (base, world.is_some(), projected, head.base_year);
                self.of_value(id, (node, calibre), base, splices, &mut reader)
            }
            _ => None,
        };
        // Published progress is fixed-base accounting; an amount is of the statistics.
        let usual = match &progress {
            Some((_, calibre, ..)) => self.catalogue.book_of(*calibre),
            None => Book::Physical,
        };
        let kept = indicator.and_then(|id| self.in_book(id, book, usual, reader.diags()));
        let indicator = kept.map(|(id, _)| id);
        reader.finish(diags);
        let (reduction, calibre, amount, splice) = progress?;
        Some(Draft {
            seen: Observation {
                indicator: indicator?,
                year: year?,
                reduction,
                calibre,
                amount,
                splice,
                source,
            },
            link: link?.map(|link| Link {
                book: book.is_some(),
                ..link
            }),
        })
    }

    /// The calibre of a published reduction: fixed-base accounting unless it says
    /// otherwise; it must be one that counts from this base.
    fn of_reduction(
        &self,
        given: Option<(CalibreId, &Node)>,
        (base, head): (Option<&InventoryValue>, &Head),
        diags: &mut Diagnostics,
    ) -> Option<CalibreId> {
        let fixed_id = if head.rebased {
            format!("{FIXED_BASE}-{}", head.base_year)
        } else {
            FIXED_BASE.to_string()
        };
        let fixed = self.catalogue.calibre(&fixed_id);
        let usual = fixed
            .or(base.map(|base| base.calibre))
            .unwrap_or(CalibreId(0));
        let Some((calibre, node)) = given else {
            return Some(usual);
        };
        let base = base.filter(|base| Some(calibre) != fixed && calibre != base.calibre);
        let Some(base) = base else {
            return Some(calibre);
        };
        let (own, of_base) = (self.named(calibre), self.named(base.calibre));
        let message = Text::new(
            format!(
                "降幅是“{}”，基年是“{}”：不是从这个基数算起的",
                own.zh, of_base.zh
            ),
            format!(
                "the reduction is of \"{}\", the base year of \"{}\": it does not count from this base",
                own.en, of_base.en
            ),
        );
        diags.push(self.at_base(
            Diagnostic::error("calibre-mixed", message)
                .label(node.span, Text::new("另一口径", "another calibre")),
            base,
        ).help(Text::new(
            format!("用公布的较基年降幅（calibre = \"{fixed_id}\"，可省略），或写绝对量 value 并声明 [splice.*]"),
            format!("give the published reduction on the base year (calibre = \"{fixed_id}\", which may be left out), or an amount as `value` with a [splice.*]"),
        )));
        None
    }

    /// A published amount as a reduction on the base year.
    #[allow(clippy::type_complexity)]
    fn of_value(
        &self,
        id: IndicatorId,
        (node, calibre): (&Node, Option<CalibreId>),
        (base, has_world, projected, year): (Option<&InventoryValue>, bool, Option<i32>, i32),
        splices: &mut Splices,
        reader: &mut Reader<'_>,
    ) -> Option<(f64, CalibreId, Option<Calibred>, Option<usize>)> {
        let amount = self.amount(node, id, reader.diags());
        let Some(calibre) = calibre else {
            let message = Text::new("绝对量须写明口径 calibre", "an amount needs its `calibre`");
            reader.push(
                Diagnostic::error("missing-key", message)
                    .label(node.span, Text::new("没有口径", "of which calibre?"))
                    .help(Text::new(
                        "如 calibre = \"census-2017\"；全部口径见 jianpai list calibres",
                        "write for example calibre = \"census-2017\"; see jianpai list calibres",
                    )),
            );
            return None;
        };
        let own = Calibred {
            value: amount?,
            calibre,
        };
        let Some(base) = base else {
            if has_world {
                let message = match projected {
                    Some(from) => Text::new(
                        format!(
                            "该指标没有 {year} 年官方总量（由 {from} 年口径推算），绝对量无从比较"
                        ),
                        format!(
                            "this indicator has no official total of {year} to set an amount against: it is projected from {from}"
                        ),
                    ),
                    None => Text::new(
                        "该指标没有官方基年总量，绝对量无从比较",
                        "this indicator has no official base-year total to set an amount against",
                    ),
                };
                reader.push(
                    Diagnostic::error("no-base", message)
                        .label(
                            node.span,
                            Text::new("无可比的基数", "nothing to compare with"),
                        )
                        .help(Text::new(
                            "改写降幅 reduction，或在自有清单 inventory 中给出总量",
                            "give a `reduction`, or a total in an inventory of your own",
                        )),
                );
            }
            return None;
        };
        let (own_or_carried, splice) = match own.comparable(base.calibred()) {
            Ok(()) => (own, None),
            Err(mixed) => {
                let Some((there, at)) = splices.carry(id, own, base.calibre) else {
                    let clash = Clash {
                        mixed,
                        year,
                        indicator: id,
                        node,
                        base,
                    };
                    reader.push(self.clash(&clash));
                    return None;
                };
                (there, Some(at))
            }
        };
        let ratio = own_or_carried.ratio(base.calibred()).ok()?;
        Some((1.0 - ratio, calibre, Some(own), splice))
    }

    /// Two calibres in one quotient: where each stands, what would wrongly come out.
    fn clash(&self, clash: &Clash<'_>) -> Diagnostic {
        let Mixed { own, base } = clash.mixed;
        let indicator = &self.catalogue.indicators[clash.indicator.at()].named;
        let (name, of_base) = (self.named(own.calibre), self.named(base.calibre));
        let ids = [own, base].map(|c| &self.catalogue.calibres[c.calibre.at()].id);
        let change = number(clash.mixed.artefact() * 100.0);
        let message = Text::new(
            format!(
                "{} 的观测值是“{}”，基年是“{}”：两个口径不能相比",
                indicator.id, name.zh, of_base.zh
            ),
            format!(
                "the observed {} is of \"{}\", the base year of \"{}\": calibres do not mix",
                indicator.id, name.en, of_base.en
            ),
        );
        let label = Text::new(
            format!("口径 {}", beside(ids[0], &name.zh)),
            format!("of the calibre {}", ids[0]),
        );
        let year = clash.year;
        self.at_base(
            Diagnostic::error("calibre-mixed", message).label(clash.node.span, label),
            clash.base,
        )
        .note(Text::new(
            format!("直接相比会得出“较{year}年 {change} %”：那是口径变化造成的假象，不是减排"),
            format!("set against each other they would read {change} % on {year}: an artefact of the change of calibre, no achievement"),
        ))
        .help(Text::new(
            format!(
                "声明衔接：[splice.名称] from = \"{}\", to = \"{}\", indicator = \"{}\", factor = …, source = \"…\"；或改写公布的降幅 reduction",
                ids[0], ids[1], indicator.id
            ),
            format!(
                "declare a splice: [splice.NAME] from = \"{}\", to = \"{}\", indicator = \"{}\", factor = …, source = \"…\"; or give the published `reduction`",
                ids[0], ids[1], indicator.id
            ),
        ))
    }

    /// The place of a base-year total: its row where the file was read, or its name.
    fn at_base(&self, diagnostic: Diagnostic, base: &InventoryValue) -> Diagnostic {
        let origin = base.amount.origin;
        let known = self.catalogue.file(origin);
        let path = |path: &str| known.is_none_or(|known| known == path);
        // The user's own inventory is the file read last.
        let mut all = self.files.iter().collect::<Vec<_>>().into_iter().rev();
        let file = all.find(|(_, name, _)| path(name));
        let Named { id, name: named } = &self.catalogue.calibres[base.calibre.at()];
        match (file, known) {
            (Some((file, _, _)), _) => diagnostic.label(
                self.files.line(file, origin.line as usize),
                Text::new(
                    format!("基年口径 {}", beside(id, &named.zh)),
                    format!("the base year, of {id}"),
                ),
            ),
            (None, Some(name)) => diagnostic.note(Text::new(
                format!(
                    "基年总量（口径 {id}，{}）：{name}:{}",
                    named.zh, origin.line
                ),
                format!("the base year, of {id}: {name}:{}", origin.line),
            )),
            (None, None) => diagnostic,
        }
    }

    fn named(&self, calibre: CalibreId) -> &Text {
        &self.catalogue.calibres[calibre.at()].name
    }

    /// Whether a target may be counted from the base year of `indicator`: it must be of
    /// the same calibre, or a splice must lead there. Gives what amounts are multiplied with.
    pub(super) fn target_scale(
        &self,
        indicator: IndicatorId,
        (calibre, span): (CalibreId, Span),
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> Option<f64> {
        let base = self.catalogue.indicators[indicator.at()]
            .kind
            .inventoried()
            .and_then(|account| world?.inventory.get(&account.official())?.total);
        // Splices are of what is counted, whichever book it is held against.
        let indicator = self
            .catalogue
            .in_book(indicator, Book::Physical)
            .unwrap_or(indicator);
        let Some(base) = base.filter(|base| base.calibre != calibre) else {
            return Some(1.0);
        };
        let one = Calibred {
            value: 1.0,
            calibre,
        };
        if let Some((there, _)) = splices.carry(indicator, one, base.calibre) {
            return Some(there.value);
        }
        let (own, of_base) = (self.named(calibre), self.named(base.calibre));
        let named = &self.catalogue.indicators[indicator.at()].named;
        let message = Text::new(
            format!(
                "{} 的目标按“{}”，基年是“{}”：两个口径不能相比",
                named.id, own.zh, of_base.zh
            ),
            format!(
                "the target on {} is counted in \"{}\", the base year in \"{}\": calibres do not mix",
                named.id, own.en, of_base.en
            ),
        );
        let ids = [calibre, base.calibre].map(|c| &self.catalogue.calibres[c.at()].id);
        diags.push(
            self.at_base(
                Diagnostic::error("calibre-mixed", message)
                    .label(span, Text::new("目标的口径", "the calibre of the target")),
                &base,
            )
            .help(Text::new(
                format!("目标与清单用同一口径，或声明 [splice.*]：from = \"{}\"、to = \"{}\"、indicator = \"{}\"", ids[0], ids[1], named.id),
                format!("give target and inventory in one calibre, or declare a [splice.*] from = \"{}\" to = \"{}\" for indicator = \"{}\"", ids[0], ids[1], named.id),
            )),
        );
        None
    }

    /// The calibre of the data's own base year, from which official targets count.
    pub(super) fn official_calibre(
        &self,
        head: &Head,
        indicator: IndicatorId,
    ) -> Option<CalibreId> {
        let account = self.catalogue.indicators[indicator.at()]
            .kind
            .inventoried()?;
        let world = self
            .catalogue
            .world(head.region?)?
            .from_base(head.base_year);
        Some(world.inventory.get(&account.official())?.total?.calibre)
    }
}
