//! New users of the management platform.

use engine::{Engine, Request, Work};

use super::accounts::{
    LoginStatus, SignedIn, check_phone_is_free, log_in, new_user, refused_write, with_phone,
};
use crate::Registration;
use crate::error::Error;
use crate::model::guid::guid;
use crate::model::kinds::PLATFORM;
use crate::names::USERS;

/// What a new platform user says about itself. Nothing of it grants standing.
pub(crate) struct NewPlatformUser {
    /// A mainland mobile number.
    pub(crate) phone: String,
    /// 8 characters or more, in plain text.
    pub(crate) password: String,
    /// The other values by field.
    pub(crate) values: Vec<(&'static str, String)>,
}

/// Refuses callers who may not register anybody.
pub(crate) fn check_open(registration: Registration, request: &Request) -> Result<(), Error> {
    match registration {
        Registration::Closed if !request.is_superuser() => Err(Error::RegistrationClosed),
        Registration::Closed | Registration::Open => Ok(()),
    }
}

/// Creates a platform user and logs it in.
pub(crate) async fn register(
    engine: &Engine,
    request: &Request,
    new: NewPlatformUser,
) -> Result<SignedIn, Error> {
    // Before a password is hashed for nothing. What counts is the look inside the transaction.
    if engine.find_first(USERS, &with_phone(&new.phone, PLATFORM)).await?.is_some() {
        return Err(Error::PhoneTaken);
    }
    let mut user = new_user(engine)?;
    for (field, value) in new.values {
        user.set(field, value);
    }
    user.set("openid", guid(engine.entropy()));
    user.set("users_idtype", PLATFORM);
    user.set("users_phone", new.phone.as_str());
    user.set("password", new.password);
    engine.hash_passwords(&mut user).await?;

    let (draft, phone) = (&user, &new.phone);
    let created = engine.transaction(|tx| {
        Work::new(async move {
            check_phone_is_free(tx, phone, PLATFORM, "").await?;
            let mut user = draft.clone();
            tx.create(request, &mut user).await.map_err(refused_write)?;
            Ok::<_, Error>(user)
        })
    });
    let user = created.await?;
    log_in(engine, request, user, LoginStatus::Registered).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_door_is_open_to_superusers_alone() {
        let guest = Request::default();
        assert!(check_open(Registration::Open, &guest).is_ok());
        assert!(matches!(check_open(Registration::Closed, &guest), Err(Error::RegistrationClosed)));
    }
}
