use std::fmt;

use crate::transport::Fault;

/// Why WeChat gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// WeChat does not know the code, or it is the wrong kind of code.
    #[error("invalid code ({0})")]
    InvalidCode(Cause),
    /// The code was exchanged before.
    #[error("code used before ({0})")]
    CodeUsed(Cause),
    /// The code is older than WeChat allows.
    #[error("expired code ({0})")]
    CodeExpired(Cause),
    /// WeChat considers the user a high risk.
    #[error("blocked user ({0})")]
    BlockedUser(Cause),
    /// This user asked too often.
    #[error("too frequent ({0})")]
    TooFrequent(Cause),
    /// The mini program has used up what WeChat allows it.
    #[error("quota used up ({0})")]
    Quota(Cause),
    /// WeChat is busy, cannot be reached in time, or answers something undocumented.
    #[error("WeChat is unavailable ({0})")]
    Unavailable(Cause),
    /// WeChat refuses this server: its AppID, AppSecret or address.
    #[error("WeChat refuses this server's configuration ({0})")]
    Misconfigured(Cause),
    /// There is no configuration to call WeChat with.
    #[error("WeChat is not configured")]
    NotConfigured,
}

/// What WeChat said, or what happened instead: for the log, free of secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// WeChat's `errcode`; absent when the reply was not WeChat's, or there was none.
    pub errcode: Option<i64>,
    /// WeChat's `errmsg`, or what happened.
    pub message: String,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errcode {
            Some(errcode) => write!(f, "errcode {errcode}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Whose codes an `errcode` is read by: some mean another thing for another call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// One that exchanges a user's code.
    Code,
    /// The one that fetches an access token.
    Token,
}

impl Error {
    /// An error of the code itself, found before calling WeChat.
    pub(crate) fn unusable_code(message: &str) -> Self {
        Self::InvalidCode(Cause { errcode: None, message: message.to_owned() })
    }

    /// An error of a reply that is not the documented one, or of none at all.
    pub(crate) fn unavailable(message: &str) -> Self {
        Self::Unavailable(Cause { errcode: None, message: message.to_owned() })
    }

    /// What a fault means to the caller of `call`.
    pub(crate) fn of(fault: Fault, call: Call) -> Self {
        let (errcode, message) = match fault {
            Fault::Refused { errcode, errmsg } => (errcode, errmsg),
            Fault::Unanswered(message) => return Self::Unavailable(Cause { errcode: None, message }),
        };
        let cause = Cause { errcode: Some(errcode), message };
        match (errcode, call) {
            (40029 | 41008, Call::Code) => Self::InvalidCode(cause),
            (40163, Call::Code) => Self::CodeUsed(cause),
            (42003, Call::Code) => Self::CodeExpired(cause),
            (40226, Call::Code) => Self::BlockedUser(cause),
            (45011, Call::Code) => Self::TooFrequent(cause),
            (45009 | 45011, _) => Self::Quota(cause),
            // AppID, AppSecret, and the list of addresses that may call.
            (40013 | 40125 | 40164 | 41002 | 41004 | 89503 | 89506 | 89507, _) => Self::Misconfigured(cause),
            _ => Self::Unavailable(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(errcode: i64, call: Call) -> Error {
        Error::of(Fault::Refused { errcode, errmsg: "why".to_owned() }, call)
    }

    #[test]
    fn errcodes_say_whose_fault_it_is() {
        assert!(matches!(refused(40029, Call::Code), Error::InvalidCode(_)));
        assert!(matches!(refused(40163, Call::Code), Error::CodeUsed(_)));
        assert!(matches!(refused(42003, Call::Code), Error::CodeExpired(_)));
        assert!(matches!(refused(40226, Call::Code), Error::BlockedUser(_)));
        assert!(matches!(refused(45011, Call::Code), Error::TooFrequent(_)));
        assert!(matches!(refused(45011, Call::Token), Error::Quota(_)));
        assert!(matches!(refused(45009, Call::Code), Error::Quota(_)));
        for errcode in [40013, 40125, 40164, 41002, 41004, 89503, 89506, 89507] {
            assert!(matches!(refused(errcode, Call::Token), Error::Misconfigured(_)), "{errcode}");
        }
        for errcode in [-1, 40002, 43002, 12345] {
            assert!(matches!(refused(errcode, Call::Token), Error::Unavailable(_)), "{errcode}");
        }
    }

    #[test]
    fn a_users_errcode_from_the_token_call_is_not_the_users_fault() {
        assert!(matches!(refused(40029, Call::Token), Error::Unavailable(_)));
    }

    #[test]
    fn the_text_names_the_errcode() {
        assert_eq!(refused(40029, Call::Code).to_string(), "invalid code (errcode 40029: why)");
    }
}
