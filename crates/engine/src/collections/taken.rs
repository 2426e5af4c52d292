//! Names that are one to SQLite: those that differ only in the case of letters. They are one on every database.

use schema::Collection;
use sql::{Catalog, Expr};
use store::{Error, Transaction};

use crate::Result;

/// Looks whether the table or view of a collection can have the names that it is to have. Where a collection is
/// checked before it is written, they can; an import is checked after it.
///
/// # Errors
/// The refusal of a database that takes the names for one.
pub(super) async fn check(
    transaction: &mut dyn Transaction,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<()> {
    if let Some(column) = column(new) {
        return Err(refusal(&format!("duplicate column name: {column}")).into());
    }
    if old.is_some_and(|old| old.name.eq_ignore_ascii_case(&new.name)) {
        return Ok(());
    }
    let mut same = Catalog::exists(&new.name);
    if new.is_view() {
        // Another view gives way, and then the check fails.
        same = same.filter(Expr::name("kind").eq("table"));
    }
    let found = store::fetch_in(transaction, &same, |_| Ok(())).await?;
    if found.is_empty() {
        return Ok(());
    }
    Err(refusal(&format!("there is already another table or index with this name: {}", new.name)).into())
}

/// A column whose name another one has in other letters. A view has names of its own for those.
fn column(collection: &Collection) -> Option<&str> {
    if collection.is_view() {
        return None;
    }
    let names = || collection.fields.iter().map(|field| field.name.as_str());
    let is_same = |a: &str, b: &str| a != b && a.eq_ignore_ascii_case(b);
    names()
        .enumerate()
        .find(|&(at, name)| names().take(at).any(|other| is_same(name, other)))
        .map(|(_, name)| name)
}

fn refusal(reason: &str) -> Error {
    Error::Statement(format!("SQL logic error: {reason} (1)"))
}
