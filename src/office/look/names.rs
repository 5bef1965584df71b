//! Names of sheets: what a spreadsheet takes, and no two alike.

/// The names given so far.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<String>);

/// Units of UTF-16 that a name may have.
const MOST: usize = 31;

impl Names {
    /// A name for a sheet: without what spreadsheets refuse, not too long, used once.
    pub(crate) fn add(&mut self, wanted: &str) -> String {
        let clean: String = wanted
            .chars()
            .map(|c| match c {
                '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => ' ',
                '：' => '—',
                c => c,
            })
            .collect();
        let clean = cut(clean.trim(), MOST);
        let mut name = clean.clone();
        let mut n = 2;
        while self
            .0
            .iter()
            .any(|used| used.to_lowercase() == name.to_lowercase())
        {
            let end = format!(" {n}");
            name = cut(&clean, MOST - end.len()) + &end;
            n += 1;
        }
        self.0.push(name.clone());
        name
    }
}

/// The beginning of a text, of so many units of UTF-16 at most.
fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    let fits = |c: &char| {
        let size = c.len_utf16();
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    };
    let cut: String = text.chars().take_while(fits).collect();
    cut.trim_end().to_string()
}

/// A sheet's name as formulas have it.
pub(crate) fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_what_a_spreadsheet_takes() {
        let mut names = Names::default();
        assert_eq!(names.add("目标与判定"), "目标与判定");
        assert_eq!(names.add("目标与判定"), "目标与判定 2");
        assert_eq!(names.add("a/b: [c]"), "a b   c");
        let long = "Targets outside the model, own values by year";
        assert_eq!(names.add(long), "Targets outside the model, own");
        assert_eq!(names.add(long), "Targets outside the model, ow 2");
        assert_eq!(
            names.add("TARGETS OUTSIDE THE MODEL, OWN"),
            "TARGETS OUTSIDE THE MODEL, OW 3"
        );
    }
}
