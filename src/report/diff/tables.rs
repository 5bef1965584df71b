//! A comparison as tables and for machines.

use super::comparison::{
    Comparison, Input, Judged, NOTHING, Said, causes, part, relative, shown_causes, unit,
};
use crate::case::short_name;
use crate::standing::Standing;
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::difference::{Difference, Explanation};
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// Every table of a comparison.
pub fn tables(of: &Comparison<'_>) -> Vec<Table> {
    let causes = of.explanation.map_or_else(cause_table, |explanation| {
        let moved = shown_causes(of, explanation);
        causes_of_last(of, explanation, &moved)
    });
    vec![
        inputs(of),
        outputs(of),
        explanation(of),
        verdicts(of),
        causes,
    ]
}

/// The inputs that differ.
pub fn inputs(of: &Comparison<'_>) -> Table {
    let columns = vec![
        Column::id("part", "部分", "Part"),
        Column::id("id", "id", "Id"),
        Column::text("name", "名称", "Name"),
        Column::id("change", "变动", "Change"),
        Column::id("field", "字段", "Field"),
        Column::text("a", "A", "A").absent("—").at(3),
        Column::text("b", "B", "B").absent("—").at(4),
        Column::id("place_a", "位置 A", "Where in A"),
        Column::id("place_b", "位置 B", "Where in B"),
        Column::text("what", "不同的输入", "Inputs that differ").at(0),
        Column::text("label", "名称", "Name").at(1),
        Column::text("field_name", "字段", "Field").at(2),
        Column::id("where", "位置", "Where").at(5),
    ];
    let title = Text::new("不同的输入", "Inputs that differ");
    let mut table = Table::new("inputs", title, columns);
    for input in of.inputs {
        let text = |side: &Option<Said>| Cell::from(side.as_ref().map(|said| &said.text));
        let place = |side: &Option<Said>| side.as_ref()?.place.clone();
        let (a, b) = (place(&input.a), place(&input.b));
        let mut places: Vec<&str> = [a.as_deref(), b.as_deref()].into_iter().flatten().collect();
        places.dedup();
        let field = match (input.field.as_str(), &input.a) {
            ("", None) => Text::new("新增", "added"),
            ("", Some(_)) => Text::new("去掉", "gone"),
            (field, _) => Text::same(field),
        };
        // A name that only repeats the id is not shown.
        let shown = |name: &String| match name {
            name if *name == input.id => String::new(),
            name => name.clone(),
        };
        let what = part_name(input.part);
        table.row(vec![
            input.part.into(),
            Cell::from(&input.id),
            Cell::from(&input.name),
            change(input).into(),
            Cell::from(&input.field),
            text(&input.a),
            text(&input.b),
            Cell::from(a.as_ref()),
            Cell::from(b.as_ref()),
            Text::new(
                format!("{} {}", what.zh, input.id),
                format!("{} {}", what.en, input.id),
            )
            .into(),
            Text::new(shown(&input.name.zh), shown(&input.name.en)).into(),
            field.into(),
            places.join(" | ").into(),
        ]);
    }
    table
}

/// The name of a part of the file.
fn part_name(part: &str) -> Text {
    let (zh, en) = match part {
        "scenario" => ("情景", "scenario"),
        "growth" => ("增长", "growth"),
        "elasticity" => ("弹性", "elasticity"),
        "targets" => ("目标", "target"),
        "observed" => ("观测值", "observed"),
        _ => ("措施", "measure"),
    };
    Text::new(zh, en)
}

fn change(input: &Input) -> &'static str {
    match (&input.a, &input.b) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// Every indicator in every common year; the terminal has the years that matter most.
pub fn outputs(of: &Comparison<'_>) -> Table {
    let columns = vec![
        Column::id("indicator", "指标", "Indicator"),
        Column::whole("year", "年份", "Year").at(2),
        Column::number_by("a", "A", "A", "unit").at(3),
        Column::number_by("b", "B", "B", "unit").at(4),
        Column::number_by("change", "B−A", "B−A", "unit")
            .form(Form::Signed)
            .at(5),
        Column::number_by("change_percent", "变化", "Change", "change_unit")
            .form(Form::SignedPercent)
            .at(6),
        Column::unit("unit", "单位", "Unit").at(1).once("indicator"),
        Column::text("name", "指标", "Indicator")
            .at(0)
            .once("indicator"),
        Column::unit("change_unit", "变化的单位", "Unit of the relative change"),
    ];
    let title = Text::new("结果", "Outputs");
    let mut table = Table::new("outputs", title, columns);
    let main = of.main_years();
    for output in of.compared(&of.years()) {
        let indicator = &of.catalogue().indicators[output.indicator];
        let percent = relative(of, &output);
        let [change, relative] = if output.moves() {
            [Form::Signed, Form::SignedPercent]
        } else {
            [Form::Nothing, Form::Blank]
        };
        let cells = vec![
            Cell::from(&indicator.named.id),
            output.year.into(),
            output.a.into(),
            output.b.into(),
            Cell::from(output.b - output.a).form(change),
            Cell::from(percent).form(relative),
            unit(of, output.indicator).into(),
            short_name(of.catalogue(), indicator).into(),
            percent.map(|_| Unit::Percent).into(),
        ];
        if main.contains(&output.year) {
            table.row(cells);
        } else {
            table.row_aside(cells);
        }
    }
    table
}

/// The parts of every difference in every common year.
pub fn explanation(of: &Comparison<'_>) -> Table {
    let columns = vec![
        Column::id("indicator", "指标", "Indicator").at(0),
        Column::whole("year", "年份", "Year").at(1),
        Column::id("cause", "来源", "Cause"),
        Column::id("id", "id", "Id"),
        Column::text("name", "来源", "Cause").at(2),
        Column::flag("input_differs", "自身不同", "Differs itself", ["no", "yes"]),
        Column::number_by("value", "差别", "Part", "unit")
            .form(Form::Signed)
            .at(3),
        Column::unit("unit", "单位", "Unit").at(4),
    ];
    let title = Text::new("差别的来源", "What explains the differences");
    let mut table = Table::new("explanation", title, columns);
    let years = of.explanation.map_or(&[][..], |e| e.years.as_slice());
    for difference in of.moved() {
        let i = difference.indicator.at();
        for (t, year) in years.iter().enumerate() {
            for part in &difference.parts {
                let (kind, cause) = of.cause_id(&part.cause);
                table.row(vec![
                    Cell::from(&of.catalogue().indicators[i].named.id),
                    Cell::from(*year),
                    kind.into(),
                    cause.into(),
                    of.cause_name(&part.cause).into(),
                    part.differs.into(),
                    part.values[t].into(),
                    unit(of, i).into(),
                ]);
            }
        }
    }
    table
}

/// Targets whose verdict is not the same in both.
pub fn verdicts(of: &Comparison<'_>) -> Table {
    let columns = vec![
        Column::id("target", "目标", "Target"),
        Column::flag("met_a", "A 达标", "Met in A", ["no", "yes"]),
        Column::flag("met_b", "B 达标", "Met in B", ["no", "yes"]),
        Column::text("name", "判定改变的目标", "Verdicts that change").at(0),
        Column::text("a", "A", "A").at(1),
        Column::text("b", "B", "B").at(2),
    ];
    let title = Text::new("判定改变的目标", "Verdicts that change");
    let mut table = Table::new("verdicts", title, columns);
    for Judged { id, a, b } in of.judged() {
        // One id that asks different things is shown with both.
        let (name, both) = match (&a, &b) {
            (Some((a, _)), Some((b, _))) if a != b => (Text::same(id.clone()), true),
            (Some((asks, _)), _) | (None, Some((asks, _))) => (asks.clone(), false),
            (None, None) => continue,
        };
        let cell = |side: &Option<(Text, Standing)>| match side {
            None => Text::same("—"),
            Some((asks, standing)) => {
                let word = verdict(*standing);
                if both {
                    Text::new(
                        format!("{} ({})", word.zh, asks.zh),
                        format!("{} ({})", word.en, asks.en),
                    )
                } else {
                    word
                }
            }
        };
        let met = |side: &Option<(Text, Standing)>| side.as_ref().and_then(|(_, own)| own.met());
        table.row(vec![
            id.into(),
            met(&a).into(),
            met(&b).into(),
            name.into(),
            cell(&a).into(),
            cell(&b).into(),
        ]);
    }
    table
}

fn verdict(standing: Standing) -> Text {
    match standing {
        Standing::Open => Text::new("无法判定", "cannot be judged"),
        Standing::Met => Text::new("✓ 达到", "✓ met"),
        Standing::Within => Text::new("≈ 达到，误差之内", "≈ met, within error"),
        Standing::Missed => Text::new("✗ 未达到", "✗ missed"),
    }
}

/// The table of [`causes_of_last`] without rows.
fn cause_table() -> Table {
    let columns = vec![
        Column::id("indicator", "指标", "Indicator"),
        Column::text("indicator_name", "指标", "Indicator"),
        Column::whole("year", "年份", "Year"),
        Column::id("cause", "来源", "Cause"),
        Column::id("id", "id", "Id"),
        Column::text("name", "来源", "Cause").at(0),
        Column::flag("input_differs", "自身不同", "Differs itself", ["no", "yes"]),
        Column::number_by("value", "差别", "Part", "unit").form(Form::Signed),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("末年差别的来源", "What explains the last year");
    let mut table = Table::new("causes", title, columns);
    table.across = Some(Across {
        units: true,
        ..Across::of(&["cause", "id"], ("indicator", "indicator_name"), "value")
    });
    table
}

/// What explains the change of the last common year: causes that act, then the total.
pub(super) fn causes_of_last(
    of: &Comparison<'_>,
    explanation: &Explanation,
    moved: &[&Difference],
) -> Table {
    let mut table = cause_table();
    let last = explanation.years.len() - 1;
    let year = explanation.years[last];
    if let Some(name) = table.column("name") {
        table.columns[name].heading = Text::new(
            format!("{year}年差别的来源（B−A）"),
            format!("What explains {year} (B−A)"),
        );
    }
    let mut row = |d: &Difference, cause: (&str, String), name: Text, value: Cell, own: Cell| {
        let i = d.indicator.at();
        let indicator = &of.catalogue().indicators[i];
        table.row(vec![
            Cell::from(&indicator.named.id),
            short_name(of.catalogue(), indicator).into(),
            year.into(),
            cause.0.into(),
            cause.1.into(),
            name.into(),
            own,
            value,
            unit(of, i).into(),
        ]);
    };
    for (cause, differs) in causes(moved) {
        let value = |d: &&Difference| part(d, &cause).map_or(0.0, |part| part.values[last]);
        let acts = |d: &&Difference| value(d).abs() > NOTHING * d.a[last].abs();
        if !moved.iter().any(acts) {
            continue;
        }
        let mark = if differs { "" } else { " *" };
        let Text { zh, en } = of.cause_name(&cause);
        let name = Text::new(format!("  {zh}{mark}"), format!("  {en}{mark}"));
        for d in moved {
            let form = if acts(d) { Form::Signed } else { Form::Nothing };
            let value = Cell::from(value(d)).form(form);
            row(d, of.cause_id(&cause), name.clone(), value, differs.into());
        }
    }
    for d in moved {
        let total = ("total", String::new());
        let name = Text::new("合计", "Total");
        let value = Cell::from(d.b[last] - d.a[last]);
        row(d, total, name, value, Cell::absent());
    }
    table
}

/// The whole comparison for machines, in base units.
pub fn json(of: &Comparison<'_>, lang: Lang) -> Value {
    let side = |side: &Option<Said>| {
        side.as_ref()
            .map(|said| json!({ "text": said.text.get(lang), "place": said.place }))
    };
    let inputs: Vec<Value> = of
        .inputs
        .iter()
        .map(|input| {
            json!({
                "part": input.part,
                "id": input.id,
                "change": change(input),
                "field": input.field,
                "a": side(&input.a),
                "b": side(&input.b),
            })
        })
        .collect();
    let id = |i: usize| &of.catalogue().indicators[i].named.id;
    let outputs: Vec<Value> = of
        .compared(&of.years())
        .iter()
        .map(|o| json!({ "indicator": id(o.indicator), "year": o.year, "a": o.a, "b": o.b, "change": o.b - o.a }))
        .collect();
    let verdicts: Vec<Value> = of
        .judged()
        .into_iter()
        .map(|x| {
            let met = |side: Option<(Text, Standing)>| side.and_then(|(_, own)| own.met());
            json!({ "target": x.id, "a": met(x.a), "b": met(x.b) })
        })
        .collect();
    let explained: Vec<Value> = of
        .moved()
        .iter()
        .map(|d| {
            let parts = d.parts.iter().map(|part| {
                let (kind, cause) = of.cause_id(&part.cause);
                json!({ "cause": kind, "id": cause, "input_differs": part.differs, "values": part.values })
            });
            json!({ "indicator": id(d.indicator.at()), "parts": parts.collect::<Vec<_>>() })
        })
        .collect();
    let mut value = json!({
        "a": of.a.scenario.id,
        "b": of.b.scenario.id,
        "same": of.is_same(),
        "inputs": inputs,
        "years": of.years(),
        "outputs": outputs,
        "verdicts": verdicts,
        "explanation": explained,
        "not_compared": of.apart.iter().map(|i| id(*i)).collect::<Vec<_>>(),
    });
    // The full explanation stands in `explanation` already, year by year.
    let tables = tables(of)
        .into_iter()
        .filter(|table| table.id != "explanation");
    let document = write::document(&tables.collect::<Vec<_>>());
    for key in ["schema", "program", "tables"] {
        value[key] = document[key].clone();
    }
    value
}
