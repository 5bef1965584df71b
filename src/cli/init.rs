//! `jianpai init`.
use super::session::Session;
use clap::Args;
/// Arguments.
#[derive(Args, Debug)]
pub(super) struct InitArgs {
    name: String,
}
pub(super) fn main(_s: &Session, a: &InitArgs) -> u8 {
    let _ = &a.name;
    0
}
