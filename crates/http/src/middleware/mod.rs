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
pub(crate) use drain::drained;
pub(crate) use gate::Gate;
pub(crate) use headers::{Frameable, secure};
pub(crate) use log::Log;
pub(crate) use panic::recovered;
