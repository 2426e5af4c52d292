use super::{Active, Email, Mapping, Service, finish, logo, service};

/// What people do, and what they do it with.
pub(super) fn all() -> [Service; 5] {
    [strava(), wakatime(), livechat(), mailcow(), planningcenter()]
}

fn strava() -> Service {
    Service {
        finish: Some(finish::strava),
        ..service(
            (25, "strava", "Strava"),
            logo!("strava"),
            &["profile:read_all"],
            [
                "https://www.strava.com/oauth/authorize",
                "https://www.strava.com/api/v3/oauth/token",
                "https://www.strava.com/api/v3/athlete",
            ],
            Mapping { username: "/username", avatar: "/profile", ..Mapping::by_integer("/id") },
        )
    }
}

fn wakatime() -> Service {
    Service {
        finish: Some(finish::wakatime),
        ..service(
            (26, "wakatime", "WakaTime"),
            logo!("wakatime"),
            &["email"],
            [
                "https://wakatime.com/oauth/authorize",
                "https://wakatime.com/oauth/token",
                "https://wakatime.com/api/v1/users/current",
            ],
            Mapping {
                name: "/data/display_name",
                username: "/data/username",
                avatar: "/data/photo",
                email: Email::When("/data/email", &["/data/is_email_confirmed"]),
                ..Mapping::by_text("/data/id")
            },
        )
    }
}

fn livechat() -> Service {
    service(
        (27, "livechat", "LiveChat"),
        logo!("livechat"),
        &[],
        [
            "https://accounts.livechat.com/",
            "https://accounts.livechat.com/token",
            "https://accounts.livechat.com/v2/accounts/me",
        ],
        Mapping {
            name: "/name",
            avatar: "/avatar_url",
            email: Email::When("/email", &["/email_verified"]),
            ..Mapping::by_text("/account_id")
        },
    )
}

fn mailcow() -> Service {
    Service {
        finish: Some(finish::mailcow),
        ..service(
            (28, "mailcow", "mailcow"),
            logo!("mailcow"),
            &["profile"],
            ["", "", ""],
            Mapping {
                name: "/full_name",
                username: "/username",
                email: Email::At("/email"),
                active: Active::Integer("/active", "1"),
                ..Mapping::by_text("/id")
            },
        )
    }
}

fn planningcenter() -> Service {
    service(
        (29, "planningcenter", "Planning Center"),
        logo!("planningcenter"),
        &["people"],
        [
            "https://api.planningcenteronline.com/oauth/authorize",
            "https://api.planningcenteronline.com/oauth/token",
            "https://api.planningcenteronline.com/people/v2/me",
        ],
        Mapping {
            name: "/data/attributes/name",
            avatar: "/data/attributes/avatar",
            active: Active::Text("/data/attributes/status", "active"),
            ..Mapping::by_text("/data/id")
        },
    )
}
