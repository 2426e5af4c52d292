use std::sync::Arc;

use ambient::EntropyExt;
use schema::collection::system::OTPS;

use super::cleanup::is_older_than;
use super::form::{Checks, Form, MAX_LENGTH, email};
use super::secured::reload;
use super::{AuthAction, LoginMethod, LoginStep};
use crate::json::Json;
use crate::limits::Limit;
use crate::mails::RecordMail;
use crate::{Engine, Entry, Error, ErrorKind, Find, Record, Request, Result, SUPERUSERS, Work, password};

/// The most one-time passwords of a record that are good at the same time.
const MAX_ACTIVE: usize = 9;

const DIGITS: &str = "1234567890";
const ID_LENGTH: usize = 15;
const ID_ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// How often a client may try the one-time passwords of a record, whatever the settings limit: they are short enough to
/// be guessed.
const ATTEMPTS: Limit = Limit { times: 5, seconds: 180 };

/// The longest password that is looked at, in bytes.
const MAX_PASSWORD: usize = 71;

/// A one-time password, for whoever is to hand it on.
pub struct NewOtp {
    /// What a login names it by.
    pub id: String,
    /// The password itself.
    pub password: String,
    /// How long it is good.
    pub seconds: i64,
}

impl Engine {
    /// Makes a one-time password for the record of the address `email`, and sends it there. The reply has its id as
    /// `otpId`, for an unknown address a random one.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 403 when it takes no one-time passwords, 400 with errors by field
    /// for a malformed body.
    pub async fn request_otp(&self, request: &Request, collection: &str) -> Result<Json> {
        let entry = self.offers(AuthAction::RequestOtp, collection)?;
        let email = email(request)?;
        let found = self.find_by_email(&entry, &email).await?;
        let record = self.before_auth_request(request, &entry, AuthAction::RequestOtp, found).await?;
        let length = entry.collection.auth().map_or(0, |auth| auth.otp.length);
        let digits = self.entropy().text(usize::try_from(length).unwrap_or_default(), DIGITS);
        let Some(record) = record else {
            // An unknown address takes as long as a known one.
            self.passwords().verify_nothing(digits, self.otp_cost()).await?;
            return reply(&self.entropy().text(ID_LENGTH, ID_ALPHABET));
        };
        if let Some(latest) = self.latest_of_too_many(&entry, &record).await? {
            return reply(&latest);
        }
        let otp = self.create_otp(&record, &digits).await?;
        let (engine, otp_id) = (self.clone(), otp.id().to_owned());
        self.outbox().post(async move { engine.send_otp(&record, otp, digits).await });
        reply(&otp_id)
    }

    /// Logs a record in by a one-time password. The body has `otpId` and `password`.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 403 when it takes no one-time passwords or its auth rule refuses,
    /// 400 with errors by field for a malformed body, 400 without any for a wrong or an old password, 429 after too many
    /// tries.
    pub async fn auth_with_otp(&self, request: &Request, collection: &str) -> Result<LoginStep> {
        let entry = self.offers(AuthAction::Otp, collection)?;
        let form = Form::of(request);
        let (id, password) = (form.text("otpId")?, form.text("password")?);
        let mut checks = Checks::default();
        checks.length("otpId", &id, 1, MAX_LENGTH);
        checks.length("password", &password, 1, MAX_PASSWORD);
        checks.into_result()?;
        let Some((otp, record)) = self.find_otp(&entry, &id).await? else {
            // An unknown id takes as long as a wrong password.
            self.passwords().verify_nothing(password, self.otp_cost()).await?;
            return Err(invalid("there is no such password, or it is too old"));
        };
        if !self.consume(("otp", record.id(), &request.ip), ATTEMPTS, &request.ip) {
            let message = "Too many attempts, please try again later with a new OTP.";
            return Err(Error::new(ErrorKind::TooManyRequests, message));
        }
        if !self.is_password(&otp, &password).await? {
            return Err(invalid("the password is wrong"));
        }
        let record = self.before_auth_request(request, &entry, AuthAction::Otp, Some(record)).await?;
        let record = record.ok_or_else(|| invalid("a hook took the record away"))?;
        let record = self.use_otp(request, &otp, record).await?;
        self.log_in_by(request, &Arc::new(record), LoginMethod::Otp).await
    }

    /// Makes a one-time password for a superuser that is sent to nobody.
    ///
    /// # Errors
    /// 404 when there is no superuser with this address, 403 when superusers take no one-time passwords.
    pub async fn create_superuser_otp(&self, email: &str) -> Result<NewOtp> {
        let entry = self.offers(AuthAction::RequestOtp, SUPERUSERS)?;
        let superuser = self.superuser(email).await?;
        let superuser =
            superuser.ok_or_else(|| Error::not_found(format!("There is no superuser {email}.")))?;
        let (length, seconds) =
            entry.collection.auth().map_or((0, 0), |auth| (auth.otp.length, auth.otp.duration));
        let password = self.entropy().text(usize::try_from(length).unwrap_or_default(), DIGITS);
        let otp = self.create_otp(&superuser, &password).await?;
        Ok(NewOtp { id: otp.id().to_owned(), password, seconds })
    }

    /// The one-time password of this id, if it is still good, and whose it is.
    async fn find_otp(&self, entry: &Entry, id: &str) -> Result<Option<(Record, Record)>> {
        let life = entry.collection.auth().map_or(0, |auth| auth.otp.duration);
        let collection = &entry.collection.id;
        let otp = self.find_by_id(OTPS, id).await?.filter(|otp| {
            otp.text("collectionRef") == collection && !is_older_than(otp, life, self.clock().now())
        });
        let Some(otp) = otp else { return Ok(None) };
        let record = self.find_by_id(collection, otp.text("recordRef")).await?;
        Ok(record.map(|record| (otp, record)))
    }

    /// Uses a one-time password up. It proves the address that it was sent to; where nothing else proves the record's
    /// owner, somebody who signed up with this address before must not keep a password.
    async fn use_otp(&self, request: &Request, otp: &Record, record: Record) -> Result<Record> {
        let sent_to = otp.text("sentTo");
        let proves = !record.flag("verified") && !sent_to.is_empty() && record.text("email") == sent_to;
        if !proves {
            return self.delete_used(otp).await.map(|()| record);
        }
        let with_mfa = record.collection().auth().is_some_and(|auth| auth.mfa.enabled);
        let password = if with_mfa { None } else { Some(self.random_password(&record).await?) };
        let (owner, password) = (&record, &password);
        let verified = self.transaction(|tx| {
            Work::new(async move {
                let mut owner = reload(tx, owner).await?;
                let otp = reload(tx, otp).await?;
                tx.delete(request, &otp).await?;
                owner.set("verified", true);
                if let Some(password) = password {
                    owner.put("password", password.clone());
                }
                tx.update(request, &mut owner).await?;
                Ok::<_, Error>(owner)
            })
        });
        match verified.await {
            Ok(verified) => Ok(verified),
            // A record that cannot be written for other reasons may log in all the same.
            Err(error) => {
                tracing::warn!(%error, id = record.id(), "a record could not be marked as verified");
                self.delete_used(otp).await.map(|()| record)
            }
        }
    }

    /// Deletes a one-time password; of two requests that use the same one, one comes too late.
    async fn delete_used(&self, otp: &Record) -> Result<()> {
        if self.forget(otp).await? { Ok(()) } else { Err(invalid("the password was used in the meantime")) }
    }

    async fn create_otp(&self, record: &Record, digits: &str) -> Result<Record> {
        let mut otp = self.new_belonging(OTPS, record)?;
        otp.set("password", digits);
        self.hash_passwords(&mut otp).await?;
        let otp = &otp;
        let create = self.transaction(|tx| {
            Work::new(async move {
                let mut otp = otp.clone();
                tx.create(&Request::internal(), &mut otp).await?;
                Ok::<_, Error>(otp)
            })
        });
        create.await
    }

    /// Sends a one-time password, and notes where to. One that cannot be sent is good for nothing.
    async fn send_otp(&self, record: &Record, otp: Record, digits: String) {
        let mail = RecordMail::Otp { id: otp.id(), password: &digits };
        match self.send_record_mail(record, &mail).await {
            Ok(to) => {
                let otp = &otp;
                let to = to.as_str();
                let note = self.transaction(|tx| {
                    Work::new(async move {
                        let Ok(mut otp) = reload(tx, otp).await else { return Ok(()) };
                        if otp.text("sentTo").is_empty() {
                            otp.set("sentTo", to);
                            tx.update(&Request::internal(), &mut otp).await?;
                        }
                        Ok::<_, Error>(())
                    })
                });
                if let Err(error) = note.await {
                    tracing::error!(%error, "it could not be noted where a one-time password was sent to");
                }
            }
            Err(error) => {
                tracing::error!(error = error.cause.as_deref(), "a one-time password could not be sent");
                if let Err(error) = self.forget(&otp).await {
                    tracing::error!(%error, "a one-time password that was not sent could not be deleted");
                }
            }
        }
    }

    /// The latest one-time password of a record that has too many of them already.
    async fn latest_of_too_many(&self, entry: &Entry, record: &Record) -> Result<Option<String>> {
        let life = entry.collection.auth().map_or(0, |auth| auth.otp.duration);
        let now = self.clock().now();
        let find = Find::all()
            .eq("collectionRef", &entry.collection.id)
            .eq("recordRef", record.id())
            .sort("created", true);
        let otps = self.find(OTPS, &find.limit(MAX_ACTIVE as u64 + 1)).await?;
        let active = otps.iter().filter(|otp| !is_older_than(otp, life, now)).count();
        if active <= MAX_ACTIVE {
            return Ok(None);
        }
        tracing::warn!(id = record.id(), "too many one-time passwords were asked for; the latest one stays");
        Ok(otps.first().map(|otp| otp.id().to_owned()))
    }

    /// The cost of the hash of a one-time password.
    fn otp_cost(&self) -> u32 {
        let catalog = self.catalog();
        let field = catalog.by_name(OTPS).and_then(|entry| entry.collection.field("password"));
        field.map_or(password::DEFAULT_COST, password::cost_of)
    }
}

fn invalid(reason: &'static str) -> Error {
    Error::bad_request("Invalid or expired OTP").because(reason)
}

fn reply(otp_id: &str) -> Result<Json> {
    let text = schema::json::to_string(&serde_json::json!({"otpId": otp_id})).map_err(Error::internal)?;
    Ok(Json(text.into_bytes()))
}
