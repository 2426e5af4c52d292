//! `/system`

pub(super) mod health;
pub(super) mod hello_world;
pub(super) mod refresh_token;
pub(super) mod users_count;
