//! Indices in place of names: each thing of the catalogue is known by its position in its
//! list. Names become indices when files are loaded; nothing below the loader compares
//! strings in a loop.

/// Defines an index newtype over `u16`.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The index as a number.
            pub fn at(self) -> usize {
                usize::from(self.0)
            }

            /// The index of position `i`.
            ///
            /// # Panics
            /// If there are more than 65 535 entries, which no catalogue has.
            pub fn from_usize(i: usize) -> Self {
                Self(u16::try_from(i).expect("fewer than 65 536 entries"))
            }
        }
    };
}

index!(
    /// A region: nation, province, city or zone.
    RegionId
);
index!(
    /// A service: something that is demanded and causes emissions when served.
    ServiceId
);
index!(
    /// A technology: one way of serving a service.
    TechnologyId
);
index!(
    /// A pollutant, CO2 among them.
    PollutantId
);
index!(
    /// A fuel.
    CarrierId
);
index!(
    /// A source class of the official statistics.
    ClassId
);
index!(
    /// What moves a service's demand.
    DriverId
);
index!(
    /// An indicator that targets speak of.
    IndicatorId
);
index!(
    /// A source of numbers.
    SourceId
);
index!(
    /// A statistical calibre.
    CalibreId
);
