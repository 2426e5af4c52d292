use schema::collection::new_secret;

use crate::token::TokenKind;
use crate::{Engine, Error, Find, Record, Request, Result, SUPERUSERS, Tx, Work};

/// The account of whoever sets a server up, until there is a superuser. The address is PocketBase's.
pub(crate) const INSTALLER: &str = "__pbinstaller@example.com";

/// How long somebody has to create the first superuser, in seconds.
const INSTALLER_TIME: i64 = 30 * 60;

impl Engine {
    /// Creates a superuser.
    ///
    /// # Errors
    /// 400 with errors by field: a malformed or taken address, a password that is too short.
    pub async fn create_superuser(&self, email: &str, password: &str) -> Result<()> {
        let entry = self.catalog().by_name(SUPERUSERS).cloned();
        let entry = entry.ok_or_else(|| Error::internal("there is no collection of superusers"))?;
        let mut record = Record::new(entry.collection.clone());
        record.set("email", email);
        record.set("password", password);
        self.hash_passwords(&mut record).await?;
        let record = &record;
        let create = self.transaction(|tx| {
            Work::new(async move { tx.create(&Request::internal(), &mut record.clone()).await })
        });
        create.await
    }

    /// Sets the password of a superuser.
    ///
    /// # Errors
    /// 404 when there is no superuser with this address, 400 for a password that is too short.
    pub async fn set_superuser_password(&self, email: &str, password: &str) -> Result<()> {
        let mut record = self.superuser(email).await?.ok_or_else(|| unknown(email))?;
        record.set("password", password);
        self.hash_passwords(&mut record).await?;
        let record = &record;
        let update = self.transaction(|tx| {
            Work::new(async move { tx.update(&Request::internal(), &mut record.clone()).await })
        });
        update.await
    }

    /// Deletes a superuser.
    ///
    /// # Errors
    /// 404 when there is no superuser with this address, 400 when it is the only one.
    pub async fn delete_superuser(&self, email: &str) -> Result<()> {
        let record = self.superuser(email).await?.ok_or_else(|| unknown(email))?;
        let record = &record;
        self.transaction(|tx| Work::new(async move { tx.delete(&Request::internal(), record).await })).await
    }

    /// Whether anybody may do everything.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn has_superuser(&self) -> Result<bool> {
        let anybody = Find::all().not_eq("email", INSTALLER);
        Ok(self.find_first(SUPERUSERS, &anybody).await?.is_some())
    }

    /// A token with which somebody can create the first superuser, good for half an hour and not to be renewed; `None`
    /// when there is one. It belongs to an account that is deleted with that.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn installer_token(&self) -> Result<Option<String>> {
        if self.has_superuser().await? {
            return Ok(None);
        }
        if self.superuser(INSTALLER).await?.is_none() {
            // Nobody learns it.
            self.create_superuser(INSTALLER, &new_secret(self.entropy())).await?;
        }
        let Some(account) = self.superuser(INSTALLER).await? else { return Ok(None) };
        let end = self.clock().now().as_second().saturating_add(INSTALLER_TIME);
        let token = self.issue_token_with(&account, TokenKind::Auth, |claims| {
            claims.refreshable = Some(false);
            claims.exp = Some(end);
        });
        token.map(Some)
    }

    /// The superuser with this address.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn superuser(&self, email: &str) -> Result<Option<Record>> {
        self.find_first(SUPERUSERS, &Find::all().eq("email", email)).await
    }
}

/// Deletes the account of whoever sets the server up, once there is another superuser.
pub(crate) async fn end_installation(tx: &mut Tx, created: &Record) -> Result<()> {
    if !created.is_superuser() || created.text("email") == INSTALLER {
        return Ok(());
    }
    let installer = tx.find_first(SUPERUSERS, &Find::all().eq("email", INSTALLER)).await?;
    match installer {
        Some(installer) => tx.delete(&Request::internal(), &installer).await,
        None => Ok(()),
    }
}

fn unknown(email: &str) -> Error {
    Error::not_found(format!("There is no superuser with the address {email}."))
}
