use ambient::Entropy;
use schema::collection::{ApplyError, CollectionRow, NewId};
use schema::{Collection, CollectionKind};
use serde_json::Value;
use sql::{Expr, Ident, Insert, Statement, Update};
use store::Transaction;

use super::context::Context;
use super::journal::Note;
use super::{tables, taken, views};
use crate::bootstrap::COLLECTIONS;
use crate::json::Json;
use crate::{Catalog, Engine, Error, Result, Work};

impl Engine {
    /// Creates a collection and its table from the JSON of the collections API.
    ///
    /// # Errors
    /// 400 with errors by key, 400 when the JSON has wrong types or the database refuses a statement.
    pub async fn create_collection(&self, json: &Value) -> Result<Json> {
        let loaded = Collection::from_json(json, NewId::Generated, self.entropy());
        let collection = loaded.map_err(|error| load_error(error, "Failed to create collection."))?;
        self.save_collection(None, collection, "Failed to create collection.").await
    }

    /// Changes a collection, and its table with it, by partial JSON of the collections API. Rows are kept.
    ///
    /// # Errors
    /// 404 for an unknown collection, otherwise as [`Self::create_collection`].
    pub async fn update_collection(&self, name_or_id: &str, json: &Value) -> Result<Json> {
        let old = self.known_collection(name_or_id)?;
        let mut collection = (*old.collection).clone();
        let loaded = collection.apply_json(json);
        loaded.map_err(|error| load_error(error, "Failed to update collection."))?;
        if collection.id != old.collection.id && self.catalog().by_id(&collection.id).is_none() {
            let message = "Failed to update collection. Raw error: \nno collection has this id";
            return Err(Error::bad_request(message));
        }
        self.save_collection(Some(&old.collection), collection, "Failed to update collection.").await
    }

    async fn save_collection(
        &self,
        old: Option<&Collection>,
        collection: Collection,
        failed: &'static str,
    ) -> Result<Json> {
        let _turn = self.schema_changes().lock().await;
        let catalog = self.catalog();
        if old.is_some_and(|old| catalog.by_id(&old.id).is_none_or(|now| *now.collection != *old)) {
            return Err(Error::bad_request(failed).because("the collection changed meanwhile"));
        }
        let before = &*catalog;
        let saved = self.transaction(|tx| {
            let collection = collection.clone();
            Work::new(async move {
                let engine = tx.engine().clone();
                let saved = save_in(tx.inner(), before, &engine, old, collection, failed).await?;
                let settings =
                    old.and_then(|old| engine.settings().with_renamed_collection(&old.name, &saved.name));
                if let Some(settings) = &settings {
                    settings.write(tx.inner(), &engine).await?;
                }
                let note = Note::of(&engine, old, Some(&saved))?;
                if let Some(note) = &note {
                    note.apply(tx.inner(), &engine).await?;
                }
                Ok::<_, Error>((saved, settings, note))
            })
        });
        let (saved, settings, note) = saved.await?;
        self.replace_catalog(catalog.with(saved.clone()));
        if let Some(settings) = settings {
            self.replace_settings(settings);
        }
        if let Some(note) = note {
            note.write().await;
        }
        self.follow(&saved.id, &format!("the change of {}", saved.name)).await;
        Ok(Json(saved.to_json().into_bytes()))
    }
}

/// Checks a collection and writes it with its table; the caller replaces the catalog after the commit.
pub(crate) async fn save_in(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    engine: &Engine,
    old: Option<&Collection>,
    mut collection: Collection,
    failed: &'static str,
) -> Result<Collection> {
    let mut context = Context::read(transaction, catalog, engine).await?;
    collection.prepare(old, &engine.clock().now_text(), &context);
    if let CollectionKind::View(options) = &collection.kind {
        let looked = views::look(transaction, catalog, engine.entropy(), &options.view_query).await?;
        collection.fields = looked.fields;
        context.view_query_error = looked.error;
    }
    let errors = collection.validate(old, &context);
    errors.into_result().map_err(|errors| Error::invalid(failed, errors))?;
    collection.settle(old, engine.entropy());
    write_collection(transaction, catalog, engine.entropy(), old, &collection)
        .await
        .map_err(|error| raw_error(error, failed))?;
    Ok(collection)
}

/// Writes the row of a collection and brings its table or view from `old` (`None` when there is none) to it.
pub(crate) async fn write_collection(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    entropy: &dyn Entropy,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<()> {
    // SQLite keeps these names to itself, so they are nobody's on any database.
    if new.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
        let refusal = format!("SQL logic error: object name reserved for internal use: {} (1)", new.name);
        return Err(store::Error::Statement(refusal).into());
    }
    // An import is checked after it is written. This will not pass, and not every database has tables without a name.
    if new.name.is_empty() {
        return write_row(transaction, old, new).await;
    }
    if new.is_view() {
        taken::check(transaction, old, new).await?;
        views::write(transaction, catalog, entropy, old, new).await?;
        return write_row(transaction, old, new).await;
    }
    // A name that is taken is told by the row, and not by the table.
    write_row(transaction, old, new).await?;
    taken::check(transaction, old, new).await?;
    tables::sync(transaction, old, new).await
}

async fn write_row(
    transaction: &mut dyn Transaction,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<()> {
    let columns = row_columns(new.to_row());
    let statement: Statement = match old {
        None => {
            let (columns, values) = columns.into_iter().unzip();
            Insert { table: COLLECTIONS.into(), columns, rows: vec![values], on_conflict: None }.into()
        }
        Some(old) => Update {
            table: COLLECTIONS.into(),
            set: columns,
            filter: Some(Expr::name("id").eq(old.id.as_str())),
        }
        .into(),
    };
    transaction.execute(&statement).await?;
    Ok(())
}

fn row_columns(row: CollectionRow) -> Vec<(Ident, Expr)> {
    let optional = |text: Option<String>| text.map_or(Expr::NULL, Expr::value);
    vec![
        ("id".into(), Expr::value(row.id)),
        ("system".into(), Expr::value(row.system)),
        ("type".into(), Expr::value(row.kind)),
        ("name".into(), Expr::value(row.name)),
        ("fields".into(), Expr::value(row.fields)),
        ("indexes".into(), Expr::value(row.indexes)),
        ("listRule".into(), optional(row.list_rule)),
        ("viewRule".into(), optional(row.view_rule)),
        ("createRule".into(), optional(row.create_rule)),
        ("updateRule".into(), optional(row.update_rule)),
        ("deleteRule".into(), optional(row.delete_rule)),
        ("options".into(), Expr::value(row.options)),
        ("created".into(), Expr::value(row.created)),
        ("updated".into(), Expr::value(row.updated)),
    ]
}

fn load_error(error: ApplyError, failed: &'static str) -> Error {
    match error {
        ApplyError::TypeData(_) => {
            Error::bad_request("Failed to load the collection type data due to invalid formatting.")
                .because(error)
        }
        ApplyError::Data(_) => {
            Error::bad_request("Failed to load the submitted data due to invalid formatting.").because(error)
        }
        ApplyError::Invalid(errors) => Error::invalid(failed, errors),
    }
}

/// Why the database did not take a statement; `None` when that is not what went wrong.
pub(super) fn refusal(error: &Error) -> Option<String> {
    let cause = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<store::Error>());
    cause.and_then(tables::refusal)
}

/// What a superuser learns when the database refuses a statement of a checked collection, such as an index on a
/// column that does not exist.
fn raw_error(error: Error, failed: &'static str) -> Error {
    match refusal(&error) {
        Some(reason) => {
            let message = format!("{failed} Raw error: \n{reason}");
            Error { kind: crate::ErrorKind::BadRequest, message: message.into(), ..error }
        }
        None if !error.data.is_empty() => Error { message: failed.into(), ..error },
        None => error,
    }
}
