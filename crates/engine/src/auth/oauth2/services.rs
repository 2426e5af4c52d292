//! The services that can be configured, and those that are.

use oauth2_providers::{Login, Settings};
use schema::AuthOptions;
use schema::collection::OAuth2Provider;
use serde::Serialize;

use crate::json::Json;
use crate::{Engine, Error, Result};

/// A configured service as clients see it, with what they need to send a user there. In the order of PocketBase.
#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(in crate::auth) struct Service<'a> {
    name: &'a str,
    display_name: String,
    logo: &'static str,
    state: String,
    #[serde(rename = "authURL")]
    auth_url: String,
    /// For clients of before v0.23.
    #[serde(rename = "authUrl")]
    old_auth_url: String,
    code_verifier: String,
    code_challenge: String,
    code_challenge_method: &'static str,
}

/// A service that can be configured.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Choice {
    name: &'static str,
    display_name: &'static str,
    logo: &'static str,
}

impl Service<'_> {
    /// As clients of before v0.23 know it.
    pub(in crate::auth) fn without_logo(&self) -> Self {
        Self { logo: "", ..self.clone() }
    }
}

impl Engine {
    /// The services that a collection can be configured with: `[{"name", "displayName", "logo"}]`.
    ///
    /// # Errors
    /// None in practice.
    pub fn oauth2_services(&self) -> Result<Json> {
        let choices: Vec<Choice> = self
            .oauth2()
            .list()
            .map(|about| Choice { name: about.name, display_name: about.display_name, logo: about.logo })
            .collect();
        Ok(Json(schema::json::to_string(&choices).map_err(Error::internal)?.into_bytes()))
    }

    /// The services that are configured, each with a new invitation. One that is not there any more is left out.
    pub(in crate::auth) fn invitations<'a>(&self, auth: &'a AuthOptions) -> Vec<Service<'a>> {
        if !auth.oauth2.enabled {
            return Vec::new();
        }
        let configured = auth.oauth2.providers.iter();
        configured.filter_map(|provider| Some(self.invitation(provider, &self.open(provider)?))).collect()
    }

    fn invitation<'a>(&self, provider: &'a OAuth2Provider, login: &Login) -> Service<'a> {
        let invitation = login.invite(self.entropy());
        let display_name = match login.display_name() {
            "" => &provider.name,
            name => name,
        };
        Service {
            name: &provider.name,
            display_name: display_name.to_owned(),
            logo: login.logo(),
            state: invitation.state,
            old_auth_url: invitation.auth_url.clone(),
            auth_url: invitation.auth_url,
            code_verifier: invitation.code_verifier,
            code_challenge: invitation.code_challenge,
            code_challenge_method: invitation.code_challenge_method,
        }
    }

    /// A configured service; `None` when there is none of this name any more.
    pub(super) fn open(&self, provider: &OAuth2Provider) -> Option<Login> {
        let OAuth2Provider {
            pkce,
            name,
            client_id,
            client_secret,
            auth_url,
            token_url,
            user_info_url,
            display_name,
            extra,
        } = provider.clone();
        let settings = Settings {
            client_id,
            client_secret,
            auth_url,
            token_url,
            user_info_url,
            display_name,
            pkce,
            extra,
        };
        let login = self.oauth2().open(&name, settings);
        if login.is_none() {
            tracing::debug!(name, "a configured OAuth2 service is not there");
        }
        login
    }
}
