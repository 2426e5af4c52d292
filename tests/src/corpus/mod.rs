//! The corpus: requests and the replies that PocketBase v0.39.11 gave to them, in `tests/corpus/`.
//!
//! A folder of the corpus is a group: its scenarios run in the order of their names on one server that was empty
//! before. `README.md` there tells the form of a scenario and how expectations are recorded.

mod check;
mod clean_up;
mod group;
mod json;
mod normalise;
mod parse;
mod print;
mod request;
mod run;
mod scenario;

pub use check::check;
pub use group::Group;
pub use json::Json;
pub use run::Runner;
pub use scenario::{Body, Case, Difference, Place, Reply as ExpectedReply, Scenario};
