use axum::extract::State;
use serde::Serialize;

use super::OPENID_HEADER;
use crate::api::call::Call;
use crate::api::reply::Envelope;
use crate::api::state::Shared;
use crate::error::Error;
use crate::services::refresh;

#[derive(Debug, Serialize)]
pub(crate) struct RefreshData {
    token: String,
}

/// `POST /api/wechat/refresh-token`: a token for whoever knows an openid. The document demands it.
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<RefreshData>, Error> {
    call.ignore_body()?;
    let openid = call.header(OPENID_HEADER).ok_or(Error::OpenidMissing)?;
    let token = refresh::issue(shared.engine(), &call.asker.request, openid).await?;
    Ok(Envelope::ok("刷新成功", RefreshData { token }))
}
