use sql::{Comparison, Expr, Select};
use store::Cost;

use crate::{Engine, Entry, Error, ErrorKind, Request, Result, Tx, Work};

/// How many records are looked for at a time.
const PORTION: u64 = 500;

impl Engine {
    /// Deletes all records of a collection, each with what depends on it: as if they were deleted one by one in the
    /// order of their rows, but all of them or none.
    ///
    /// # Errors
    /// 404 for an unknown collection, 400 for a view and where a record of another collection requires one of them.
    pub async fn truncate_collection(&self, request: &Request, name_or_id: &str) -> Result<()> {
        let entry = self.known_collection(name_or_id)?;
        if entry.collection.is_view() {
            let message = "View collections cannot be truncated since they don't store their own records.";
            return Err(Error::bad_request(message));
        }
        let entry = &*entry;
        let truncated = self.transaction(|tx| {
            Work::new(async move { delete_all(tx, request, entry).await.map_err(refused) })
        });
        truncated.await
    }
}

async fn delete_all(tx: &mut Tx, request: &Request, entry: &Entry) -> Result<()> {
    let engine = tx.engine().clone();
    let mut last = i64::MIN;
    loop {
        let rows = rows_after(tx, entry, last).await?;
        let Some((end, _)) = rows.last() else { return Ok(()) };
        last = *end;
        for (_, id) in &rows {
            // One that went before may have taken it along, or have changed it.
            let id = Expr::name("id").eq(id.as_str());
            let query = entry.select().filter(id);
            if let Some(record) = engine.fetch_record(&mut tx.access(), entry, &query).await? {
                crate::records::delete(tx, request, &record).await?;
            }
        }
    }
}

/// The next rows by their numbers, and the ids of their records.
async fn rows_after(tx: &mut Tx, entry: &Entry, last: i64) -> Result<Vec<(i64, String)>> {
    let number = Expr::RowId { table: None };
    let query = Select::from_table(&entry.collection.name)
        .column(number.clone())
        .column(Expr::name("id"))
        .filter(number.clone().compare(Comparison::Gt, last))
        .order_by(number, false)
        .limit(PORTION);
    let row = |row: &dyn store::Row| {
        let id = row.get(1).as_str().unwrap_or_default().to_owned();
        Ok((row.get(0).as_i64().unwrap_or_default(), id))
    };
    tx.access().fetch(&query, Cost::Scan, row).await
}

/// Whatever a record is refused for, the collection is.
fn refused(error: Error) -> Error {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::Unavailable) {
        return error;
    }
    let message =
        "Failed to truncate collection (most likely due to required cascade delete record references).";
    // Of a record that is changed because another goes, what is wrong with it is told by field.
    Error::invalid(message, error.data.clone()).because(error)
}
