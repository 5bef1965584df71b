//! Dimensions: what a quantity measures.

use std::fmt;

use jianpai_core::text::Text;

/// How many base dimensions there are.
const COUNT: usize = 11;

/// Their names, in the order of the exponents.
const NAMES: [(&str, &str); COUNT] = [
    ("质量", "mass"),
    ("能量", "energy"),
    ("长度", "length"),
    ("体积", "volume"),
    ("时间", "time"),
    ("金额", "money"),
    ("人数", "persons"),
    ("户数", "households"),
    ("车辆数", "vehicles"),
    ("台数", "items"),
    ("头数", "heads"),
];

/// What a quantity measures: exponents over the base dimensions. Volume is one of
/// its own, in m³. A steam capacity (`35 t/h`) is mass per time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dim([i8; COUNT]);

impl Dim {
    /// A share or a plain number.
    pub const NONE: Self = Self([0; COUNT]);
    /// Base unit t.
    pub const MASS: Self = Self::base(0);
    /// Base unit tce.
    pub const ENERGY: Self = Self::base(1);
    /// Base unit km.
    pub const LENGTH: Self = Self::base(2);
    /// Base unit m³.
    pub const VOLUME: Self = Self::base(3);
    /// Base unit year.
    pub const TIME: Self = Self::base(4);
    /// Base unit CNY.
    pub const MONEY: Self = Self::base(5);
    /// Base unit person.
    pub const PERSON: Self = Self::base(6);
    /// Base unit household.
    pub const HOUSEHOLD: Self = Self::base(7);
    /// Base unit vehicle.
    pub const VEHICLE: Self = Self::base(8);
    /// Base unit item; boilers, kilns, machines.
    pub const ITEM: Self = Self::base(9);
    /// Base unit head; livestock.
    pub const HEAD: Self = Self::base(10);
    /// Base unit km².
    pub const AREA: Self = Self::LENGTH.times(Self::LENGTH);
    /// Steam capacity and other mass flows; base unit t/year.
    pub const MASS_PER_TIME: Self = Self::MASS.per(Self::TIME);
    /// Treatment capacity; base unit m³/year.
    pub const VOLUME_PER_TIME: Self = Self::VOLUME.per(Self::TIME);
    /// Installed power; base unit tce/year.
    pub const POWER: Self = Self::ENERGY.per(Self::TIME);
    /// Freight turnover; base unit t·km.
    pub const FREIGHT: Self = Self::MASS.times(Self::LENGTH);
    /// Passenger turnover; base unit person·km.
    pub const PASSENGER: Self = Self::PERSON.times(Self::LENGTH);
    /// A rate; base unit 1/year.
    pub const PER_TIME: Self = Self::NONE.per(Self::TIME);

    const fn base(index: usize) -> Self {
        let mut exponents = [0; COUNT];
        exponents[index] = 1;
        Self(exponents)
    }

    /// The product of two dimensions.
    #[must_use]
    pub const fn times(self, other: Self) -> Self {
        self.combine(other, 1)
    }

    /// The quotient of two dimensions.
    #[must_use]
    pub const fn per(self, other: Self) -> Self {
        self.combine(other, -1)
    }

    /// `self · other^power`, exponents saturating.
    #[must_use]
    pub const fn combine(self, other: Self, power: i8) -> Self {
        let mut exponents = self.0;
        let mut i = 0;
        while i < COUNT {
            exponents[i] = exponents[i].saturating_add(other.0[i].saturating_mul(power));
            i += 1;
        }
        Self(exponents)
    }

    /// In words: `质量/时间`, `mass/time`.
    pub fn text(&self) -> Text {
        let known = [
            (Self::NONE, "比例或没有单位的数", "a plain number or share"),
            (Self::MASS, "重量（吨）", "mass"),
            (Self::ENERGY, "能源或电量", "energy"),
            (Self::VOLUME, "体积（立方米）", "volume"),
            (Self::MASS_PER_TIME, "锅炉容量（蒸吨/时）", "mass/time"),
            (Self::VOLUME_PER_TIME, "水量（立方米/日）", "volume/time"),
            (
                Self::FREIGHT,
                "货物周转量",
                "freight turnover (mass·length)",
            ),
            (
                Self::PASSENGER,
                "旅客周转量",
                "passenger turnover (persons·length)",
            ),
            (Self::POWER, "装机（千瓦）", "power (energy/time)"),
            (Self::AREA, "面积", "area"),
            (Self::PER_TIME, "每年的比率", "a rate (1/time)"),
        ];
        if let Some((_, zh, en)) = known.iter().find(|(dim, _, _)| dim == self) {
            return Text::new(*zh, *en);
        }
        Text::new(self.words(|name| name.0), self.words(|name| name.1))
    }

    fn words(&self, pick: impl Fn(&(&'static str, &'static str)) -> &'static str) -> String {
        let side = |sign: i8| {
            let mut words = Vec::new();
            for (exponent, name) in self.0.iter().zip(&NAMES) {
                match exponent.saturating_mul(sign) {
                    ..=0 => {}
                    1 => words.push(pick(name).to_owned()),
                    power => words.push(format!("{}^{power}", pick(name))),
                }
            }
            words
        };
        let (above, below) = (side(1), side(-1));
        let above = if above.is_empty() {
            "1".to_owned()
        } else {
            above.join("·")
        };
        match below.len() {
            0 => above,
            1 => format!("{above}/{}", below[0]),
            _ => format!("{above}/({})", below.join("·")),
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Text { zh, en } = self.text();
        write!(f, "{zh} {en}")
    }
}

impl fmt::Debug for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dim({})", self.text().en)
    }
}
