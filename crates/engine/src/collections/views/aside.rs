use sql::{Catalog as SqlCatalog, DropView, Statement};
use store::{Row, Transaction};

use super::ViewError;

/// Views that were dropped for a while.
///
/// A database refuses to change a column or a view that others are made of.
#[derive(Debug, Default)]
pub(in crate::collections) struct Aside(Vec<View>);

#[derive(Debug)]
struct View {
    name: String,
    /// The statement that made it.
    definition: String,
}

impl Aside {
    /// Drops all views. The one named `gone` will not come back.
    pub(in crate::collections) async fn take(
        transaction: &mut dyn Transaction,
        gone: &str,
    ) -> Result<Self, ViewError> {
        let views = store::fetch_in(transaction, &SqlCatalog::tables(), |row| Ok(view(row))).await?;
        let views: Vec<View> = views.into_iter().flatten().collect();
        let drops =
            views.iter().map(|view| Statement::from(DropView { name: (&view.name).into(), if_exists: true }));
        run(transaction, drops.collect()).await?;
        let stays = |view: &View| !view.name.eq_ignore_ascii_case(gone);
        Ok(Self(views.into_iter().filter(stays).collect()))
    }

    /// Makes the views again that were there.
    ///
    /// # Errors
    /// [`ViewError::Refused`] when some cannot be made any more; the others are there.
    pub(in crate::collections) async fn put_back(
        self,
        transaction: &mut dyn Transaction,
    ) -> Result<(), ViewError> {
        let statements = self.0.into_iter().map(|view| Statement::Authored(view.definition));
        run(transaction, statements.collect()).await
    }
}

fn view(row: &dyn Row) -> Option<View> {
    let text = |column| row.get(column).to_text().map(std::borrow::Cow::into_owned);
    let is_view = text(1)? == "view";
    is_view.then_some(View { name: text(0)?, definition: text(2)? })
}

/// Runs statements of which some can only be run after others, in an order that works.
async fn run(transaction: &mut dyn Transaction, mut statements: Vec<Statement>) -> Result<(), ViewError> {
    loop {
        let mut refused = Vec::new();
        let mut reason = None;
        let before = statements.len();
        for statement in statements {
            match transaction.execute(&statement).await.map_err(ViewError::from) {
                Ok(_) => {}
                Err(ViewError::Refused(text)) => {
                    reason.get_or_insert(text);
                    refused.push(statement);
                }
                Err(error) => return Err(error),
            }
        }
        let Some(reason) = reason else { return Ok(()) };
        if refused.len() == before {
            return Err(ViewError::Refused(reason));
        }
        statements = refused;
    }
}
