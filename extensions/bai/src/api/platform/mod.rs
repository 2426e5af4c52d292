//! `/platform`

pub(super) mod login;
pub(super) mod register;
