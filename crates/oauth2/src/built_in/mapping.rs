//! Where in a profile what is.

use crate::{Error, Profile, User};

/// Where in a profile what is, as JSON pointers; empty for what is not there.
pub(super) struct Mapping {
    pub(super) id: Id,
    pub(super) name: &'static str,
    pub(super) username: &'static str,
    pub(super) avatar: &'static str,
    pub(super) email: Email,
    pub(super) active: Active,
}

/// The service's own id of a user.
pub(super) enum Id {
    Text(&'static str),
    Integer(&'static str),
}

/// When the address of a profile may be relied on.
pub(super) enum Email {
    /// It is not there, or nobody knows whether it is the user's.
    Never,
    /// The service has none that are not verified.
    At(&'static str),
    /// When all of these are true.
    When(&'static str, &'static [&'static str]),
    /// When this is true, in whatever form it is said.
    WhenLoosely(&'static str, &'static str),
}

/// Whether the account may be used.
pub(super) enum Active {
    /// The service does not say.
    Always,
    /// When this is true.
    Flag(&'static str),
    /// When this text is this one.
    Text(&'static str, &'static str),
    /// When this integer is this one.
    Integer(&'static str, &'static str),
}

impl Mapping {
    /// A profile with nothing but an id that is a text.
    pub(super) const fn by_text(id: &'static str) -> Self {
        Self::of(Id::Text(id))
    }

    /// A profile with nothing but an id that is an integer.
    pub(super) const fn by_integer(id: &'static str) -> Self {
        Self::of(Id::Integer(id))
    }

    const fn of(id: Id) -> Self {
        Self { id, name: "", username: "", avatar: "", email: Email::Never, active: Active::Always }
    }

    pub(super) fn read(&self, profile: &Profile) -> Result<User, Error> {
        let user = User {
            id: match self.id {
                Id::Text(pointer) => profile.text(pointer)?,
                Id::Integer(pointer) => profile.integer(pointer)?,
            },
            name: profile.text(self.name)?,
            username: profile.text(self.username)?,
            avatar_url: profile.text(self.avatar)?,
            email: self.email.read(profile)?,
            ..User::default()
        };
        if self.active.read(profile)? { Ok(user) } else { Err(Error::Inactive) }
    }
}

impl Email {
    fn read(&self, profile: &Profile) -> Result<String, Error> {
        let (email, is_verified) = match self {
            Self::Never => return Ok(String::new()),
            Self::At(email) => (profile.text(email)?, true),
            Self::When(email, flags) => {
                let mut is_verified = true;
                for flag in *flags {
                    is_verified &= profile.flag(flag)?;
                }
                (profile.text(email)?, is_verified)
            }
            Self::WhenLoosely(email, flag) => (profile.text(email)?, profile.loose_flag(flag)),
        };
        Ok(if is_verified { email } else { String::new() })
    }
}

impl Active {
    fn read(&self, profile: &Profile) -> Result<bool, Error> {
        Ok(match self {
            Self::Always => true,
            Self::Flag(pointer) => profile.flag(pointer)?,
            Self::Text(pointer, wanted) => profile.text(pointer)? == *wanted,
            Self::Integer(pointer, wanted) => profile.integer(pointer)? == *wanted,
        })
    }
}
