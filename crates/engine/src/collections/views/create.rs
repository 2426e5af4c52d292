use ambient::Entropy;
use schema::Collection;
use store::Transaction;

use super::{ViewError, write};
use crate::{Catalog, Result};

/// Makes the views of all collections where there are none yet, in an order that works. Returns the names of those
/// whose queries do not work, with the reasons.
///
/// # Errors
/// The store's failure.
pub(crate) async fn create_all(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    entropy: &dyn Entropy,
) -> Result<Vec<(String, String)>> {
    let mut missing: Vec<&Collection> =
        catalog.entries().iter().map(|entry| &*entry.collection).filter(|view| view.is_view()).collect();
    loop {
        let mut refused = Vec::new();
        for &view in &missing {
            match write(transaction, catalog, entropy, None, view).await {
                Ok(()) => {}
                Err(ViewError::Refused(reason)) => refused.push((view, reason)),
                Err(ViewError::Failed(error)) => return Err(error),
            }
        }
        // One can be made of another that comes after it.
        if refused.len() == missing.len() {
            return Ok(refused.into_iter().map(|(view, reason)| (view.name.clone(), reason)).collect());
        }
        missing = refused.into_iter().map(|(view, _)| view).collect();
    }
}
