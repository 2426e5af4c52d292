//! Which columns a unique key has.

use tokio_postgres::Client;
use tokio_postgres::error::DbError;
use tokio_postgres::types::Type;

/// The key columns of an index in their order: name (null for an expression) and definition.
const KEY: &str = "SELECT a.attname::text, pg_get_indexdef(i.indexrelid, k.position::int, false) \
    FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, position) \
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0 \
    WHERE n.nspname = $1 AND c.relname = $2 AND k.position <= i.indnkeyatts \
    ORDER BY k.position";

/// The columns of the key that a row would have had twice; none when it has expressions other than a column without
/// regard to case.
pub(crate) async fn columns(client: &Client, error: &DbError) -> Result<Vec<String>, tokio_postgres::Error> {
    let (Some(schema), Some(index)) = (error.schema(), error.constraint()) else { return Ok(Vec::new()) };
    let rows = client.query_typed(KEY, &[(&schema, Type::TEXT), (&index, Type::TEXT)]).await?;
    let columns: Option<Vec<String>> = rows
        .iter()
        .map(|row| {
            let name: Option<String> = row.try_get(0).ok()?;
            let definition: Option<String> = row.try_get(1).ok()?;
            name.or_else(|| folded_column(&definition?))
        })
        .collect();
    Ok(columns.unwrap_or_default())
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
