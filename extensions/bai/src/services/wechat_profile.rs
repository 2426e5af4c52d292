//! Users completing their own profile.

use engine::{Engine, Find, Record, Request, Tx, Work};

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

    let (values, promotion) = (&values, edit.promotion);
    let edited = engine
        .transaction(|tx| Work::new(async move { edit_in(tx, request, user.id(), values, promotion).await }));
    edited.await
}

async fn edit_in(
    tx: &mut Tx,
    request: &Request,
    id: &str,
    values: &[(&'static str, String)],
    promotion: Promotion,
) -> Result<Record, Error> {
    let before = tx.find_first(USERS, &Find::all().eq("id", id)).await?.ok_or(Error::UserNotFound)?;
    let mut after = before.clone();
    for (field, value) in values {
        after.set(field, value.as_str());
    }
    let promoted = promotion.after_edit(before.text("users_type"), essentials(&before), essentials(&after));
    if let Some(users_type) = promoted {
        after.set("users_type", users_type);
    }
    check_phone_is_free(tx, after.text("users_phone"), after.text("users_idtype"), before.id()).await?;
    tx.update(request, &mut after).await.map_err(refused_write)?;
    Ok(after)
}
