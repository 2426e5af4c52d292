use std::fs;
use std::path::Path;

use rusqlite::{Connection, Transaction, params};

use super::collections::id;
use super::rows::{FILE, FILE_BYTES, Kind, PASSWORD, Sizes, created, email, mix, text, user_name};
use crate::error::{Error, Result, What};

/// Rows that are committed together.
const PORTION: u64 = 50_000;

/// The cost of passwords' hashes, that of PocketBase and of this server.
const COST: u32 = 10;

/// Inserts the rows into a data directory whose server has ended.
pub(super) fn fill(directory: &Path, sizes: Sizes) -> Result<()> {
    let mut database = open(directory)?;
    let hash = bcrypt::hash(PASSWORD, COST).map_err(|error| Error::Setup(error.to_string()))?;
    insert(&mut database, sizes.tags, TAG, |row, at| row.execute(params![Kind::Tag.id(at), text(2, at, 8)]))?;
    insert(&mut database, sizes.users, USER, |row, at| {
        let token_key = format!("{:020}{:020}{:010}", mix(3, at), mix(4, at), at);
        row.execute(params![Kind::User.id(at), email(at), user_name(at), hash, token_key])
    })?;
    insert(&mut database, sizes.companies, COMPANY, |row, at| {
        row.execute(params![Kind::Company.id(at), text(5, at, 12), text(6, at, 4)])
    })?;
    insert(&mut database, sizes.documents, DOCUMENT, |row, at| {
        let company = Kind::Company.id(mix(8, at) % sizes.companies);
        let file = if at == 0 { FILE } else { "" };
        row.execute(params![Kind::Document.id(at), text(9, at, 20), company, file, created(at)])
    })?;
    let kinds = [
        ("bench_posts", Kind::Post, sizes.posts),
        // The rows behind the other rule need not be as many: what is asked for is one by its id.
        ("bench_posts_auth", Kind::Post, sizes.entries),
        ("bench_entries", Kind::Entry, sizes.entries),
        ("bench_spares", Kind::Spare, sizes.spares),
    ];
    for (name, kind, count) in kinds {
        posts(&mut database, name, kind, count, sizes)?;
    }
    finish(&database)?;
    write_file(directory)
}

/// Opens the database of a data directory for rows that can be made again when they are lost.
pub(super) fn open(directory: &Path) -> Result<Connection> {
    let database = Connection::open(directory.join("data.db"))?;
    database.execute_batch("PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-200000")?;
    Ok(database)
}

/// Gives the planner of every server the same figures, and leaves one file.
pub(super) fn finish(database: &Connection) -> Result<()> {
    Ok(database.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?)
}

const TAG: &str = "INSERT INTO bench_tags (id, name) VALUES (?1, ?2)";
const USER: &str = "INSERT INTO bench_users (id, email, name, password, tokenKey, verified, emailVisibility) \
                    VALUES (?1, ?2, ?3, ?4, ?5, TRUE, FALSE)";
const COMPANY: &str = "INSERT INTO bench_companies (id, name, city) VALUES (?1, ?2, ?3)";
const DOCUMENT: &str =
    "INSERT INTO bench_documents (id, title, company, file, created) VALUES (?1, ?2, ?3, ?4, ?5)";

fn posts(database: &mut Connection, name: &str, kind: Kind, count: u64, sizes: Sizes) -> Result<()> {
    let statement = format!(
        "INSERT INTO {name} (id, title, body, views, published, owner, tags, created) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    );
    insert(database, count, &statement, |row, at| {
        let tags: Vec<String> =
            (0..1 + at % 3).map(|tag| Kind::Tag.id((mix(11, at) + tag) % sizes.tags)).collect();
        row.execute(params![
            kind.id(at),
            text(12, at, 30),
            text(13, at, 300),
            views(at, count),
            !mix(15, at).is_multiple_of(5),
            Kind::User.id(mix(16, at) % sizes.users),
            format!("[\"{}\"]", tags.join("\",\"")),
            created(at),
        ])
    })
}

/// A number of views that no other post has, so that there is one order: the step is a prime.
fn views(at: u64, count: u64) -> i64 {
    i64::try_from(at * 7_368_787 % count.max(100_000)).unwrap_or_default()
}

/// Inserts rows by their numbers, in portions.
pub(super) fn insert(
    database: &mut Connection,
    count: u64,
    statement: &str,
    row: impl Fn(&mut rusqlite::CachedStatement<'_>, u64) -> rusqlite::Result<usize>,
) -> Result<()> {
    for first in (0..count).step_by(usize::try_from(PORTION).unwrap_or(usize::MAX)) {
        let portion: Transaction<'_> = database.transaction()?;
        {
            let mut statement = portion.prepare_cached(statement)?;
            for at in first..count.min(first + PORTION) {
                row(&mut statement, at)?;
            }
        }
        portion.commit()?;
    }
    Ok(())
}

fn write_file(directory: &Path) -> Result<()> {
    let folder = directory.join("storage").join(id("bench_documents")).join(Kind::Document.id(0));
    fs::create_dir_all(&folder).what("the folder of the file")?;
    let bytes: Vec<u8> = (0..FILE_BYTES as u64 / 8).flat_map(|at| mix(17, at).to_le_bytes()).collect();
    fs::write(folder.join(FILE), bytes).what("the file of 1 MB")
}
