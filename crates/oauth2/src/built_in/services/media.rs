use super::{Email, Header, Mapping, Service, Source, finish, logo, service};

/// What people listen to and watch.
pub(super) fn all() -> [Service; 4] {
    [spotify(), trakt(), twitch(), patreon()]
}

fn spotify() -> Service {
    service(
        (21, "spotify", "Spotify"),
        logo!("spotify"),
        &["user-read-private"],
        [
            "https://accounts.spotify.com/authorize",
            "https://accounts.spotify.com/api/token",
            "https://api.spotify.com/v1/me",
        ],
        Mapping { name: "/display_name", avatar: "/images/0/url", ..Mapping::by_text("/id") },
    )
}

fn trakt() -> Service {
    Service {
        source: Source::Get(&[
            ("Content-Type", Header::Text("application/json")),
            ("trakt-api-key", Header::ClientId),
            ("trakt-api-version", Header::Text("2")),
        ]),
        ..service(
            (22, "trakt", "Trakt"),
            logo!("trakt"),
            &[],
            [
                "https://trakt.tv/oauth/authorize",
                "https://api.trakt.tv/oauth/token",
                "https://api.trakt.tv/users/settings",
            ],
            Mapping {
                name: "/user/name",
                username: "/user/username",
                avatar: "/user/images/avatar/full",
                ..Mapping::by_text("/user/ids/uuid")
            },
        )
    }
}

fn twitch() -> Service {
    Service {
        source: Source::Get(&[("Client-Id", Header::ClientId)]),
        finish: Some(finish::twitch),
        ..service(
            (23, "twitch", "Twitch"),
            logo!("twitch"),
            &["user:read:email"],
            [
                "https://id.twitch.tv/oauth2/authorize",
                "https://id.twitch.tv/oauth2/token",
                "https://api.twitch.tv/helix/users",
            ],
            Mapping {
                name: "/data/0/display_name",
                username: "/data/0/login",
                avatar: "/data/0/profile_image_url",
                email: Email::At("/data/0/email"),
                ..Mapping::by_text("/data/0/id")
            },
        )
    }
}

fn patreon() -> Service {
    service(
        (24, "patreon", "Patreon"),
        logo!("patreon"),
        &["identity", "identity[email]"],
        [
            "https://www.patreon.com/oauth2/authorize",
            "https://www.patreon.com/api/oauth2/token",
            "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=full_name,email,vanity,image_url,is_email_verified",
        ],
        Mapping {
            name: "/data/attributes/full_name",
            username: "/data/attributes/vanity",
            avatar: "/data/attributes/image_url",
            email: Email::When("/data/attributes/email", &["/data/attributes/is_email_verified"]),
            ..Mapping::by_text("/data/id")
        },
    )
}
