//! Logging in through other services.

mod services;

pub(super) use services::Service;
