//! The places that logins came from, and the mail about a new one.

use std::fmt::Write;
use std::time::Duration;

use md5::{Digest, Md5};
use schema::collection::system::AUTH_ORIGINS;
use tokio::sync::oneshot;

use crate::mails::RecordMail;
use crate::{Engine, Error, Find, Record, Request, Result, Work};

/// The most places that are remembered of a record.
const MAX_ORIGINS: usize = 5;

/// The most bytes of a client's description that tell places apart.
const MAX_CLIENT: usize = 200;

/// How long a login waits for its mail. One that is not sent by then is sent again with the next login.
const PATIENCE: Duration = Duration::from_secs(15);

impl Engine {
    /// Remembers where a login came from, where the collection wants that, and tells the record's owner of a place that
    /// is new. The first place is none. A login does not fail for it.
    pub(super) async fn note_origin(&self, request: &Request, record: &Record) {
        if !record.collection().auth().is_some_and(|auth| auth.auth_alert.enabled) {
            return;
        }
        if let Err(error) = self.try_note_origin(request, record).await {
            let cause = error.cause.as_deref();
            tracing::warn!(cause, id = record.id(), "the place of a login could not be noted: {error}");
        }
    }

    async fn try_note_origin(&self, request: &Request, record: &Record) -> Result<()> {
        let client = short(request.header("user_agent"));
        let fingerprint = fingerprint(&request.ip, &client);
        let owner = Find::all().eq("collectionRef", &record.collection().id).eq("recordRef", record.id());
        let origins = self.find(AUTH_ORIGINS, &owner.sort("created", true)).await?;
        let known = origins.iter().find(|origin| origin.text("fingerprint") == fingerprint);
        if known.is_none() && !origins.is_empty() && !record.text("email").is_empty() {
            let client = String::from_utf8_lossy(&client);
            self.alert(record, format!("{} - {} {client}", self.clock().now_text(), request.ip)).await?;
        }
        let origin = match known {
            Some(known) => known.clone(),
            None => {
                let mut origin = self.new_belonging(AUTH_ORIGINS, record)?;
                origin.set("fingerprint", fingerprint);
                origin
            }
        };
        let surplus = if known.is_none() { origins.get(MAX_ORIGINS - 1..).unwrap_or_default() } else { &[] };
        self.save_origin(&origin, surplus).await
    }

    async fn save_origin(&self, origin: &Record, surplus: &[Record]) -> Result<()> {
        let save = self.transaction(|tx| {
            Work::new(async move {
                for old in surplus {
                    tx.delete(&Request::internal(), old).await?;
                }
                let mut origin = origin.clone();
                if origin.id().is_empty() {
                    tx.create(&Request::internal(), &mut origin).await
                } else {
                    tx.update(&Request::internal(), &mut origin).await
                }
            })
        });
        save.await
    }

    /// Sends the mail about a login, and waits for it for a while.
    async fn alert(&self, record: &Record, info: String) -> Result<()> {
        let (report, sent) = oneshot::channel();
        let (engine, record) = (self.clone(), record.clone());
        self.outbox().post(async move {
            let mail = RecordMail::AuthAlert { info: &info };
            // Nobody listens any more when it took too long.
            let _ = report.send(engine.send_record_mail(&record, &mail).await);
        });
        match tokio::time::timeout(PATIENCE, sent).await {
            Ok(Ok(sent)) => sent.map(drop),
            Ok(Err(_)) => Err(Error::internal("too many mails wait to be sent")),
            Err(late) => Err(Error::internal(late)),
        }
    }
}

/// A client's description, cut.
fn short(client: &str) -> Vec<u8> {
    match client.as_bytes().split_at_checked(MAX_CLIENT) {
        Some((kept, rest)) if !rest.is_empty() => [kept, b"..."].concat(),
        _ => client.as_bytes().to_vec(),
    }
}

/// What PocketBase tells places apart by.
fn fingerprint(ip: &str, client: &[u8]) -> String {
    let mut hash = Md5::new();
    hash.update(ip.as_bytes());
    hash.update(client);
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart_by_address_and_client() {
        // The MD5 of `127.0.0.1curl`.
        assert_eq!(fingerprint("127.0.0.1", b"curl"), "342ae5389aff2fc054f86add3981a4a0");
        assert_eq!(short(&"x".repeat(200)), "x".repeat(200).into_bytes());
        assert_eq!(short(&"x".repeat(201)), format!("{}...", "x".repeat(200)).into_bytes());
    }
}
