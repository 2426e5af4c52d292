//! The rules of the business that need neither a database nor a network.

pub(crate) mod calendar;
pub(crate) mod document_status;
pub(crate) mod guid;
pub(crate) mod ids;
pub(crate) mod kinds;
pub(crate) mod phone;
pub(crate) mod profile;
pub(crate) mod users_id;
