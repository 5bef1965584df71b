//! `jianpai list`.
use super::session::Session;
use clap::Args;
/// Arguments.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    name: String,
}
pub(super) fn main(_s: &Session, a: &ListArgs) -> u8 {
    let _ = &a.name;
    0
}
