//! The values of `users_idtype` and `users_type`.

/// `users_idtype` of a user who comes from WeChat.
pub(crate) const WECHAT: &str = "WeChat";

/// `users_idtype` of a user of the management platform. It decides who is a manager.
pub(crate) const PLATFORM: &str = "ManagePlatform";

/// `users_type` of a user whose profile was never complete.
pub(crate) const VISITOR: &str = "游客";

/// `users_type` of a user whose profile was complete once.
pub(crate) const MEMBER: &str = "注册用户";

/// The `users_type` of a new user who was given none.
pub(crate) fn default_users_type(idtype: &str) -> &'static str {
    if idtype == PLATFORM { MEMBER } else { VISITOR }
}

/// The e-mail address by which the native API knows a user; `None` for an identity of no known source.
pub(crate) fn native_email(openid: &str, idtype: &str) -> Option<String> {
    match idtype {
        WECHAT => Some(format!("{openid}@wechat.local")),
        PLATFORM => Some(format!("{openid}@manage.local")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_source_of_the_identity() {
        assert_eq!(native_email("oAb", WECHAT).unwrap(), "oAb@wechat.local");
        assert_eq!(native_email("1-2", PLATFORM).unwrap(), "1-2@manage.local");
        assert_eq!(native_email("x", "passport"), None);
    }

    #[test]
    fn only_platform_users_begin_as_members() {
        assert_eq!(default_users_type(PLATFORM), MEMBER);
        assert_eq!(default_users_type(WECHAT), VISITOR);
    }
}
