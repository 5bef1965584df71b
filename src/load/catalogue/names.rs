//! Sources and vocabulary: calibres, pollutants, fuels, classes, drivers,
//! regions, services, technologies, parameters, indicators.

use super::{Book, names_of};
use crate::diag::Diagnostic;
use crate::table::{Column, Row};
use jianpai_core::catalogue::{
    self, Accounting, Carrier, Class, Level, Named, Parameter, Pollutant, Region, Service,
    Technology,
};
use jianpai_core::dims::{
    CalibreId, ClassId, DriverId, RegionId, ServiceId, SourceId, TechnologyId,
};
use jianpai_core::provenance::{Source, Sourced};
use jianpai_core::text::Text;

pub(super) const ID: [Column; 3] = [
    Column::required("id"),
    Column::required("name_zh"),
    Column::required("name_en"),
];

/// Reads all vocabulary but the indicators, which name what is read here.
pub(super) fn read(book: &mut Book<'_>) {
    sources(book);
    calibres(book);
    pollutants(book);
    carriers(book);
    classes(book);
    named(book, "drivers.csv", "driver", |book, named| {
        book.catalogue.drivers.push(named);
    });
    kappa_reasons(book);
    regions(book);
    services(book);
    technologies(book);
    parameters(book);
}

fn sources(book: &mut Book<'_>) {
    let columns = [
        Column::required("id"),
        Column::required("title"),
        Column::required("issuer"),
        Column::required("issuer_zh"),
        Column::optional("year"),
        Column::optional("url"),
        Column::required("terms"),
    ];
    let Some(table) = book.table("sources.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(id) = row.cell("id").text_required(book.diags) else {
            continue;
        };
        let title = row.cell("title").text_required(book.diags);
        if !book.unique(&row, &["id"]) {
            continue;
        }
        book.sources.insert(
            id.to_string(),
            SourceId::from_usize(book.catalogue.sources.len()),
        );
        let text = |column: &str| row.cell(column).text.to_string();
        book.catalogue.sources.push(Source {
            id: id.to_string(),
            title: title.unwrap_or_default().to_string(),
            issuer: Text::new(text("issuer_zh"), text("issuer")),
            year: text("year"),
            url: text("url"),
            terms: text("terms"),
        });
    }
}

/// The id and names of a row, its origin checked; `None` if it cannot be used.
pub(super) fn identity(book: &mut Book<'_>, row: &Row<'_>) -> Option<Named> {
    let id = row.cell("id").text_required(book.diags)?;
    row.cell("name_zh").text_required(book.diags)?;
    row.cell("name_en").text_required(book.diags)?;
    book.origin(row)?;
    let named = Named {
        id: id.to_string(),
        name: names_of(row),
    };
    book.unique(row, &["id"]).then_some(named)
}

fn named(book: &mut Book<'_>, file: &str, kind: &'static str, add: impl Fn(&mut Book<'_>, Named)) {
    let Some(table) = book.table(file, &ID) else {
        return;
    };
    for row in table.rows() {
        if let Some(named) = identity(book, &row) {
            let index = book.ids.get(kind).map_or(0, std::collections::HashMap::len);
            book.register(kind, &named.id, index);
            add(book, named);
        }
    }
}

fn pollutants(book: &mut Book<'_>) {
    let more = [
        "basis",
        "medium",
        "iamc_variable",
        "iamc_unit",
        "iamc_per_t",
        "accounting",
    ];
    let columns = [ID.to_vec(), more.map(Column::required).to_vec()].concat();
    let Some(table) = book.table("pollutants.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let scale = row.cell("iamc_per_t").number(book.diags);
        let kinds = [
            ("rules", Accounting::Rules),
            ("physical", Accounting::Physical),
            ("none", Accounting::None),
        ];
        let accounting = word(book, &row, "accounting", &kinds);
        let (Some(named), Some(iamc_per_t), Some(accounting)) =
            (identity(book, &row), scale, accounting)
        else {
            continue;
        };
        book.register("pollutant", &named.id, book.catalogue.pollutants.len());
        let text = |column: &str| row.cell(column).text.to_string();
        book.catalogue.pollutants.push(Pollutant {
            named,
            basis: text("basis"),
            medium: text("medium"),
            iamc_variable: text("iamc_variable"),
            iamc_unit: text("iamc_unit"),
            iamc_per_t,
            accounting,
            own: None,
        });
    }
}

fn calibres(book: &mut Book<'_>) {
    let columns = [ID.to_vec(), vec![Column::required("book")]].concat();
    let Some(table) = book.table("calibres.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let kept = word(
            book,
            &row,
            "book",
            &catalogue::Book::ALL.map(|book| (book.id(), book)),
        );
        let (Some(named), Some(kept)) = (identity(book, &row), kept) else {
            continue;
        };
        let index = book.catalogue.calibres.len();
        book.register("calibre", &named.id, index);
        if kept == catalogue::Book::Accounted {
            book.catalogue.accounted.push(CalibreId::from_usize(index));
        }
        book.catalogue.calibres.push(named);
    }
}

fn carriers(book: &mut Book<'_>) {
    let own = [Column::required("coal"), Column::optional("fossil")];
    let columns = [ID.to_vec(), own.to_vec()].concat();
    let Some(table) = book.table("carriers.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let is_coal = word(book, &row, "coal", &[("yes", true), ("no", false)]);
        // A fuel is fossil unless the table says otherwise.
        let is_fossil = match row.cell("fossil").text {
            "" => Some(true),
            _ => word(book, &row, "fossil", &[("yes", true), ("no", false)]),
        };
        let (Some(named), Some(is_coal), Some(is_fossil)) =
            (identity(book, &row), is_coal, is_fossil)
        else {
            continue;
        };
        book.register("carrier", &named.id, book.catalogue.carriers.len());
        book.catalogue.carriers.push(Carrier {
            named,
            is_coal,
            is_fossil,
            factors: Vec::new(),
        });
    }
}

fn classes(book: &mut Book<'_>) {
    let columns = [ID.to_vec(), vec![Column::required("iamc")]].concat();
    let Some(table) = book.table("classes.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(named) = identity(book, &row) else {
            continue;
        };
        book.register("class", &named.id, book.catalogue.classes.len());
        let iamc = row.cell("iamc").text.to_string();
        book.catalogue.classes.push(Class { named, iamc });
    }
}

/// Why calibration factors may lie far from 1: class `*` stands for any.
fn kappa_reasons(book: &mut Book<'_>) {
    let columns = ["class", "account", "reason_zh", "reason_en"].map(Column::required);
    let Some(table) = book.table("kappa_reasons.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let class_cell = row.cell("class");
        let class = match class_cell.text {
            "*" => Some(None),
            _ => book
                .find("class", &class_cell)
                .map(|class| Some(ClassId::from_usize(class))),
        };
        let account = row.cell("account").text_required(book.diags);
        let origin = book.origin(&row);
        let (Some(class), Some(account), Some(_)) = (class, account, origin) else {
            continue;
        };
        if book.unique(&row, &["class", "account"]) {
            let reason = Text::new(row.cell("reason_zh").text, row.cell("reason_en").text);
            book.catalogue
                .kappa_reasons
                .insert((class, account.to_string()), reason);
        }
    }
}

/// The meaning of a cell that holds one of a few words.
pub(super) fn word<T: Copy>(
    book: &mut Book<'_>,
    row: &Row<'_>,
    column: &str,
    words: &[(&str, T)],
) -> Option<T> {
    let cell = row.cell(column);
    let text = cell.text_required(book.diags)?;
    let found = words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = Text::new(
            format!("`{text}` 不是 {} 之一", known.join("、")),
            format!("`{text}` is none of {}", known.join(", ")),
        );
        let mut diagnostic = Diagnostic::error("unknown-word", message)
            .label(cell.span, Text::new("未知的词", "not one of them"));
        if let Some(near) = crate::diag::nearest(text, known) {
            diagnostic = diagnostic.suggest(cell.span, near);
        } else {
            diagnostic = diagnostic.help(Text::new("改为其中之一", "write one of them"));
        }
        book.diags.push(diagnostic);
    }
    found
}

fn regions(book: &mut Book<'_>) {
    let more = [
        Column::required("adcode"),
        Column::required("level"),
        Column::optional("parent"),
    ];
    let columns = [ID.to_vec(), more.to_vec()].concat();
    let Some(table) = book.table("regions.csv", &columns) else {
        return;
    };
    let levels = [
        ("nation", Level::Nation),
        ("province", Level::Province),
        ("city", Level::City),
        ("zone", Level::Zone),
    ];
    for row in table.rows() {
        let level = word(book, &row, "level", &levels);
        let parent_cell = row.cell("parent");
        let parent = if parent_cell.is_empty() {
            None
        } else {
            book.find("region", &parent_cell)
        };
        let (Some(named), Some(level)) = (identity(book, &row), level) else {
            continue;
        };
        book.register("region", &named.id, book.catalogue.regions.len());
        let parent = parent.map(RegionId::from_usize);
        book.catalogue.regions.push(Region {
            named,
            level,
            parent,
            own: false,
        });
    }
    book.catalogue.worlds = vec![None; book.catalogue.regions.len()];
}

fn services(book: &mut Book<'_>) {
    let more = [
        "unit",
        "driver",
        "elasticity_low",
        "elasticity",
        "elasticity_high",
        "saving",
        "class",
        "iamc",
    ];
    let optional = ["iamc_fuel", "iamc_process"].map(Column::optional);
    let columns = [
        ID.to_vec(),
        more.map(Column::required).to_vec(),
        optional.to_vec(),
    ]
    .concat();
    let Some(table) = book.table("services.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let driver = book.find("driver", &row.cell("driver"));
        let class = book.find("class", &row.cell("class"));
        let low = row.cell("elasticity_low").number(book.diags);
        let value = row.cell("elasticity").number(book.diags);
        let high = row.cell("elasticity_high").number(book.diags);
        let saving = row.cell("saving").number(book.diags);
        let unit = row.cell("unit").text.to_string();
        let scale = natural(book, &row);
        let origin = book.origin(&row);
        let named = row.cell("id").text_required(book.diags).map(|id| Named {
            id: id.to_string(),
            name: names_of(&row),
        });
        let (Some(named), Some(driver), Some(class), Some(origin)) = (named, driver, class, origin)
        else {
            continue;
        };
        let (Some(low), Some(value), Some(high), Some(saving), Some(scale)) =
            (low, value, high, saving, scale)
        else {
            continue;
        };
        if !book.unique(&row, &["id"]) {
            continue;
        }
        // Where nothing is written they stand with the rest.
        let path = |column: &str| {
            let own = row.cell(column).text.to_string();
            if own.is_empty() {
                row.cell("iamc").text.to_string()
            } else {
                own
            }
        };
        book.register("service", &named.id, book.catalogue.services.len());
        book.catalogue.services.push(Service {
            named,
            unit,
            scale,
            driver: DriverId::from_usize(driver),
            elasticity: Sourced {
                value,
                low,
                high,
                origin,
            },
            saving: Sourced::exact(saving, origin),
            class: ClassId::from_usize(class),
            iamc: row.cell("iamc").text.to_string(),
            iamc_fuel: path("iamc_fuel"),
            iamc_process: path("iamc_process"),
            technologies: Vec::new(),
        });
    }
}

/// How many natural units (t, kWh, household …) one service unit is: `1e4 t` → 10 000.
fn natural(book: &mut Book<'_>, row: &Row<'_>) -> Option<f64> {
    let cell = row.cell("unit");
    let text = cell.text_required(book.diags)?;
    if let Err(error) = crate::quantity::parse_unit(text) {
        book.diags.push(
            Diagnostic::error("unit", error.message())
                .label(cell.span, Text::new("无法识别", "cannot be read"))
                .help(Text::new("写法如 1e4 t", "write it like 1e4 t")),
        );
        return None;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    Some(first.parse().unwrap_or(1.0))
}

fn technologies(book: &mut Book<'_>) {
    let more = [
        Column::required("service"),
        Column::optional("class"),
        Column::optional("tags"),
        Column::optional("lifetime"),
    ];
    let columns = [ID.to_vec(), more.to_vec()].concat();
    let Some(table) = book.table("technologies.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let service = book.find("service", &row.cell("service"));
        let class_cell = row.cell("class");
        let class = if class_cell.is_empty() {
            None
        } else {
            book.find("class", &class_cell)
        };
        let lifetime = row.cell("lifetime").opt_number(book.diags);
        let (Some(named), Some(service)) = (identity(book, &row), service) else {
            continue;
        };
        let own_class = book.catalogue.services[service].class;
        let class = class.map_or(own_class, ClassId::from_usize);
        let tags = row
            .cell("tags")
            .text
            .split(';')
            .map(|tag| tag.trim().to_string());
        let tags = tags.filter(|tag| !tag.is_empty()).collect();
        add_technology(book, named, service, class, tags, lifetime);
    }
    // What is saved is served by nothing; not a row of data but a definition.
    for service in 0..book.catalogue.services.len() {
        let id = format!("{}.saved", book.catalogue.services[service].named.id);
        let named = Named {
            id,
            name: Text::new("节约或退出", "saved or closed"),
        };
        let class = book.catalogue.services[service].class;
        add_technology(book, named, service, class, Vec::new(), None);
    }
}

fn add_technology(
    book: &mut Book<'_>,
    named: Named,
    service: usize,
    class: ClassId,
    tags: Vec<String>,
    lifetime: Option<f64>,
) {
    let index = book.catalogue.technologies.len();
    book.register("technology", &named.id, index);
    book.catalogue.services[service]
        .technologies
        .push(TechnologyId::from_usize(index));
    book.catalogue.technologies.push(Technology {
        named,
        service: ServiceId::from_usize(service),
        class,
        tags,
        lifetime,
        factors: Vec::new(),
        credits: Vec::new(),
        energy: Vec::new(),
        links: Vec::new(),
        cost: None,
    });
}

fn parameters(book: &mut Book<'_>) {
    let more = ["low", "central", "high", "unit"];
    let columns = [ID.to_vec(), more.map(Column::required).to_vec()].concat();
    let Some(table) = book.table("parameters.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(id) = row.cell("id").text_required(book.diags) else {
            continue;
        };
        let Some(value) = book.range(&row) else {
            continue;
        };
        if book.unique(&row, &["id"]) {
            let named = Named {
                id: id.to_string(),
                name: names_of(&row),
            };
            let unit = row.cell("unit").text.to_string();
            book.catalogue
                .parameters
                .insert(id.to_string(), Parameter { named, value, unit });
        }
    }
}
