use axum::extract::State;
use serde::Serialize;

use super::OPENID_HEADER;
use crate::api::call::Call;
use crate::api::reply::Envelope;
use crate::api::state::Shared;
use crate::error::Error;
use crate::model::profile::Promotion;
use crate::services::wechat_profile::{Edit, edit};
use crate::view::LegacyUserInfo;

#[derive(Debug, Serialize)]
pub(crate) struct ProfileData {
    status: &'static str,
    user: LegacyUserInfo,
}

/// `POST /api/wechat/profile`: all three fields are required, and the header has to name the user of the token.
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<ProfileData>, Error> {
    let user = call.require_user()?;
    if call.header(OPENID_HEADER) != Some(user.text("openid")) {
        return Err(Error::OpenidMismatch);
    }
    let mut form = call.form()?;
    let name = form.required("users_name");
    let phone_code = form.required("users_phone_code");
    let picture = form.required("users_picture");
    form.finish()?;

    let changes = Edit {
        values: vec![("users_name", name), ("users_picture", picture)],
        phone_code: Some(phone_code),
        promotion: Promotion::InOneEdit,
    };
    let user = edit(shared.engine(), &shared.bai.wechat, &call.asker.request, user, changes).await?;
    let data =
        ProfileData { status: "update_success", user: LegacyUserInfo::load(shared.engine(), &user).await? };
    Ok(Envelope::ok("更新成功", data))
}
