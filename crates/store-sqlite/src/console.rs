//! Statements in somebody's own words.

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Statement};
use store::{Console, ConsoleColumn, ConsoleOutput, Error};

use crate::error::wording;

/// What came of statements.
pub(crate) enum Outcome {
    /// They were run.
    Done(ConsoleOutput),
    /// One of them writes: none of those before it did, and nobody but the writer may.
    Writes,
}

/// What statements may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Read, on a connection that nobody uses afterwards.
    Read,
    /// Anything within the transaction that is under way, which they cannot end, and nothing that outlives it on the
    /// connection.
    Write,
}

/// Runs statements one after the other.
pub(crate) fn run(connection: &Connection, console: &Console, rights: Rights) -> Result<Outcome, Error> {
    let mut output = ConsoleOutput::default();
    let mut statements = Batch::new(connection, &console.text);
    while let Some(mut statement) = statements.next().map_err(|error| refused(&error))? {
        if rights == Rights::Read && !statement.readonly() {
            return Ok(Outcome::Writes);
        }
        let before = connection.total_changes();
        collect(&mut statement, console, rights, &mut output)?;
        // What changes nothing leaves the number of the statement before it.
        output.changed = if connection.total_changes() == before { 0 } else { connection.changes() };
    }
    Ok(Outcome::Done(output))
}

/// Whether a statement with these rights may do this. Other files are nobody's.
pub(crate) fn authorize(context: &AuthContext<'_>, rights: Rights) -> Authorization {
    let is_denied = match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => true,
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } | AuthAction::Pragma { .. } => {
            rights == Rights::Write
        }
        _ => false,
    };
    if is_denied { Authorization::Deny } else { Authorization::Allow }
}

fn refused(error: &rusqlite::Error) -> Error {
    Error::Statement(wording(error))
}

fn collect(
    statement: &mut Statement<'_>,
    console: &Console,
    rights: Rights,
    output: &mut ConsoleOutput,
) -> Result<(), Error> {
    let column = |column: &rusqlite::Column<'_>| ConsoleColumn {
        name: column.name().to_owned(),
        kind: column.decl_type().unwrap_or_default().to_uppercase(),
    };
    let columns: Vec<ConsoleColumn> = statement.columns().map(|one| column(&one)).collect();
    let width = columns.len();
    if width > 0 {
        output.begin(columns);
    }
    let mut bytes = 0;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| refused(&error))? {
        if output.rows.len() >= console.max_rows {
            if rights == Rights::Read {
                break;
            }
            // What a write returns is read to its end, so that all of it is done.
            continue;
        }
        let mut values = Vec::with_capacity(width);
        for index in 0..width {
            let value = text(row.get_ref(index).map_err(|error| refused(&error))?);
            bytes += value.as_ref().map_or(0, String::len);
            values.push(value);
        }
        if bytes > console.max_bytes {
            return Err(Error::Statement(format!("the result is larger than {} bytes", console.max_bytes)));
        }
        output.rows.push(values);
    }
    Ok(())
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(shortest(number)),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// A number in the form of Go's `%g`, as clients know it: with an exponent from a million on and below 0.0001.
fn shortest(number: f64) -> String {
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_form_that_clients_know() {
        for (number, text) in [
            (1.5, "1.5"),
            (-0.0, "-0"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (100_000.0, "100000"),
            (1e300, "1e+300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123_456_789_012.0, "1.23456789012e+11"),
        ] {
            assert_eq!(shortest(number), text);
        }
    }
}
