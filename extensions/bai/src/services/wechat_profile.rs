//! Users completing their own profile.

use engine::{Engine, Find, Record, Request};

use super::accounts::{check_phone_is_free, essentials, refused_write};
use crate::error::{Code, Error};
use crate::model::phone;
use crate::model::profile::Promotion;
use crate::names::USERS;

/// What a user changes of the own profile.
pub(crate) struct Edit {
    /// The new values by field; none is empty, so that nothing is ever cleared.
    pub(crate) values: Vec<(&'static str, String)>,
    /// A code of WeChat for the phone number, which beats one among the values.
    pub(crate) phone_code: Option<String>,
    /// When this edit makes a visitor a member.
    pub(crate) promotion: Promotion,
}

/// Changes the profile and gives the user as it is stored then. An edit without values changes nothing.
pub(crate) async fn edit(
    engine: &Engine,
    wechat: &wechat::Client,
    request: &Request,
    user: &Record,
    edit: Edit,
) -> Result<Record, Error> {
    let mut values = edit.values;
    if let Some(code) = edit.phone_code {
        let phone =
            wechat.phone_number(&code).await.map_err(|source| Error::WeChat { code: Code::Phone, source })?;
        values.retain(|(field, _)| *field != "users_phone");
        values.push(("users_phone", phone::of_wechat(phone)));
    }
    if values.is_empty() {
        return Ok(user.clone());
    }

    let mut tx = engine.begin().await?;
    let own = Find::all().eq("id", user.id());
    let before = tx.find_first(USERS, &own).await?.ok_or(Error::UserNotFound)?;
    let mut after = before.clone();
    for (field, value) in values {
        after.set(field, value);
    }
    let promoted =
        edit.promotion.after_edit(before.text("users_type"), essentials(&before), essentials(&after));
    if let Some(users_type) = promoted {
        after.set("users_type", users_type);
    }
    let (phone, idtype) = (after.text("users_phone").to_owned(), after.text("users_idtype").to_owned());
    check_phone_is_free(&mut tx, &phone, &idtype, before.id()).await?;
    tx.update(request, &mut after).await.map_err(refused_write)?;
    tx.commit().await?;
    Ok(after)
}
