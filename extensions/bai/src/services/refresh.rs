//! Renewing a token.

use engine::{Engine, Record, Request};

use super::accounts::{LoginStatus, log_in, refused_login, with_openid};
use crate::error::Error;
use crate::names::USERS;

/// A new token in place of one that is still valid. WeChat is not asked.
pub(crate) async fn renew(
    engine: &Engine,
    request: &Request,
    user: &Record,
    token: &str,
) -> Result<String, Error> {
    let login = engine.auth_refresh(request, &user.collection().id, token).await.map_err(refused_login)?;
    Ok(login.token)
}

/// A token for the user of an openid. Nobody is registered by it.
pub(crate) async fn issue(engine: &Engine, request: &Request, openid: &str) -> Result<String, Error> {
    let user = engine.find_first(USERS, &with_openid(openid)).await?.ok_or(Error::UserNotFound)?;
    Ok(log_in(engine, request, user, "", LoginStatus::LoggedIn).await?.login.token)
}
