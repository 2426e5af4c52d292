//! Login by a code of WeChat, which registers whom it does not know.

use engine::{Engine, Record, Request, Work};

use super::accounts::{LoginStatus, SignedIn, log_in, new_user, with_openid};
use crate::error::{Code, Error, is_taken};
use crate::model::kinds::WECHAT;
use crate::names::USERS;

/// Exchanges a login code for an openid. The code is used up by it, whatever the outcome.
pub(crate) async fn exchange(wechat: &wechat::Client, code: &str) -> Result<String, Error> {
    let session = wechat.login(code).await.map_err(|source| Error::WeChat { code: Code::Login, source })?;
    Ok(session.openid)
}

/// Logs the user of an openid in, and creates it when there is none.
pub(crate) async fn sign_in(engine: &Engine, request: &Request, openid: &str) -> Result<SignedIn, Error> {
    let (user, status) = match engine.find_first(USERS, &with_openid(openid)).await? {
        Some(user) => (user, LoginStatus::LoggedIn),
        None => find_or_create(engine, request, openid).await?,
    };
    log_in(engine, request, user, status).await
}

/// Creates the user unless somebody else did in the meantime: of several first logins at once one creates it, and the
/// others log it in.
async fn find_or_create(
    engine: &Engine,
    request: &Request,
    openid: &str,
) -> Result<(Record, LoginStatus), Error> {
    let mut user = new_user(engine)?;
    user.set("openid", openid);
    user.set("users_idtype", WECHAT);
    // Before the transaction, which everybody else would have to wait for.
    engine.hash_passwords(&mut user).await?;

    let draft = &user;
    let found = engine.transaction(|tx| {
        Work::new(async move {
            if let Some(user) = tx.find_first(USERS, &with_openid(openid)).await? {
                return Ok((user, LoginStatus::LoggedIn));
            }
            let mut user = draft.clone();
            tx.create(request, &mut user).await.map(|()| (user, LoginStatus::Registered))
        })
    });
    match found.await {
        // In a store with several writers at once, another one can have been faster.
        Err(error) if is_taken(&error, "openid") || is_taken(&error, "email") => {
            let user = engine.find_first(USERS, &with_openid(openid)).await?.ok_or(error)?;
            Ok((user, LoginStatus::LoggedIn))
        }
        found => Ok(found?),
    }
}
