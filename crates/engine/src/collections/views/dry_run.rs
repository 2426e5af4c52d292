use std::convert::Infallible;

use schema::checks::required;
use schema::{FieldError, FieldErrors};

use super::ViewError;
use super::check::{Checked, inspect};
use crate::json::{Json, Visibility};
use crate::records::Access;
use crate::{Engine, Entry, Error, Record, Result, Work};

/// The longest query in bytes.
const MAX_QUERY: usize = 5000;

/// What was found in a transaction that is dropped in any case.
struct Dropped(Result<Checked, ViewError>);

impl From<Error> for Dropped {
    fn from(error: Error) -> Self {
        Self(Err(error.into()))
    }
}

impl Engine {
    /// What a view of this query would be: `{"fields": […], "sample": […]}` with at most ten records. Nothing is
    /// changed.
    ///
    /// # Errors
    /// 400 for a query that cannot be a view, with the reason.
    pub async fn dry_run_view(&self, query: &str) -> Result<Json> {
        if let Some(error) = required(!query.is_empty()).or_else(|| too_long(query)) {
            let message = "An error occurred while validating the submitted data.";
            return Err(Error::invalid(message, FieldErrors::single("query", error)));
        }
        match self.try_view(query).await {
            Ok(json) => Ok(json),
            Err(ViewError::Failed(error)) => Err(error),
            Err(ViewError::Refused(reason)) => {
                Err(Error::bad_request(format!("Invalid view query. Raw error: \n{reason}")))
            }
        }
    }

    async fn try_view(&self, query: &str) -> Result<Json, ViewError> {
        let looked_into = self.transaction(|tx| {
            Work::new(async move {
                let (engine, catalog) = (tx.engine().clone(), tx.catalog());
                let checked = inspect(tx.inner(), &catalog, engine.entropy(), query).await;
                Err::<Infallible, _>(Dropped(checked))
            })
        });
        let Err(Dropped(checked)) = looked_into.await;
        let checked = checked?;
        // Outside of the transaction: a query can take its time, and what only reads cannot write.
        let catalog = self.catalog();
        let sample = checked.sample(&mut Access::Store(self.store()), &catalog, self.entropy()).await?;
        Ok(reply(&checked, &sample)?)
    }
}

fn reply(checked: &Checked, sample: &[Record]) -> Result<Json> {
    let entry = sample.first().map(|record| Entry::new((**record.collection()).clone()));
    let fields = schema::json::to_string(&checked.fields).map_err(Error::internal)?;
    let mut out = format!("{{\"fields\":{fields}").into_bytes();
    out.extend(b",\"sample\":[");
    for (position, record) in sample.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        if let Some(entry) = &entry {
            entry.shape.write_record(record, Visibility::default(), None, &mut out);
        }
    }
    out.extend(b"]}");
    Ok(Json(out))
}

fn too_long(query: &str) -> Option<FieldError> {
    let message = format!("the length must be no more than {MAX_QUERY}");
    let error = FieldError::new("validation_length_too_long", message);
    (query.len() > MAX_QUERY).then(|| error.with_param("max", MAX_QUERY).with_param("min", 0))
}
