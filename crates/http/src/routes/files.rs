//! Files of records.

use axum::extract::{Request, State};
use axum::response::Response;
use engine::{Json, Wanted};
use serde_json::json;

use crate::extract::Params;
use crate::middleware::Frameable;
use crate::serve_file::serve_file;
use crate::{ApiError, App, Asker, reply};

/// `POST /api/files/token`: a token for protected files, for whoever is logged in.
pub(crate) async fn token(State(app): State<App>, asker: Asker) -> Result<Response, ApiError> {
    let record = asker.request.auth.as_deref();
    let record = record
        .ok_or_else(|| ApiError::unauthorized("The request requires valid record authorization token."))?;
    let token = app.engine().file_token(record)?;
    reply::json(&asker, Json(json!({"token": token}).to_string().into_bytes()))
}

/// `GET /api/files/{collection}/{record}/{name}`
pub(crate) async fn download(
    State(app): State<App>,
    Params((collection, record, name)): Params<(String, String, String)>,
    asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let engine = app.engine();
    let wanted = Wanted {
        collection: &collection,
        record: &record,
        name: &name,
        token: asker.request.parameter("token"),
        thumb: asker.request.parameter("thumb"),
    };
    let file = engine.download(&asker.request, wanted).await?;
    let (parts, _) = request.into_parts();
    let mut response = serve_file(engine.blobs(), &file.key, &file.name, &parts).await?;
    response.extensions_mut().insert(Frameable);
    Ok(response)
}
