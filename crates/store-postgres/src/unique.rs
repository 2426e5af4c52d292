//! Which columns an index has that refused a row.

use store::Error;
use tokio_postgres::Client;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::types::Type;

/// The key columns of an index in their order: the table, the name (null for an expression) and the definition.
const KEY: &str = "SELECT baibase_name(t.relname), \
    CASE WHEN a.attname IS NOT NULL THEN baibase_name(a.attname) END, \
    pg_get_indexdef(i.indexrelid, k.position::int, false) \
    FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid \
    JOIN pg_class t ON t.oid = i.indrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, position) \
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0 \
    WHERE n.nspname = $1 AND c.relname = $2 AND k.position <= i.indnkeyatts \
    ORDER BY k.position";

/// What a name stands for that the server keeps.
const NAME: &str = "SELECT baibase_name($1)";

/// An index, by its table and columns.
#[derive(Debug, Default)]
pub(crate) struct Key {
    /// The table; empty when nobody knows.
    pub(crate) table: String,
    /// The columns; none when there are expressions other than a column without regard to case.
    pub(crate) columns: Vec<String>,
}

impl Key {
    /// The error with what is known of the index.
    pub(crate) fn refusal(self, error: Error) -> Error {
        let Self { table, columns } = self;
        match error {
            Error::Unique { .. } if !table.is_empty() => Error::Unique { table, columns },
            Error::Constraint(_) if !columns.is_empty() => Error::Oversized { table, columns },
            other => other,
        }
    }
}

/// Whether an index refused a row: the key is there, or there is no room for so much in it.
pub(crate) fn is_about_an_index(error: &DbError) -> bool {
    let codes = [SqlState::UNIQUE_VIOLATION, SqlState::PROGRAM_LIMIT_EXCEEDED];
    codes.contains(error.code()) && error.constraint().is_some()
}

/// The key that a row would have had twice, or that it has no room in.
pub(crate) async fn key(client: &Client, error: &DbError) -> Result<Key, tokio_postgres::Error> {
    let (Some(schema), Some(index)) = (error.schema(), error.constraint()) else { return Ok(Key::default()) };
    let rows = client.query_typed(KEY, &[(&schema, Type::TEXT), (&index, Type::TEXT)]).await?;
    let mut key = Key::default();
    let mut is_known = true;
    for row in &rows {
        key.table = row.try_get(0)?;
        let (name, definition): (Option<String>, String) = (row.try_get(1)?, row.try_get(2)?);
        match (name, folded_column(&definition)) {
            (Some(name), _) => key.columns.push(name),
            (None, Some(kept)) => {
                let name = client.query_typed(NAME, &[(&kept, Type::NAME)]).await?;
                key.columns.push(name.first().map_or(Ok(kept), |row| row.try_get(0))?);
            }
            (None, None) => is_known = false,
        }
    }
    if !is_known {
        key.columns.clear();
    }
    Ok(key)
}

/// The column in `lower(title)`, as the server writes it. The function as somebody asked for it has a collation
/// (`baibase_sql` writes it so), and is an expression like any other.
fn folded_column(expression: &str) -> Option<String> {
    let mut inner = expression.strip_prefix("lower(")?.strip_suffix(')')?;
    inner = inner.strip_suffix("::text").unwrap_or(inner);
    inner = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
    if let Some(quoted) = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        return (!quoted.replace("\"\"", "").contains('"')).then(|| quoted.replace("\"\"", "\""));
    }
    let is_name = !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_of_an_index_without_regard_to_case_is_found() {
        for (expression, column) in [
            ("lower(title)", Some("title")),
            ("lower((title)::text)", Some("title")),
            ("lower((title COLLATE \"C\"))", None),
            ("lower((\"Title\" COLLATE \"C\"))", None),
            ("lower(\"My \"\"own\"\" title\")", Some("My \"own\" title")),
            ("lower((a || b))", None),
            ("lower(\"a\" || \"b\")", None),
            ("upper(title)", None),
        ] {
            assert_eq!(folded_column(expression).as_deref(), column, "{expression}");
        }
    }
}
