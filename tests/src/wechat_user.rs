use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::{Reply, Server};

/// A user of the simulator who is logged in.
#[derive(Debug, Clone)]
pub struct WeChatUser {
    /// The token that the login gave.
    pub token: String,
    /// The openid.
    pub openid: String,
    /// The id of the record.
    pub id: String,
}

/// Logs a name of the simulator in on the main listener.
pub async fn login(server: &Server, name: &str) -> WeChatUser {
    let body = json!({"users_wx_code": unique_code(&format!("dev-{name}"))});
    let reply = server.post("/api/wechat/login").json(&body).send().await.expect(200);
    let text = |pointer: &str| reply.at(pointer).to_owned();
    WeChatUser { token: text("/token"), openid: text("/data/user/openid"), id: text("/data/user/pb_id") }
}

/// A code of the simulator that was not sent before; it stands for the same as the code it is made of.
pub fn unique_code(code: &str) -> String {
    static USED: AtomicU32 = AtomicU32::new(0);
    format!("{code}#{}", USED.fetch_add(1, Ordering::Relaxed))
}

/// A phone code of the simulator for this number.
pub fn phone_code(number: &str) -> String {
    unique_code(&format!("phone-{number}"))
}

impl WeChatUser {
    /// Edits the profile.
    pub async fn edit(&self, server: &Server, body: Value) -> Reply {
        server.post("/api/wechat/profile").token(&self.token).json(&body).send().await
    }
}
