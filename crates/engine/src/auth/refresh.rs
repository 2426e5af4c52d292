use crate::auth::Login;
use crate::token::{self};
use crate::{Engine, Error, Request, Result};

impl Engine {
    /// Renews the token of the caller, who belongs to this collection. `token` is the one that came with the
    /// request; one that is not refreshable is given back as it is.
    ///
    /// # Errors
    /// 404 for an unknown collection, 401 for a guest, 403 for a caller of another collection or one that the
    /// auth rule does not let in any more.
    pub async fn auth_refresh(&self, request: &Request, collection: &str, token: &str) -> Result<Login> {
        let entry = self.auth_collection(collection)?;
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
        let refreshable =
            token::peek(token, self.clock().now()).is_some_and(|claims| claims.refreshable == Some(true));
        if refreshable {
            self.log_in(request, record, "").await
        } else {
            self.log_in_with(request, record, "", token.to_owned()).await
        }
    }
}
