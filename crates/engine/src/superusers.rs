use crate::{Engine, Error, Find, Record, Request, Result, SUPERUSERS, Work};

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

    /// The superuser with this address.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn superuser(&self, email: &str) -> Result<Option<Record>> {
        self.find_first(SUPERUSERS, &Find::all().eq("email", email)).await
    }
}

fn unknown(email: &str) -> Error {
    Error::not_found(format!("There is no superuser with the address {email}."))
}
