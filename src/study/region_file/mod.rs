//! The file of a region of one's own as `jianpai init --place` writes it: what the data
//! know of the place, and everything else as a line to fill in, each with what is taken
//! until then.

mod place;
mod text;

pub use place::{NewPlace, NoPlace, beyond, find};
pub use text::text;
