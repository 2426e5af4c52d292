use serde_json::json;

use crate::{Reply, Server};

/// The password of users made by [`register`].
pub const PASSWORD: &str = "open sesame 123";

/// Registers a platform user with this phone.
pub async fn register(server: &Server, phone: &str) -> Reply {
    let body = json!({
        "users_name": "管理员",
        "users_phone": phone,
        "password": PASSWORD,
        "passwordConfirm": PASSWORD,
        "users_picture": "https://example.com/a.png",
    });
    server.post("/api/platform/register").json(&body).send().await.expect(200)
}
