//! Tables that follow their collections.

use schema::collection::{Change, Index, invalid_index, table_changes};
use schema::field::ColumnKind as FieldColumn;
use schema::{Collection, Field, FieldError, FieldErrors};
use sql::{
    AlterTable, Authored, ColumnChange, ColumnDef, ColumnKind, ColumnType, CreateIndex, CreateTable,
    DropIndex, Expr, Ident, IndexColumn, IndexKey, RenameTable, Statement, Table, Tables, Update,
};
use store::Transaction;

use super::views::Aside;
use crate::{Error, Result};

/// Brings the table of a collection from `old` (`None` when there is none) to `new`.
pub(super) async fn sync(
    transaction: &mut dyn Transaction,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<()> {
    let mut changes = table_changes(old, new);
    if !transaction.tells_newest_index() {
        // They come last, and all of them at once: what the last one forbids is told first everywhere.
        let is_index =
            |change: &Change| matches!(change, Change::CreateIndex { .. } | Change::RefuseIndex { .. });
        let first = changes.iter().position(is_index).unwrap_or(changes.len());
        if let Some(indexes) = changes.get_mut(first..) {
            indexes.reverse();
        }
    }
    let mut refused = FieldErrors::new();
    for change in changes {
        if let Change::RefuseIndex { position } = change {
            refused.push(position.to_string(), invalid_index());
            continue;
        }
        let index = match &change {
            Change::CreateIndex { position, index } => Some((*position, index.clone())),
            _ => None,
        };
        let what = describe(&change, new);
        // A column that is replaced can be one that views are made of.
        let views = match &change {
            Change::ToMultiple { .. } | Change::ToSingle { .. } => Aside::take(transaction, &[]).await?,
            _ => Aside::default(),
        };
        for statement in statements(change, new) {
            if let Err(error) = transaction.execute(&statement).await {
                match (&index, refusal(&error)) {
                    (Some((position, index)), Some(reason)) => {
                        refused.push(position.to_string(), index_error(index, new, &reason));
                    }
                    (None, Some(reason)) => {
                        return Err(store::Error::Statement(format!("{what}{reason}")).into());
                    }
                    (_, None) => return Err(error.into()),
                }
            }
        }
        views.put_back(transaction).await?.into_result()?;
    }
    refused.under("indexes").into_result().map_err(|errors| Error::invalid("", errors))
}

/// What makes the table of a collection, and then its indexes.
///
/// # Errors
/// 400 by position for statements that are no index.
pub(crate) fn statements_of_new(collection: &Collection) -> Result<Vec<Statement>> {
    let changes = table_changes(None, collection);
    let mut refused = FieldErrors::new();
    for change in &changes {
        if let Change::RefuseIndex { position } = change {
            refused.push(position.to_string(), invalid_index());
        }
    }
    refused.under("indexes").into_result().map_err(|errors| Error::invalid("", errors))?;
    Ok(changes.into_iter().flat_map(|change| statements(change, collection)).collect())
}

/// What superusers are told before the reason why a change could not be made.
fn describe(change: &Change, new: &Collection) -> String {
    match change {
        Change::DropColumn { column, .. } => format!("failed to drop column {column} - "),
        Change::AddColumn { column, .. } => format!("failed to add column {column} - "),
        // The other renames are those from names that nobody knows.
        Change::RenameColumn { from, to, .. } if new.field(to).is_none() => {
            format!("failed to rename column {from} - ")
        }
        _ => String::new(),
    }
}

/// Why the database does not take a statement, as superusers are told; `None` when the statement is not to blame.
pub(super) fn refusal(error: &store::Error) -> Option<String> {
    match error {
        store::Error::Unique { table, columns } => {
            let columns: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
            Some(unique_refusal(&columns.join(", ")))
        }
        store::Error::Constraint(reason) | store::Error::Statement(reason) => Some(reason.clone()),
        _ => None,
    }
}

fn unique_refusal(key: &str) -> String {
    // SQLite has a number of its own for primary keys.
    let number = if key.ends_with(".id") && !key.contains(", ") { 1555 } else { 2067 };
    format!("constraint failed: UNIQUE constraint failed: {key} ({number})")
}

fn index_error(index: &Index, collection: &Collection, reason: &str) -> FieldError {
    let name = &index.name;
    // A database does not always say which columns an index is about that it could not make.
    let reason = match reason == unique_refusal("") {
        true => unique_refusal(&key_of(index, collection)),
        false => reason.to_owned(),
    };
    let message = format!("Failed to create index {name} - {reason}.");
    FieldError::new("validation_invalid_index_expression", message)
}

/// The key of an index in the words of a refusal: its columns, or its name when it has expressions.
fn key_of(index: &Index, collection: &Collection) -> String {
    let columns = index.columns.iter().map(|column| {
        let column = key_column(&column.name, collection)?;
        Some(format!("{}.{column}", index.table))
    });
    let columns: Option<Vec<String>> = columns.collect();
    columns.map_or_else(|| format!("index '{}'", index.name), |columns| columns.join(", "))
}

/// The column that a part of an index is; `None` for an expression.
fn key_column(part: &str, collection: &Collection) -> Option<String> {
    // Not every database looks for a column in any case.
    let is_it = |field: &&Field| field.name.eq_ignore_ascii_case(part);
    match collection.fields.iter().find(is_it) {
        Some(field) => Some(field.name.clone()),
        None => (!part.contains(['(', ' '])).then(|| part.to_owned()),
    }
}

fn statements(change: Change, collection: &Collection) -> Vec<Statement> {
    match change {
        Change::CreateTable { table, columns } => {
            let columns = columns.into_iter().map(|(name, kind)| definition(name, kind)).collect();
            vec![CreateTable { name: table.into(), if_not_exists: false, columns }.into()]
        }
        Change::DropIndex { name } => vec![DropIndex { name: name.into(), if_exists: true }.into()],
        Change::RenameTable { from, to } => vec![RenameTable { from: from.into(), to: to.into() }.into()],
        Change::DropColumn { table, column } => vec![alter(table, ColumnChange::Drop(column.into()))],
        Change::RenameColumn { table, from, to } => {
            vec![alter(table, ColumnChange::Rename { from: from.into(), to: to.into() })]
        }
        Change::AddColumn { table, column, kind } => {
            vec![alter(table, ColumnChange::Add(definition(column, kind)))]
        }
        Change::ToMultiple { table, column } => {
            let list = Expr::JsonArrayOf(Box::new(Expr::name(&column)));
            convert(table, column, FieldColumn::JsonList, list)
        }
        Change::ToSingle { table, column } => {
            let last = Expr::JsonArrayLast(Box::new(Expr::name(&column)));
            convert(table, column, FieldColumn::Text, last)
        }
        Change::CreateIndex { index, .. } => vec![create_index(index, collection)],
        Change::RefuseIndex { .. } => Vec::new(),
    }
}

/// A column of another kind takes the place of the old one, with its values converted.
fn convert(table: String, column: String, kind: FieldColumn, value: Expr) -> Vec<Statement> {
    let temporary = format!("_converted_{column}");
    vec![
        alter(table.clone(), ColumnChange::Add(definition(temporary.clone(), kind))),
        Update { table: (&table).into(), set: vec![((&temporary).into(), value)], filter: None }.into(),
        alter(table.clone(), ColumnChange::Drop((&column).into())),
        alter(table, ColumnChange::Rename { from: temporary.into(), to: column.into() }),
    ]
}

fn alter(table: String, change: ColumnChange) -> Statement {
    AlterTable { table: table.into(), change }.into()
}

fn definition(name: String, kind: FieldColumn) -> ColumnDef {
    let kind = match kind {
        FieldColumn::PrimaryKey => ColumnKind::RandomId,
        FieldColumn::Text => ColumnKind::Text,
        FieldColumn::Number => ColumnKind::Number,
        FieldColumn::Bool => ColumnKind::Bool,
        FieldColumn::Json => ColumnKind::Json,
        FieldColumn::JsonList => ColumnKind::JsonArray,
        FieldColumn::GeoPoint => ColumnKind::GeoPoint,
    };
    ColumnDef { name: name.into(), kind }
}

/// The table of a collection as superusers' SQL can name it.
pub(super) fn table(collection: &Collection) -> Table {
    let column = |field: &Field| (field.name.clone(), column_type(field.column()));
    Table {
        name: collection.name.clone(),
        is_view: collection.is_view(),
        columns: collection.fields.iter().map(column).collect(),
    }
}

/// What is in a column.
pub(super) fn column_type(kind: FieldColumn) -> ColumnType {
    match kind {
        FieldColumn::PrimaryKey | FieldColumn::Text => ColumnType::Text,
        FieldColumn::Number => ColumnType::Number,
        FieldColumn::Bool => ColumnType::Bool,
        FieldColumn::Json | FieldColumn::JsonList | FieldColumn::GeoPoint => ColumnType::Json,
    }
}

/// An index part is a column when it can be the name of one, and an expression otherwise.
fn create_index(index: Index, collection: &Collection) -> Statement {
    let tables = Tables::new([table(collection)]);
    let keys = index.columns.into_iter().map(|column| IndexColumn {
        key: match key_column(&column.name, collection) {
            Some(name) => IndexKey::Column(name.into()),
            None => IndexKey::Authored(Authored::new(column.name, &tables)),
        },
        collation: Some(column.collate).filter(|collation| !collation.is_empty()),
        descending: match column.sort.as_str() {
            "ASC" => Some(false),
            "DESC" => Some(true),
            _ => None,
        },
    });
    CreateIndex {
        name: Ident::from(index.name),
        table: index.table.into(),
        unique: index.unique,
        if_not_exists: index.if_not_exists,
        columns: keys.collect(),
        filter: Some(index.condition)
            .filter(|condition| !condition.is_empty())
            .map(|condition| Authored::new(condition, &tables)),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use schema::collection::NewId;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_columns_of_an_index_are_told_when_the_database_does_not_say_them() {
        let json = json!({"name": "posts", "type": "base", "fields": [{"type": "text", "name": "title"}]});
        let entropy = ambient::SeededEntropy::new(1);
        let posts = Collection::from_json(&json, NewId::FromJson, &entropy).unwrap();
        let told = |columns: &str| {
            let index = format!("create unique index u on posts ({columns})");
            index_error(&Index::parse(&index).unwrap(), &posts, &unique_refusal("")).message.to_string()
        };
        let failed = "Failed to create index u - constraint failed: UNIQUE constraint failed:";
        assert_eq!(told("TITLE collate nocase, id desc"), format!("{failed} posts.title, posts.id (2067)."));
        assert_eq!(told("title, lower(title)"), format!("{failed} index 'u' (2067)."));
    }
}
