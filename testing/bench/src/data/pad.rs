use std::fs;
use std::path::Path;

use rusqlite::params;

use super::fill::{finish, insert, open};
use super::rows::{Kind, text};
use crate::error::{Result, What};

/// Characters of a row that is there for its size.
const ROW: usize = 3800;

/// Makes the database of a data directory at least as large as this, in MiB.
pub(super) fn pad(directory: &Path, megabytes: u64) -> Result<()> {
    let now = fs::metadata(directory.join("data.db")).what("the size of the database")?.len();
    // A row fills a page of 4 KiB.
    let missing = (megabytes << 20).saturating_sub(now).div_ceil(4096);
    let mut database = open(directory)?;
    insert(&mut database, missing, "INSERT INTO bench_padding (id, body) VALUES (?1, ?2)", |row, at| {
        row.execute(params![Kind::Padding.id(at), text(21, at, ROW)])
    })?;
    finish(&database)
}
