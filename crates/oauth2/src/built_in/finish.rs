//! What of a profile is put together, chosen by an option, or not in the profile at all.

use jiff::Timestamp;
use serde_json::Value;

use crate::{Error, Profile, Session, Token, User};

type Done = Result<(), Error>;

pub(super) fn discord(_: &Session<'_>, _: &Token, profile: &Profile, user: &mut User) -> Done {
    let avatar = profile.text("/avatar")?;
    if !avatar.is_empty() {
        user.avatar_url = format!("https://cdn.discordapp.com/avatars/{}/{avatar}.png", user.id);
    }
    if user.name.is_empty() {
        user.name.clone_from(&user.username);
        // Accounts of before names were unique still have a number.
        let number = profile.text("/discriminator")?;
        if !number.is_empty() && number != "0" {
            user.name = format!("{}#{number}", user.name);
        }
    }
    Ok(())
}

pub(super) fn gitlab(_: &Session<'_>, _: &Token, profile: &Profile, user: &mut User) -> Done {
    if profile.text("/confirmed_at")?.parse::<Timestamp>().is_err() {
        user.email.clear();
    }
    Ok(())
}

pub(super) fn instagram(_: &Session<'_>, token: &Token, profile: &Profile, user: &mut User) -> Done {
    if !profile.has("/permissions")
        && let Some(permissions) = token.raw.get("permissions").filter(|value| !value.is_null())
    {
        user.raw.insert("permissions".to_owned(), permissions.clone());
    }
    Ok(())
}

pub(super) fn mailcow(_: &Session<'_>, _: &Token, _: &Profile, user: &mut User) -> Done {
    if let Some((name, _)) = user.username.split_once('@') {
        user.username = name.to_owned();
    }
    Ok(())
}

/// Which claim of the ID token is a verified address, an option says: Microsoft's profile alone does not.
pub(super) fn microsoft(session: &Session<'_>, token: &Token, _: &Profile, user: &mut User) -> Done {
    let claims = || id_token_of_microsoft(session, token);
    let primary = || claims().text("/verified_primary_email").unwrap_or_default();
    let owned = || {
        let claims = claims();
        if claims.loose_flag("/xms_edov") { claims.text("/email").unwrap_or_default() } else { String::new() }
    };
    match session.client.extra_text("idTokenEmailClaim") {
        "any_verified" => {
            user.email = primary();
            if user.email.is_empty() {
                user.email = owned();
            }
        }
        "verified_primary_email" => user.email = primary(),
        "email_and_xms_edov" => user.email = owned(),
        "email" => user.email = claims().text("/email").unwrap_or_default(),
        _ => {}
    }
    Ok(())
}

/// The claims of an ID token that came from the service itself; none when it is not valid now.
fn id_token_of_microsoft(session: &Session<'_>, token: &Token) -> Profile {
    crate::id_token::trusted_claims(session, token).unwrap_or_default().into()
}

pub(super) fn strava(_: &Session<'_>, _: &Token, profile: &Profile, user: &mut User) -> Done {
    user.name = format!("{} {}", profile.text("/firstname")?, profile.text("/lastname")?);
    if user.id == "0" {
        user.id.clear();
    }
    Ok(())
}

pub(super) fn twitch(_: &Session<'_>, _: &Token, profile: &Profile, _: &mut User) -> Done {
    entry(profile, "/data/0")
}

/// VK gives the address with the token.
pub(super) fn vk(_: &Session<'_>, token: &Token, profile: &Profile, user: &mut User) -> Done {
    entry(profile, "/response/0")?;
    let (first, last) = (profile.text("/response/0/first_name")?, profile.text("/response/0/last_name")?);
    user.name = format!("{first} {last}").trim().to_owned();
    user.email = match token.raw.get("email") {
        Some(Value::String(email)) => email.clone(),
        _ => String::new(),
    };
    Ok(())
}

pub(super) fn wakatime(_: &Session<'_>, _: &Token, profile: &Profile, user: &mut User) -> Done {
    if !profile.flag("/data/photo_public")? {
        user.avatar_url.clear();
    }
    Ok(())
}

pub(super) fn yandex(_: &Session<'_>, _: &Token, profile: &Profile, user: &mut User) -> Done {
    if !profile.flag("/is_avatar_empty")? {
        let avatar = profile.text("/default_avatar_id")?;
        user.avatar_url = format!("https://avatars.yandex.net/get-yapic/{avatar}/islands-200");
    }
    Ok(())
}

fn entry(profile: &Profile, pointer: &str) -> Done {
    if profile.has(pointer) { Ok(()) } else { Err(Error::malformed("profile", "there is no user in it")) }
}
