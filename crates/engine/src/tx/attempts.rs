//! Running a transaction until it is not in the way of another.

use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use ambient::EntropyExt;

use sql::Statement;
use store::Transaction;
use tokio::sync::OwnedSemaphorePermit;

use super::Tx;
use crate::changes::until_done;
use crate::{Engine, Error, Result};

/// How often a transaction is begun before its conflicts are the caller's.
const ATTEMPTS: u32 = 10;

/// How many attempts run beside other transactions. The next one waits until it is alone, so that nobody gets in its
/// way for ever.
const ATTEMPTS_BESIDE_OTHERS: u32 = 3;

/// How long an attempt waits until it is alone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest pause after the first conflict, in milliseconds; it doubles with each further one.
const FIRST_PAUSE: u32 = 4;

/// The longest pause, in milliseconds.
const LONGEST_PAUSE: u32 = 250;

/// What is done in a transaction: a future that borrows the transaction for `'tx`, and what it needs beside it for
/// `'env`, which lasts longer.
#[must_use = "it is done by Engine::transaction"]
pub struct Work<'env, 'tx, T, E = Error> {
    future: Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'tx>>,
    /// Says that `'env` outlives `'tx`.
    outlives: PhantomData<&'tx &'env ()>,
}

impl<'tx, T, E> Work<'_, 'tx, T, E> {
    /// What this future does. Of the variables around it, it can use copies and references.
    pub fn new(future: impl Future<Output = Result<T, E>> + Send + 'tx) -> Self {
        Self { future: Box::pin(future), outlives: PhantomData }
    }
}

impl Engine {
    /// Does `work` in a transaction and commits it; returns when it is safe on disk. An error of `work` drops the
    /// transaction and is returned.
    ///
    /// Where the database runs transactions side by side, one can get in the way of another. Then the whole of `work`
    /// is done again in a new transaction, after what the other one wrote, a few times at most. So it must be fit to
    /// be done twice: it decides by what it reads through [`Tx`], and leaves what cannot be dropped with the
    /// transaction (files, requests to others, values outside of it) to the time before or after.
    ///
    /// A transaction waits for its turn where the database writes one at a time, and then others wait for it: slow
    /// work (passwords, uploads, requests to others) belongs before it. Beginning another one within `work` would wait
    /// forever.
    ///
    /// ```
    /// # use baibase_engine as engine;
    /// use engine::{Engine, Find, Request, Result, Work};
    ///
    /// /// Moves `amount` between two accounts and gives what is then in both.
    /// async fn pay(engine: &Engine, from: &str, to: &str, amount: f64) -> Result<Vec<f64>> {
    ///     let paid = engine.transaction(|tx| {
    ///         Work::new(async move {
    ///             let mut balances = Vec::new();
    ///             for (id, change) in [(from, -amount), (to, amount)] {
    ///                 let account = tx.find_first("accounts", &Find::all().eq("id", id)).await?;
    ///                 let mut account = account.ok_or_else(|| engine::Error::not_found(""))?;
    ///                 account.set("balance", account.number("balance") + change);
    ///                 tx.update(&Request::internal(), &mut account).await?;
    ///                 balances.push(account.number("balance"));
    ///             }
    ///             Ok(balances)
    ///         })
    ///     });
    ///     paid.await
    /// }
    /// # let _ = pay;
    /// ```
    ///
    /// # Errors
    /// What `work` says. 503 when its turn does not come in time, when others got in its way every time, and when the
    /// store is gone; then nothing was changed.
    pub async fn transaction<'env, T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        F: for<'tx> FnMut(&'tx mut Tx) -> Work<'env, 'tx, T, E> + Send,
        E: From<Error>,
    {
        let mut room = self.realtime().room().await;
        let mut attempt = 1;
        loop {
            let done = if attempt <= ATTEMPTS_BESIDE_OTHERS {
                let _beside_others = self.turns().read().await;
                self.attempt(&mut work, &mut room).await
            } else {
                let _alone = tokio::time::timeout(PATIENCE, self.turns().write()).await;
                self.attempt(&mut work, &mut room).await
            };
            let conflict = match done {
                Attempt::Done(result) => return result,
                Attempt::Conflict(reason) => reason,
            };
            if attempt == ATTEMPTS {
                return Err(Error::from(store::Error::Conflict(conflict)).into());
            }
            tracing::debug!(attempt, conflict, "a transaction is run again");
            tokio::time::sleep(self.pause_after(attempt)).await;
            attempt += 1;
        }
    }

    /// Runs it once; `room` is for what it changes, when it is committed.
    async fn attempt<'env, T, E, F>(
        &self,
        work: &mut F,
        room: &mut Option<OwnedSemaphorePermit>,
    ) -> Attempt<Result<T, E>>
    where
        F: for<'tx> FnMut(&'tx mut Tx) -> Work<'env, 'tx, T, E> + Send,
        E: From<Error>,
    {
        let mut tx = match self.store().begin().await {
            Ok(transaction) => Tx::new(self.clone(), transaction),
            Err(error) => return Attempt::failed(error, Error::from),
        };
        let result = work(&mut tx).future.await;
        if let Some(reason) = tx.inner.take_conflict() {
            return Attempt::Conflict(reason);
        }
        match result {
            Ok(value) => {
                let (last, refusal) = tx.last.take().map(|last| (last.statement, last.refusal)).unzip();
                match tx.commit(last, room).await {
                    Ok(()) => Attempt::Done(Ok(value)),
                    Err(error) => Attempt::failed(error, refusal.unwrap_or_else(|| Box::new(Error::from))),
                }
            }
            Err(error) => Attempt::Done(Err(error)),
        }
    }

    /// Random, so that those who got in each other's way do not meet again.
    fn pause_after(&self, attempt: u32) -> Duration {
        let longest = FIRST_PAUSE.saturating_mul(1 << (attempt - 1)).min(LONGEST_PAUSE);
        Duration::from_micros(u64::from(self.entropy().below(longest * 1000)))
    }
}

/// What became of one run of a transaction.
enum Attempt<R> {
    Done(R),
    /// Another transaction got in the way; the store's reason.
    Conflict(String),
}

impl<T, E: From<Error>> Attempt<Result<T, E>> {
    fn failed(error: store::Error, refusal: impl FnOnce(store::Error) -> Error) -> Self {
        match error {
            store::Error::Conflict(reason) => Self::Conflict(reason),
            error => Self::Done(Err(refusal(error).into())),
        }
    }
}

impl Tx {
    /// Makes everything last, a write that waited for it included, and then removes the files that are of no use any more.
    async fn commit(
        self,
        last: Option<Statement>,
        room: &mut Option<OwnedSemaphorePermit>,
    ) -> Result<(), store::Error> {
        let Self { engine, inner, obsolete, changes, .. } = self;
        let confirmation = (!changes.is_empty()).then(|| engine.realtime().announce(room.take()));
        until_done(async move {
            let inner = Box::new(inner);
            match last {
                Some(last) => inner.commit_with(&last).await?,
                None => inner.commit().await?,
            }
            if let Some(confirmation) = confirmation {
                confirmation.committed(changes);
            }
            Ok(())
        })
        .await?;
        for files in obsolete {
            engine.remove_obsolete(files).await;
        }
        Ok(())
    }
}
