//! jianpai
fn main() {}
