//! The way of changes from transactions to those who send them out, in the order of the commits.

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::{Broker, Changes};
use crate::engine::WeakEngine;

/// A transaction that is about to be committed.
pub(super) struct Announcement {
    /// Nothing comes when it is not committed.
    changes: oneshot::Receiver<Changes>,
    room: Option<OwnedSemaphorePermit>,
}

/// Says that an announced transaction is committed. Dropped, it says that it is not.
pub(crate) struct Confirmation(oneshot::Sender<Changes>);

/// Where committed changes come out.
pub(crate) struct Lane(mpsc::UnboundedReceiver<Announcement>);

impl Confirmation {
    /// Lets the changes go to those who want to hear of them.
    pub(crate) fn committed(self, changes: Changes) {
        // Nobody takes them when the engine ends.
        let _ = self.0.send(changes);
    }
}

impl Broker {
    /// Keeps a place for the changes of a transaction that is about to be committed. Commits are acknowledged in any
    /// order; transactions that touch the same records come here in the order in which they are committed.
    pub(crate) fn announce(&self, room: Option<OwnedSemaphorePermit>) -> Confirmation {
        let (sender, changes) = oneshot::channel();
        self.queue(Announcement { changes, room });
        Confirmation(sender)
    }
}

impl Lane {
    pub(super) fn new(receiver: mpsc::UnboundedReceiver<Announcement>) -> Self {
        Self(receiver)
    }

    /// Sends changes out as they come, one transaction after the other, in a task of its own.
    pub(crate) fn send_out(mut self, engine: WeakEngine) {
        tokio::spawn(async move {
            while let Some((changes, _room)) = self.next().await {
                let Some(engine) = engine.upgrade() else { return };
                engine.send_out(changes).await;
            }
        });
    }

    /// The changes of the next committed transaction, with the room that they take; `None` at the end.
    async fn next(&mut self) -> Option<(Changes, Option<OwnedSemaphorePermit>)> {
        loop {
            let Announcement { changes, room } = self.0.recv().await?;
            if let Ok(changes) = changes.await {
                return Some((changes, room));
            }
        }
    }
}
