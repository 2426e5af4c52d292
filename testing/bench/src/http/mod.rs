//! As much of an HTTP/1.1 client as a load generator needs: its own cost must stay far below that of the servers.

mod connection;
mod parser;
mod template;

pub(crate) use connection::Connection;
pub(crate) use template::{Slot, Source, Template, request};
