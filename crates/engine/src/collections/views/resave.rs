use std::collections::HashSet;

use schema::view::check_names;
use schema::{Collection, CollectionKind, Field};
use sql::Catalog as SqlCatalog;
use store::Transaction;

use super::ViewError;
use super::check::inspect;
use crate::collections::save_in;
use crate::{Catalog, Engine, Error, ErrorKind, Result, Work};

impl Engine {
    /// Has the views follow what was saved; the one of the id `except` is left alone. What is wrong with them is logged
    /// alone, with what was done: the collections are saved, and the queries can be changed.
    pub(crate) async fn follow(&self, except: &str, done: &str) {
        let catalog = self.catalog();
        let before = &*catalog;
        let followed = self.transaction(|tx| {
            Work::new(async move {
                let engine = tx.engine().clone();
                resave(tx.inner(), before, &engine, except).await
            })
        });
        match followed.await {
            Ok(Some(catalog)) => self.replace_catalog(catalog),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "views may have to be changed after {done}");
            }
        }
    }
}

/// Saves the views again whose fields are no longer those of their queries, and those that the database lacks; the
/// one of the id `except` is left alone. Gives the catalog as it is then, `None` when nothing changed.
///
/// # Errors
/// [`ViewError::Refused`] when the query of any of them does not work; the transaction is to be dropped then.
pub(in crate::collections) async fn resave(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    engine: &Engine,
    except: &str,
) -> Result<Option<Catalog>, ViewError> {
    let views: Vec<&str> = catalog
        .entries()
        .iter()
        .filter(|entry| entry.collection.is_view() && entry.collection.id != except)
        .map(|entry| entry.collection.id.as_str())
        .collect();
    if views.is_empty() {
        return Ok(None);
    }
    let mut there = names(transaction).await?;
    let mut changed: Option<Catalog> = None;
    // A view that changed can be what one before it is made of, so they are looked at until nothing changes.
    for round in 0..=views.len() {
        let mut reasons = Vec::new();
        let mut quiet = true;
        for id in &views {
            let now = changed.as_ref().unwrap_or(catalog);
            let Some(entry) = now.by_id(id).cloned() else { continue };
            let view = &*entry.collection;
            match again(transaction, now, engine, view, &there).await {
                Ok(None) => {}
                Ok(Some(saved)) => {
                    there.insert(saved.name.to_lowercase());
                    changed = Some(now.with(saved));
                    quiet = false;
                }
                Err(ViewError::Refused(reason)) => reasons.push(format!("[{}] {reason}", view.name)),
                Err(error) => return Err(error),
            }
        }
        if !reasons.is_empty() {
            let reasons = reasons.join("\n");
            if round == 0 {
                return Err(ViewError::Refused(reasons));
            }
            tracing::warn!(reasons, "views may have to be changed after others were");
        }
        if quiet {
            break;
        }
    }
    Ok(changed)
}

/// Saves a view if it has to be.
async fn again(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    engine: &Engine,
    view: &Collection,
    there: &HashSet<String>,
) -> Result<Option<Collection>, ViewError> {
    let CollectionKind::View(options) = &view.kind else { return Ok(None) };
    let found = inspect(transaction, catalog, engine.entropy(), &options.view_query).await?;
    check_names(&found.fields)?;
    if there.contains(&view.name.to_lowercase()) && text(&found.fields)? == text(&view.fields)? {
        return Ok(None);
    }
    let saved = save_in(transaction, catalog, engine, Some(view), view.clone(), "The view cannot be saved.");
    match saved.await {
        Ok(saved) => Ok(Some(saved)),
        Err(error) if error.kind == ErrorKind::BadRequest => Err(ViewError::Refused(reason(&error))),
        Err(error) => Err(error.into()),
    }
}

fn reason(error: &Error) -> String {
    if error.data.is_empty() { error.to_string() } else { error.data.to_json().to_string() }
}

/// Fields as they are compared: a clone has another id each time, and the database does not look at case.
fn text(fields: &[Field]) -> Result<String> {
    let fields: Vec<Field> =
        fields.iter().map(|field| Field { id: String::new(), ..field.clone() }).collect();
    Ok(schema::json::to_string(&fields).map_err(Error::internal)?.to_lowercase())
}

/// The names of the database's views, in lower case.
async fn names(transaction: &mut dyn Transaction) -> Result<HashSet<String>, ViewError> {
    let tables = SqlCatalog::tables();
    let names = store::fetch_in(transaction, &tables, |row| {
        let is_view = row.get(1).as_str() == Some("view");
        Ok(row.get(0).to_text().filter(|_| is_view).map(|name| name.to_lowercase()))
    });
    Ok(names.await?.into_iter().flatten().collect())
}
