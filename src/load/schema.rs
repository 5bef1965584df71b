//! The JSON Schema (draft 7) of scenario files, made from the same table of
//! measures that the reader uses ([`jianpai_core::measure::spec::KINDS`]): kinds, fields,
//! words and examples stand there. Editors complete and check with it.

mod place;

use crate::catalogue::BASES;
use jianpai_core::measure::common::{COMMON, Common, Holds};
use jianpai_core::measure::spec::{Field, FieldKind, KINDS, KindSpec, Role};
use serde_json::{Map, Value, json};

/// Pattern of a quantity: a number, then a unit.
const QUANTITY: &str = r"^\s*([+\-−]?[0-9０-９]|[一-鿿≤≥]).*$";

/// The schema as text, with a final newline.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// The schema.
pub fn schema() -> Value {
    let kinds: Vec<Value> = KINDS.iter().map(measure).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "jianpai scenario / 减排情景",
        "type": "object",
        "additionalProperties": false,
        "required": ["scenario"],
        "properties": {
            "scenario": head(),
            "growth": {
                "description": "驱动因素的年增长率，用于没有记录的年份 / yearly growth of drivers after the record",
                "type": "object",
                "additionalProperties": { "anyOf": [quantity("6 %"), years("3 %")] },
            },
            "elasticity": {
                "description": "按活动改写弹性 / elasticities by service",
                "type": "object",
                "additionalProperties": { "type": "number" },
            },
            "observed": entries(&observed()),
            "splice": entries(&splice()),
            "targets": entries(&target()),
            "tracked": entries(&tracked()),
            "measures": entries(&json!({ "anyOf": kinds })),
            "ledger": object(&json!({ "file": string("重点工程台账（CSV），相对本文件；重点工程减排目标据此判定 / ledger of projects, CSV: project targets are judged by it") }), &["file"]),
            "sweep": sweep(),
            "solve": solve(),
            "limit": entries(&limit()),
            "option": json!({ "type": "array", "items": option(), "description": "目标方案，逐个写 / target options, one by one" }),
            "options": options(),
            "region": place::region(),
            "zones": place::zones(),
            "pollutants": entries(&pollutant()),
        },
    })
}

fn described(mut value: Value, text: &str) -> Value {
    if let Value::Object(map) = &mut value {
        map.insert("description".into(), json!(text));
    }
    value
}

fn string(text: &str) -> Value {
    json!({ "type": "string", "description": text })
}

fn quantity(example: &str) -> Value {
    json!({ "type": "string", "pattern": QUANTITY, "examples": [example] })
}

fn years(example: &str) -> Value {
    json!({
        "type": "object",
        "patternProperties": { "^[12][0-9]{3}( ?年.*)?$": quantity(example) },
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn year(text: &str) -> Value {
    json!({ "type": "integer", "minimum": 2000, "maximum": 2200, "description": text })
}

fn replace() -> Value {
    json!({ "type": "boolean", "description": "明确替换或改动继承的同名项 / replaces or changes the inherited entry of that name" })
}

fn entries(of: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

fn head() -> Value {
    let properties = json!({
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "description_zh": string("说明"),
        "description_en": string("description"),
        "document": string("所依据的文件 / the document it comes from"),
        "region": string("地区 id，见 jianpai list regions / region id"),
        "region_file": string("自定地区的文件，相对本文件；默认找 regions/地区id.toml / file of a region of one's own"),
        "extends": string("继承的情景文件，相对本文件 / scenario file that this one extends"),
        "base": json!({ "enum": BASES, "description": "基年，默认为 2015；以后的基年用该年口径 / base year, 2015 unless said; a later one counts in the calibre of its year" }),
        "base_year": json!({ "enum": BASES, "description": "同 base / the same as base" }),
        "end_year": year("末年 / last year"),
        "price_year": year("费用的价格年份，默认为基年 / year whose prices costs are in, by default the base year"),
        "non_fossil": described(json!({ "anyOf": [quantity("7.4 %"), years("7.4 %")] }), "公布的非化石能源占能源消费比重：基年，或按年 / published share of non-fossil energy in energy use, of the base year or by year"),
        "electricity_share": described(json!({ "anyOf": [quantity("27 %"), years("27 %")] }), "公布的电能占终端能源消费比重（电热当量法）：基年，或按年 / published share of electricity in final energy at its heat content, of the base year or by year"),
        "industrial_electricity_share": described(json!({ "anyOf": [quantity("26 %"), years("26 %")] }), "基年工业终端能源消费中电能的比重（工业电气化率） / share of electricity in the final energy of industry in the base year"),
        "indicators": json!({ "type": "array", "items": { "type": "string" }, "description": "另外要算的指标，如总氮、总磷、颗粒物 / further indicators to be kept" }),
        "inventory": string("自有清单 CSV，相对本文件 / own inventory, CSV"),
        "harmonise": json!({ "enum": ["ratio", "offset"], "description": "与观测值的衔接方式 / how the projection joins observed values" }),
        "drop": json!({ "type": "array", "items": { "type": "string" }, "description": "不沿用的措施、目标等 / entries of the parent that do not apply" }),
        "targets_from": string("引用官方目标：13fyp、14fyp、15fyp / official targets of a plan"),
    });
    // A child file may inherit everything but itself.
    object(&properties, &[])
}

/// The book in which something is counted.
fn book(what: &str) -> Value {
    json!({ "enum": ["accounted", "physical"], "description": what })
}

fn observed() -> Value {
    let properties = json!({
        "indicator": string("指标 id / indicator id"),
        "book": book("公布的较基年降幅默认为核算，绝对量默认为实际排放 / published progress is accounted by default, an amount physical"),
        "year": year("年份 / year"),
        "reduction": described(quantity("11.5 %"), "较 base_year 下降 / reduction on base_year"),
        "base_year": year("降幅的基准年，默认为基年；写别的年份（如上年），该年须有同一指标的观测值 / year the reduction counts from, by default the base year; another, such as the year before, needs an observed value of its own"),
        "value": described(quantity("205 万t"), "公布的绝对量，须写口径 / published amount; needs its calibre"),
        "calibre": string("统计口径 id，见 jianpai list calibres / calibre id"),
        "replace": replace(),
        "source": string("出处 / source"),
    });
    object(&properties, &[])
}

fn splice() -> Value {
    let properties = json!({
        "indicator": string("指标 id / indicator id"),
        "from": string("被衔接的口径 / calibre that is carried over"),
        "to": string("衔接到的口径 / calibre it is carried to"),
        "factor": json!({ "type": "number", "exclusiveMinimum": 0, "description": "to 口径的数 ÷ from 口径的数 / value in `to` over value in `from`" }),
        "year": year("两口径都有数的年份 / year known in both"),
        "replace": replace(),
        "source": string("系数的出处 / source of the factor"),
    });
    object(&properties, &[])
}

fn target() -> Value {
    let properties = json!({
        "indicator": string("指标 id，见 jianpai list indicators / indicator id"),
        "book": book("降幅与重点工程减排量默认按核算判定，上下限默认按实际排放 / reductions and projects are judged as accounted by default, limits as physical"),
        "year": year("目标年 / target year"),
        "reduction": described(quantity("10 %"), "较 base_year 下降 / reduction on base_year"),
        "cap": described(quantity("62 万t"), "上限 / upper limit"),
        "floor": described(quantity("30 %"), "下限 / lower limit"),
        "cumulative": described(quantity("300 万t"), "from 年起累计上限 / limit of the sum since `from`"),
        "project": described(quantity("8.41 万t"), "新增措施减排量下限，现行政策不计 / gross cut by new measures; current policy does not count"),
        "base_year": year("基准年，不写则取目标年之前最近的五年规划末年 / year it is counted from; by default the last end of a five-year plan before the target year"),
        "from": year("累计量、项目减排量的起始年 / first year of a sum or of projects"),
        "replace": replace(),
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "zone": string("某一片或各市的目标：只列出，不判定 / a part of the region, or each city: listed, not judged"),
        "calibre": string("目标所用口径，默认与基年同 / calibre it is counted in, that of the base year by default"),
        "source": string("出处 / source"),
    });
    object(&properties, &[])
}

fn pollutant() -> Value {
    let properties = json!({
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "medium": string("介质：water 水、air 气 / water or air"),
        "unit": json!({ "enum": ["1e4 t", "t", "万吨", "吨"], "description": "排放量的显示单位，默认万吨 / unit of its emission, 10⁴ t by default" }),
        "factors": string("排放因子表 CSV，列同 data/factors.csv，相对本文件 / table of factors with the columns of data/factors.csv"),
        "source": string("出处 / source"),
    });
    object(&properties, &["factors"])
}

fn tracked() -> Value {
    let properties = json!({
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "target": string("目标，原样书写 / the target as written"),
        "target_en": string("目标的英文 / the target in English"),
        "year": year("年份 / year"),
        "value": string("自报值 / your own value"),
        "values": described(tracked_values(), "各年自报值，数和单位照文件书写，单位各年一致 / your own value of each year, number and unit as documents write them, one unit for all"),
        "aim": described(tracked_value(), "目标所要求的数，画在图上；目标只是一个限值时不必写 / what the target asks for as a number, drawn on the chart; not needed where the target is a limit"),
        "replace": replace(),
        "source": string("出处 / source"),
    });
    object(&properties, &[])
}

/// A number with any unit.
fn tracked_value() -> Value {
    json!({
        "anyOf": [{ "type": "string", "pattern": QUANTITY }, { "type": "number" }],
        "examples": ["38.6 μg/m³"],
    })
}

/// Numbers with any unit, by year.
fn tracked_values() -> Value {
    json!({
        "type": "object",
        "patternProperties": { "^[12][0-9]{3}$": tracked_value() },
        "additionalProperties": false,
        "minProperties": 1,
    })
}

/// The schema of `[solve]`.
fn solve() -> Value {
    let highest = json!({ "anyOf": [{ "const": "stock" }, quantity("150 %")] });
    let bound = object(
        &json!({ "min": quantity("20 %"), "max": highest, "pace": quantity("15 %/a") }),
        &[],
    );
    let bounds = json!({ "anyOf": [highest, bound] });
    let measures = json!({ "type": "array", "items": { "type": "string" }, "description": "措施 id / measure ids" });
    let count = |text: &str| json!({ "type": "integer", "minimum": 1, "description": text });
    let group = json!({
        "measures": measures,
        "most": count("至多用几项（默认 1）/ so many at most, by default 1"),
        "exactly": count("正好用几项 / exactly so many"),
        "whole": json!({ "type": "boolean", "description": "要么全做、要么不做 / each as far as it may be, or not at all" }),
    });
    let properties = json!({
        "objective": json!({ "enum": ["cost", "effort", "even"], "description": "cost 成本最低；effort 力度之和最小；even 最高力度最低 / what is made least" }),
        "discount": described(quantity("5 %"), "各年成本按此折现；不写则只计末年 / rate at which all years' money is discounted; without it the last year counts"),
        "robust": described(quantity("90 %"), "要有这样的把握：抽样中全部目标达到的比例 / all targets are to be met in this part of the draws"),
        "fixed": described(measures.clone(), "按情景所述、不求解的措施 / measures that stay as stated"),
        "pace": described(quantity("15 %/a"), "每年至多推进计划量的百分之几；各年力度分别求解 / how fast levels may rise: each year has a level of its own"),
        "order": described(json!({ "type": "array", "items": { "anyOf": [{ "type": "string" }, measures] } }), "先后：后一项的执行程度不超过前一项 / none is carried out further than the one before it"),
        "bounds": described(entries(&bounds), "各措施执行程度的上下限；默认 0 至 100 % / bounds of levels, by default 0 to 100 %"),
        "group": described(entries(&object(&group, &["measures"])), "几项里只选若干项 / either/or groups"),
    });
    object(&properties, &[])
}

/// The schema of growth in an option.
fn growth_of_option(rate: &Value) -> Value {
    json!({
        "type": "object",
        "properties": { "start": year("从这一年起代替记录 / from this year on, in place of the record") },
        "additionalProperties": rate,
        "description": "各驱动因素的年增长率 / growth of drivers",
    })
}

/// The schema of a table of `[[option]]`.
fn option() -> Value {
    let highest = json!({ "anyOf": [{ "const": "stock" }, quantity("80 %")] });
    let bound = object(&json!({ "min": quantity("20 %"), "max": highest }), &[]);
    let rate = json!({ "anyOf": [quantity("4.5 %"), years("4.5 %")] });
    let properties = json!({
        "name": string("名称 / name"),
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "targets": described(entries(&quantity("-8 %")), "按目标 id 或指标改写要求 / what targets ask, by their id or indicator"),
        "growth": growth_of_option(&rate),
        "bounds": described(entries(&json!({ "anyOf": [highest, bound] })), "各措施执行程度的上下限 / bounds of levels"),
    });
    object(&properties, &[])
}

/// The schema of `[options]`.
fn options() -> Value {
    let list = |example: &str| {
        let one = quantity(example);
        json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    };
    let rate = json!({ "anyOf": [quantity("4.5 %"), years("4.5 %")] });
    let rates = json!({ "anyOf": [rate, { "type": "array", "items": rate, "minItems": 1 }] });
    let cases = json!({ "type": "array", "items": growth_of_option(&rate), "minItems": 1 });
    let properties = json!({
        "targets": described(entries(&list("-8 %")), "各目标的候选值，逐一组合 / values of targets, all combinations"),
        "growth": json!({ "anyOf": [growth_of_option(&rates), cases] }),
    });
    described(
        object(&properties, &[]),
        "目标方案，组合写 / target options, all combinations",
    )
}

/// The schema of an entry of `[limit]`.
fn limit() -> Value {
    let properties = json!({
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "account": string("排放量、coal、energy、cost、燃料或被他用的活动 / emission, coal, energy, cost, a fuel, or a service that others use"),
        "max": described(quantity("8 亿m3"), "上限 / the most there may be"),
        "year": year("年份，默认末年 / year, by default the last"),
        "counts": json!({ "enum": ["total", "added"], "description": "总量，或新增措施所增加的量 / the total, or what new measures add" }),
    });
    object(&properties, &["account", "max"])
}

/// The schema of `[sweep]`.
fn sweep() -> Value {
    let designs = [
        "random",
        "latin-hypercube",
        "sobol",
        "saltelli",
        "morris",
        "grid",
        "list",
    ];
    let count = |text: &str| json!({ "type": "integer", "minimum": 0, "description": text });
    let numbers = |text: &str| json!({ "type": "array", "items": { "type": ["string", "number"] }, "description": text });
    let input = json!({
        "name_zh": string("中文名"),
        "name_en": string("English name"),
        "level": string("措施 id：执行程度 / measure id: its level"),
        "start": string("措施 id：开始年份 / measure id: the year it starts"),
        "end": string("措施 id：全部实施的年份 / measure id: the year it is fully in force"),
        "mix": json!({
            "type": "object",
            "additionalProperties": false,
            "properties": { "measure": { "type": "string" }, "of": { "type": "string" } },
            "required": ["measure", "of"],
            "description": "替代结构中某一去向的占比 / the part of one substitute",
        }),
        "growth": string("驱动因素：增长率的偏离 / driver: departure of its growth"),
        "elasticity": string("活动：弹性 / service: its elasticity"),
        "target": string("目标 id：目标值 / target id: its level"),
        "factor": json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "technologies": { "type": "array", "items": { "type": "string" } },
                "class": { "type": "string" },
                "service": { "type": "string" },
                "pollutants": { "type": "array", "items": { "type": "string" } },
            },
            "description": "排放因子的倍数 / multiplier of emission factors",
        }),
        "uniform": numbers("[下限, 上限] / [low, high]"),
        "triangular": numbers("[下限, 最可能, 上限] / [low, most likely, high]"),
        "normal": numbers("[均值, 标准差] / [mean, standard deviation]"),
        "lognormal": numbers("[2.5 %, 50 %, 97.5 %]"),
        "values": numbers("等可能的值 / equally likely values"),
        "truncate": json!({
            "type": "boolean",
            "description": "把超出该量范围的抽样截到范围以内（默认：这样的抽样不可行）/ cut draws beyond the bounds of the quantity to them (by default such a draw is not feasible)",
        }),
    });
    let correlation = json!({
        "between": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 },
        "rank": { "type": "number", "minimum": -1, "maximum": 1 },
    });
    let properties = json!({
        "design": { "enum": designs, "description": "抽样设计 / design" },
        "draws": count("抽样次数 / draws"),
        "seed": count("随机种子 / seed"),
        "levels": count("morris、grid 的水平数 / levels of morris or grid"),
        "list": string("list 设计的文件（CSV 或 Parquet）/ file of the design list"),
        "years": { "type": "array", "items": { "type": "integer" } },
        "inputs": entries(&object(&input, &[])),
        "correlation": { "type": "array", "items": object(&correlation, &["between", "rank"]) },
    });
    object(&properties, &[])
}

/// The schema of one kind of measure.
fn measure(kind: &KindSpec) -> Value {
    let mut properties = Map::new();
    let name = format!("{} / {}", kind.zh, kind.en);
    properties.insert(
        "type".into(),
        json!({ "const": kind.id, "description": name }),
    );
    for common in &COMMON {
        properties.insert(common.key.into(), common_schema(common));
    }
    properties.insert("replace".into(), replace());
    for field in kind.fields {
        let text = format!("{} / {}", field.zh, field.en);
        properties.insert(field.key.into(), described(field_schema(field), &text));
    }
    let extents = kind
        .fields
        .iter()
        .filter(|field| field.role == Role::Extent);
    json!({
        "title": name,
        "description": format!("{}\n{}", kind.doc_zh, kind.doc_en),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "$comment": format!("exactly one of: {}", extents.map(|f| f.key).collect::<Vec<_>>().join(", ")),
    })
}

fn common_schema(common: &Common) -> Value {
    let text = match (common.zh, common.en) {
        (zh, "") => zh.to_string(),
        (zh, en) => format!("{zh} / {en}"),
    };
    match common.holds {
        Holds::Text => string(&text),
        Holds::Year => year(&text),
        Holds::Word(words) => described(json!({ "enum": words }), &text),
        Holds::Share(example) | Holds::Money(example) => described(quantity(example), &text),
        Holds::Shares(example) => described(years(example), &text),
        Holds::Regions => described(entries(&json!({ "type": "object" })), &text),
        Holds::Years => described(
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            &text,
        ),
    }
}

fn field_schema(field: &Field) -> Value {
    match field.kind {
        FieldKind::Year => year(""),
        FieldKind::Word(words) => json!({ "enum": words }),
        FieldKind::Service => json!({ "type": "string" }),
        FieldKind::Services | FieldKind::Technologies => {
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })
        }
        FieldKind::Mix => json!({
            "anyOf": [
                { "type": "string", "examples": ["gas"] },
                { "type": "object", "additionalProperties": quantity("60 %") },
            ],
        }),
        _ => quantity(field.example),
    }
}
