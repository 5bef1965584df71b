//! The answer on the terminal.

use super::answer::{Answer, Detail};
use super::{numbers, tree};
use crate::base;
use crate::case::{number, signed_percent};
use crate::grid::wrap;
use jianpai_core::catalogue::Book;
use jianpai_core::explain::{self, What};
use jianpai_core::text::Lang;

impl Answer<'_> {
    /// The whole answer as text of at most 100 columns.
    pub fn text(&self, lang: Lang, detail: Detail) -> String {
        let mut sources = tree::Sources::default();
        let mut out = self.heading(lang);
        out += &tree::text(self, lang, detail, &mut sources);
        out += &numbers::text(self, lang, &mut sources);
        out += &sources.text(self, lang);
        out
    }

    /// What is explained, its value, and how it compares.
    fn heading(&self, lang: Lang) -> String {
        let case = &self.case;
        let indicator = &case.catalogue.indicators[self.question.indicator.at()];
        let (first, year) = (case.scenario.base_year, self.year());
        let name = match indicator.told_book(case.catalogue) {
            Some(Book::Physical) => Book::Physical.beside(&indicator.named.name),
            _ => indicator.named.name.clone(),
        };
        let name = name.get(lang);
        let value = self.tape.node(self.root).value;
        let shown = explain::unit(&self.tape, What::Indicator(self.question.indicator, 0));
        let amount = format!("{} {}", number(value / shown.scale), shown.unit.get(lang));
        let scenario = case.scenario.name.get(lang);
        let region = case.region().named.name.get(lang);
        let change = if indicator.kind.is_share() || self.base == 0.0 {
            String::new()
        } else {
            let part = match self.question.measure {
                None => value / self.base - 1.0,
                Some(_) => value / self.base,
            };
            match lang {
                Lang::Zh => format!("，较{first}年 {}", signed_percent(part)),
                Lang::En => format!(", {} on {first}", signed_percent(part)),
            }
        };
        let measure = self.question.measure.map_or(String::new(), |m| {
            let name = case.plan.measures[m].name.get(lang);
            match lang {
                Lang::Zh => format!("，“{name}”所致的变化"),
                Lang::En => format!(", change by {name}"),
            }
        });
        let (open, close) = lang.pick(("（", "）"), (" (", ")"));
        let base = base::text(case.catalogue, case.scenario);
        let paced = jianpai_core::plausible::paced(case.catalogue, case.scenario);
        let told = base.into_iter().chain(paced);
        let base: String = told
            .map(|text| wrap(text.get(lang), 100).join("\n") + "\n")
            .collect();
        format!(
            "\n{scenario}{open}{region}{close}\n{name}{measure}{comma}{year}{of}{amount}{change}\n{base}\n",
            comma = lang.pick("，", ", "),
            of = lang.pick("年：", ": "),
        )
    }
}
