//! The two forms of a decomposition.

/// How effects are expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// They sum to the change.
    Additive,
    /// They multiply to the ratio.
    Multiplicative,
}

impl Method {
    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Method::Additive => "additive",
            Method::Multiplicative => "multiplicative",
        }
    }
}
