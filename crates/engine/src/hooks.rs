//! Hooks: code of an extension that runs at fixed points of what happens to records.
//!
//! | Point | Inside the transaction | May change | May refuse |
//! |---|---|---|---|
//! | `before_create`, `before_update` | yes | the record | yes |
//! | `after_create`, `after_update` | yes, the row is written | other rows | yes: everything is rolled back |
//! | `before_delete`, `after_delete` | yes | other rows | yes |
//! | `before_list` | - | paging, sort and filter | yes |
//! | `before_view` | - | - | yes |
//! | `enrich`: after a list, a view, a write or a login, for each record | - | what is sent of the record | yes |
//! | `before_auth_request`: before a login, a renewal, a reset, a verification … of a record acts | - | the record that is meant | yes |
//! | `before_auth`, `after_auth` | - | - | yes |
//! | `before_mail`: before a mail to a record's owner is sent | - | the mail | yes: it is not sent |
//!
//! The before-hooks of a write run after the access rule let the request pass and before the record is validated,
//! so that they can fill what the client left out. An error of a hook is the reply to the client.
//!
//! A hook inside the transaction can run more than once for one write: where another transaction got in the way, all
//! of it is run again from the start (see [`Engine::transaction`]), and each time the hook sees the record as it was
//! when the hook first saw it. So such a hook reads and writes through the event's `tx` alone, which undoes what a lost
//! run has written, and sends nothing to others.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
pub use mail::{Mailbox, Message};
use schema::Collection;

use crate::records::ListOptions;
use crate::{AuthAction, Engine, MailKind, Record, Request, Result, StoredUpload, Tx};

/// A record that is being created or changed.
pub struct WriteEvent<'a> {
    /// The engine, for its clock, entropy and settings. What it reads is outside of the transaction; what it would
    /// write, waits for the transaction forever.
    pub engine: &'a Engine,
    /// Who asks for what.
    pub request: &'a Request,
    /// As it will be, or (in an after-hook) is stored. Changes count in before-hooks alone.
    pub record: &'a mut Record,
    /// As it was before an update; `None` for a create.
    pub original: Option<&'a Record>,
    /// The files that came with the request, already stored.
    pub uploads: &'a [StoredUpload],
    /// The transaction that the write is part of, to read and write other records.
    pub tx: &'a mut Tx,
}

/// A record that is being deleted.
pub struct DeleteEvent<'a> {
    /// The engine, for its clock, entropy and settings; not for records, as in [`WriteEvent::engine`].
    pub engine: &'a Engine,
    /// Who asks.
    pub request: &'a Request,
    /// As it is, or was, stored.
    pub record: &'a Record,
    /// The transaction that the delete is part of, to read and write other records.
    pub tx: &'a mut Tx,
}

/// A list that was asked for.
pub struct ListEvent<'a> {
    /// Who asks for what.
    pub request: &'a Request,
    /// What was asked for; a hook may change it.
    pub options: &'a mut ListOptions,
}

/// A single record that was asked for.
pub struct ViewEvent<'a> {
    /// Who asks.
    pub request: &'a Request,
    /// The id asked for; the record may not exist.
    pub id: &'a str,
}

/// A record that is about to be sent.
pub struct EnrichEvent<'a> {
    /// The engine, to read other records.
    pub engine: &'a Engine,
    /// To whom it is sent.
    pub request: &'a Request,
    /// A copy for this reply.
    pub record: &'a mut Record,
}

/// A record that logs in or renews its token.
pub struct AuthEvent<'a> {
    /// The engine, to read and write other records.
    pub engine: &'a Engine,
    /// The request that logs in.
    pub request: &'a Request,
    /// Who logs in.
    pub record: &'a Record,
    /// The name of a [`LoginMethod`](crate::LoginMethod), or empty for a renewal and for a login that somebody vouches for.
    pub method: &'a str,
}

/// A request that is about a login, before it acts: what was sent is checked, and a one-time password or a token that
/// came along is good; a password is looked at only after this.
pub struct AuthRequestEvent<'a> {
    /// The engine, to read and write other records.
    pub engine: &'a Engine,
    /// Who asks for what.
    pub request: &'a Request,
    /// The collection that was asked.
    pub collection: &'a Collection,
    /// What is asked for.
    pub action: AuthAction,
    /// The record that it is about. `None` where a password login or a request for a one-time password finds nobody; a
    /// hook may know somebody all the same.
    pub record: &'a mut Option<Record>,
}

/// A mail to the owner of a record.
pub struct MailEvent<'a> {
    /// The engine, to read and write other records.
    pub engine: &'a Engine,
    /// Whom it is about.
    pub record: &'a Record,
    /// What it is about.
    pub kind: MailKind,
    /// The mail; a hook may change all of it.
    pub message: &'a mut Message,
}

/// The hooks of an extension on one collection. Every point does nothing unless it is implemented.
#[async_trait]
#[expect(unused_variables, reason = "the names document what an implementation gets")]
pub trait RecordHooks: Send + Sync {
    /// Before a new record is validated and written.
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// After a new record was written, before the commit.
    async fn after_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a changed record is validated and written.
    async fn before_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// After a changed record was written, before the commit.
    async fn after_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a record is deleted.
    async fn before_delete(&self, event: &mut DeleteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// After a record was deleted, before the commit.
    async fn after_delete(&self, event: &mut DeleteEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a list is read.
    async fn before_list(&self, event: &mut ListEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a single record is read.
    async fn before_view(&self, event: &ViewEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Whether [`Self::enrich`] is implemented. Records of a collection without it go from the database to the
    /// reply without being taken apart.
    fn enriches(&self) -> bool {
        false
    }

    /// Before a record is sent: in a list, on its own, after a write or a login.
    async fn enrich(&self, event: &mut EnrichEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a request that is about a login acts.
    async fn before_auth_request(&self, event: &mut AuthRequestEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a mail to the owner of a record is sent.
    async fn before_mail(&self, event: &mut MailEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// Before a record that proved who it is gets its token.
    async fn before_auth(&self, event: &AuthEvent<'_>) -> Result<()> {
        Ok(())
    }

    /// After a token was issued.
    async fn after_auth(&self, event: &AuthEvent<'_>) -> Result<()> {
        Ok(())
    }
}

/// The hooks of all extensions, by collection.
#[derive(Default)]
pub struct HookRegistry {
    by_collection: HashMap<String, Vec<Arc<dyn RecordHooks>>>,
}

impl HookRegistry {
    /// Adds hooks to the collection of this name. They run in the order in which they were added.
    pub fn on(&mut self, collection: &str, hooks: Arc<dyn RecordHooks>) {
        self.by_collection.entry(collection.to_owned()).or_default().push(hooks);
    }

    /// Whether there is a hook that wants to see the records of a collection before they are sent.
    pub(crate) fn enriches(&self, collection: &str) -> bool {
        self.of(collection).iter().any(|hooks| hooks.enriches())
    }

    /// The hooks on a collection, in order.
    pub(crate) fn of(&self, collection: &str) -> &[Arc<dyn RecordHooks>] {
        self.by_collection.get(collection).map_or(&[], Vec::as_slice)
    }
}
