//! Count, mean and variance from exact sums.
//!
//! A finite double is an integer times a power of two, so Σx and Σx² are kept as
//! long integers (Kulisch and Miranker, 1986; Neal, 2015): 1.6 KB in all, no
//! rounding, and therefore no dependence on order. Then, in integers,
//!
//! ```text
//! variance = (n Σx² − (Σx)²) / (n (n − 1))
//! ```
//!
//! where the difference, in which floats would cancel, is exact; only the final
//! conversion and division round.

/// Digits of 32 bits for Σx in units of 2⁻¹⁰⁷⁴, and 2⁶⁴ terms.
pub(super) const LINEAR: usize = 69;
/// Digits for Σx² in units of 2⁻²¹⁴⁸.
pub(super) const SQUARE: usize = 136;
/// Terms after which digits are carried: each adds less than 2³² to a digit.
const CARRY: u32 = 1 << 29;
/// Partial sums of a block: the i-th of every so many values go to the i-th.
pub(super) const LANES: usize = 8;

/// Count and exact sums of values and squares.
#[derive(Debug, Clone)]
pub struct Moments {
    count: u64,
    linear: Digits,
    square: Digits,
}

/// A long integer in signed digits of 32 bits, lowest first.
#[derive(Debug, Clone)]
struct Digits {
    digits: Vec<i64>,
    pending: u32,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            linear: Digits::zero(LINEAR),
            square: Digits::zero(SQUARE),
        }
    }
}

impl PartialEq for Moments {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && self.linear.carried() == other.linear.carried()
            && self.square.carried() == other.square.carried()
    }
}

impl Moments {
    /// The digits of the sums of values and of squares.
    pub(super) fn digits(&self) -> (Vec<i64>, Vec<i64>) {
        (self.linear.carried().digits, self.square.carried().digits)
    }

    /// Of so many values, from the digits of their sums: [`LINEAR`] and [`SQUARE`] of them.
    pub(super) fn of_digits(count: u64, linear: Vec<i64>, square: Vec<i64>) -> Self {
        let whole = |digits| Digits { digits, pending: 0 };
        Self {
            count,
            linear: whole(linear),
            square: whole(square),
        }
    }

    /// Takes in a value, finite and within ±1e150.
    pub(super) fn add(&mut self, value: f64) {
        self.count += 1;
        let (mantissa, place) = parts(value);
        self.linear.add(mantissa, place, value.is_sign_negative());
        self.square
            .add_product(mantissa, mantissa, 2 * place, false);
    }

    /// Takes in `n` values by their sums S, Q about a center c:
    ///
    /// ```text
    /// Σx = n c + S        Σx² = n c² + 2 c S + Q
    /// ```
    ///
    /// S and Q are rounded, the rest is exact: values all alike have no variance, and
    /// what little others vary is not lost in the size of their squares.
    pub(super) fn add_block(&mut self, n: u64, about: Sums) {
        self.count += n;
        let (center, at) = parts(about.center);
        let (sum, sum_at) = parts(about.sum);
        let (squares, squares_at) = parts(about.squares);
        let (below, sinks) = (
            about.center.is_sign_negative(),
            about.sum.is_sign_negative(),
        );
        self.linear
            .add_wide(u128::from(n) * u128::from(center), at, below);
        self.linear.add(sum, sum_at, sinks);
        // 2¹⁰⁶ and less, so often.
        let square = u128::from(center) * u128::from(center);
        if n < 1 << 20 {
            self.square.add_wide(square * u128::from(n), 2 * at, false);
        } else {
            self.square.add_product(n, square as u64, 2 * at, false);
            self.square
                .add_product(n, (square >> 64) as u64, 2 * at + 64, false);
        }
        let both = u128::from(center) * u128::from(sum);
        self.square.add_wide(both, at + sum_at + 1, below != sinks);
        self.square.add(squares, squares_at + 1074, false);
    }

    /// Takes in the values of another.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.linear.merge(&other.linear);
        self.square.merge(&other.square);
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean: the exact sum, rounded to a double, divided by the count.
    pub fn mean(&self) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let (negative, sum) = self.linear.magnitude();
        let (mantissa, exponent) = leading(&sum);
        let mean = scale(mantissa / self.count as f64, exponent - 1074);
        Some(if negative { -mean } else { mean })
    }

    /// Variance with divisor `n − 1`; `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let (_, squares) = self.square.magnitude();
        let (_, sum) = self.linear.magnitude();
        let count = [self.count as u32, (self.count >> 32) as u32];
        let difference = subtract(&product(&squares, &count), &product(&sum, &sum));
        let (mantissa, exponent) = leading(&difference);
        let n = self.count as f64;
        Some(scale(mantissa / n / (n - 1.0), exponent - 2148))
    }
}

/// Sums of a block of values about one of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    /// The first value, c.
    center: f64,
    /// Σ (x − c), rounded.
    sum: f64,
    /// Σ (x − c)², rounded.
    squares: f64,
}

impl Sums {
    /// Of a block, from the sums of whole lanes about its first value, and the rest.
    pub(super) fn of(
        center: f64,
        (mut sums, mut squares): ([f64; LANES], [f64; LANES]),
        rest: &[f64],
    ) -> Self {
        for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(rest) {
            let off = value - center;
            *sum += off;
            *square += off * off;
        }
        Self {
            center,
            sum: sums.iter().sum(),
            squares: squares.iter().sum(),
        }
    }

    /// Of any number of values that are all the same.
    pub(super) const fn alike(value: f64) -> Self {
        Self {
            center: value,
            sum: 0.0,
            squares: 0.0,
        }
    }

    /// Whether all values were finite, and their squares stayed so.
    pub(super) fn finite(&self) -> bool {
        self.sum.is_finite() && self.squares.is_finite()
    }
}

/// Mantissa and place of a finite value: value = ± mantissa · 2^(place − 1074).
fn parts(value: f64) -> (u64, usize) {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as usize;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, 0)
    } else {
        (fraction | 1 << 52, exponent - 1)
    }
}

impl Digits {
    fn zero(length: usize) -> Self {
        Self {
            digits: vec![0; length],
            pending: 0,
        }
    }

    /// Adds `± bits · 2^place`.
    fn add(&mut self, bits: u64, place: usize, negative: bool) {
        if bits == 0 {
            return;
        }
        let wide = u128::from(bits) << (place % 32);
        let three = &mut self.digits[place / 32..place / 32 + 3];
        let sign = if negative { -1 } else { 1 };
        three[0] += sign * i64::from(wide as u32);
        three[1] += sign * i64::from((wide >> 32) as u32);
        three[2] += sign * i64::from((wide >> 64) as u32);
        self.added();
    }

    /// The same of more bits.
    fn add_wide(&mut self, bits: u128, place: usize, negative: bool) {
        let Ok(few) = u64::try_from(bits) else {
            let (low, high) = (bits << (place % 32), (bits >> 64) << (place % 32) >> 64);
            let five = &mut self.digits[place / 32..place / 32 + 5];
            let sign = if negative { -1 } else { 1 };
            five[0] += sign * i64::from(low as u32);
            five[1] += sign * i64::from((low >> 32) as u32);
            five[2] += sign * i64::from((low >> 64) as u32);
            five[3] += sign * i64::from((low >> 96) as u32);
            five[4] += sign * i64::from(high as u32);
            self.added();
            return;
        };
        self.add(few, place, negative);
    }

    /// Carries digits before they can run over.
    fn added(&mut self) {
        self.pending += 1;
        if self.pending >= CARRY {
            *self = self.carried();
        }
    }

    /// Adds `± a · b · 2^place`.
    fn add_product(&mut self, a: u64, b: u64, place: usize, negative: bool) {
        self.add_wide(u128::from(a) * u128::from(b), place, negative);
    }

    fn merge(&mut self, other: &Self) {
        let (mut sum, other) = (self.carried(), other.carried());
        for (to, from) in sum.digits.iter_mut().zip(&other.digits) {
            *to += from;
        }
        *self = sum.carried();
    }

    /// The same number with every digit but the highest in [0, 2³²): the one
    /// way of writing it.
    fn carried(&self) -> Self {
        let mut digits = self.digits.clone();
        for place in 1..digits.len() {
            let carry = digits[place - 1] >> 32;
            digits[place - 1] -= carry << 32;
            digits[place] += carry;
        }
        Self { digits, pending: 0 }
    }

    /// Whether it is negative, and its size as plain digits.
    fn magnitude(&self) -> (bool, Vec<u32>) {
        let mut number = self.carried();
        let negative = number.digits.last().is_some_and(|top| *top < 0);
        if negative {
            for digit in &mut number.digits {
                *digit = -*digit;
            }
            number = number.carried();
        }
        (
            negative,
            number.digits.iter().map(|digit| *digit as u32).collect(),
        )
    }
}

impl PartialEq for Digits {
    fn eq(&self, other: &Self) -> bool {
        self.digits == other.digits
    }
}

#[allow(clippy::cast_possible_wrap)] // a few hundred digits
/// A number as `mantissa · 2^exponent`, rounded to the nearest double.
fn leading(digits: &[u32]) -> (f64, i32) {
    let Some(top) = digits.iter().rposition(|digit| *digit != 0) else {
        return (0.0, 0);
    };
    let from = top.saturating_sub(3);
    let mut head = digits[from..=top]
        .iter()
        .rev()
        .fold(0_u128, |h, d| h << 32 | u128::from(*d));
    // What is left out may only decide a tie: the top has at least 97 bits.
    head |= u128::from(digits[..from].iter().any(|digit| *digit != 0));
    (head as f64, 32 * from as i32)
}

/// `value · 2^exponent` in steps that neither overflow nor lose bits early.
fn scale(mut value: f64, mut exponent: i32) -> f64 {
    while exponent > 512 {
        value *= f64::from_bits((512 + 1023) << 52);
        exponent -= 512;
    }
    while exponent < -512 {
        value *= f64::from_bits((1023 - 512) << 52);
        exponent += 512;
    }
    value * f64::from_bits(((exponent + 1023) as u64) << 52)
}

fn product(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut digits = vec![0_u32; a.len() + b.len()];
    for (place, x) in a.iter().enumerate().filter(|(_, x)| **x != 0) {
        let mut carry = 0_u64;
        for (digit, y) in digits[place..].iter_mut().zip(b.iter().chain([&0])) {
            let sum = u64::from(*x) * u64::from(*y) + u64::from(*digit) + carry;
            *digit = sum as u32;
            carry = sum >> 32;
        }
    }
    digits
}

/// `a − b`, or nothing where rounded squares fall short of what they should be.
fn subtract(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut borrow = 0_i64;
    let difference = (0..a.len().max(b.len()))
        .map(|place| {
            let at = |n: &[u32]| i64::from(n.get(place).copied().unwrap_or(0));
            let digit = at(a) - at(b) + borrow;
            borrow = digit >> 32;
            digit as u32
        })
        .collect();
    if borrow < 0 { Vec::new() } else { difference }
}
