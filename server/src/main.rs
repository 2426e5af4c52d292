//! The baibase binary.

fn main() {}
