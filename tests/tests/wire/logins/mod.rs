//! Every way to log in but other services, with a real mail server.

mod belongings;
mod email_change;
mod impersonation;
mod mails;
mod origins;
mod otp;
mod password_reset;
mod second_factor;
mod tokens;
mod verification;

use baibase_tests::{MailServer, Reply, Server, Setup};
use serde_json::{Value, json};

const PASSWORD: &str = "12345678";

/// A server with a collection `people`, and the mail server that it sends to.
struct World {
    server: Server,
    root: String,
    mails: MailServer,
}

impl World {
    /// With these options of the collection over the usual ones.
    async fn new(options: Value) -> Self {
        let mails = MailServer::start().await;
        let server = Setup::bare().superuser().start().await;
        let root = server.superuser().await;
        let world = Self { server, root, mails };
        world.patch_as_root("/api/settings", &world.mails.settings()).await.expect(200);
        let own = "id = @request.auth.id";
        let template =
            |name: &str| json!({"subject": name, "body": "<p>{TOKEN}{OTP} {OTP_ID} {ALERT_INFO}</p>"});
        let mut collection = json!({
            "name": "people", "type": "auth", "createRule": "", "viewRule": "", "updateRule": own, "deleteRule": own,
            "fields": [{"type": "text", "name": "name"}],
            "otp": {"enabled": true, "length": 6, "duration": 60, "emailTemplate": template("otp")},
            "authAlert": {"enabled": false, "emailTemplate": template("alert")},
            "verificationTemplate": template("verification"),
            "resetPasswordTemplate": template("reset"),
            "confirmEmailChangeTemplate": template("change"),
        });
        merge(&mut collection, &options);
        let create = world.server.post("/api/collections").token(&world.root).json(&collection);
        create.send().await.expect(200);
        world
    }

    /// Signs somebody up at `name@example.com`, and gives the id.
    async fn sign_up(&self, name: &str) -> String {
        let body = json!({
            "email": format!("{name}@example.com"), "name": name, "password": PASSWORD, "passwordConfirm": PASSWORD,
        });
        self.people("records", &body).await.expect(200).at("/id").to_owned()
    }

    /// Posts to the collection as a guest.
    async fn people(&self, path: &str, body: &Value) -> Reply {
        self.server.post(&format!("/api/collections/people/{path}")).json(body).send().await
    }

    /// Posts to the collection with a token.
    async fn people_as(&self, token: &str, path: &str, body: &Value) -> Reply {
        self.server.post(&format!("/api/collections/people/{path}")).token(token).json(body).send().await
    }

    async fn with_password(&self, name: &str, password: &str) -> Reply {
        let body = json!({"identity": format!("{name}@example.com"), "password": password});
        self.people("auth-with-password", &body).await
    }

    /// A token of somebody who has the usual password.
    async fn token(&self, name: &str) -> String {
        self.with_password(name, PASSWORD).await.expect(200).at("/token").to_owned()
    }

    /// Asks for a one-time password, and gives its id and, from the mail, itself.
    async fn otp(&self, name: &str) -> (String, String) {
        let body = json!({"email": format!("{name}@example.com")});
        let id = self.people("request-otp", &body).await.expect(200).at("/otpId").to_owned();
        let mail = self.mails.next().await;
        assert!(mail.text.contains(&id), "{}", mail.text);
        // Where it went to is noted after it was sent.
        let sent = format!("SELECT \"sentTo\" FROM _otps WHERE id = '{id}'");
        for _ in 0..500 {
            if !self.server.database().text(&sent).is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        (id, mail.find(r"\b\d{6}\b"))
    }

    async fn with_otp(&self, id: &str, password: &str) -> Reply {
        self.people("auth-with-otp", &json!({"otpId": id, "password": password})).await
    }

    async fn patch_as_root(&self, path: &str, body: &Value) -> Reply {
        self.server.patch(path).token(&self.root).json(body).send().await
    }

    /// Changes options of the collection.
    async fn configure(&self, options: &Value) {
        self.patch_as_root("/api/collections/people", options).await.expect(200);
    }

    /// A record of the collection as a superuser sees it.
    async fn person(&self, id: &str) -> Reply {
        let path = format!("/api/collections/people/records/{id}");
        self.server.get(&path).token(&self.root).send().await.expect(200)
    }

    /// How many records a collection of the system has, those of the superuser left out.
    async fn count(&self, collection: &str) -> u64 {
        let path = format!("/api/collections/{collection}/records");
        let list = self
            .server
            .get(&path)
            .token(&self.root)
            .query(&[("filter", "collectionRef != 'pbc_3142635823'")]);
        let page = list.send().await.expect(200);
        page["totalItems"].as_u64().unwrap()
    }

    /// Whether a token is good for requests in the name of its record.
    async fn is_good(&self, token: &str) -> bool {
        match self.people_as(token, "auth-refresh", &json!({})).await.status {
            200 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }
}

/// Puts values over others, objects key by key.
fn merge(target: &mut Value, over: &Value) {
    match (target, over) {
        (Value::Object(target), Value::Object(over)) => {
            for (key, value) in over {
                merge(target.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (target, over) => target.clone_from(over),
    }
}
