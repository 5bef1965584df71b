//! From tokens to a unit.

use super::lex::{Token, TokenKind, tokens};
use super::units::{HOURS_PER_YEAR, Name, Unit};
use super::{Dim, QuantityError, QuantityErrorKind as Kind};
use crate::number::ungroup;

/// Brackets deeper than this are nobody's unit.
const DEEPEST: u8 = 8;
/// Powers beyond this are nobody's unit.
const HIGHEST: i32 = 18;

/// A number and what follows it.
pub(super) fn quantity(text: &str) -> Result<(f64, Unit), QuantityError> {
    let tokens = tokens(text)?;
    let (number, rest) = match tokens.split_first() {
        None => return Err(QuantityError::new(0..text.len(), Kind::Empty)),
        Some((
            Token {
                kind: TokenKind::Number(_, value),
                ..
            },
            rest,
        )) => (*value, rest),
        Some((token, _)) => {
            return Err(QuantityError::new(token.range.clone(), Kind::MissingNumber));
        }
    };
    let mut reader = Reader {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    // `10^4 t` is one number.
    if let Some(TokenKind::Caret | TokenKind::Power(_)) = rest.first().map(|token| &token.kind) {
        return Ok((1.0, reader.whole()?));
    }
    reader.at = 1;
    match rest.first().map(|token| &token.kind) {
        None => return Ok((number, Unit::ONE)),
        // `3×10^4 t`
        Some(TokenKind::Times | TokenKind::Star) => reader.at = 2,
        Some(_) => reader.scale_after_number()?,
    }
    Ok((number, reader.whole()?))
}

/// A unit by itself.
pub(super) fn unit(text: &str) -> Result<Unit, QuantityError> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(QuantityError::new(0..text.len(), Kind::Empty));
    }
    Reader {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
    }
    .whole()
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: u8,
}

/// The last factor read, for the names that look back.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Mass,
    Steam,
    Other,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    /// An error at the next token, or at the end of the text.
    fn fail(&self, kind: Kind) -> QuantityError {
        let end = self.text.len()..self.text.len();
        QuantityError::new(
            self.tokens
                .get(self.at)
                .map_or(end, |token| token.range.clone()),
            kind,
        )
    }

    /// All tokens from here.
    fn whole(&mut self) -> Result<Unit, QuantityError> {
        let unit = self.ratio()?;
        if self.at < self.tokens.len() {
            return Err(self.fail(Kind::Bracket)); // `)` without `(`
        }
        if unit.is_sound() {
            return Ok(unit);
        }
        Err(QuantityError::new(0..self.text.len(), Kind::NotFinite))
    }

    /// After the number of a quantity only a power of ten may follow as a number,
    /// the scale of a unit: `300 1e4 t`.
    fn scale_after_number(&self) -> Result<(), QuantityError> {
        let Some(TokenKind::Number(written, value)) = self.peek() else {
            return Ok(());
        };
        let scale = self.tokens.get(self.at + 1).map(|token| &token.kind);
        let raised = matches!(scale, Some(TokenKind::Caret | TokenKind::Power(_)));
        if raised || (written.contains(['e', 'E']) && value.log10().fract() == 0.0) {
            return Ok(());
        }
        let range = self.tokens[self.at - 1].range.start..self.tokens[self.at].range.end;
        let joined = self.text.get(range.clone()).and_then(ungroup);
        Err(QuantityError::new(range, Kind::TwoNumbers).suggest(joined))
    }

    /// `product / product / …`
    fn ratio(&mut self) -> Result<Unit, QuantityError> {
        let mut unit = Unit::ONE;
        let mut last = Last::Other;
        if !self.at_slash() {
            (unit, last) = self.product(false)?;
        }
        while self.at_slash() {
            self.at += 1;
            if last == Last::Steam && self.skip_hour() {
                last = Last::Other;
                continue;
            }
            let (below, _) = self.product(true)?;
            unit = unit.combine(below, -1);
            last = Last::Other;
        }
        Ok(unit)
    }

    fn at_slash(&self) -> bool {
        matches!(
            self.peek(),
            Some(TokenKind::Slash | TokenKind::Name(_, Name::Per))
        )
    }

    /// 蒸吨/时: the hour is in the 蒸吨 already.
    fn skip_hour(&mut self) -> bool {
        let hour = Unit {
            num: 1.0,
            den: HOURS_PER_YEAR,
            dim: Dim::TIME,
        };
        let is_hour =
            matches!(self.peek(), Some(TokenKind::Name(_, Name::Unit(unit))) if *unit == hour);
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        let alone = matches!(
            next,
            None | Some(TokenKind::Slash | TokenKind::Close | TokenKind::Name(_, Name::Per))
        );
        if is_hour && alone {
            self.at += 1;
        }
        is_hour && alone
    }

    /// Factors side by side, at least one.
    fn product(&mut self, below: bool) -> Result<(Unit, Last), QuantityError> {
        let (mut unit, mut last) = self.factor(Last::Other)?;
        loop {
            match self.peek() {
                Some(TokenKind::Star) if below => return Err(self.fail(Kind::AmbiguousProduct)),
                Some(TokenKind::Times | TokenKind::Star) => {
                    self.at += 1;
                    let (factor, kind) = self.factor(Last::Other)?;
                    unit = unit.combine(factor, 1);
                    last = kind;
                }
                Some(TokenKind::Number(..)) => return Err(self.fail(Kind::TwoNumbers)),
                Some(TokenKind::Name(_, name)) if *name != Name::Per => {
                    let (factor, kind) = self.factor(last)?;
                    unit = unit.combine(factor, 1);
                    last = kind;
                }
                Some(TokenKind::Open) => {
                    let (factor, kind) = self.factor(last)?;
                    unit = unit.combine(factor, 1);
                    last = kind;
                }
                Some(TokenKind::Caret | TokenKind::Power(_)) => {
                    return Err(self.fail(Kind::BadPower));
                }
                _ => return Ok((unit, last)),
            }
        }
    }

    /// A number, a name or brackets, with its power. A number's unit follows
    /// without a sign between.
    fn factor(&mut self, last: Last) -> Result<(Unit, Last), QuantityError> {
        let start = self.at;
        let (unit, kind) = match self.peek() {
            Some(&TokenKind::Number(_, value)) => {
                self.at += 1;
                (
                    Unit {
                        num: value,
                        ..Unit::ONE
                    },
                    Last::Other,
                )
            }
            Some(TokenKind::Name(text, name)) => {
                let read = Self::name(*name, last);
                let (unit, kind) = read.ok_or_else(|| match name {
                    Name::Per => self.fail(Kind::Dangling),
                    _ => self.fail(Kind::NotAfterMass(text.clone())),
                })?;
                self.at += 1;
                (unit, kind)
            }
            Some(TokenKind::Open) if self.depth == DEEPEST => {
                return Err(self.fail(Kind::Bracket));
            }
            Some(TokenKind::Open) => {
                self.at += 1;
                self.depth += 1;
                let unit = self.ratio()?;
                self.depth -= 1;
                if self.peek() != Some(&TokenKind::Close) {
                    return Err(self.fail(Kind::Bracket));
                }
                self.at += 1;
                (unit, Last::Other)
            }
            _ => return Err(self.fail(Kind::Dangling)),
        };
        let Some(power) = self.power()? else {
            return Ok((unit, kind));
        };
        if unit.dim == Dim::LENGTH && power.abs() == 3 {
            let cubic = Unit {
                num: unit.num * 1e3,
                den: unit.den,
                dim: Dim::NONE,
            };
            let volume = Unit {
                dim: Dim::VOLUME,
                ..Unit::ONE.combine(cubic, 3)
            };
            return Ok((Unit::ONE.combine(volume, power.signum()), Last::Other));
        }
        let raised = Unit::ONE.combine(unit, power);
        // `万^2` and `标准煤^2` say nothing.
        if matches!(
            self.tokens[start].kind,
            TokenKind::Name(_, Name::Prefix(_) | Name::CoalEquivalent)
        ) {
            self.at -= 1;
            return Err(self.fail(Kind::BadPower));
        }
        Ok((raised, Last::Other))
    }

    /// What a name multiplies by, given the factor before it.
    fn name(name: Name, last: Last) -> Option<(Unit, Last)> {
        let mass = last == Last::Mass;
        Some(match name {
            Name::Unit(unit) if unit.dim == Dim::MASS => (unit, Last::Mass),
            Name::Unit(unit) => (unit, Last::Other),
            Name::Prefix(factor) => (
                Unit {
                    num: factor,
                    ..Unit::ONE
                },
                Last::Other,
            ),
            Name::SteamTonne => {
                let unit = Unit {
                    num: HOURS_PER_YEAR,
                    den: 1.0,
                    dim: Dim::MASS_PER_TIME,
                };
                (unit, Last::Steam)
            }
            // tce for every t
            Name::CoalEquivalent if mass => (
                Unit {
                    dim: Dim::ENERGY.per(Dim::MASS),
                    ..Unit::ONE
                },
                Last::Other,
            ),
            Name::Substance if mass => (Unit::ONE, Last::Other),
            Name::CoalEquivalent | Name::Substance | Name::Per => return None,
        })
    }

    /// `^2`, `³` or nothing.
    fn power(&mut self) -> Result<Option<i8>, QuantityError> {
        let power = match self.peek() {
            Some(&TokenKind::Power(power)) => f64::from(power),
            Some(TokenKind::Caret) => {
                self.at += 1;
                match self.peek() {
                    Some(&TokenKind::Number(_, value)) => value,
                    _ => return Err(self.fail(Kind::BadPower)),
                }
            }
            _ => return Ok(None),
        };
        if power.fract() != 0.0 || power.abs() > f64::from(HIGHEST) || power == 0.0 {
            return Err(self.fail(Kind::BadPower));
        }
        self.at += 1;
        Ok(Some(power as i8))
    }
}
