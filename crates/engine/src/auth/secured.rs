//! Changes to a record that a token or a one-time password allows.

use ambient::EntropyExt;
use schema::Value;

use crate::token::{self, TokenKind};
use crate::{Engine, Error, Find, Record, Request, Result, Tx, Work, password};

/// The length of a password that nobody knows.
const RANDOM_LENGTH: usize = 30;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A token that came by mail, and the record that it was made for.
pub(super) struct MailToken<'a> {
    pub(super) text: &'a str,
    pub(super) kind: TokenKind,
    pub(super) record: Record,
}

impl Engine {
    /// Changes the record of a token. The token is checked once more within the transaction: of two requests with one
    /// that its own use makes worthless, one comes too late.
    ///
    /// # Errors
    /// 400 with `failed` as the message when the record cannot be written like this, or what a hook says.
    pub(super) async fn change_by_token(
        &self,
        request: &Request,
        by: &MailToken<'_>,
        failed: &'static str,
        change: impl Fn(&mut Record) + Send + Sync,
    ) -> Result<()> {
        let change = &change;
        let changed = self.transaction(|tx| {
            Work::new(async move {
                let mut record = reload(tx, &by.record).await?;
                if !token::verify(by.text, by.kind, &record, &record.collection().clone()) {
                    return Err(Error::bad_request("").because("the token was used in the meantime"));
                }
                change(&mut record);
                tx.update(request, &mut record).await
            })
        });
        changed.await.map_err(|error| with_message(error, failed))
    }

    /// The hash of a password that nobody knows, for a record of this collection.
    pub(super) async fn random_password(&self, record: &Record) -> Result<Value> {
        let plain = self.entropy().text(RANDOM_LENGTH, ALPHABET);
        let field = record.collection().field("password");
        let cost = field.map_or(password::DEFAULT_COST, password::cost_of);
        // Without its plain text, so that the limits of the field do not matter.
        Ok(Value::Password { hash: self.passwords().hash(plain, cost).await?, plain: None })
    }
}

/// The record as it is in the transaction.
pub(super) async fn reload(tx: &mut Tx, record: &Record) -> Result<Record> {
    let find = Find::all().eq("id", record.id());
    let found = tx.find_first(&record.collection().id.clone(), &find).await?;
    found.ok_or_else(|| Error::bad_request("").because("the record is gone"))
}

/// A write that was refused, in the words of the request that it was made for. What a hook says stays.
fn with_message(error: Error, message: &'static str) -> Error {
    let of_write = error.message.is_empty() || error.message.starts_with("Failed to update record");
    if error.kind == crate::ErrorKind::BadRequest && of_write {
        Error { message: message.into(), ..error }
    } else {
        error
    }
}
