//! The numbers of a list, one like the other, on the widest vectors that the machine has.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use pulp::{Arch, Simd, WithSimd};

/// Puts `f` of every number in its place. The bits are those of any width.
pub(super) fn each(list: &mut [f64], f: impl Fn(f64) -> f64) {
    Arch::new().dispatch(Each { list, f });
}

struct Each<'a, F> {
    list: &'a mut [f64],
    f: F,
}

impl<F: Fn(f64) -> f64> WithSimd for Each<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for slot in self.list {
            *slot = (self.f)(*slot);
        }
    }
}
