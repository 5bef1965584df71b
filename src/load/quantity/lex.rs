//! From text to numbers, names and signs, each with its bytes.

use std::ops::Range;

use super::units::{self, Name};
use super::{QuantityError, QuantityErrorKind as Kind};
use crate::diag::nearest;
use crate::number::{fold, ungroup};

/// A token and the bytes it stands on. All names written as one word (`万吨公里`)
/// share the bytes of the word.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub range: Range<usize>,
    pub kind: TokenKind,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum TokenKind {
    /// A number as written, in ASCII, and its value.
    Number(String, f64),
    /// A name.
    Name(String, Name),
    /// A raised number: `³`, `⁻¹`, or the `-1` of `h-1`.
    Power(i32),
    /// `·`, `×` or a point between units.
    Times,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// Splits a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QuantityError> {
    let chars: Vec<(usize, char)> = text.char_indices().map(|(i, c)| (i, simple(c))).collect();
    let mut lexer = Lexer {
        text,
        chars,
        at: 0,
        tokens: Vec::new(),
    };
    while let Some(c) = lexer.peek(0) {
        lexer.one(c)?;
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    /// Byte offset and ASCII form of each character.
    chars: Vec<(usize, char)>,
    at: usize,
    tokens: Vec<Token>,
}

/// One sign for each meaning.
fn simple(c: char) -> char {
    match fold(c) {
        '⋅' | '∙' | '・' | '•' => '·',
        '￥' => '¥',
        '₂' => '2',
        '₃' => '3',
        'ₓ' => 'x',
        '–' => '-',
        other => other,
    }
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).map(|&(_, c)| c)
    }

    fn is_digit(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|c| c.is_ascii_digit())
    }

    /// The bytes from character `start` to here.
    fn since(&self, start: usize) -> Range<usize> {
        let byte = |i: usize| self.chars.get(i).map_or(self.text.len(), |&(byte, _)| byte);
        byte(start)..byte(self.at)
    }

    fn folded(&self, start: usize) -> String {
        self.chars[start..self.at].iter().map(|&(_, c)| c).collect()
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        let range = self.since(start);
        self.tokens.push(Token { range, kind });
    }

    fn fail(&self, start: usize, kind: Kind) -> QuantityError {
        QuantityError::new(self.since(start), kind)
    }

    fn sign(&mut self, kind: TokenKind) {
        self.at += 1;
        self.push(self.at - 1, kind);
    }

    fn one(&mut self, c: char) -> Result<(), QuantityError> {
        let signed = matches!(c, '+' | '-') && (self.is_digit(1) || self.peek(1) == Some('.'));
        match c {
            _ if c.is_whitespace() => self.at += 1,
            '0'..='9' => self.number()?,
            '.' if self.is_digit(1) && !self.after_name() => self.number()?,
            '.' | '·' | '×' => self.sign(TokenKind::Times),
            '+' | '-' if signed && self.may_be_signed() => self.number()?,
            '-' if self.is_digit(1) && self.after_name() => self.minus_power(),
            '*' => self.sign(TokenKind::Star),
            '/' | '∕' | '÷' => self.sign(TokenKind::Slash),
            '^' => self.sign(TokenKind::Caret),
            '(' => self.sign(TokenKind::Open),
            ')' => self.sign(TokenKind::Close),
            '%' | '‰' | '¥' => {
                self.at += 1;
                self.word(self.at - 1)?;
            }
            '⁻' | '⁺' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => self.raised()?,
            _ if c.is_alphabetic() => self.letters()?,
            _ => {
                self.at += 1;
                return Err(self.fail(self.at - 1, Kind::UnexpectedChar(c)));
            }
        }
        Ok(())
    }

    /// A sign belongs to a number at the very start and after `^`.
    fn may_be_signed(&self) -> bool {
        self.tokens
            .last()
            .is_none_or(|token| token.kind == TokenKind::Caret)
    }

    /// Whether the character before this one ended a name.
    fn after_name(&self) -> bool {
        let touching = self
            .tokens
            .last()
            .filter(|token| token.range.end == self.since(self.at).start);
        touching.is_some_and(|token| matches!(token.kind, TokenKind::Name(..)))
    }

    fn number(&mut self) -> Result<(), QuantityError> {
        let start = self.at;
        self.at += usize::from(matches!(self.peek(0), Some('+' | '-')));
        while self.is_digit(0) || matches!(self.peek(0), Some('.' | ',' | '_')) {
            self.at += 1;
        }
        // `1e4`, but not the `e` of a unit.
        if matches!(self.peek(0), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.peek(1), Some('+' | '-')));
            if self.is_digit(1 + sign) {
                self.at += 1 + sign;
                while self.is_digit(0) {
                    self.at += 1;
                }
            }
        }
        let written = self.folded(start);
        let plain = if written.contains([',', '_']) {
            ungroup(&written).ok_or_else(|| self.fail(start, Kind::BadNumber))?
        } else {
            written
        };
        let value: f64 = plain
            .parse()
            .map_err(|_| self.fail(start, Kind::BadNumber))?;
        if !value.is_finite() {
            return Err(self.fail(start, Kind::NotFinite));
        }
        self.push(start, TokenKind::Number(plain, value));
        Ok(())
    }

    fn minus_power(&mut self) {
        let start = self.at;
        self.at += 1;
        let mut power = 0i32;
        while let Some(digit) = self.peek(0).and_then(|c| c.to_digit(10)) {
            power = power.saturating_mul(10).saturating_add(digit.cast_signed());
            self.at += 1;
        }
        self.push(start, TokenKind::Power(-power));
    }

    fn raised(&mut self) -> Result<(), QuantityError> {
        let start = self.at;
        let negative = self.peek(0) == Some('⁻');
        self.at += usize::from(matches!(self.peek(0), Some('⁻' | '⁺')));
        let mut power = 0i32;
        let first = self.at;
        while let Some(digit) = self
            .peek(0)
            .and_then(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|d| d == c))
        {
            power = power
                .saturating_mul(10)
                .saturating_add(digit.cast_signed() as i32);
            self.at += 1;
        }
        if self.at == first {
            return Err(self.fail(start, Kind::BadPower));
        }
        let power = if negative { -power } else { power };
        self.push(start, TokenKind::Power(power));
        Ok(())
    }

    fn letters(&mut self) -> Result<(), QuantityError> {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            let dash = c == '-' && self.peek(1) == Some('N') && self.folded(start).ends_with("NH3");
            if !(c.is_alphanumeric() || c == '_' || dash) || is_raised(c) {
                break;
            }
            self.at += 1;
        }
        self.word(start)
    }

    /// The names in the word from `start` to here.
    fn word(&mut self, start: usize) -> Result<(), QuantityError> {
        let word = self.folded(start);
        match segment(&word) {
            Ok(names) => {
                for (name, meaning) in names {
                    self.push(start, TokenKind::Name(name.to_owned(), meaning));
                }
                Ok(())
            }
            Err(piece) => {
                let unknown = word[piece.clone()].to_owned();
                let better = better(&word, &piece);
                Err(self.fail(start, Kind::UnknownUnit(unknown)).suggest(better))
            }
        }
    }
}

fn is_raised(c: char) -> bool {
    matches!(c, '⁻' | '⁺' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// Latin letters stay together; Chinese is cut, the longest name first.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'μ' | 'µ' | '-' | '_')
}

/// The names a word is made of, or the bytes of the part that is none.
fn segment(word: &str) -> Result<Vec<(&str, Name)>, Range<usize>> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let rest = &word[at..];
        let latin = rest.find(|c| !is_latin(c)).unwrap_or(rest.len());
        let length = if latin > 0 {
            let run = &rest[..latin];
            if units::lookup(run).is_none()
                && let Some(mass) = mass_before_substance(run)
            {
                mass
            } else {
                latin
            }
        } else {
            longest(rest)
        };
        let Some(meaning) = units::lookup(&rest[..length]) else {
            let end = rest.find(is_latin).filter(|&i| i > 0).unwrap_or(rest.len());
            let end = if latin > 0 { latin } else { end };
            return Err(at..at + end);
        };
        names.push((&rest[..length], meaning));
        at += length;
    }
    Ok(names)
}

/// Bytes of the longest name at the start; 0 if there is none.
fn longest(text: &str) -> usize {
    let fitting = units::names().filter(|name| text.starts_with(name));
    fitting.map(str::len).max().unwrap_or(0)
}

/// `tCO2`: the bytes of `t`.
fn mass_before_substance(run: &str) -> Option<usize> {
    ["t", "kg", "g", "mg", "kt", "Mt", "Gt"]
        .iter()
        .find_map(|mass| {
            let rest = run.strip_prefix(mass)?;
            (units::lookup(rest) == Some(Name::Substance)).then_some(mass.len())
        })
}

/// The word with its unknown part put right.
fn better(word: &str, piece: &Range<usize>) -> Option<String> {
    let mended: String = word
        .chars()
        .map(|c| units::confused(c).unwrap_or(c))
        .collect();
    if mended != word && segment(&mended).is_ok() {
        return Some(mended);
    }
    let unknown = &word[piece.clone()];
    let near = units::names()
        .find(|name| name.eq_ignore_ascii_case(unknown))
        .or_else(|| {
            nearest(
                unknown,
                units::names().filter(|name| comparable(name, unknown)),
            )
        })?;
    let replaced = format!("{}{near}{}", &word[..piece.start], &word[piece.end..]);
    segment(&replaced).is_ok().then_some(replaced)
}

/// Whether a unit may be offered for an unknown name: never one substance for
/// another, a short Latin name only for one as long, and nothing for a single
/// Chinese character.
fn comparable(name: &str, unknown: &str) -> bool {
    let latin = unknown.starts_with(is_latin);
    let long_enough = if latin {
        unknown.len() > 3 || name.len() == unknown.len()
    } else {
        unknown.chars().nth(1).is_some()
    };
    name.starts_with(is_latin) == latin
        && units::lookup(name) != Some(Name::Substance)
        && long_enough
}
