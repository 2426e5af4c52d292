//! What the operations on users share.

use std::sync::Arc;

use ambient::EntropyExt;
use engine::{Engine, ErrorKind, Find, Login, LoginMethod, Record, Request, Tx};

use crate::error::{Error, is_taken};
use crate::model::profile::Essentials;
use crate::names::USERS;

const PASSWORD_LENGTH: usize = 40;
const PASSWORD_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A user who logged in.
pub(crate) struct SignedIn {
    /// As stored.
    pub(crate) user: Arc<Record>,
    /// The token, and the record as its owner sees it.
    pub(crate) login: Login,
    /// Whether the user is new.
    pub(crate) status: LoginStatus,
}

/// Whether a login found its user or made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginStatus {
    /// The user is new.
    Registered,
    /// The user was there.
    LoggedIn,
}

impl LoginStatus {
    /// `register_success` or `login_success`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Registered => "register_success",
            Self::LoggedIn => "login_success",
        }
    }
}

/// The users with this openid: one or none.
pub(crate) fn with_openid(openid: &str) -> Find {
    Find::all().eq("openid", openid)
}

/// The users of a kind with this phone number: one or none.
pub(crate) fn with_phone(phone: &str, idtype: &str) -> Find {
    Find::all().eq("users_phone", phone).eq("users_idtype", idtype)
}

/// A user that is not stored yet, with a password that nobody knows.
pub(crate) fn new_user(engine: &Engine) -> Result<Record, Error> {
    let catalog = engine.catalog();
    let entry =
        catalog.find(USERS).ok_or_else(|| engine::Error::internal("the collection of users is gone"))?;
    let mut user = Record::new(Arc::clone(&entry.collection));
    user.set("password", engine.entropy().text(PASSWORD_LENGTH, PASSWORD_ALPHABET));
    Ok(user)
}

/// Refuses a phone number that another user of the same kind has. A unique index says so as well, for writers of
/// other transactions.
pub(crate) async fn check_phone_is_free(
    tx: &mut Tx,
    phone: &str,
    idtype: &str,
    own_id: &str,
) -> Result<(), Error> {
    if phone.is_empty() {
        return Ok(());
    }
    match tx.find_first(USERS, &with_phone(phone, idtype)).await? {
        Some(other) if other.id() != own_id => Err(Error::PhoneTaken),
        _ => Ok(()),
    }
}

/// What the refusal of a written user means to the client.
pub(crate) fn refused_write(error: engine::Error) -> Error {
    if is_taken(&error, "users_phone") { Error::PhoneTaken } else { Error::Engine(error) }
}

/// Logs a user in natively that something else than a password proved to be who it is.
pub(crate) async fn log_in(
    engine: &Engine,
    request: &Request,
    user: Record,
    status: LoginStatus,
) -> Result<SignedIn, Error> {
    let user = Arc::new(user);
    let login = engine.log_in(request, &user).await.map_err(refused_login)?;
    Ok(SignedIn { user, login, status })
}

/// Logs a user in natively whose password was right. The platform has no page for a second method: whoever needs one is
/// refused.
pub(crate) async fn log_in_by_password(
    engine: &Engine,
    request: &Request,
    user: Record,
) -> Result<SignedIn, Error> {
    let user = Arc::new(user);
    let step = engine.log_in_by(request, &user, LoginMethod::Password).await.map_err(refused_login)?;
    Ok(SignedIn { login: step.done().map_err(refused_login)?, user, status: LoginStatus::LoggedIn })
}

/// What the native refusal of a login means to the client.
pub(crate) fn refused_login(error: engine::Error) -> Error {
    match error.kind {
        ErrorKind::Forbidden | ErrorKind::Unauthorized => Error::LoginRefused(error),
        _ => Error::Engine(error),
    }
}

/// The part of a user's profile that decides whether it is complete.
pub(crate) fn essentials(user: &Record) -> Essentials<'_> {
    Essentials {
        name: user.text("users_name"),
        phone: user.text("users_phone"),
        picture: user.text("users_picture"),
    }
}
