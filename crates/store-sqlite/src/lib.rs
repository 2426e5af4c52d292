//! The embedded store: a file of SQLite, read by many connections and written by one.
//!
//! * [`SqliteStore`] is the [`store::Store`]; [`Options`] are its limits.
//! * [`SqliteSnapshot`] reads a file that nobody writes, and changes nothing. [`copy_file`] copies one,
//!   [`check_file`] looks for damage.
//! * Queries run on read-only connections: quick ones ([`store::Cost::Point`]) on the thread that asks, others on a
//!   bounded number of blocking threads.
//! * Transactions take turns on one thread that owns the write connection. A transaction is committed to the
//!   write-ahead log first, and its end is reported once the log is flushed to the disk. Flushing happens on a
//!   thread of its own, one flush for all transactions that were committed meanwhile, while the next ones run: many
//!   writers at once share the cost of a flush and never wait for each other's rollback. Reads see a commit as soon as
//!   it is in the log, which can be shortly before its author is told.

mod bind;
mod check;
mod console;
mod copy;
mod error;
mod lengthy;
mod limit;
mod link;
mod math;
mod options;
mod readers;
mod row;
mod snapshot;
mod store;
mod transaction;
mod writer;

pub use check::check_file;
pub use copy::copy_file;
pub use options::Options;
pub use snapshot::SqliteSnapshot;
pub use store::SqliteStore;
