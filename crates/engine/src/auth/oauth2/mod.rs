//! Logging in through other services.

mod apple;
mod form;
mod link;
mod login;
mod names;
mod redirect;
mod services;
mod sign_up;

pub(crate) use names::Names;
pub use redirect::OAuth2Redirect;
pub(super) use services::Service;
