//! The services that are built in, each as data: where it is, how a profile is asked for, and where in it what is.

mod finish;
mod mapping;
mod services;
mod source;

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use self::mapping::Mapping;
use self::source::Source;
use crate::emails::Emails;
use crate::{About, Client, Error, Invitation, Profile, Provider, Session, Token, User, authorize};

/// The services of this crate.
pub(crate) fn all() -> Vec<Arc<dyn Provider>> {
    services::all().map(|service| Arc::new(service) as Arc<dyn Provider>).collect()
}

/// What a mapping cannot say: completes a user by the profile and the token.
type Finish = fn(&Session<'_>, &Token, &Profile, &mut User) -> Result<(), Error>;

/// A service.
struct Service {
    about: About,
    /// How its profile is asked for.
    source: Source,
    /// Where in the profile what is.
    mapping: Mapping,
    /// Where its users' addresses are, when not in the profile.
    emails: Option<Emails>,
    finish: Option<Finish>,
    /// What its login page wants to know beside the standard's parameters.
    parameters: &'static [(&'static str, &'static str)],
    /// An option with which it needs another permission as well.
    option_scope: Option<(&'static str, &'static str)>,
}

#[async_trait]
impl Provider for Service {
    fn about(&self) -> &About {
        &self.about
    }

    fn scopes(&self, extra: &Map<String, Value>) -> Vec<Cow<'static, str>> {
        let mut scopes: Vec<_> = self.about.scopes.iter().copied().map(Cow::Borrowed).collect();
        if let Some((option, scope)) = self.option_scope
            && extra.get(option).and_then(Value::as_str).is_some_and(|value| !value.is_empty())
        {
            scopes.push(Cow::Borrowed(scope));
        }
        scopes
    }

    fn parameters(&self, client: &Client, invitation: &Invitation) -> Vec<(&'static str, String)> {
        let mut parameters = authorize::parameters(client, invitation);
        parameters.extend(self.parameters.iter().map(|(name, value)| (*name, (*value).to_owned())));
        parameters.sort_by_key(|(name, _)| *name);
        parameters
    }

    async fn fetch_user(&self, session: &Session<'_>, token: &Token) -> Result<User, Error> {
        let profile = self.source.fetch(session, token).await?;
        let mut user = self.mapping.read(&profile)?;
        if let Some(emails) = self.emails {
            user.email = emails.fetch(session, token, &user.email).await?;
        }
        user.raw = profile.clone().into_raw();
        if let Some(finish) = self.finish {
            finish(session, token, &profile, &mut user)?;
        }
        Ok(user)
    }
}
