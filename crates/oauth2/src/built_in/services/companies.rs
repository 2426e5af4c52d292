use super::{Active, Email, Header, Mapping, Service, Source, finish, logo, service};

/// Where people talk, and where companies work.
pub(super) fn all() -> [Service; 9] {
    [discord(), twitter(), kakao(), vk(), linear(), notion(), monday(), lark(), box_com()]
}

fn discord() -> Service {
    Service {
        finish: Some(finish::discord),
        ..service(
            (12, "discord", "Discord"),
            logo!("discord"),
            &["identify", "email"],
            [
                "https://discord.com/api/oauth2/authorize",
                "https://discord.com/api/oauth2/token",
                "https://discord.com/api/users/@me",
            ],
            Mapping {
                name: "/global_name",
                username: "/username",
                email: Email::When("/email", &["/verified"]),
                ..Mapping::by_text("/id")
            },
        )
    }
}

fn twitter() -> Service {
    service(
        (13, "twitter", "X/Twitter"),
        logo!("twitter"),
        &["users.read", "users.email", "tweet.read"],
        [
            "https://x.com/i/oauth2/authorize",
            "https://api.x.com/2/oauth2/token",
            "https://api.x.com/2/users/me?user.fields=id,name,username,profile_image_url,confirmed_email",
        ],
        Mapping {
            name: "/data/name",
            username: "/data/username",
            avatar: "/data/profile_image_url",
            email: Email::At("/data/confirmed_email"),
            ..Mapping::by_text("/data/id")
        },
    )
}

fn kakao() -> Service {
    service(
        (14, "kakao", "Kakao"),
        logo!("kakao"),
        &["account_email", "profile_nickname", "profile_image"],
        [
            "https://kauth.kakao.com/oauth/authorize",
            "https://kauth.kakao.com/oauth/token",
            "https://kapi.kakao.com/v2/user/me",
        ],
        Mapping {
            username: "/properties/nickname",
            avatar: "/properties/profile_image",
            email: Email::When(
                "/kakao_account/email",
                &["/kakao_account/is_email_valid", "/kakao_account/is_email_verified"],
            ),
            ..Mapping::by_integer("/id")
        },
    )
}

fn vk() -> Service {
    Service {
        finish: Some(finish::vk),
        ..service(
            (15, "vk", "ВКонтакте"),
            logo!("vk"),
            &["email"],
            [
                "https://oauth.vk.com/authorize",
                "https://oauth.vk.com/access_token",
                "https://api.vk.com/method/users.get?fields=photo_max,screen_name&v=5.131",
            ],
            Mapping {
                username: "/response/0/screen_name",
                avatar: "/response/0/photo_max",
                ..Mapping::by_integer("/response/0/id")
            },
        )
        .without_pkce()
    }
}

fn linear() -> Service {
    Service {
        source: Source::Query("query Me { viewer { id displayName name email avatarUrl active } }"),
        ..service(
            (16, "linear", "Linear"),
            logo!("linear"),
            &["read"],
            [
                "https://linear.app/oauth/authorize",
                "https://api.linear.app/oauth/token",
                "https://api.linear.app/graphql",
            ],
            Mapping {
                name: "/data/viewer/name",
                username: "/data/viewer/displayName",
                avatar: "/data/viewer/avatarUrl",
                email: Email::At("/data/viewer/email"),
                active: Active::Flag("/data/viewer/active"),
                ..Mapping::by_text("/data/viewer/id")
            },
        )
        .without_pkce()
    }
}

fn notion() -> Service {
    Service {
        source: Source::Get(&[("Notion-Version", Header::Text("2022-06-28"))]),
        ..service(
            (17, "notion", "Notion"),
            logo!("notion"),
            &[],
            [
                "https://api.notion.com/v1/oauth/authorize",
                "https://api.notion.com/v1/oauth/token",
                "https://api.notion.com/v1/users/me",
            ],
            Mapping {
                name: "/bot/owner/user/name",
                avatar: "/bot/owner/user/avatar_url",
                email: Email::At("/bot/owner/user/person/email"),
                ..Mapping::by_text("/bot/owner/user/id")
            },
        )
    }
}

fn monday() -> Service {
    Service {
        source: Source::Query("query { me { id enabled name email is_verified photo_small }}"),
        ..service(
            (18, "monday", "monday.com"),
            logo!("monday"),
            &["me:read"],
            [
                "https://auth.monday.com/oauth2/authorize",
                "https://auth.monday.com/oauth2/token",
                "https://api.monday.com/v2",
            ],
            Mapping {
                name: "/data/me/name",
                avatar: "/data/me/photo_small",
                email: Email::When("/data/me/email", &["/data/me/is_verified"]),
                active: Active::Flag("/data/me/enabled"),
                ..Mapping::by_text("/data/me/id")
            },
        )
    }
}

fn lark() -> Service {
    service(
        (19, "lark", "Lark"),
        logo!("lark"),
        &[],
        [
            "https://accounts.feishu.cn/open-apis/authen/v1/authorize",
            "https://open.feishu.cn/open-apis/authen/v2/oauth/token",
            "https://open.feishu.cn/open-apis/authen/v1/user_info",
        ],
        Mapping { name: "/data/name", avatar: "/data/avatar_url", ..Mapping::by_text("/data/union_id") },
    )
}

fn box_com() -> Service {
    service(
        (20, "box", "Box"),
        logo!("box"),
        &["root_readonly"],
        [
            "https://account.box.com/api/oauth2/authorize",
            "https://api.box.com/oauth2/token",
            "https://api.box.com/2.0/users/me",
        ],
        Mapping {
            name: "/name",
            avatar: "/avatar_url",
            email: Email::At("/login"),
            active: Active::Text("/status", "active"),
            ..Mapping::by_text("/id")
        },
    )
}
