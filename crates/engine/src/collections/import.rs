//! Many collections at once.

use std::collections::HashSet;
use std::sync::Arc;

use schema::collection::{ApplyError, generated_id};
use schema::value::go_quote;
use schema::view::ViewQueryError;
use schema::{Collection, CollectionKind, FieldError, FieldErrors};
use serde_json::{Map, Value};
use store::Transaction;

use super::context::Context;
use super::delete::{drop_table, forget, referring};
use super::save::{refusal, write_collection};
use super::views::{self, Aside, ViewError};
use crate::bootstrap;
use crate::{Catalog, Engine, Entry, Error, Result, Settings, Tx, Work};

/// A collection that is imported.
#[derive(Clone)]
struct Import {
    collection: Collection,
    /// What is stored of it; `None` for a new one.
    existing: Option<Arc<Entry>>,
}

/// What an import needs to know beside its collections.
#[derive(Clone, Copy)]
struct Plan<'a> {
    before: &'a Catalog,
    imports: &'a [Import],
    /// Those that are deleted.
    missing: &'a [&'a Collection],
    /// Whether none of those may be pointed to by what is left.
    checks_relations: bool,
    /// The migration that asks for it.
    file: Option<&'a str>,
}

/// What is imported.
pub(super) struct Changes<'a> {
    pub(super) items: &'a [Map<String, Value>],
    /// Whether fields that an item does not mention are removed.
    pub(super) exact: bool,
    pub(super) gone: Gone<'a>,
    /// The migration that asks for it, to be noted in the same transaction.
    pub(super) file: Option<&'a str>,
}

/// Which collections are deleted; those of the system never are.
pub(super) enum Gone<'a> {
    /// Those that no item mentions.
    Unmentioned,
    /// Those of these ids.
    These(&'a [String]),
}

/// What an import made.
struct Imported {
    catalog: Catalog,
    /// When they changed.
    settings: Option<Settings>,
}

impl Engine {
    /// Creates and changes collections by their JSON, and their tables with them: each item is laid over the stored
    /// collection of its id or, without one, of its name. Fields that it does not mention stay. With
    /// `delete_missing` they do not, nor do collections that no item mentions; what belongs to the system does.
    ///
    /// Everything is saved before anything is checked, so that collections can refer to each other in any order; views
    /// come last. All of it is done or nothing.
    ///
    /// # Errors
    /// 400 with what is wrong with the first collection that is wrong.
    pub async fn import_collections(&self, items: &[Map<String, Value>], delete_missing: bool) -> Result<()> {
        if items.is_empty() {
            let message = "An error occurred while validating the submitted data.";
            return Err(Error::invalid(message, FieldErrors::single("collections", FieldError::required())));
        }
        let gone = if delete_missing { Gone::Unmentioned } else { Gone::These(&[]) };
        self.import(Changes { items, exact: delete_missing, gone, file: None }).await
    }

    pub(super) async fn import(&self, changes: Changes<'_>) -> Result<()> {
        let Changes { items, exact, gone, file } = changes;
        let _turn = self.schema_changes().lock().await;
        let before = &*self.catalog();
        let imports = items.iter().map(|item| self.imported(before, item, exact));
        let mut imports = imports.collect::<Result<Vec<_>>>()?;
        let mentioned: HashSet<String> = imports.iter().map(|import| import.collection.id.clone()).collect();
        imports.sort_by(|a, b| a.order().cmp(&b.order()));
        let is_missing = |collection: &&Collection| {
            !collection.system
                && match gone {
                    Gone::Unmentioned => !mentioned.contains(&collection.id),
                    Gone::These(ids) => ids.contains(&collection.id),
                }
        };
        let all = before.entries().iter().map(|entry| &*entry.collection);
        let missing: Vec<_> = all.filter(is_missing).collect();
        let checks_relations = matches!(gone, Gone::These(_));
        let plan = Plan { before, imports: &imports, missing: &missing, checks_relations, file };
        let Imported { catalog, settings } = self.transaction(|tx| Work::new(run(tx, plan))).await?;
        self.replace_catalog(catalog);
        if let Some(settings) = settings {
            self.replace_settings(settings);
        }
        self.follow("", "an import").await;
        Ok(())
    }

    /// What an item makes of a collection.
    fn imported(&self, catalog: &Catalog, item: &Map<String, Value>, exact: bool) -> Result<Import> {
        let text = |key: &str| item.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let existing = text("id").or_else(|| text("name")).and_then(|key| catalog.find(key)).cloned();
        let stored = existing.as_ref().map(|entry| &*entry.collection);
        let json = Value::Object(item.clone());
        let collection = Collection::import(&json, stored, exact, self.entropy());
        let collection = collection.map_err(|error| match error {
            ApplyError::Invalid(errors) => {
                let name = text("name").or(stored.map(|stored| stored.name.as_str())).unwrap_or_default();
                let id = text("id")
                    .or(stored.map(|stored| stored.id.as_str()))
                    .map_or_else(|| generated_id(text("type").unwrap_or_default(), name), str::to_owned);
                invalid(name, &id, &errors)
            }
            ApplyError::TypeData(error) | ApplyError::Data(error) => refused(&error.to_string()),
        })?;
        Ok(Import { collection, existing })
    }
}

impl Import {
    /// Views come last: they can be made of any of the others.
    fn order(&self) -> (bool, &str, &str) {
        let Collection { created, updated, .. } = &self.collection;
        (self.collection.is_view(), created, updated)
    }
}

async fn run(tx: &mut Tx, plan: Plan<'_>) -> Result<Imported> {
    let engine = tx.engine().clone();
    delete_missing(tx, plan.missing).await.map_err(failure)?;
    let kept = plan
        .before
        .entries()
        .iter()
        .filter(|entry| !plan.missing.iter().any(|gone| gone.id == entry.collection.id));
    let mut catalog = Catalog::from_entries(kept.cloned().collect());
    let mut settings: Option<Settings> = None;
    let mut saved = Vec::new();
    for import in plan.imports {
        let what = format!("failed to save collection {}", go_quote(&import.collection.name));
        let collection = save(tx.inner(), &catalog, &engine, import.clone());
        let collection = collection.await.map_err(|error| failure(error.while_doing(&what)))?;
        if let Some(existing) = &import.existing {
            let now =
                settings.as_ref().map_or_else(|| engine.settings(), |settings| Arc::new(settings.clone()));
            settings = now.with_renamed_collection(&existing.collection.name, &collection.name).or(settings);
        }
        catalog = catalog.with(collection.clone());
        saved.push(collection);
    }
    if let Some(settings) = &settings {
        settings.write(tx.inner(), &engine).await?;
    }
    check(tx.inner(), &catalog, &engine, plan.before, saved).await?;
    if plan.checks_relations {
        for gone in plan.missing {
            if let Some(name) = referring(&catalog, gone).first() {
                return Err(refused(&format!("collection {} is referenced in {name}", gone.name)));
            }
        }
    }
    if let Some(file) = plan.file {
        let noted = bootstrap::applied(file, engine.clock().now().as_microsecond());
        tx.inner().execute(&noted).await?;
    }
    Ok(Imported { catalog, settings })
}

/// Deletes collections whatever points to them.
async fn delete_missing(tx: &mut Tx, missing: &[&Collection]) -> Result<(), ViewError> {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|gone| gone.name.as_str()).collect();
    let views = Aside::take(tx.inner(), &names).await?;
    for gone in missing {
        drop_table(tx, gone).await?;
        forget(tx, gone).await?;
    }
    // For those that are left, the import brings other queries, or fails.
    views.put_back(tx.inner()).await.map(|_| ())
}

/// Writes a collection and its table without checking it.
async fn save(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    engine: &Engine,
    import: Import,
) -> Result<Collection, ViewError> {
    let Import { mut collection, existing } = import;
    let old = match &existing {
        Some(existing) => Some(stored(catalog, &collection.id, &existing.collection.id)?),
        None => None,
    };
    let old = old.as_ref().map(|entry| &*entry.collection);
    collection.prepare(old, &engine.clock().now_text(), catalog);
    if let CollectionKind::View(options) = &collection.kind {
        collection.fields =
            views::inspect(transaction, catalog, engine.entropy(), &options.view_query).await?.fields;
        if collection.field("id").is_none() {
            return Err(ViewQueryError::MissingId.into());
        }
    }
    collection.settle(old, engine.entropy());
    let written = write_collection(transaction, catalog, engine.entropy(), old, &collection).await;
    written.map_err(|error| refusal(&error).map_or(ViewError::Failed(error), ViewError::Refused))?;
    Ok(collection)
}

/// The collection that is to be changed; its id is for ever.
fn stored(catalog: &Catalog, id: &str, existing: &str) -> Result<Arc<Entry>, ViewError> {
    let refuse = |reason: &str| Err(ViewError::Refused(reason.to_owned()));
    match catalog.find(id) {
        Some(entry) if entry.collection.id == existing && id == existing => Ok(Arc::clone(entry)),
        Some(_) => refuse("primary key change is not allowed"),
        None => refuse("failed to retrieve old cached collection: sql: no rows in result set"),
    }
}

/// Checks the collections that were saved, in the order in which they were.
async fn check(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    engine: &Engine,
    before: &Catalog,
    saved: Vec<Collection>,
) -> Result<()> {
    let mut context = Context::read(transaction, catalog, engine).await?;
    for mut collection in saved {
        if let CollectionKind::View(options) = &collection.kind {
            let looked = views::look(transaction, catalog, engine.entropy(), &options.view_query).await?;
            collection.fields = looked.fields;
            context.view_query_error = looked.error;
        }
        // A new one is there by now: it is compared with itself.
        let old = before.by_id(&collection.id).map_or(&collection, |entry| &entry.collection);
        let errors = collection.validate(Some(old), &context);
        errors.into_result().map_err(|errors| invalid(&collection.name, &collection.id, &errors))?;
    }
    Ok(())
}

fn failure(error: ViewError) -> Error {
    match error {
        ViewError::Refused(reason) => refused(&reason),
        ViewError::Failed(error) if !error.data.is_empty() => Error { message: FAILED.into(), ..error },
        ViewError::Failed(error) => error,
    }
}

const FAILED: &str = "Failed to import collections.";

/// The JSON or the database does not allow it.
fn refused(reason: &str) -> Error {
    import_error(format!("Failed to import the collections configuration. Raw error:\n{reason}"))
}

/// A collection does not pass the checks.
fn invalid(name: &str, id: &str, errors: &FieldErrors) -> Error {
    let name = go_quote(name);
    let report = errors.to_report();
    import_error(format!("Data validations failed for collection {name} ({id}):\n{report}"))
}

fn import_error(message: String) -> Error {
    let error = FieldError::new("validation_collections_import_failure", message);
    Error::invalid(FAILED, FieldErrors::single("collections", error))
}
