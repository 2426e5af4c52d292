//! Logging in to a collection, and what keeps a login in order.

use axum::extract::{Request, State};
use axum::response::Response;
use engine::{AuthAction, Context, LoginStep};
use http::StatusCode;

use super::{UNREADABLE, submitted};
use crate::extract::{Params, Superuser};
use crate::{ApiError, App, Asker, reply};

/// `GET /api/collections/{collection}/auth-methods`
pub(crate) async fn methods(
    State(app): State<App>,
    Params(collection): Params<String>,
    asker: Asker,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().auth_methods(&collection)?)
}

/// `POST /api/collections/{collection}/auth-with-password`
pub(crate) async fn with_password(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().offers(AuthAction::Password, &collection)?;
    read(&app, &mut asker, request).await?;
    asker.request.context = Context::Password;
    login(&asker, app.engine().auth_with_password(&asker.request, &collection).await?)
}

/// `POST /api/collections/{collection}/auth-with-oauth2`
pub(crate) async fn with_oauth2(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().offers(AuthAction::OAuth2, &collection)?;
    read(&app, &mut asker, request).await?;
    login(&asker, app.engine().auth_with_oauth2(&asker.request, &collection).await?)
}

/// `POST /api/collections/{collection}/request-otp`
pub(crate) async fn request_otp(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().offers(AuthAction::RequestOtp, &collection)?;
    read(&app, &mut asker, request).await?;
    reply::json(&asker, app.engine().request_otp(&asker.request, &collection).await?)
}

/// `POST /api/collections/{collection}/auth-with-otp`
pub(crate) async fn with_otp(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().offers(AuthAction::Otp, &collection)?;
    read(&app, &mut asker, request).await?;
    asker.request.context = Context::Otp;
    login(&asker, app.engine().auth_with_otp(&asker.request, &collection).await?)
}

/// `POST /api/collections/{collection}/auth-refresh`
pub(crate) async fn refresh(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().caller_in(&asker.request, &collection)?;
    asker.request.body = submitted(&app, request).await?;
    let login = app.engine().auth_refresh(&asker.request, &collection, &asker.token).await?;
    reply::json(&asker, login.to_json()?)
}

/// `POST /api/collections/{collection}/impersonate/{id}`
pub(crate) async fn impersonate(
    State(app): State<App>,
    Params((collection, id)): Params<(String, String)>,
    Superuser(mut asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().offers(AuthAction::Impersonate, &collection)?;
    read_any(&app, &mut asker, request).await?;
    let login = app.engine().impersonate(&asker.request, &collection, &id).await?;
    reply::json(&asker, login.to_json()?)
}

/// `POST /api/collections/{collection}/request-password-reset`
pub(crate) async fn request_password_reset(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().offers(AuthAction::RequestPasswordReset, &collection)?;
    read(&app, &mut asker, request).await?;
    app.engine().request_password_reset(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/collections/{collection}/confirm-password-reset`
pub(crate) async fn confirm_password_reset(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().offers(AuthAction::ConfirmPasswordReset, &collection)?;
    read_any(&app, &mut asker, request).await?;
    app.engine().confirm_password_reset(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/collections/{collection}/request-verification`
pub(crate) async fn request_verification(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().offers(AuthAction::RequestVerification, &collection)?;
    read(&app, &mut asker, request).await?;
    app.engine().request_verification(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/collections/{collection}/confirm-verification`
pub(crate) async fn confirm_verification(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().offers(AuthAction::ConfirmVerification, &collection)?;
    read(&app, &mut asker, request).await?;
    app.engine().confirm_verification(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/collections/{collection}/request-email-change`
pub(crate) async fn request_email_change(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().caller_in(&asker.request, &collection)?;
    app.engine().offers(AuthAction::RequestEmailChange, &collection)?;
    read(&app, &mut asker, request).await?;
    app.engine().request_email_change(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/collections/{collection}/confirm-email-change`
pub(crate) async fn confirm_email_change(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<StatusCode, ApiError> {
    app.engine().offers(AuthAction::ConfirmEmailChange, &collection)?;
    read(&app, &mut asker, request).await?;
    app.engine().confirm_email_change(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads the body into the asker's request.
async fn read(app: &App, asker: &mut Asker, request: Request) -> Result<(), ApiError> {
    asker.request.body = submitted(app, request).await.map_err(|error| error.with_message(UNREADABLE))?;
    Ok(())
}

/// The same for routes that have one message for all that cannot be read.
async fn read_any(app: &App, asker: &mut Asker, request: Request) -> Result<(), ApiError> {
    asker.request.body = submitted(app, request).await.map_err(|error| error.with_one_message(UNREADABLE))?;
    Ok(())
}

/// The reply to a login: the token and its record, or 401 with what the second method has to send along.
fn login(asker: &Asker, step: LoginStep) -> Result<Response, ApiError> {
    match step {
        LoginStep::Done(login) => reply::json(asker, login.to_json()?),
        LoginStep::SecondFactor(id) => {
            let json = serde_json::json!({"mfaId": id});
            Ok(reply::raw(StatusCode::UNAUTHORIZED, json.to_string().into_bytes()))
        }
    }
}
