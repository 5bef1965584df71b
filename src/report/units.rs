//! The units of results: what machines read, what people read, and how many base units
//! one of each is. No other place names a unit of a table.

use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::{Account, Indicator, IndicatorKind};
use jianpai_core::text::Text;

/// The unit of a number. Values are kept in base units: t, tce, CNY, fractions of 1,
/// indices whose base year is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// A pure number: a count, or a quantity in a unit of the user's own.
    None,
    /// A part of 1, which people read in percent.
    Fraction,
    /// A part of 1 written in percent.
    Percent,
    /// A difference of two percentages, kept as a part of 1.
    Points,
    /// A quotient of two amounts of one kind: × 1.
    Ratio,
    /// Tonnes for machines, 10⁴ t for people.
    Tonne,
    /// Tonnes for both.
    PlainTonne,
    /// 10⁴ t for both.
    TenThousandTonnes,
    /// Tonnes of coal equivalent for machines, 10⁴ tce for people.
    Tce,
    /// 10⁴ tce for both.
    TenThousandTce,
    /// Yuan a year.
    YuanPerYear,
    /// Yuan; the cost of the last year.
    Yuan,
    /// 10⁸ yuan.
    HundredMillionYuan,
    /// Yuan a tonne.
    YuanPerTonne,
    /// An index: 1 in the base year for machines, 100 for people.
    BaseYear,
    /// An index: 1 in the base year for both.
    PlainIndex,
    /// An index: 100 in the base year of the scenario.
    BaseYear100,
    /// An index: 1 in the base year for machines, 100 in that year for people.
    BaseYearOf(i32),
    /// An index: 100 in `year`.
    Index {
        /// The year of 100.
        year: i32,
        /// Its value there (base year of the scenario = 1).
        base: f64,
    },
    /// Units of the service that is demanded.
    Service,
    /// A calendar year.
    Year,
}

/// A unit as one kind of reader has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// What it is called.
    pub name: Text,
    /// Base units in one.
    pub scale: f64,
}

impl Unit {
    /// The unit that machines read: in CSV and JSON.
    pub fn machine(self) -> Name {
        let plain = |name: &str, scale: f64| Name {
            name: Text::same(name),
            scale,
        };
        match self {
            Unit::None | Unit::Ratio => plain("", 1.0),
            Unit::Fraction => plain("1", 1.0),
            Unit::Percent => plain("%", 0.01),
            Unit::Points => plain("percentage points", 0.01),
            Unit::Tonne | Unit::PlainTonne => plain("t", 1.0),
            Unit::TenThousandTonnes => plain("1e4 t", 1e4),
            Unit::Tce => plain("tce", 1.0),
            Unit::TenThousandTce => plain("1e4 tce", 1e4),
            Unit::YuanPerYear => plain("CNY/yr", 1.0),
            Unit::Yuan => plain("CNY", 1.0),
            Unit::HundredMillionYuan => plain("1e8 CNY", 1e8),
            Unit::YuanPerTonne => plain("CNY/t", 1.0),
            Unit::BaseYear | Unit::PlainIndex | Unit::BaseYearOf(_) => plain("base year = 1", 1.0),
            Unit::BaseYear100 => plain("base year = 100", 0.01),
            Unit::Index { year, base } => plain(&format!("{year} = 100"), base / 100.0),
            Unit::Service => plain("service units", 1.0),
            Unit::Year => plain("year", 1.0),
        }
    }

    /// The unit that people read: on the terminal.
    pub fn shown(self) -> Name {
        let named = |zh: &str, en: &str, scale: f64| Name {
            name: Text::new(zh, en),
            scale,
        };
        match self {
            Unit::None | Unit::Ratio | Unit::Year => named("", "", 1.0),
            Unit::Fraction | Unit::Percent => named("%", "%", 0.01),
            Unit::Points => named("个百分点", "points", 0.01),
            Unit::PlainTonne => named("t", "t", 1.0),
            Unit::Tonne | Unit::TenThousandTonnes => named("万吨", "10⁴ t", 1e4),
            Unit::Tce | Unit::TenThousandTce => named("万吨标准煤", "10⁴ tce", 1e4),
            Unit::Yuan | Unit::HundredMillionYuan => named("亿元", "10⁸ CNY", 1e8),
            Unit::YuanPerYear => named("亿元/年", "10⁸ CNY/yr", 1e8),
            Unit::YuanPerTonne => named("元/吨", "CNY/t", 1.0),
            Unit::BaseYear | Unit::BaseYear100 => named("基年=100", "base year = 100", 0.01),
            Unit::BaseYearOf(year) => Name {
                name: Text::new(format!("{year}年=100"), format!("{year} = 100")),
                scale: 0.01,
            },
            Unit::PlainIndex => named("基年=1", "base year = 1", 1.0),
            Unit::Index { year, base } => Name {
                name: Text::new(format!("{year}年=100"), format!("{year} = 100")),
                scale: base / 100.0,
            },
            Unit::Service => named("活动单位", "service units", 1.0),
        }
    }

    /// The unit in which tables have an account.
    pub fn of_account(account: Account) -> Self {
        match account.unit_kind() {
            UnitKind::Mass => Unit::TenThousandTonnes,
            UnitKind::Energy => Unit::TenThousandTce,
            UnitKind::Money => Unit::HundredMillionYuan,
            _ => Unit::Service,
        }
    }

    /// The unit in which tables and charts have an indicator; an index is 100 in the
    /// scenario's base year.
    pub fn of_indicator(indicator: &Indicator) -> Self {
        match indicator.kind.unit_kind() {
            UnitKind::Mass if indicator.display_unit == "t" => Unit::PlainTonne,
            UnitKind::Mass => Unit::TenThousandTonnes,
            UnitKind::Energy => Unit::TenThousandTce,
            UnitKind::Index => Unit::BaseYear100,
            _ => Unit::Percent,
        }
    }

    /// The base unit for machines, shown to people as this one.
    #[must_use]
    pub fn base(self) -> Self {
        match self {
            Unit::TenThousandTonnes => Unit::Tonne,
            Unit::TenThousandTce => Unit::Tce,
            Unit::Percent => Unit::Fraction,
            Unit::HundredMillionYuan => Unit::Yuan,
            Unit::BaseYear100 | Unit::Index { .. } => Unit::BaseYear,
            other => other,
        }
    }

    /// The base unit of an indicator: in JSON, and in rows of draws.
    pub fn base_of(kind: &IndicatorKind) -> Self {
        match kind.unit_kind() {
            UnitKind::Mass => Unit::Tonne,
            UnitKind::Energy => Unit::Tce,
            UnitKind::Index => Unit::BaseYear,
            _ => Unit::Fraction,
        }
    }
}
