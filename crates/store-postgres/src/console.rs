//! Statements in somebody's own words.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use store::{Console, ConsoleColumn, ConsoleOutput, Error};
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::error::{Failure, describe};

/// How much longer than the server itself we wait for it to end statements whose time is over.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs statements in a transaction of their own. They can leave anything behind on the connection.
pub(crate) async fn run(client: &Client, console: &Console) -> Result<ConsoleOutput, Error> {
    let limit = console.timeout.saturating_add(PATIENCE);
    let done = tokio::time::timeout(limit, run_patiently(client, console)).await;
    done.unwrap_or_else(|_| Err(Error::Busy("the statements take too long".into())))
}

async fn run_patiently(client: &Client, console: &Console) -> Result<ConsoleOutput, Error> {
    // Several statements have no types that could be asked for, and a wrong one is told of when it is run.
    let prepared = client.prepare(&console.text).await.ok();
    let kinds: Vec<String> = prepared.iter().flat_map(tokio_postgres::Statement::columns).map(kind).collect();
    let begin = format!(
        "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; SET LOCAL statement_timeout = {}",
        console.timeout.as_millis()
    );
    client.batch_execute(&begin).await.map_err(refused)?;
    let output = collect(client, console, &kinds).await?;
    client.batch_execute("COMMIT").await.map_err(refused)?;
    Ok(output)
}

async fn collect(client: &Client, console: &Console, kinds: &[String]) -> Result<ConsoleOutput, Error> {
    let (mut output, mut bytes) = (ConsoleOutput::default(), 0);
    let mut messages = pin!(client.simple_query_raw(&console.text).await.map_err(refused)?);
    while let Some(message) = messages.try_next().await.map_err(refused)? {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                let kind = |index| kinds.get(index).cloned().unwrap_or_default();
                let column = |(index, column): (usize, &tokio_postgres::SimpleColumn)| ConsoleColumn {
                    name: column.name().to_owned(),
                    kind: kind(index),
                };
                output.begin(columns.iter().enumerate().map(column).collect());
                bytes = 0;
            }
            // The rest is read and thrown away, so that statements after this one run as well.
            SimpleQueryMessage::Row(_) if output.rows.len() >= console.max_rows => {}
            SimpleQueryMessage::Row(row) => {
                let row = values(&row, kinds);
                bytes += row.iter().flatten().map(String::len).sum::<usize>();
                if bytes > console.max_bytes {
                    let text = format!("the result is larger than {} bytes", console.max_bytes);
                    return Err(Error::Statement(text));
                }
                output.rows.push(row);
            }
            SimpleQueryMessage::CommandComplete(rows) => output.changed = rows,
            _ => {}
        }
    }
    Ok(output)
}

fn kind(column: &tokio_postgres::Column) -> String {
    column.type_().name().to_uppercase()
}

fn values(row: &SimpleQueryRow, kinds: &[String]) -> Vec<Option<String>> {
    let value = |index| {
        let is_bool = kinds.get(index).is_some_and(|kind| kind == "BOOL");
        row.try_get(index).ok().flatten().map(|text: &str| match (is_bool, text) {
            (true, "t") => "true".to_owned(),
            (true, "f") => "false".to_owned(),
            _ => text.to_owned(),
        })
    };
    (0..row.len()).map(value).collect()
}

/// What the server says of a statement is for the one who wrote it.
fn refused(error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(_) => Error::Statement(describe(&error)),
        None => Failure::from(error).into_error(),
    }
}
