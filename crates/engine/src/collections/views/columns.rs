use ambient::{Entropy, EntropyExt};
use sql::{Authored, Catalog as SqlCatalog, CreateView, DropView, Ident, Tables};
use store::{Row, Transaction};

use super::ViewError;

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A random text for a name that nothing else has.
pub(super) fn random(entropy: &dyn Entropy, length: usize) -> String {
    entropy.text(length, ALPHABET)
}

/// A column of a query's result.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) is_text: bool,
}

/// The columns of a query, in their order.
///
/// Only the database can tell them: a view of the query is made for a moment.
pub(super) async fn columns(
    transaction: &mut dyn Transaction,
    tables: &Tables,
    entropy: &dyn Entropy,
    query: &str,
) -> Result<Vec<Column>, ViewError> {
    let name = format!("_temp_{}", random(entropy, 6));
    let view = Ident::from(&name);
    let query = Authored::new(query, tables);
    transaction.execute(&CreateView { name: view.clone(), query }.into()).await?;
    // A database may notice only now that something is missing.
    let columns = store::fetch_in(transaction, &SqlCatalog::columns(&name), |row| Ok(column(row))).await;
    transaction.execute(&DropView { name: view, if_exists: true }.into()).await?;
    Ok(columns?)
}

fn column(row: &dyn Row) -> Column {
    let text = |column| row.get(column).to_text().unwrap_or_default().into_owned();
    Column { name: text(0), is_text: text(1).eq_ignore_ascii_case("text") }
}
