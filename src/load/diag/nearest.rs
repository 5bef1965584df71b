//! "Did you mean …?"

use strsim::osa_distance;

/// The candidate most like `word`, if one is like it enough to be worth saying.
///
/// Case, `-`, `_` and `.` do not count; otherwise about one edit for every three
/// characters is forgiven (one for a two-character Chinese word).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(word, candidates).first().copied()
}

/// All the candidates that are as like `word` as the one most like it is, in their order.
pub fn all_nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(word);
    let length = folded.chars().count();
    if length == 0 || length > 80 {
        return Vec::new();
    }
    let mut least = usize::MAX;
    let mut best: Vec<&str> = Vec::new();
    for candidate in candidates {
        let other = fold(candidate);
        let other_length = other.chars().count();
        if candidate == word || other_length == 0 || other_length > 80 {
            continue;
        }
        let allowed = allowed_edits(&folded, length.max(other_length));
        if length.abs_diff(other_length) > allowed && !contains(&other, &folded, length) {
            continue;
        }
        let edits = osa_distance(&folded, &other);
        // A word cut out of the candidate ranks after every misspelling.
        let rank = if edits <= allowed {
            edits
        } else if contains(&other, &folded, length) {
            100 + edits
        } else {
            continue;
        };
        if rank < least {
            least = rank;
            best.clear();
        }
        if rank == least {
            best.push(candidate);
        }
    }
    best
}

fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn allowed_edits(word: &str, longest: usize) -> usize {
    if longest == 2 && !word.is_ascii() {
        return 1;
    }
    longest / 3
}

/// Whether `word` is a telling part of `candidate`: `steam` in `industrial-steam`.
fn contains(candidate: &str, word: &str, length: usize) -> bool {
    (length >= 4 || (length >= 2 && !word.is_ascii())) && candidate.contains(word)
}
