//! Statements that superusers write themselves, in the dialect of the database.

use std::time::{Duration, Instant};

use schema::checks::{Checks, required};
use schema::{FieldError, FieldErrors};
use serde::Serialize;
use store::{Console, ConsoleOutput};

use crate::json::Json;
use crate::{Engine, Error, Result};

/// The longest text, in bytes.
const MAX_TEXT: usize = 5000;

const MAX_ROWS: usize = 1000;

/// What the values of a result may have, in bytes.
const MAX_BYTES: usize = 32 << 20;

const TIMEOUT: Duration = Duration::from_mins(3);

/// How statements begin of which clients want to know how many rows they changed, and no rows.
const CHANGES: [&str; 8] = ["INSERT", "CREATE", "UPDATE", "DELETE", "DROP", "DETACH", "ALTER", "REPLACE"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    /// In milliseconds.
    exec_time: u64,
    affected_rows: u64,
    columns: Vec<Column>,
    rows: Vec<Vec<Option<String>>>,
}

#[derive(Serialize)]
struct Column {
    name: String,
    r#type: String,
    nullable: bool,
}

impl Engine {
    /// Runs statements, all of them or none. The caller has made sure that a superuser wants it.
    ///
    /// `{"execTime", "affectedRows", "columns": [{"name", "type", "nullable"}], "rows": [[…]]}`: every value is a text
    /// or null, of at most 1000 rows. What the statements do to the tables of collections, the collections do not learn.
    ///
    /// # Errors
    /// 400 when there is no text or too much of it, and with the words of the database when it refuses a statement.
    pub async fn run_sql(&self, text: &str) -> Result<Json> {
        let errors = check(text);
        let invalid =
            |errors| Error::invalid("An error occurred while validating the submitted data.", errors);
        errors.into_result().map_err(invalid)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(refused("empty query"));
        }
        let started = Instant::now();
        let console =
            Console { text: text.to_owned(), max_rows: MAX_ROWS, max_bytes: MAX_BYTES, timeout: TIMEOUT };
        let output = self.store().console(console).await.map_err(|error| match error {
            store::Error::Statement(text) | store::Error::Busy(text) => refused(&text),
            error => error.into(),
        })?;
        let exec_time = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let reply = schema::json::to_string(&reply(text, output, exec_time));
        reply.map(|text| Json(text.into_bytes())).map_err(Error::internal)
    }
}

fn check(text: &str) -> FieldErrors {
    let too_long = (text.len() > MAX_TEXT).then(|| {
        let message = format!("the length must be no more than {MAX_TEXT}");
        FieldError::new("validation_length_too_long", message)
            .with_param("max", MAX_TEXT)
            .with_param("min", 0)
    });
    let mut checks = Checks::default();
    checks.key("query", required(!text.is_empty()).or(too_long));
    checks.into_errors()
}

fn refused(text: &str) -> Error {
    Error::bad_request(format!("Failed to execute query. Raw error:\n{text}"))
}

fn reply(text: &str, output: ConsoleOutput, exec_time: u64) -> Reply {
    let begins = |word: &&str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let ConsoleOutput { changed, columns, rows } = output;
    if CHANGES.iter().any(begins) {
        return Reply { exec_time, affected_rows: changed, columns: Vec::new(), rows: Vec::new() };
    }
    let column =
        |column: store::ConsoleColumn| Column { name: column.name, r#type: column.kind, nullable: true };
    Reply { exec_time, affected_rows: 0, columns: columns.into_iter().map(column).collect(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_from_a_query_by_its_first_word() {
        let told = |text| {
            let output = ConsoleOutput { changed: 3, rows: vec![vec![None]], ..ConsoleOutput::default() };
            let reply = reply(text, output, 0);
            (reply.affected_rows, reply.rows.len())
        };
        assert_eq!(told("update t set a = 1 returning a"), (3, 0));
        assert_eq!(told("CREATE TABLE t (a)"), (3, 0));
        assert_eq!(told("with x as (select 1) select * from x"), (0, 1));
        assert_eq!(told("更新"), (0, 1));
    }
}
