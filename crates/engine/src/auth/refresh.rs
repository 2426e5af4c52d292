use std::sync::Arc;

use crate::auth::{AuthAction, Login};
use crate::token;
use crate::{Engine, Error, Record, Request, Result};

impl Engine {
    /// The caller, who has to be a record of this collection.
    ///
    /// # Errors
    /// 404 for an unknown collection, 401 for a guest, 403 for a caller of another collection.
    pub fn caller_in(&self, request: &Request, collection: &str) -> Result<Arc<Record>> {
        let catalog = self.catalog();
        let entry = catalog
            .find(collection)
            .ok_or_else(|| Error::not_found("Missing or invalid collection context."))?;
        let record = request
            .auth
            .as_ref()
            .ok_or_else(|| Error::unauthorized("The request requires valid record authorization token."))?;
        if record.collection().id != entry.collection.id {
            let name = &record.collection().name;
            return Err(Error::forbidden(format!(
                "The request requires auth record from {name} collection."
            )));
        }
        Ok(Arc::clone(record))
    }

    /// Renews the token of the caller, who belongs to this collection. `token` is the one that came with the
    /// request; one that is not refreshable is given back as it is.
    ///
    /// # Errors
    /// As [`Self::caller_in`], and 403 for a caller that the auth rule does not let in any more.
    pub async fn auth_refresh(&self, request: &Request, collection: &str, token: &str) -> Result<Login> {
        let caller = self.caller_in(request, collection)?;
        let entry = self.offers(AuthAction::Refresh, collection)?;
        let action = AuthAction::Refresh;
        let record = self.before_auth_request(request, &entry, action, Some((*caller).clone())).await?;
        let record = Arc::new(record.ok_or_else(|| Error::forbidden(""))?);
        let refreshable =
            token::peek(token, self.clock().now()).is_some_and(|claims| claims.refreshable == Some(true));
        if refreshable {
            self.log_in(request, &record).await
        } else {
            self.log_in_with(request, &record, token.to_owned()).await
        }
    }
}
