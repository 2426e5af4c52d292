use axum::extract::State;
use serde::Serialize;

use crate::api::call::Call;
use crate::api::reply::Envelope;
use crate::api::state::Shared;
use crate::api::wechat;
use crate::error::Error;
use crate::services::accounts;
use crate::view::LegacyUserInfo;

#[derive(Debug, Serialize)]
pub(crate) struct LoginData {
    status: &'static str,
    is_info_complete: bool,
    token: String,
    user: LegacyUserInfo,
}

/// `POST /api/wechat/login`: as on the main listener, with the token among the data.
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<LoginData>, Error> {
    let signed_in = wechat::login::sign_in(&shared, &call).await?;
    let data = LoginData {
        status: signed_in.status.name(),
        is_info_complete: accounts::essentials(&signed_in.user).is_complete(),
        user: LegacyUserInfo::load(shared.engine(), &signed_in.user).await?,
        token: signed_in.login.token,
    };
    Ok(Envelope::ok("登录成功", data))
}
