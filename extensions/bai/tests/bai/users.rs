//! Users as the native API creates and changes them.

use serde_json::{Value, json};

use crate::service::{PASSWORD, Service, registration};

const USERS: &str = "/api/collections/tbl_auth_users/records";

fn user(more: Value) -> Value {
    let mut user = json!({"password": PASSWORD, "passwordConfirm": PASSWORD});
    let (Value::Object(fields), Value::Object(more)) = (&mut user, more) else { panic!("objects") };
    fields.extend(more);
    user
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superuser_needs_to_say_only_what_nobody_else_knows() {
    let service = Service::start().await;
    let superuser = service.superuser().await;
    let platform = user(json!({"users_idtype": "ManagePlatform", "users_phone": "13800138000"}));
    let platform = service.post(USERS, &superuser, platform).await.expect(200);
    assert_eq!(platform.at("/openid").len(), 36);
    assert_eq!(platform.at("/email"), format!("{}@manage.local", platform.at("/openid")));
    assert_eq!((platform.at("/users_type"), platform.at("/users_id")), ("注册用户", "U202603190001"));
    let login = json!({"users_phone": "13800138000", "password": PASSWORD});
    service.post("/api/platform/login", "", login).await.expect(200);

    let wechat = user(json!({"users_idtype": "WeChat", "openid": "oAnna"}));
    let wechat = service.post(USERS, &superuser, wechat).await.expect(200);
    assert_eq!((wechat.at("/email"), wechat.at("/users_type")), ("oAnna@wechat.local", "游客"));
    let nobody = service.post(USERS, &superuser, user(json!({"users_idtype": "WeChat"}))).await.expect(400);
    assert_eq!(nobody.at("/data/openid/code"), "validation_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_changes_others_but_not_who_they_are() {
    let service = Service::start().await;
    let anna = service.log_in("anna").await;
    let (path, openid) =
        (format!("{USERS}/{}", anna.at("/record/id")), anna.at("/data/user/openid").to_owned());
    let manager = service.register("13800138000").await.at("/token").to_owned();
    let patch = async |token: &str, body: Value| service.send("PATCH", &path, token, body).await;
    assert_eq!(patch(&manager, json!({"users_tag": "x"})).await.expect(200).at("/users_tag"), "x");
    // Said again and not changed.
    patch(&manager, json!({"openid": openid, "users_tag": "y"})).await.expect(200);
    for body in [json!({"openid": "x"}), json!({"users_idtype": "ManagePlatform"}), json!({"users_id": "U1"})]
    {
        patch(&manager, body).await.expect(404);
    }
    patch(anna.at("/token"), json!({"users_idtype": "ManagePlatform"})).await.expect(404);
    patch("", json!({"users_tag": "z"})).await.expect(404);
    let superuser = service.superuser().await;
    assert_eq!(patch(&superuser, json!({"users_id": ""})).await.expect(200).at("/users_id"), "U202603190001");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_a_phone_twice() {
    let service = Service::start().await;
    let superuser = service.superuser().await;
    service.register("13800138000").await;
    let same = user(json!({"users_idtype": "ManagePlatform", "users_phone": "13800138000"}));
    let refused = service.post(USERS, &superuser, same).await.expect(400);
    assert_eq!(refused.at("/data/users_phone/code"), "validation_not_unique");
    let other_kind = user(json!({"users_idtype": "WeChat", "openid": "o1", "users_phone": "13800138000"}));
    service.post(USERS, &superuser, other_kind).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_phone_and_a_text_that_is_too_long_are_refused_by_field() {
    let service = Service::start().await;
    service.register("13800138000").await;
    let taken = service.post("/api/platform/register", "", registration("13800138000")).await.expect(400);
    assert_eq!(
        (taken.at("/msg"), taken.at("/data/users_phone/code")),
        ("手机号已被占用", "validation_not_unique")
    );
    let mut long = registration("13800138001");
    long["users_name"] = "x".repeat(5001).into();
    let refused = service.post("/api/platform/register", "", long).await.expect(400);
    assert_eq!(refused.at("/msg"), "参数错误:users_name");
    assert_eq!(refused.at("/data/users_name/code"), "validation_max_text_constraint");
}
