//! View collections: their queries are looked into, and the database's views follow them.

mod aside;
mod check;
mod columns;
mod create;
mod dry_run;
mod origin;
mod resave;
mod write;

use schema::view::ViewQueryError;
use sql::{ColumnType, Tables};

pub(super) use self::aside::Aside;
pub(super) use self::check::{inspect, look};
pub(crate) use self::create::create_all;
pub(super) use self::resave::resave;
pub(super) use self::write::write;
use super::tables::refusal;
use crate::{Catalog, Error};

/// Why a query is no view.
#[derive(Debug, thiserror::Error)]
pub(super) enum ViewError {
    /// The query is to blame; what superusers are told.
    #[error("{0}")]
    Refused(String),
    /// Something else went wrong.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<ViewQueryError> for ViewError {
    fn from(error: ViewQueryError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<store::Error> for ViewError {
    fn from(error: store::Error) -> Self {
        match refusal(&error) {
            Some(reason) => Self::Refused(reason),
            None => Self::Failed(error.into()),
        }
    }
}

impl ViewError {
    /// The same error, told with what was tried.
    pub(super) fn while_doing(self, what: &str) -> Self {
        match self {
            Self::Refused(reason) => Self::Refused(format!("{what}: {reason}")),
            failed @ Self::Failed(_) => failed,
        }
    }
}

impl From<ViewError> for Error {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Refused(reason) => store::Error::Statement(reason).into(),
            ViewError::Failed(error) => error,
        }
    }
}

/// The tables that queries can name, with what is in their columns.
pub(super) fn tables(catalog: &Catalog) -> Tables {
    Tables::new(catalog.entries().iter().map(|entry| super::tables::table(&entry.collection)))
}

/// What is in the columns of a view of these fields.
fn column_types(fields: &[schema::Field]) -> Vec<(sql::Ident, ColumnType)> {
    fields.iter().map(|field| ((&field.name).into(), super::tables::column_type(field.column()))).collect()
}
