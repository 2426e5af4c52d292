//! Login of platform users by phone number and password.

use engine::{Engine, Find, Record, Request};

use super::accounts::{SignedIn, log_in_by_password, with_phone};
use crate::error::Error;
use crate::guard::PasswordThrottle;
use crate::model::kinds::PLATFORM;
use crate::names::USERS;

/// Logs a platform user in. Wrong passwords are counted; what fails for another reason is not.
pub(crate) async fn sign_in(
    engine: &Engine,
    throttle: &PasswordThrottle,
    request: &Request,
    phone: &str,
    password: &str,
) -> Result<SignedIn, Error> {
    let user = find(engine, phone).await?;
    if user.text("email").is_empty() {
        return Err(Error::IdentityMissing);
    }
    let attempt =
        throttle.attempt(engine.clock(), phone, &request.ip).await.map_err(Error::TooManyPasswords)?;
    if !engine.is_password(&user, password).await? {
        attempt.wrong(engine.clock().now());
        return Err(Error::WrongPassword);
    }
    attempt.right();
    log_in_by_password(engine, request, user).await
}

/// The platform user with this phone number. One that only others have is of the wrong kind, not unknown.
async fn find(engine: &Engine, phone: &str) -> Result<Record, Error> {
    if let Some(user) = engine.find_first(USERS, &with_phone(phone, PLATFORM)).await? {
        return Ok(user);
    }
    match engine.find_first(USERS, &Find::all().eq("users_phone", phone)).await? {
        Some(_) => Err(Error::NotPlatformUser),
        None => Err(Error::PlatformUserNotFound),
    }
}
