//! The names of units, and how long each unit is in base units.

use super::Dim;

/// Heat of a tonne of coal equivalent, GJ (7000 kcal/kg at 4.1868 kJ/kcal).
pub const GJ_PER_TCE: f64 = 29.3076;

/// Hours in a year of 365 days.
pub const HOURS_PER_YEAR: f64 = 8760.0;

/// A unit: `num / den` base units of `dim`. Two numbers rather than their
/// quotient, so that `35 t/h` comes back as 35 exactly.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Unit {
    /// Above the line.
    pub num: f64,
    /// Below the line.
    pub den: f64,
    /// What it measures.
    pub dim: Dim,
}

impl Unit {
    pub(super) const ONE: Self = Self {
        num: 1.0,
        den: 1.0,
        dim: Dim::NONE,
    };

    /// `self · other^power`.
    pub(super) fn combine(self, other: Self, power: i8) -> Self {
        let (up, down) = if power >= 0 {
            (other.num, other.den)
        } else {
            (other.den, other.num)
        };
        let times = i32::from(power).abs();
        Self {
            num: self.num * up.powi(times),
            den: self.den * down.powi(times),
            dim: self.dim.combine(other.dim, power),
        }
    }

    /// Whether it can be multiplied and divided by.
    pub(super) fn is_sound(self) -> bool {
        let sound = |x: f64| x.is_finite() && x > 0.0;
        sound(self.num) && sound(self.den)
    }
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Name {
    /// A unit.
    Unit(Unit),
    /// 千, 万, 亿: a factor for the unit that follows.
    Prefix(f64),
    /// 蒸吨, which already is per hour, though people add `/h`.
    SteamTonne,
    /// 标准煤 after a mass: from t to tce.
    CoalEquivalent,
    /// A pollutant after a mass: `t CO2`. It changes nothing.
    Substance,
    /// 每.
    Per,
}

type UnitRow = (&'static [&'static str], f64, f64, Dim);

/// Names, base units above and below the line, dimension.
const UNITS: &[UnitRow] = &[
    (&["t", "吨", "公吨", "tonne", "tonnes"], 1.0, 1.0, Dim::MASS),
    (&["kt"], 1e3, 1.0, Dim::MASS),
    (&["Mt"], 1e6, 1.0, Dim::MASS),
    (&["Gt"], 1e9, 1.0, Dim::MASS),
    (&["kg", "公斤", "千克"], 1.0, 1e3, Dim::MASS),
    (&["g", "克"], 1.0, 1e6, Dim::MASS),
    (&["mg", "毫克"], 1.0, 1e9, Dim::MASS),
    (&["ug", "μg", "µg", "微克"], 1.0, 1e12, Dim::MASS),
    (&["tce"], 1.0, 1.0, Dim::ENERGY),
    (&["ktce"], 1e3, 1.0, Dim::ENERGY),
    (&["Mtce"], 1e6, 1.0, Dim::ENERGY),
    (&["kgce"], 1.0, 1e3, Dim::ENERGY),
    (&["gce"], 1.0, 1e6, Dim::ENERGY),
    (&["J", "焦", "焦耳"], 1e-9, GJ_PER_TCE, Dim::ENERGY),
    (&["kJ"], 1e-6, GJ_PER_TCE, Dim::ENERGY),
    (&["MJ"], 1e-3, GJ_PER_TCE, Dim::ENERGY),
    (&["GJ"], 1.0, GJ_PER_TCE, Dim::ENERGY),
    (&["TJ"], 1e3, GJ_PER_TCE, Dim::ENERGY),
    (&["PJ"], 1e6, GJ_PER_TCE, Dim::ENERGY),
    (&["EJ"], 1e9, GJ_PER_TCE, Dim::ENERGY),
    (
        &["kcal", "大卡", "千卡"],
        4.1868,
        1e6 * GJ_PER_TCE,
        Dim::ENERGY,
    ),
    (&["Wh", "瓦时"], 3.6, 1e6 * GJ_PER_TCE, Dim::ENERGY),
    (&["kWh", "度", "度电"], 3.6, 1e3 * GJ_PER_TCE, Dim::ENERGY),
    (&["MWh"], 3.6, GJ_PER_TCE, Dim::ENERGY),
    (&["GWh"], 3.6e3, GJ_PER_TCE, Dim::ENERGY),
    (&["TWh"], 3.6e6, GJ_PER_TCE, Dim::ENERGY),
    (
        &["W", "瓦"],
        3.6 * HOURS_PER_YEAR,
        1e6 * GJ_PER_TCE,
        Dim::POWER,
    ),
    (&["kW"], 3.6 * HOURS_PER_YEAR, 1e3 * GJ_PER_TCE, Dim::POWER),
    (&["MW"], 3.6 * HOURS_PER_YEAR, GJ_PER_TCE, Dim::POWER),
    (&["GW"], 3.6e3 * HOURS_PER_YEAR, GJ_PER_TCE, Dim::POWER),
    (&["TW"], 3.6e6 * HOURS_PER_YEAR, GJ_PER_TCE, Dim::POWER),
    (&["km", "公里", "千米"], 1.0, 1.0, Dim::LENGTH),
    (&["m", "米"], 1.0, 1e3, Dim::LENGTH),
    (&["cm", "厘米"], 1.0, 1e5, Dim::LENGTH),
    (&["mm", "毫米"], 1.0, 1e6, Dim::LENGTH),
    (&["km2", "平方公里", "平方千米"], 1.0, 1.0, Dim::AREA),
    (&["m2", "平方米", "平米"], 1.0, 1e6, Dim::AREA),
    (
        &["m3", "立方米", "方", "Nm3", "标立方米", "标方"],
        1.0,
        1.0,
        Dim::VOLUME,
    ),
    (&["L", "升"], 1.0, 1e3, Dim::VOLUME),
    (&["tkm"], 1.0, 1.0, Dim::FREIGHT),
    (&["pkm"], 1.0, 1.0, Dim::PASSENGER),
    (&["vkm"], 1.0, 1.0, Dim::VEHICLE.times(Dim::LENGTH)),
    (
        &["a", "y", "yr", "year", "years", "年"],
        1.0,
        1.0,
        Dim::TIME,
    ),
    (&["月", "month", "months"], 1.0, 12.0, Dim::TIME),
    (
        &["d", "day", "days", "天", "日"],
        24.0,
        HOURS_PER_YEAR,
        Dim::TIME,
    ),
    (
        &["h", "hr", "hour", "hours", "小时", "时"],
        1.0,
        HOURS_PER_YEAR,
        Dim::TIME,
    ),
    (&["min", "分钟"], 1.0, 60.0 * HOURS_PER_YEAR, Dim::TIME),
    (&["s", "秒"], 1.0, 3600.0 * HOURS_PER_YEAR, Dim::TIME),
    (
        &["CNY", "yuan", "RMB", "元", "人民币元", "¥"],
        1.0,
        1.0,
        Dim::MONEY,
    ),
    (&["kCNY"], 1e3, 1.0, Dim::MONEY),
    (&["MCNY"], 1e6, 1.0, Dim::MONEY),
    (
        &["person", "persons", "people", "capita", "cap", "人"],
        1.0,
        1.0,
        Dim::PERSON,
    ),
    (
        &["household", "households", "hh", "户"],
        1.0,
        1.0,
        Dim::HOUSEHOLD,
    ),
    (
        &["vehicle", "vehicles", "veh", "辆"],
        1.0,
        1.0,
        Dim::VEHICLE,
    ),
    (
        &[
            "item", "items", "boiler", "boilers", "unit", "units", "台", "台套", "套", "座",
        ],
        1.0,
        1.0,
        Dim::ITEM,
    ),
    (&["head", "heads", "头"], 1.0, 1.0, Dim::HEAD),
    (&["%", "pp", "个百分点", "百分点"], 1.0, 100.0, Dim::NONE),
    (&["‰"], 1.0, 1000.0, Dim::NONE),
];

const PREFIXES: &[(&str, f64)] = &[
    ("千", 1e3),
    ("万", 1e4),
    ("百万", 1e6),
    ("亿", 1e8),
    ("百", 1e2),
    ("兆", 1e6),
    ("吉", 1e9),
];

const SUBSTANCES: &[&str] = &[
    "CO2",
    "SO2",
    "NO2",
    "NOx",
    "VOCs",
    "VOC",
    "COD",
    "NH3-N",
    "二氧化碳",
    "二氧化硫",
    "氮氧化物",
    "氨氮",
];

const COAL_EQUIVALENT: &[&str] = &["标准煤", "标煤"];

/// What a whole name stands for.
pub(super) fn lookup(name: &str) -> Option<Name> {
    if let Some(&(_, num, den, dim)) = UNITS.iter().find(|row| row.0.contains(&name)) {
        return Some(Name::Unit(Unit { num, den, dim }));
    }
    if let Some(&(_, factor)) = PREFIXES.iter().find(|(prefix, _)| *prefix == name) {
        return Some(Name::Prefix(factor));
    }
    match name {
        "蒸吨" => Some(Name::SteamTonne),
        "每" => Some(Name::Per),
        _ if COAL_EQUIVALENT.contains(&name) => Some(Name::CoalEquivalent),
        _ if SUBSTANCES.contains(&name) => Some(Name::Substance),
        _ => None,
    }
}

/// Every name there is.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let units = UNITS.iter().flat_map(|row| row.0.iter().copied());
    let prefixes = PREFIXES.iter().map(|(prefix, _)| *prefix);
    let rest = SUBSTANCES.iter().chain(COAL_EQUIVALENT).copied();
    units.chain(prefixes).chain(rest).chain(["蒸吨", "每"])
}

/// A character commonly written or recognised by mistake, and the right one.
pub(super) fn confused(c: char) -> Option<char> {
    Some(match c {
        '顿' | '屯' | '盹' | '炖' | '囤' | '噸' => '吨',
        '原' | '圆' | '圓' | '园' | '员' => '元',
        '仟' => '千',
        '萬' => '万',
        '億' | '忆' => '亿',
        '戸' | '戶' => '户',
        '輛' | '两' => '辆',
        '頭' => '头',
        '臺' => '台',
        '時' => '时',
        '理' | '哩' => '里',
        '媒' => '煤',
        '凡' => '瓦',
        _ => return None,
    })
}
