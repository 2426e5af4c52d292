//! Renewing a token.

use engine::{Engine, Record, Request};

use super::accounts::{LoginStatus, log_in, refused_login, with_openid};
use crate::error::Error;
use crate::model::kinds::PLATFORM;
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

/// A token for the WeChat user of an openid. Nobody is registered by it.
///
/// A platform user's identity is no openid of WeChat's. It stands in public records as the owner of documents and
/// attachments, and a token for it would make a manager of whoever read one.
pub(crate) async fn issue(engine: &Engine, request: &Request, openid: &str) -> Result<String, Error> {
    let user = engine.find_first(USERS, &with_openid(openid)).await?;
    let user = user.filter(|user| user.text("users_idtype") != PLATFORM).ok_or(Error::UserNotFound)?;
    Ok(log_in(engine, request, user, LoginStatus::LoggedIn).await?.login.token)
}
