//! What columns of a list hold that are carried along.

/// A column that is carried along: numbers, or yes and no, if every cell is one; else texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Whole numbers, written as such.
    Whole(Vec<i64>),
    /// Finite numbers.
    Real(Vec<f64>),
    /// Yes and no.
    Flag(Vec<bool>),
    /// Anything.
    Text(Vec<String>),
}

impl Cells {
    /// What some cells hold.
    pub fn of(cells: &[String]) -> Self {
        let whole = |cell: &String| cell.parse().ok().filter(|n: &i64| n.to_string() == *cell);
        if let Some(values) = cells.iter().map(whole).collect() {
            return Self::Whole(values);
        }
        let real = |cell: &String| cell.parse().ok().filter(|x: &f64| x.is_finite());
        if let Some(values) = cells.iter().map(real).collect() {
            return Self::Real(values);
        }
        let flag = |cell: &String| cell.to_ascii_lowercase().parse().ok();
        match cells.iter().map(flag).collect() {
            Some(values) => Self::Flag(values),
            None => Self::Text(cells.to_vec()),
        }
    }
}
