//! What statements need in the database beside tables.

use sha2::{Digest, Sha256};
use store::Error;

use crate::error::Failure;
use crate::session::Session;

/// The key of the lock that those who set up a database take: any number that nobody else uses.
const LOCK: i64 = 0x6261_6962_6173_6501;

/// Says what the database was set up with: its body holds the hash.
const MARK: &str = "SELECT prosrc FROM pg_proc \
    WHERE proname = 'baibase_setup' AND pronamespace = current_schema()::regnamespace";

/// Runs a text of definitions, unless the database has them from the last time. Whoever comes meanwhile waits.
pub(crate) async fn run(session: &Session, definitions: &str) -> Result<(), Error> {
    let mark = mark(definitions);
    let failed = |failure| session.classify(failure);
    if is_marked(session, &mark).await.map_err(failed)? {
        return Ok(());
    }
    let lock = format!("BEGIN READ WRITE; SELECT pg_advisory_xact_lock({LOCK})");
    session.command(&lock).await.map_err(failed)?;
    // Somebody may have done it while we waited.
    if !is_marked(session, &mark).await.map_err(failed)? {
        session.command(definitions).await.map_err(failed)?;
        let function = format!(
            "CREATE OR REPLACE FUNCTION baibase_setup() RETURNS text LANGUAGE sql IMMUTABLE AS $body${mark}$body$"
        );
        session.command(&function).await.map_err(failed)?;
        tracing::info!("the functions in the database were set up");
    }
    session.command("COMMIT").await.map_err(failed)
}

async fn is_marked(session: &Session, mark: &str) -> Result<bool, Failure> {
    let rows = session.client.query(MARK, &[]).await?;
    Ok(rows.iter().any(|row| row.try_get(0).is_ok_and(|found: &str| found == mark)))
}

fn mark(definitions: &str) -> String {
    let hash = Sha256::digest(definitions);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("SELECT '{hash}'::text")
}
