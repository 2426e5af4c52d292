//! Tables that follow their collections.

use schema::collection::{Change, Index, table_changes};
use schema::field::ColumnKind as FieldColumn;
use schema::{Collection, FieldError, FieldErrors};
use sql::{
    AlterTable, ColumnChange, ColumnDef, ColumnKind, CreateIndex, CreateTable, DropIndex, Expr, Ident,
    IndexColumn, IndexKey, RenameTable, Statement, Update,
};
use store::Transaction;

use crate::{Error, Result};

/// Brings the table of a collection from `old` (`None` when there is none) to `new`.
pub(super) async fn sync(
    transaction: &mut dyn Transaction,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<()> {
    let changes = table_changes(old, new).map_err(|errors| Error::invalid("", errors))?;
    let mut refused = FieldErrors::new();
    for change in changes {
        let index = match &change {
            Change::CreateIndex { position, index } => Some((*position, index.name.clone())),
            _ => None,
        };
        for statement in statements(change, new) {
            if let Err(error) = transaction.execute(&statement).await {
                let (Some((position, name)), Some(reason)) = (&index, refusal(&error)) else {
                    return Err(error.into());
                };
                refused.push(position.to_string(), index_error(name, &reason));
            }
        }
    }
    refused.under("indexes").into_result().map_err(|errors| Error::invalid("", errors))
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
    format!("constraint failed: UNIQUE constraint failed: {key} (2067)")
}

fn index_error(name: &str, reason: &str) -> FieldError {
    // A database does not say which columns an index on expressions is about.
    let of_expressions = unique_refusal("");
    let reason =
        if reason == of_expressions { unique_refusal(&format!("index '{name}'")) } else { reason.to_owned() };
    let message = format!("Failed to create index {name} - {reason}.");
    FieldError::new("validation_invalid_index_expression", message)
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

/// An index part is a column when the collection has a field of that name, and an expression otherwise.
fn create_index(index: Index, collection: &Collection) -> Statement {
    let columns = index.columns.into_iter().map(|column| {
        let is_field = collection.fields.iter().any(|field| field.name.eq_ignore_ascii_case(&column.name));
        IndexColumn {
            key: if is_field {
                IndexKey::Column(column.name.into())
            } else {
                IndexKey::Authored(column.name)
            },
            collation: Some(column.collate).filter(|collation| !collation.is_empty()),
            descending: match column.sort.as_str() {
                "ASC" => Some(false),
                "DESC" => Some(true),
                _ => None,
            },
        }
    });
    CreateIndex {
        name: Ident::from(index.name),
        table: index.table.into(),
        unique: index.unique,
        if_not_exists: index.if_not_exists,
        columns: columns.collect(),
        filter: Some(index.condition).filter(|condition| !condition.is_empty()),
    }
    .into()
}
