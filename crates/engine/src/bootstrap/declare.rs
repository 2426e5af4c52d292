//! The collections of extensions: created when they are missing, completed when they exist, never altered.

use schema::Collection;
use schema::collection::{Index, NewId};
use serde_json::{Map, Value};

use super::StartError;
use crate::collections::save_in;
use crate::extension::{CollectionSpec, IndexSpec};
use crate::{Catalog, Engine, Error, ErrorKind, Extension, Result, Work};

/// Declares the collections of an extension and starts it.
pub(crate) async fn start_extension(engine: &Engine, extension: &dyn Extension) -> Result<(), StartError> {
    let name = extension.name();
    let refused = |cause| StartError::Extension { name, cause: Box::new(cause) };
    let specs = extension.collections();
    // Before anything is changed.
    specs.iter().try_for_each(|spec| spec.check_kind(&engine.catalog())).map_err(refused)?;
    for spec in specs {
        declare(engine, &spec).await.map_err(refused)?;
    }
    extension.start(engine).await.map_err(refused)
}

async fn declare(engine: &Engine, spec: &CollectionSpec) -> Result<()> {
    let _turn = engine.schema_changes().lock().await;
    let existing = engine.catalog().by_name(&spec.name).map(|entry| entry.collection.clone());
    let completed = match &existing {
        None => spec.to_collection(engine)?,
        Some(existing) => spec.completed(existing)?,
    };
    let missing = spec.missing_indexes(&completed);
    let wanted = missing.iter().fold(completed.clone(), with_index);
    if existing.as_deref() == Some(&wanted) {
        return Ok(());
    }
    match (save(engine, existing.as_deref(), wanted).await, existing) {
        // Rows that are there already may not be unique; they come first.
        (Err(error), Some(existing)) if error.kind == ErrorKind::BadRequest => {
            add_what_fits(engine, &existing, completed, &missing).await
        }
        (saved, _) => saved,
    }
}

/// Adds the fields, and of the indexes those that the rows allow.
async fn add_what_fits(
    engine: &Engine,
    existing: &Collection,
    completed: Collection,
    missing: &[IndexSpec],
) -> Result<()> {
    if *existing != completed {
        save(engine, Some(existing), completed).await?;
    }
    for index in missing {
        let Some(now) = engine.catalog().by_id(&existing.id).cloned() else { continue };
        let wanted = with_index((*now.collection).clone(), index);
        match save(engine, Some(&now.collection), wanted).await {
            Err(error) if error.kind == ErrorKind::BadRequest => {
                let reason = error.data.to_json();
                tracing::warn!(collection = existing.name, %reason, "a declared index does not fit the rows");
            }
            saved => saved?,
        }
    }
    Ok(())
}

fn with_index(mut collection: Collection, index: &IndexSpec) -> Collection {
    let name = index.name(&collection.id);
    collection.add_index(&name, index.unique, &index.column_list(), &index.condition);
    collection
}

async fn save(engine: &Engine, old: Option<&Collection>, new: Collection) -> Result<()> {
    let catalog = engine.catalog();
    let before = &*catalog;
    let saved = engine.transaction(|tx| {
        let new = new.clone();
        Work::new(async move {
            let engine = tx.engine().clone();
            save_in(tx.inner(), before, &engine, old, new, "The collection cannot be declared.").await
        })
    });
    let saved = saved.await?;
    let what = if old.is_some() { "completed" } else { "created" };
    tracing::info!(collection = saved.name, "a collection was {what}");
    engine.replace_catalog(catalog.with(saved.clone()));
    engine.follow(&saved.id, &format!("{} was {what}", saved.name)).await;
    Ok(())
}

impl CollectionSpec {
    /// A collection of another type cannot be completed.
    fn check_kind(&self, catalog: &Catalog) -> Result<()> {
        let existing = catalog.by_name(&self.name).map(|entry| entry.collection.kind.name());
        match existing.filter(|&kind| kind != self.kind) {
            Some(kind) => {
                let Self { name, kind: needed, .. } = self;
                Err(Error::bad_request(format!(
                    "The collection {name} is of type {kind}, {needed} is needed."
                )))
            }
            None => Ok(()),
        }
    }

    fn to_collection(&self, engine: &Engine) -> Result<Collection> {
        let mut json = self.options.clone();
        json.insert("name".into(), self.name.as_str().into());
        json.insert("type".into(), self.kind.into());
        let scaffold = Collection::from_json(&Value::Object(json), NewId::Generated, engine.entropy())
            .map_err(Error::internal)?;
        self.completed(&scaffold)
    }

    /// The collection with those fields at its end that it lacks.
    fn completed(&self, collection: &Collection) -> Result<Collection> {
        let mut completed = collection.clone();
        let missing = self.fields.iter().filter(|field| {
            let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
            !collection.fields.iter().any(|existing| existing.name.eq_ignore_ascii_case(name))
        });
        for field in missing {
            completed.fields.push(field_from(field)?);
        }
        Ok(completed)
    }

    /// The indexes that a collection has under no name.
    fn missing_indexes(&self, collection: &Collection) -> Vec<IndexSpec> {
        let present: Vec<Index> = collection.indexes.iter().filter_map(|text| Index::parse(text)).collect();
        self.indexes.iter().filter(|wanted| !present.iter().any(|index| wanted.is(index))).cloned().collect()
    }
}

fn field_from(json: &Map<String, Value>) -> Result<schema::Field> {
    let mut fields = schema::field::fields_from_json(&Value::Array(vec![Value::Object(json.clone())]))
        .map_err(Error::internal)?;
    fields.pop().ok_or_else(|| Error::internal("a declared field is missing"))
}

impl IndexSpec {
    /// Whether an existing index does the same.
    fn is(&self, index: &Index) -> bool {
        let columns = || index.columns.iter().map(|column| column.name.as_str());
        index.unique == self.unique && columns().eq(self.columns.iter().map(String::as_str))
    }

    fn name(&self, collection_id: &str) -> String {
        format!("idx_{}_{collection_id}", self.columns.join("_"))
    }

    fn column_list(&self) -> String {
        let quoted: Vec<String> = self.columns.iter().map(|column| format!("`{column}`")).collect();
        quoted.join(", ")
    }
}
