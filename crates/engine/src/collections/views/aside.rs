use sql::{Catalog as SqlCatalog, DropView, Statement};
use store::{Row, Transaction};

use super::ViewError;

/// Views that were dropped for a while.
///
/// A database refuses to change a column or a view that others are made of.
#[derive(Debug, Default)]
pub(in crate::collections) struct Aside {
    /// The statements that make them.
    views: Vec<Statement>,
    /// Why one of them cannot be made.
    reason: Option<String>,
}

impl Aside {
    /// Drops all views. Those named `gone` will not come back.
    pub(in crate::collections) async fn take(
        transaction: &mut dyn Transaction,
        gone: &[&str],
    ) -> Result<Self, ViewError> {
        let views = store::fetch_in(transaction, &SqlCatalog::tables(), |row| Ok(view(row))).await?;
        let (mut drops, mut views_aside) = (Vec::new(), Vec::new());
        for (name, definition) in views.into_iter().flatten() {
            if !gone.iter().any(|gone| name.eq_ignore_ascii_case(gone)) {
                views_aside.push(Statement::Authored(definition));
            }
            drops.push(DropView { name: name.into(), if_exists: true }.into());
        }
        run(transaction, drops).await?.into_result()?;
        Ok(Self { views: views_aside, reason: None })
    }

    /// Makes the views again that can be made; the others are left.
    pub(in crate::collections) async fn put_back(
        self,
        transaction: &mut dyn Transaction,
    ) -> Result<Self, ViewError> {
        run(transaction, self.views).await
    }

    /// Whether all of them are back.
    ///
    /// # Errors
    /// [`ViewError::Refused`] when one is not, with the reason.
    pub(in crate::collections) fn into_result(self) -> Result<(), ViewError> {
        self.reason.map_or(Ok(()), |reason| Err(ViewError::Refused(reason)))
    }
}

/// The name of a view, and the statement that made it.
fn view(row: &dyn Row) -> Option<(String, String)> {
    let text = |column| row.get(column).to_text().map(std::borrow::Cow::into_owned);
    let is_view = text(1)? == "view";
    is_view.then_some((text(0)?, text(2)?))
}

/// Runs statements of which some can only be run after others, in an order that works; gives those that cannot be run.
async fn run(transaction: &mut dyn Transaction, statements: Vec<Statement>) -> Result<Aside, ViewError> {
    let mut left = statements;
    loop {
        let before = left.len();
        let mut refused = Aside::default();
        for statement in left {
            match transaction.execute(&statement).await.map_err(ViewError::from) {
                Ok(_) => {}
                Err(ViewError::Refused(reason)) => {
                    refused.reason.get_or_insert(reason);
                    refused.views.push(statement);
                }
                Err(error) => return Err(error),
            }
        }
        if refused.views.is_empty() || refused.views.len() == before {
            return Ok(refused);
        }
        left = refused.views;
    }
}
