//! Several changes of records in one transaction.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use files::Upload;
use serde_json::Map;
use tokio::time::{Instant, timeout_at};

use super::create::Create;
use super::delete::Delete;
use super::input::scalar_text;
use super::update::Update;
use super::{Access, Changed, Uploads};
use crate::json::Json;
use crate::{Engine, Error, Request, Result, Tx, Work};

/// A change of one record, as a part of a batch.
#[derive(Debug, Clone)]
pub struct Change {
    /// Who asks for what, with the fields of the record in the body.
    pub request: Request,
    /// The id or the name of the collection.
    pub collection: String,
    /// What is to happen.
    pub action: Action,
    /// The files that came with it, each with the key of its form field.
    pub files: Vec<(String, Upload)>,
}

/// What a [`Change`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Creates a record.
    Create,
    /// Changes the record of this id.
    Update(String),
    /// Changes the record whose id the body has, or creates it when there is none.
    Upsert,
    /// Deletes the record of this id.
    Delete(String),
}

/// Makes what is sent of the reply to the change at this position.
pub type Shape<'a> = dyn Fn(usize, &Request, Json) -> Result<Json> + Sync + 'a;

/// Why nothing of a batch was done.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// One of the changes was refused.
    #[error("change {index} was refused")]
    Change {
        /// Its position in the batch.
        index: usize,
        /// As if it had been asked for alone.
        #[source]
        error: Error,
    },
    /// It took too long.
    #[error("the batch took too long")]
    TimedOut,
    /// The transaction failed.
    #[error(transparent)]
    Transaction(#[from] Error),
}

/// The changes of a batch, as far as they were understood.
struct Plans {
    plans: Vec<Plan>,
    /// The first change that is refused whatever those before it do.
    refused: Option<(usize, Error)>,
}

/// A change that is about to be done.
enum Plan {
    Create(Create),
    Update(Update),
    Upsert(Box<Upsert>),
    Delete(Box<Delete>),
}

/// An update where there is a record, otherwise a create, with the same uploads.
struct Upsert {
    /// The request without its body.
    asked: Request,
    collection: String,
    id: String,
    create: Create,
    update: Update,
}

impl Engine {
    /// Does all changes in their order, each after what those before it wrote, or none of them. A change that could
    /// not be understood is an error, which counts when its turn comes.
    ///
    /// The replies have the order of the changes; a delete has none. Each is what `shape` makes of the record as it
    /// was after its change, and an error of it refuses the change. The time `limit` counts from the begin of the
    /// transaction.
    ///
    /// # Errors
    /// See [`BatchError`].
    pub async fn batch(
        &self,
        changes: Vec<Result<Change>>,
        limit: Duration,
        shape: &Shape<'_>,
    ) -> Result<Vec<Option<Json>>, BatchError> {
        let Plans { plans, refused } = self.plan_all(changes).await;
        let count = refused.as_ref().map_or(plans.len(), |(index, _)| *index);
        let (work, started) = (plans.get(..count).unwrap_or_default(), &OnceLock::new());
        let is_refused = refused.is_some();
        let done = self.transaction(|tx| {
            Work::new(async move {
                let deadline = *started.get_or_init(|| Instant::now() + limit);
                let replies = timeout_at(deadline, run_all(tx, work, shape)).await;
                let replies = replies.map_err(|_| BatchError::TimedOut)??;
                if is_refused { Err(refused_change(count)(Error::bad_request(""))) } else { Ok(replies) }
            })
        });
        let done = match (done.await, refused) {
            (Err(BatchError::Change { index, .. }), Some((refused, error))) if index == refused => {
                Err(BatchError::Change { index, error })
            }
            (done, _) => done,
        };
        if done.is_err() {
            for uploads in plans.iter().filter_map(Plan::uploads) {
                uploads.remove(self.blobs()).await;
            }
        }
        done
    }

    /// Reads the changes and does what takes long before the transaction begins, up to the first one that is refused.
    async fn plan_all(&self, changes: Vec<Result<Change>>) -> Plans {
        let mut plans = Vec::with_capacity(changes.len());
        for (index, change) in changes.into_iter().enumerate() {
            let planned = match change {
                Ok(change) => Plan::read(self, change).await,
                Err(error) => Err(error),
            };
            let refused = match planned {
                Ok(mut plan) => {
                    let prepared = plan.prepare(self).await;
                    plans.push(plan);
                    prepared.err()
                }
                Err(error) => Some(error),
            };
            if let Some(error) = refused {
                return Plans { plans, refused: Some((index, error)) };
            }
        }
        Plans { plans, refused: None }
    }
}

/// Runs the changes within the transaction and gives their replies.
async fn run_all(tx: &mut Tx, plans: &[Plan], shape: &Shape<'_>) -> Result<Vec<Option<Json>>, BatchError> {
    let engine = tx.engine().clone();
    let mut replies = Vec::with_capacity(plans.len());
    for (index, plan) in plans.iter().enumerate() {
        let reply = match plan.run(tx).await.map_err(refused_change(index))? {
            Some(changed) => {
                let request = Arc::clone(&changed.request);
                let reply = changed.reply(&engine, &mut tx.access()).await;
                Some(reply.and_then(|reply| shape(index, &request, reply)).map_err(refused_change(index))?)
            }
            None => None,
        };
        replies.push(reply);
    }
    Ok(replies)
}

fn refused_change(index: usize) -> impl Fn(Error) -> BatchError {
    move |error| BatchError::Change { index, error }
}

impl Plan {
    async fn read(engine: &Engine, change: Change) -> Result<Self> {
        let Change { request, collection, action, files } = change;
        let entry = engine.changeable(&collection)?;
        engine.limit_part(&request, &collection, &action)?;
        let uploads = Arc::new(Uploads::receive(&entry.collection, files, engine.entropy()).await?);
        Ok(match action {
            Action::Create => Self::Create(Create::plan(engine, &request, entry, uploads)?),
            Action::Update(id) => Self::Update(Update::plan(request, entry, &id, uploads)),
            Action::Upsert => {
                let id = scalar_text(request.body.get("id"));
                let create = Request { method: "POST".to_owned(), ..request.clone() };
                let create = Create::plan(engine, &create, Arc::clone(&entry), Arc::clone(&uploads))?;
                if id.is_empty() {
                    engine.limit_part(&request, &collection, &Action::Create)?;
                    return Ok(Self::Create(create));
                }
                let asked = request.with_body(Map::new());
                let update = Request { method: "PATCH".to_owned(), ..request };
                let update = Update::plan(update, entry, &id, uploads);
                Self::Upsert(Box::new(Upsert { asked, collection, id, create, update }))
            }
            Action::Delete(id) => Self::Delete(Box::new(Delete::plan(engine, request, entry, &id)?)),
        })
    }

    async fn prepare(&mut self, engine: &Engine) -> Result<()> {
        match self {
            Self::Create(create) => create.prepare(engine).await,
            Self::Update(update) => update.prepare(engine).await,
            Self::Upsert(upsert) => {
                let Upsert { asked, collection, id, create, update } = &mut **upsert;
                let exists = update.finds_record(engine, &mut Access::Store(engine.store())).await?;
                let action = if exists { Action::Update(id.clone()) } else { Action::Create };
                engine.limit_part(asked, collection, &action)?;
                if exists { update.prepare(engine).await } else { create.prepare(engine).await }
            }
            Self::Delete(_) => Ok(()),
        }
    }

    async fn run(&self, tx: &mut Tx) -> Result<Option<Changed>> {
        match self {
            Self::Create(create) => create.run(tx).await.map(Some),
            Self::Update(update) => update.run(tx).await.map(Some),
            Self::Upsert(upsert) => {
                let Upsert { create, update, .. } = &**upsert;
                let engine = tx.engine().clone();
                let exists = update.finds_record(&engine, &mut tx.access()).await?;
                if exists { update.run(tx).await.map(Some) } else { create.run(tx).await.map(Some) }
            }
            Self::Delete(delete) => delete.run(tx).await.map(|()| None),
        }
    }

    /// The files that came for the record.
    fn uploads(&self) -> Option<&Uploads> {
        match self {
            Self::Create(create) => Some(&create.uploads),
            Self::Update(update) => Some(&update.uploads),
            Self::Upsert(upsert) => Some(&upsert.create.uploads),
            Self::Delete(_) => None,
        }
    }
}
