//! Logins on a clock that is moved by hand, and the hooks that they run.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::sync::Arc;

use ambient::ManualClock;
use async_trait::async_trait;
use engine::hooks::{AuthRequestEvent, HookRegistry, MailEvent, Message, RecordHooks};
use engine::{AuthAction, Engine, Extension, LoginStep, Parts, Request, Result};
use mail::MemoryMailer;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tempfile::TempDir;

use baibase_engine as engine;

mod support;

use support::{open, parsed, parts, with_body};

/// Notes what happens; knows Anna by another name as well, and sends Bert's mails elsewhere.
#[derive(Default)]
struct Watcher(Mutex<Vec<String>>);

struct Watching(Arc<Watcher>);

impl Extension for Watching {
    fn name(&self) -> &'static str {
        "watching"
    }

    fn hooks(&self, registry: &mut HookRegistry) {
        registry.on("users", Arc::clone(&self.0) as Arc<dyn RecordHooks>);
    }
}

#[async_trait]
impl RecordHooks for Watcher {
    async fn before_auth_request(&self, event: &mut AuthRequestEvent<'_>) -> Result<()> {
        let found = event.record.is_some();
        self.0.lock().push(format!("{:?} {found}", event.action));
        let alias = event.request.body.get("identity") == Some(&json!("annie"));
        if event.action == AuthAction::Password && alias {
            let find = engine::Find::all().eq("email", "anna@example.com");
            *event.record = event.engine.find_first(&event.collection.id, &find).await?;
        }
        Ok(())
    }

    async fn before_mail(&self, event: &mut MailEvent<'_>) -> Result<()> {
        self.0.lock().push(format!("mail {:?}", event.kind));
        if event.record.text("email") == "bert@example.com" {
            event.message.to = "elsewhere@example.com".to_owned();
        }
        Ok(())
    }
}

struct World {
    engine: Engine,
    clock: Arc<ManualClock>,
    mailer: Arc<MemoryMailer>,
    watcher: Arc<Watcher>,
    _dir: TempDir,
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new("2026-03-01T12:00:00Z".parse().unwrap()));
        let (mailer, watcher) = (Arc::new(MemoryMailer::default()), Arc::new(Watcher::default()));
        let store = Arc::new(open(&dir.path().join("data.db")));
        let parts = parts(store, dir.path(), vec![Arc::new(Watching(watcher.clone()))]);
        let engine =
            Engine::start(Parts { clock: clock.clone(), mailer: mailer.clone(), ..parts }).await.unwrap();
        let template = |text: &str| json!({"subject": "mail", "body": text});
        let options = json!({
            "createRule": "", "otp": {"enabled": true, "duration": 60, "emailTemplate": template("{OTP}")},
            "authAlert": {"enabled": false}, "verificationTemplate": template("{TOKEN}"),
            "resetPasswordTemplate": template("{TOKEN}"),
        });
        engine.update_collection("users", &options).await.unwrap();
        let world = Self { engine, clock, mailer, watcher, _dir: dir };
        for name in ["anna", "bert"] {
            let body = json!({"email": format!("{name}@example.com"), "password": "12345678",
                "passwordConfirm": "12345678"});
            world.engine.create(&request(body), "users", Vec::new()).await.unwrap();
        }
        world
    }

    fn seconds(&self, seconds: i64) {
        self.clock.advance_ms(seconds * 1000);
    }

    /// The mails that were sent, once there are so many.
    async fn mails(&self, count: usize) -> Vec<Message> {
        let mut mails = Vec::new();
        for _ in 0..1000 {
            mails.extend(self.mailer.take());
            if mails.len() >= count {
                return mails;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{} of {count} mails", mails.len());
    }

    async fn otp(&self) -> (String, String) {
        let reply = self.engine.request_otp(&request(json!({"email": "anna@example.com"})), "users").await;
        let id = parsed(&reply.unwrap())["otpId"].as_str().unwrap().to_owned();
        (id, body_of(&self.mails(1).await[0]))
    }

    async fn with_otp(&self, otp: &(String, String)) -> Result<LoginStep> {
        let body = json!({"otpId": otp.0, "password": otp.1});
        self.engine.auth_with_otp(&request(body), "users").await
    }
}

fn request(body: Value) -> Request {
    with_body(&Request { ip: "127.0.0.1".to_owned(), ..Request::default() }, body)
}

/// The text of a mail without what stands around it.
fn body_of(mail: &Message) -> String {
    let (_, rest) = mail.html.split_once("<body>").unwrap();
    rest.split_once("</body>").unwrap().0.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_time_passwords_grow_old() {
    let world = World::new().await;
    let otp = world.otp().await;
    world.seconds(60);
    assert!(world.with_otp(&otp).await.is_ok());
    let otp = world.otp().await;
    world.seconds(61);
    assert!(world.with_otp(&otp).await.is_err());
    assert_eq!(world.engine.count("_otps", None).await.unwrap(), 1);
    world.engine.delete_expired_otps().await.unwrap();
    assert_eq!(world.engine.count("_otps", None).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_factor_grows_old() {
    let world = World::new().await;
    let mfa = json!({"mfa": {"enabled": true, "duration": 30}});
    world.engine.update_collection("users", &mfa).await.unwrap();
    let login = request(json!({"identity": "anna@example.com", "password": "12345678"}));
    let first = async || match world.engine.auth_with_password(&login, "users").await.unwrap() {
        LoginStep::SecondFactor(id) => id,
        LoginStep::Done(login) => panic!("{login:?}"),
    };
    let second = async |id: &str| {
        let otp = world.otp().await;
        let body = json!({"otpId": otp.0, "password": otp.1, "mfaId": id});
        world.engine.auth_with_otp(&request(body), "users").await
    };
    let id = first().await;
    world.seconds(30);
    assert!(matches!(second(&id).await, Ok(LoginStep::Done(_))));
    let id = first().await;
    world.seconds(31);
    assert!(second(&id).await.is_err());
    assert_eq!(world.engine.count("_mfas", None).await.unwrap(), 0);
    first().await;
    world.seconds(31);
    world.engine.delete_expired_mfas().await.unwrap();
    assert_eq!(world.engine.count("_mfas", None).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_grow_old_and_nobody_is_flooded() {
    let world = World::new().await;
    let ask = async || {
        let email = request(json!({"email": "anna@example.com"}));
        world.engine.request_verification(&email, "users").await.unwrap();
    };
    ask().await;
    ask().await;
    world.seconds(119);
    ask().await;
    assert_eq!(world.mails(1).await.len(), 1);
    world.seconds(1);
    ask().await;
    let mail = world.mails(1).await.remove(0);
    let confirm = async || {
        let token = request(json!({"token": body_of(&mail)}));
        world.engine.confirm_verification(&token, "users").await
    };
    world.seconds(86_400);
    let late = confirm().await.unwrap_err();
    assert_eq!(late.data.to_json()["token"]["code"], "validation_invalid_token");
    world.seconds(-1);
    confirm().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_see_every_request_and_every_mail() {
    let world = World::new().await;
    let engine = &world.engine;
    let reset = request(json!({"email": "bert@example.com"}));
    engine.request_password_reset(&reset, "users").await.unwrap();
    let mail = world.mails(1).await.remove(0);
    assert_eq!(mail.to, "elsewhere@example.com");
    let body = json!({"token": body_of(&mail), "password": "87654321", "passwordConfirm": "87654321"});
    engine.confirm_password_reset(&request(body), "users").await.unwrap();
    let login = |identity: &str, password: &str| {
        let request = request(json!({"identity": identity, "password": password}));
        async move { engine.auth_with_password(&request, "users").await }
    };
    assert!(login("bert@example.com", "87654321").await.is_ok());
    // A hook may know somebody whom the identity fields do not; the password is looked at all the same.
    assert!(login("annie", "12345678").await.is_ok());
    assert!(login("annie", "wrong").await.is_err());
    assert!(login("nobody", "12345678").await.is_err());
    world.otp().await;
    let seen = std::mem::take(&mut *world.watcher.0.lock());
    assert_eq!(
        seen,
        [
            "RequestPasswordReset true",
            "mail PasswordReset",
            "ConfirmPasswordReset true",
            "Password true",
            "Password false",
            "Password false",
            "Password false",
            "RequestOtp true",
            "mail Otp",
        ]
    );
}
