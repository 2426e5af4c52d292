//! Archives of data directories, as PocketBase makes them: a zip of everything in the directory but what is of no use
//! elsewhere.
//!
//! * [`pack`] makes one, with copies of the databases in the place of the files that are being written.
//! * [`unpack`] takes one apart, within limits: an archive can come from anywhere.
//! * [`Swap`] puts what was in it in the place of what is there, so that either all of it is or nothing.
//!
//! Everything here waits for the disk: for threads that may.

mod error;
mod pack;
mod swap;
mod unpack;

pub use error::{Error, Result};
pub use pack::pack;
pub use swap::{Swap, recover};
pub use unpack::{Limits, unpack};

/// What is in a data directory and in no archive: other archives, what is temporary, and what belongs to the machine.
const LEFT_OUT: [&str; 6] =
    ["backups", ".pb_temp_to_delete", ".notify", ".autocert_cache", "lost+found", swap::FOLDER];

/// The databases of a data directory.
pub const DATABASES: [&str; 2] = ["data.db", "auxiliary.db"];

/// What SQLite writes beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Whether a name of the directory belongs to a database.
fn is_of_database(name: &str) -> bool {
    let rest = DATABASES.iter().find_map(|database| name.strip_prefix(database));
    rest.is_some_and(|rest| rest.is_empty() || BESIDE.contains(&rest))
}
