//! Logging in to a website by scanning a code with WeChat, as an OAuth2 provider.
//!
//! WeChat's own form of OAuth2 names the client `appid`, asks for everything with GET and secrets in the query, and
//! reports errors with status 200 and an `errcode`. A user is known by the `unionid`, which is the same in all apps of
//! one Open Platform account, or by the `openid`, which only this app knows, where there is no such account. WeChat
//! gives no e-mail address and no user name.
//!
//! Source of the facts: WeChat's documentation for website apps (`qrconnect`, `sns/oauth2/access_token`,
//! `sns/userinfo`).

use std::borrow::Cow;

use async_trait::async_trait;
use http::{Request, Response};
use oauth2_providers::{
    About, Client, Endpoints, Error, Exchange, Invitation, Profile, Provider, Session, Token, User,
};
use reqwest::Url;
use serde_json::{Map, Value};

use crate::Secret;
use crate::transport::{Fault, read_json};

/// The name by which collections are configured with it.
pub const PROVIDER: &str = "wechat";

/// WeChat's own page with the code to scan.
const LOGIN_PAGE: &str = "https://open.weixin.qq.com/connect/qrconnect";

/// The path of the page below a base address.
pub(crate) const PAGE: &str = "/connect/qrconnect";
/// Where codes are exchanged, below the API's base address.
pub(crate) const TOKEN: &str = "/sns/oauth2/access_token";
/// Where profiles are, below the API's base address.
pub(crate) const USER_INFO: &str = "/sns/userinfo";
/// The permission that a website asks for.
pub(crate) const SCOPE: &str = "snsapi_login";

/// The scan login. Its appid and secret are those of a website app, and part of a collection's configuration.
#[derive(Debug)]
pub struct ScanLogin {
    about: About,
}

impl ScanLogin {
    /// The scan login of WeChat itself, with the API at this base address.
    pub(crate) fn new(api_base: &str) -> Self {
        Self::at(LOGIN_PAGE.to_owned(), api_base)
    }

    /// The scan login of a simulator at this base address.
    pub(crate) fn simulated(base: &str) -> Self {
        Self::at(format!("{base}{PAGE}"), base)
    }

    fn at(page: String, api_base: &str) -> Self {
        let api_base = api_base.trim_end_matches('/');
        Self {
            about: About {
                name: PROVIDER,
                display_name: "WeChat",
                logo: include_str!("../logo.svg").trim_ascii_end(),
                order: 30,
                pkce: false,
                scopes: &[SCOPE],
                endpoints: Endpoints {
                    authorize: Cow::Owned(page),
                    token: Cow::Owned(format!("{api_base}{TOKEN}")),
                    user_info: Cow::Owned(format!("{api_base}{USER_INFO}")),
                },
            },
        }
    }
}

#[async_trait]
impl Provider for ScanLogin {
    fn about(&self) -> &About {
        &self.about
    }

    fn parameters(&self, client: &Client, invitation: &Invitation) -> Vec<(&'static str, String)> {
        vec![
            ("appid", client.client_id.clone()),
            ("response_type", "code".to_owned()),
            ("scope", client.scopes.join(",")),
            ("state", invitation.state.clone()),
        ]
    }

    async fn fetch_token(&self, session: &Session<'_>, exchange: &Exchange<'_>) -> Result<Token, Error> {
        let client = session.client;
        let secret = Secret::from(client.client_secret.as_str());
        let query = [
            ("appid", client.client_id.as_str()),
            ("secret", secret.expose()),
            ("code", exchange.code),
            ("grant_type", "authorization_code"),
        ];
        let reply = ask(session, "token", &client.endpoints.token, &query, &secret).await?;
        Token::from_reply(reply, session.now)
    }

    async fn fetch_user(&self, session: &Session<'_>, token: &Token) -> Result<User, Error> {
        let secret = Secret::from(token.access_token.as_str());
        let query = [("access_token", secret.expose()), ("openid", token.text("openid")), ("lang", "zh_CN")];
        let endpoint = &session.client.endpoints.user_info;
        let raw = ask(session, "profile", endpoint, &query, &secret).await?;
        let profile = Profile::from(raw.clone());
        let union = match profile.text("/unionid")? {
            union if union.is_empty() => token.text("unionid").to_owned(),
            union => union,
        };
        let id = if union.is_empty() { profile.text("/openid")? } else { union };
        Ok(User {
            id,
            name: profile.text("/nickname")?,
            avatar_url: profile.text("/headimgurl")?,
            raw,
            ..User::default()
        })
    }
}

/// Asks an endpoint. No error repeats the secret that the query carries.
async fn ask(
    session: &Session<'_>,
    what: &'static str,
    endpoint: &str,
    query: &[(&str, &str)],
    secret: &Secret,
) -> Result<Map<String, Value>, Error> {
    let mut address = Url::parse(endpoint).map_err(|_| Error::Address { what })?;
    address.query_pairs_mut().extend_pairs(query);
    let request = Request::get(address.as_str()).body(Vec::new()).map_err(|_| Error::Address { what })?;
    let response: Response<Vec<u8>> = session.call(request).await?;
    if !response.status().is_success() {
        return Err(Error::Status { what, status: response.status().as_u16() });
    }
    match read_json(response.body(), secret) {
        Ok(Value::Object(reply)) => Ok(reply),
        Ok(_) => Err(Error::malformed(what, "it is no object")),
        Err(Fault::Refused { errcode, errmsg }) => {
            Err(Error::Refused(format!("errcode {errcode}: {errmsg}")))
        }
        Err(Fault::Unanswered(why)) => Err(Error::malformed(what, why)),
    }
}
