use std::sync::Arc;

use ambient::Entropy;
use http::Request;
use jiff::{SignedDuration, Timestamp};

use crate::{Client, Error, Exchange, Http, Invitation, Provider, Session, User};

/// A service that is configured.
#[derive(Clone)]
pub struct Login {
    provider: Arc<dyn Provider>,
    client: Client,
    http: Arc<dyn Http>,
    leeway: SignedDuration,
}

/// What a user came back with.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The code.
    pub code: String,
    /// What the code challenge was made of; empty without PKCE.
    pub code_verifier: String,
    /// Where the user came back to.
    pub redirect_url: String,
}

/// At which step a service did not tell who a user is.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It did not exchange the code.
    #[error("there is no token")]
    Token(#[source] Error),
    /// It did not say whose the token is.
    #[error("there is no user")]
    User(#[source] Error),
}

impl Login {
    pub(crate) fn new(
        provider: Arc<dyn Provider>,
        client: Client,
        http: Arc<dyn Http>,
        leeway: SignedDuration,
    ) -> Self {
        Self { provider, client, http, leeway }
    }

    /// The service's name for people.
    pub fn display_name(&self) -> &str {
        &self.client.display_name
    }

    /// The service's image, as SVG.
    pub fn logo(&self) -> &'static str {
        self.provider.about().logo
    }

    /// What a client needs to send its user to the service.
    pub fn invite(&self, entropy: &dyn Entropy) -> Invitation {
        Invitation::new(&*self.provider, &self.client, entropy)
    }

    /// Finds out who came back.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn user(&self, answer: &Answer, now: Timestamp) -> Result<User, Failure> {
        let session = Session { client: &self.client, http: &self.http, now, leeway: self.leeway };
        let exchange = Exchange {
            code: &answer.code,
            code_verifier: &answer.code_verifier,
            redirect_url: &answer.redirect_url,
        };
        let token = self.provider.fetch_token(&session, &exchange).await.map_err(Failure::Token)?;
        let mut user = self.provider.fetch_user(&session, &token).await.map_err(Failure::User)?;
        user.access_token = token.access_token;
        user.refresh_token = token.refresh_token;
        user.expiry = token.expiry;
        Ok(user)
    }
}

impl Session<'_> {
    /// Makes a request to an endpoint of the service.
    ///
    /// # Errors
    /// When there is no reply.
    pub async fn call(&self, request: Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> {
        Ok(self.http.call(request).await?)
    }

    /// Asks an endpoint with GET.
    ///
    /// # Errors
    /// When `address` is none, and when there is no reply.
    pub async fn get(&self, what: &'static str, address: &str) -> Result<http::Response<Vec<u8>>, Error> {
        let request = Request::get(address).body(Vec::new()).map_err(|_| Error::Address { what })?;
        self.call(request).await
    }
}
