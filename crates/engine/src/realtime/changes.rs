//! What a transaction changed, for those who want to hear of it.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;

use super::judge::Judge;
use super::{Client, Message};
use crate::{Engine, Record, Tx};

/// The most changes of one transaction that are sent out one by one.
const MAX_CHANGES: usize = 10_000;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Delete,
}

/// The changes of a transaction, in their order.
#[derive(Default)]
pub(crate) struct Changes {
    list: Vec<Change>,
    /// The ids of the collections of more changes than can be sent out one by one.
    lost: BTreeSet<String>,
}

/// A record that was changed.
pub(crate) struct Change {
    action: Action,
    record: Record,
    /// Of a delete: what is sent to whom. It cannot be found out later.
    deliveries: Vec<Delivery>,
}

/// An event and those who get it.
pub(super) struct Delivery {
    pub(super) message: Message,
    pub(super) clients: Vec<Arc<Client>>,
}

impl Action {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty() && self.lost.is_empty()
    }

    pub(crate) fn push(&mut self, change: Change) {
        if self.lost.is_empty() && self.list.len() < MAX_CHANGES {
            self.list.push(change);
            return;
        }
        let changed = self.list.drain(..).chain([change]);
        self.lost.extend(changed.map(|change| change.record.collection().id.clone()));
    }
}

impl Tx {
    /// Notes that a record was written.
    pub(crate) fn note(&mut self, action: Action, record: &Record) {
        if !self.engine().realtime().is_idle() {
            self.changes().push(Change { action, record: record.clone(), deliveries: Vec::new() });
        }
    }

    /// Finds out who will be told that a record is deleted, which is to be noted when that is done. Rules look at what
    /// is committed: they may need records that this transaction has deleted already.
    pub(crate) async fn before_delete(&mut self, record: &Record) -> Option<Change> {
        let engine = self.engine().clone();
        if engine.realtime().is_idle() {
            return None;
        }
        let deliveries = match Judge::new(&engine, record) {
            Some(judge) => judge.deliveries(&mut self.access(), Action::Delete).await,
            None => Vec::new(),
        };
        Some(Change { action: Action::Delete, record: record.clone(), deliveries })
    }
}

impl Engine {
    /// Sends out what a committed transaction changed.
    pub(crate) async fn send_out(&self, changes: Changes) {
        let broker = self.realtime();
        if !changes.lost.is_empty() {
            let collections = changes.lost.len();
            tracing::info!(collections, "subscribers are disconnected: too many records changed at once");
            broker.lose(&self.catalog(), &changes.lost);
        }
        for Change { action, record, deliveries } in changes.list {
            match action {
                Action::Delete => broker.forget(&record),
                Action::Create | Action::Update => broker.refresh(&record),
            }
            let deliveries = match action {
                Action::Delete => deliveries,
                Action::Create | Action::Update => self.deliveries(&record, action).await,
            };
            if deliveries.is_empty() {
                continue;
            }
            for Delivery { message, clients } in deliveries {
                for client in clients {
                    broker.send(&client, message.clone());
                }
            }
            // Clients read what they got before they get more.
            tokio::task::yield_now().await;
        }
    }

    /// Who gets what. Should a hook panic, nobody else is told less because of it: those who cannot be told are
    /// disconnected, so that they read what they missed.
    async fn deliveries(&self, record: &Record, action: Action) -> Vec<Delivery> {
        let judged = async {
            match Judge::new(self, record) {
                Some(judge) => {
                    judge.deliveries(&mut crate::records::Access::Store(self.store()), action).await
                }
                None => Vec::new(),
            }
        };
        AssertUnwindSafe(judged).catch_unwind().await.unwrap_or_else(|_| {
            let collection = record.collection();
            tracing::error!(
                collection = collection.name,
                "subscribers are disconnected: sending out panicked"
            );
            self.realtime().lose(&self.catalog(), [&collection.id]);
            Vec::new()
        })
    }
}
