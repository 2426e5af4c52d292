//! Logging in, and what keeps a login in order.
//!
//! A record logs in by its password or by a one-time password, by a token that is still good, through a superuser, or
//! through an extension that knows who it is; a second method is asked for where the collection wants one. Around it:
//! verification of addresses, reset of passwords, change of addresses, and the places that logins came from.

mod action;
mod authenticate;
mod cleanup;
mod cooldown;
mod email_change;
pub(crate) mod form;
mod identity;
mod impersonate;
mod login;
mod methods;
mod oauth2;
mod origins;
mod otp;
mod password;
mod password_reset;
mod refresh;
mod second_factor;
mod secured;
#[cfg(test)]
mod tests;
mod verification;

pub use action::AuthAction;
pub(crate) use cooldown::Cooldowns;
pub use login::{Login, LoginMethod, LoginStep};
pub(crate) use oauth2::Names;
pub use oauth2::OAuth2Redirect;
pub use otp::NewOtp;
