//! `/wechat`

pub(super) mod login;
pub(super) mod profile;
