//! The oldest document's own operations, on the legacy listener.

pub(super) mod login;
pub(super) mod profile;
pub(super) mod refresh_token;

/// The header that names the user.
const OPENID_HEADER: &str = "users_wx_openid";
