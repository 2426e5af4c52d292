//! What happens around every request.

mod activity;
mod cors;
mod drain;
mod gate;
mod headers;
mod log;
mod panic;

pub(crate) use activity::{Quiet, Refusal, Witness, quiet};
pub use cors::Origins;
pub(crate) use cors::cors;
pub(crate) use drain::drain;
pub(crate) use gate::{Gate, gate};
pub(crate) use headers::{Frameable, security_headers};
pub(crate) use log::log;
pub(crate) use panic::recover;
