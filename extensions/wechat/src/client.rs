use std::{fmt, sync::Arc};

use ambient::Clock;
use serde_json::{Value, json};

use crate::{
    Config, ConfigError, Error, Secret,
    error::Call,
    reply::{LoginReply, PhoneReply},
    token::TokenCache,
    transport::{Fault, Request, Transport},
};

/// The longest code that is sent to WeChat, in bytes. Real ones have 32 (login) or 64 (phone) characters.
const MAX_CODE: usize = 256;

/// A client for WeChat's server API. Cloning shares its connections and its access token.
#[derive(Clone)]
pub struct Client(Option<Arc<Configured>>);

struct Configured {
    transport: Arc<Transport>,
    tokens: TokenCache,
}

/// What a login code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user, as this mini program knows them.
    pub openid: String,
    /// The user, as all mini programs of one Open Platform account know them; absent without such an account.
    pub unionid: Option<String>,
    /// The key of the data that WeChat signs and encrypts for this user.
    pub session_key: Secret,
}

/// What a phone code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The number, with its prefix when it is a foreign one.
    pub phone_number: String,
    /// The number without any prefix.
    pub pure_phone_number: String,
    /// The country code without `+`, such as `86`.
    pub country_code: String,
}

impl Client {
    /// A client for the server that `config` names.
    ///
    /// # Errors
    /// [`ConfigError::Http`] when TLS cannot be set up on this system.
    pub fn new(config: Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let transport = Arc::new(Transport::new(config)?);
        let tokens = TokenCache::new(transport.clone(), clock);
        Ok(Self(Some(Arc::new(Configured { transport, tokens }))))
    }

    /// A client whose calls all answer [`Error::NotConfigured`].
    pub fn unconfigured() -> Self {
        Self(None)
    }

    /// Exchanges a login code (`wx.login`). The code is sent once, whatever happens: WeChat may have used it up
    /// even when its answer did not arrive.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn login(&self, code: &str) -> Result<Session, Error> {
        check_code(code)?;
        let reply =
            self.configured()?.exchange_login(code).await.map_err(|fault| Error::of(fault, Call::Code))?;
        serde_json::from_value::<LoginReply>(reply)
            .ok()
            .filter(|reply| !reply.openid.is_empty())
            .map(|reply| Session {
                openid: reply.openid,
                unionid: reply.unionid.filter(|unionid| !unionid.is_empty()),
                session_key: reply.session_key.into(),
            })
            .ok_or_else(|| Error::unavailable("the login reply is not the documented one"))
    }

    /// Exchanges a phone code (`getPhoneNumber`), which is another kind than the login code. A stale access
    /// token is replaced, and the call then made once more.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn phone_number(&self, code: &str) -> Result<Phone, Error> {
        check_code(code)?;
        let reply = self.configured()?.exchange_phone(code).await?;
        serde_json::from_value::<PhoneReply>(reply)
            .ok()
            .map(|reply| reply.phone_info)
            .filter(|info| !info.phone_number.is_empty() && !info.pure_phone_number.is_empty())
            .map(|info| Phone {
                country_code: info.country_code(),
                phone_number: info.phone_number,
                pure_phone_number: info.pure_phone_number,
            })
            .ok_or_else(|| Error::unavailable("the phone reply is not the documented one"))
    }

    fn configured(&self) -> Result<&Configured, Error> {
        self.0.as_deref().ok_or(Error::NotConfigured)
    }
}

impl Configured {
    async fn exchange_login(&self, code: &str) -> Result<Value, Fault> {
        let config = &self.transport.config;
        let request = Request {
            path: "/sns/jscode2session",
            query: &[
                ("appid", &config.app_id),
                ("secret", config.app_secret.expose()),
                ("js_code", code),
                ("grant_type", "authorization_code"),
            ],
            body: None,
            secret: &config.app_secret,
        };
        self.transport.call(request).await
    }

    async fn exchange_phone(&self, code: &str) -> Result<Value, Error> {
        let token = self.tokens.get().await?;
        let mut outcome = self.exchange_phone_with(&token, code).await;
        if outcome.as_ref().is_err_and(Fault::is_stale_token) {
            self.tokens.forget(&token);
            let token = self.tokens.get().await?;
            outcome = self.exchange_phone_with(&token, code).await;
        }
        outcome.map_err(|fault| Error::of(fault, Call::Code))
    }

    async fn exchange_phone_with(&self, token: &Secret, code: &str) -> Result<Value, Fault> {
        let request = Request {
            path: "/wxa/business/getuserphonenumber",
            query: &[("access_token", token.expose())],
            body: Some(json!({ "code": code })),
            secret: token,
        };
        self.transport.call(request).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = self.0.as_ref().map(|configured| &configured.transport.config);
        f.debug_tuple("Client").field(&config).finish()
    }
}

/// Refuses a code that WeChat cannot have given out, without asking it.
fn check_code(code: &str) -> Result<(), Error> {
    if code.trim().is_empty() {
        return Err(Error::unusable_code("the code is empty"));
    }
    if code.len() > MAX_CODE {
        return Err(Error::unusable_code("the code is too long"));
    }
    if code.chars().any(char::is_control) {
        return Err(Error::unusable_code("the code has control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_cannot_be_wechats_are_refused() {
        for bad in ["", "   ", "a\nb", &"x".repeat(MAX_CODE + 1)] {
            assert!(matches!(check_code(bad), Err(Error::InvalidCode(_))), "{bad:?}");
        }
        assert!(check_code(&"x".repeat(MAX_CODE)).is_ok());
    }

    #[tokio::test]
    async fn an_unconfigured_client_says_so() {
        let client = Client::unconfigured();
        assert_eq!(client.login("code").await, Err(Error::NotConfigured));
        assert_eq!(client.phone_number("code").await, Err(Error::NotConfigured));
    }
}
