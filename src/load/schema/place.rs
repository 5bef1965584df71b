//! The part of the schema on a region of one's own, and on zones.

use super::{described, entries, object, quantity, string};
use serde_json::{Value, json};

/// A number, or a table of one with its source.
fn number(example: &str, more: &[(&str, Value)]) -> Value {
    let mut properties = json!({
        "value": quantity(example),
        "source": string("出处：sources.csv 的 id 或文件名 / an id of sources.csv, or a document"),
        "status": json!({ "enum": ["quoted", "computed", "secondary", "recalled", "estimated", "assumed"] }),
        "note": string("备注 / note"),
        "year": json!({ "type": "integer" }),
    });
    for (key, value) in more {
        properties[*key] = value.clone();
    }
    json!({ "anyOf": [quantity(example), object(&properties, &["value"])] })
}

/// `[region]`.
pub(super) fn region() -> Value {
    let of = described(
        quantity("7464 万人"),
        "上级的同一数 / the same of the parent",
    );
    let stock = number("300 t/h", &[]);
    let several = json!({ "anyOf": [stock, { "type": "array", "items": stock }] });
    let percent = number("12 %", &[]);
    let rates = json!({
        "type": "object",
        "patternProperties": { "^[12][0-9]{3}$": quantity("6 %") },
        "properties": { "source": { "type": "string" }, "status": { "type": "string" } },
        "additionalProperties": false,
    });
    let inventory = json!({
        "type": "object",
        "additionalProperties": { "anyOf": [number("12.3 万t", &[]), { "type": "string" }] },
    });
    let properties = json!({
        "id": string("id，默认为文件名 / id, by default the name of the file"),
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "code": json!({ "type": ["string", "integer"], "description": "行政区划代码 / administrative code" }),
        "parent": string("上级地区：id 或名称 / the region that it lies in"),
        "note": string("备注 / note"),
        "proxies": described(entries(&number("772 万人", &[("of", of)])), "定占比的指标 / amounts that tell parts: population, urban-population, rural-population, gdp, primary, secondary, pigs, steel-capacity"),
        "shares": described(entries(&percent), "占上级的比例，按活动 / parts of the parent's services"),
        "amounts": described(entries(&number("286 亿kWh", &[])), "基年活动量，按活动 / base-year amounts of services"),
        "mix": described(entries(&entries(&percent)), "各活动的工艺构成，合计 100 % / technologies of a service, 100 % together"),
        "growth": described(entries(&rates), "驱动因素历年增长率 / growth of drivers on record"),
        "inventory": described(entries(&inventory), "基年官方排放量：total 与各类 / official base-year amounts: total and classes"),
        "stocks": described(entries(&several), "存量 / stocks of boilers, vehicles, power"),
        "zones": zones(),
    });
    described(
        object(&properties, &[]),
        "自定地区；也可单独成文件 regions/id.toml / a region of one's own; it may stand in a file, too",
    )
}

/// `[zones.*]`.
pub(super) fn zones() -> Value {
    let percent = number("40 %", &[]);
    let zone = object(
        &json!({
            "name_zh": string("中文名"),
            "name_en": string("English name"),
            "share": described(percent.clone(), "各项活动所占 / part of every service"),
            "shares": described(entries(&percent), "与此不同的活动 / services of which it has another part"),
            "source": string("出处 / source"),
            "status": string("状态 / status"),
            "note": string("备注 / note"),
        }),
        &[],
    );
    described(
        entries(&zone),
        "分区，措施用 zone 指定 / parts that measures aim at with `zone`",
    )
}
