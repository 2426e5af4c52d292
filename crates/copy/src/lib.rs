//! Copies a whole instance (collections, records, settings, logs, files) to another database and store of files.
//!
//! [`copy`] works between any two [`store::Store`]s: it makes the tables with the engine's own statements, moves the
//! rows in portions, in their order, then makes the indexes and views. All of it is one transaction of the target; before it is
//! committed, every table is read again and compared with the source by count and checksum. Files go first, so that the commit is
//! what makes the copy complete. The source is only read.
//!
//! A value is the same if every client gets the same answer for it. Where the target keeps a type for each column,
//! values become of that type ([`Target::typed`]); what cannot is told by table, row and column, and nothing is
//! copied.

mod canonical;
mod copy;
mod error;
mod files;
mod fit;
mod portion;
mod progress;
mod rows;
mod snapshot;
mod survey;

pub use copy::{Report, Source, Target, copy};
pub use error::{Error, Misfit, Result};
pub use files::Files;
pub use progress::Progress;
pub use snapshot::Snapshot;
