//! The collections of extensions: created when they are missing, completed when they exist, never altered.

use schema::Collection;
use schema::collection::{Index, NewId};
use serde_json::{Map, Value};

use super::StartError;
use crate::collections::save_in;
use crate::extension::{CollectionSpec, IndexSpec};
use crate::{Catalog, Engine, Error, ErrorKind, Extension, Result};

/// Declares the collections of an extension and starts it.
pub(crate) async fn start_extension(engine: &Engine, extension: &dyn Extension) -> Result<(), StartError> {
    let name = extension.name();
    let refused = |cause| StartError::Extension { name, cause: Box::new(cause) };
    for spec in extension.collections() {
        declare(engine, &spec).await.map_err(refused)?;
    }
    extension.start(engine).await.map_err(refused)
}

async fn declare(engine: &Engine, spec: &CollectionSpec) -> Result<()> {
    let _turn = engine.schema_changes().lock().await;
    let catalog = engine.catalog();
    let existing = catalog.by_name(&spec.name).map(|entry| entry.collection.clone());
    let mut wanted = match &existing {
        None => spec.to_collection(engine)?,
        Some(existing) => spec.completed(existing)?,
    };
    let completed = wanted.clone();
    for index in spec.missing_indexes(&wanted) {
        let name = index.name(&wanted.id);
        wanted.add_index(&name, index.unique, &index.column_list(), &index.condition);
    }
    if existing.as_deref() == Some(&wanted) {
        return Ok(());
    }
    match (save(engine, &catalog, existing.as_deref(), wanted).await, existing) {
        // Rows that are there already may not be unique; they come first.
        (Err(error), Some(existing)) if error.kind == ErrorKind::BadRequest => {
            tracing::warn!(%error, collection = spec.name, "existing rows do not allow the declared indexes");
            if *existing == completed {
                Ok(())
            } else {
                save(engine, &catalog, Some(&existing), completed).await
            }
        }
        (saved, _) => saved,
    }
}

async fn save(engine: &Engine, catalog: &Catalog, old: Option<&Collection>, new: Collection) -> Result<()> {
    let mut transaction = engine.store().begin().await?;
    let failed = "The collection cannot be declared.";
    let saved = save_in(&mut *transaction, catalog, engine, old, new, failed).await?;
    transaction.commit().await?;
    let what = if old.is_some() { "completed" } else { "created" };
    tracing::info!(collection = saved.name, "a collection was {what}");
    engine.replace_catalog(catalog.with(saved));
    Ok(())
}

impl CollectionSpec {
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
