//! Logging in through other services.

mod apple;
mod form;
mod link;
mod login;
mod names;
mod services;
mod sign_up;

pub(crate) use names::Names;
pub(super) use services::Service;
