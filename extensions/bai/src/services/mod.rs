//! The operations, one a file. They know nothing of HTTP replies.

pub(crate) mod accounts;
pub(crate) mod platform_login;
pub(crate) mod platform_register;
pub(crate) mod refresh;
pub(crate) mod wechat_login;
pub(crate) mod wechat_profile;

pub(crate) use accounts::SignedIn;
