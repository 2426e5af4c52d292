use super::{Active, Email, Emails, Mapping, Service, finish, logo, service};

/// Where code is kept.
pub(super) fn all() -> [Service; 5] {
    [github(), gitlab(), bitbucket(), gitee(), gitea()]
}

fn github() -> Service {
    Service {
        emails: Some(Emails::Verified),
        ..service(
            (7, "github", "GitHub"),
            logo!("github"),
            &["read:user", "user:email"],
            [
                "https://github.com/login/oauth/authorize",
                "https://github.com/login/oauth/access_token",
                "https://api.github.com/user",
            ],
            Mapping {
                name: "/name",
                username: "/login",
                avatar: "/avatar_url",
                ..Mapping::by_integer("/id")
            },
        )
    }
}

fn gitlab() -> Service {
    Service {
        finish: Some(finish::gitlab),
        ..service(
            (8, "gitlab", "GitLab"),
            logo!("gitlab"),
            &["read_user"],
            [
                "https://gitlab.com/oauth/authorize",
                "https://gitlab.com/oauth/token",
                "https://gitlab.com/api/v4/user",
            ],
            Mapping {
                name: "/name",
                username: "/username",
                avatar: "/avatar_url",
                email: Email::At("/email"),
                ..Mapping::by_integer("/id")
            },
        )
    }
}

fn bitbucket() -> Service {
    Service {
        emails: Some(Emails::Confirmed),
        ..service(
            (9, "bitbucket", "Bitbucket"),
            logo!("bitbucket"),
            &["account"],
            [
                "https://bitbucket.org/site/oauth2/authorize",
                "https://bitbucket.org/site/oauth2/access_token",
                "https://api.bitbucket.org/2.0/user",
            ],
            Mapping {
                name: "/display_name",
                username: "/username",
                avatar: "/links/avatar/href",
                active: Active::Text("/account_status", "active"),
                ..Mapping::by_text("/uuid")
            },
        )
        .without_pkce()
    }
}

fn gitee() -> Service {
    Service {
        emails: Some(Emails::Scoped),
        ..service(
            (10, "gitee", "Gitee"),
            logo!("gitee"),
            &["user_info", "emails"],
            [
                "https://gitee.com/oauth/authorize",
                "https://gitee.com/oauth/token",
                "https://gitee.com/api/v5/user",
            ],
            Mapping {
                name: "/name",
                username: "/login",
                avatar: "/avatar_url",
                email: Email::At("/email"),
                ..Mapping::by_integer("/id")
            },
        )
    }
}

fn gitea() -> Service {
    Service {
        emails: Some(Emails::Verified),
        ..service(
            (11, "gitea", "Gitea/Forgejo"),
            logo!("gitea"),
            &["read:user", "user:email"],
            [
                "https://gitea.com/login/oauth/authorize",
                "https://gitea.com/login/oauth/access_token",
                "https://gitea.com/api/v1/user",
            ],
            Mapping {
                name: "/full_name",
                username: "/login",
                avatar: "/avatar_url",
                active: Active::Flag("/active"),
                ..Mapping::by_integer("/id")
            },
        )
    }
}
