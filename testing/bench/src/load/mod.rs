//! Load on a server: in a closed loop, where each connection sends its next request when it has the reply, and in an
//! open loop, where requests are due at a rate, whatever the server does.

mod closed;
mod open;
mod pacer;
mod tally;

pub(crate) use closed::{Window, closed};
pub(crate) use open::open;
pub(crate) use pacer::Until;
pub(crate) use tally::Tally;
