//! What was remembered for a while goes when its time is over.

use jiff::{SignedDuration, Timestamp};
use schema::collection::system::{MFAS, OTPS};

use crate::{Engine, Error, Find, Record, Request, Result, Work};

/// How many records are deleted in one transaction.
const PORTION: u64 = 200;

/// Whether a record was created more than these seconds ago. One whose time cannot be read is old.
pub(super) fn is_older_than(record: &Record, seconds: i64, now: Timestamp) -> bool {
    let created = record.text("created").parse::<Timestamp>();
    created.map_or(true, |created| now.duration_since(created) > SignedDuration::from_secs(seconds))
}

impl Engine {
    /// Deletes the one-time passwords that nobody can use any more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete_expired_otps(&self) -> Result<()> {
        self.delete_expired(OTPS, |auth| auth.otp.duration).await
    }

    /// Deletes the logins whose second method did not come in time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete_expired_mfas(&self) -> Result<()> {
        self.delete_expired(MFAS, |auth| auth.mfa.duration).await
    }

    /// Deletes what is older than its owner's collection wants, in seconds; also where the method is off by now.
    async fn delete_expired(&self, name: &str, life: fn(&schema::AuthOptions) -> i64) -> Result<()> {
        for entry in self.catalog().entries() {
            let Some(auth) = entry.collection.auth() else { continue };
            let oldest = self.clock().now().checked_sub(SignedDuration::from_secs(life(auth)));
            let oldest = ambient::format_timestamp(oldest.map_err(Error::internal)?);
            let expired = Find::all().eq("collectionRef", &entry.collection.id).before("created", &oldest);
            let expired = &expired.limit(PORTION);
            loop {
                let delete = self.transaction(|tx| {
                    Work::new(async move {
                        let records = tx.find(name, expired).await?;
                        for record in &records {
                            tx.delete(&Request::internal(), record).await?;
                        }
                        Ok::<_, Error>(records.is_empty())
                    })
                });
                if delete.await? {
                    break;
                }
            }
        }
        Ok(())
    }
}
