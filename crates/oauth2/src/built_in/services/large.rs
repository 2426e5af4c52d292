use super::{Email, Mapping, Service, Source, finish, logo, service};

/// The largest ones.
pub(super) fn all() -> [Service; 6] {
    [apple(), google(), microsoft(), yandex(), facebook(), instagram2()]
}

fn apple() -> Service {
    Service {
        source: Source::IdToken {
            issuer: "https://appleid.apple.com",
            keys: "https://appleid.apple.com/auth/keys",
        },
        parameters: &[("response_mode", "form_post")],
        ..service(
            (1, "apple", "Apple"),
            logo!("apple"),
            &["name", "email"],
            ["https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token", ""],
            Mapping {
                name: "/name",
                email: Email::WhenLoosely("/email", "/email_verified"),
                ..Mapping::by_text("/sub")
            },
        )
    }
}

fn google() -> Service {
    service(
        (2, "google", "Google"),
        logo!("google"),
        &[
            "https://www.googleapis.com/auth/userinfo.profile",
            "https://www.googleapis.com/auth/userinfo.email",
        ],
        [
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/oauth2/v3/userinfo",
        ],
        Mapping {
            name: "/name",
            avatar: "/picture",
            email: Email::When("/email", &["/email_verified"]),
            ..Mapping::by_text("/sub")
        },
    )
}

fn microsoft() -> Service {
    Service {
        finish: Some(finish::microsoft),
        option_scope: Some(("idTokenEmailClaim", "openid")),
        ..service(
            (3, "microsoft", "Microsoft"),
            logo!("microsoft"),
            &["User.Read"],
            [
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                "https://graph.microsoft.com/v1.0/me",
            ],
            Mapping { name: "/displayName", email: Email::At("/mail"), ..Mapping::by_text("/id") },
        )
    }
}

fn yandex() -> Service {
    Service {
        finish: Some(finish::yandex),
        ..service(
            (4, "yandex", "Yandex"),
            logo!("yandex"),
            &["login:email", "login:avatar", "login:info"],
            [
                "https://oauth.yandex.com/authorize",
                "https://oauth.yandex.com/token",
                "https://login.yandex.ru/info",
            ],
            Mapping {
                name: "/real_name",
                username: "/login",
                email: Email::At("/default_email"),
                ..Mapping::by_text("/id")
            },
        )
    }
}

fn facebook() -> Service {
    service(
        (5, "facebook", "Facebook"),
        logo!("facebook"),
        &["email"],
        [
            "https://www.facebook.com/v3.2/dialog/oauth",
            "https://graph.facebook.com/v3.2/oauth/access_token",
            "https://graph.facebook.com/me?fields=name,email,picture.type(large)",
        ],
        Mapping {
            name: "/name",
            avatar: "/picture/data/url",
            email: Email::At("/email"),
            ..Mapping::by_text("/id")
        },
    )
}

fn instagram2() -> Service {
    Service {
        finish: Some(finish::instagram),
        ..service(
            (6, "instagram2", "Instagram"),
            logo!("instagram2"),
            &["instagram_business_basic"],
            [
                "https://www.instagram.com/oauth/authorize",
                "https://api.instagram.com/oauth/access_token",
                "https://graph.instagram.com/me?fields=id,username,account_type,user_id,name,profile_picture_url,followers_count,follows_count,media_count",
            ],
            Mapping {
                name: "/name",
                username: "/username",
                avatar: "/profile_picture_url",
                ..Mapping::by_text("/user_id")
            },
        )
    }
}
