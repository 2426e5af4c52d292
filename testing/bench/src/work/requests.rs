use std::rc::Rc;

use super::load::{Context, Load, Targets};
use crate::data::{FILE, Kind, user_name};
use crate::http::{Slot, Template};
use crate::report::Bound::AtLeast;

const POSTS: &str = "/api/collections/bench_posts/records";
const ENTRIES: &str = "/api/collections/bench_entries/records";

/// What is asked of servers as often as they can answer.
pub(super) static LOADS: [Load; 11] = [
    Load {
        targets: Targets { peer: Some(AtLeast(10.0)), floor: Some(AtLeast(0.7)) },
        floor: true,
        ..Load::new("by_id", "one record by id, public", 32, by_id)
    },
    Load {
        targets: at_least(10.0),
        floor: true,
        ..Load::new("by_id_auth", "one record by id, signed in", 32, by_id_auth)
    },
    Load {
        targets: Targets { peer: Some(AtLeast(8.0)), floor: Some(AtLeast(0.7)) },
        floor: true,
        ..Load::new("list", "list of 30, indexed", 32, list)
    },
    Load {
        targets: at_least(20.0),
        floor: true,
        ..Load::new("list_totals", "list of 30 with totals", 32, totals)
    },
    Load {
        targets: at_least(6.0),
        floor: true,
        ..Load::new("list_relation", "list by relation, with expand", 32, relation)
    },
    Load { targets: at_least(8.0), floor: true, ..Load::new("create", "create a record", 64, create) },
    Load { targets: at_least(8.0), floor: true, ..Load::new("update", "update a record", 64, update) },
    Load {
        targets: at_least(8.0),
        expected: 204,
        floor: true,
        ..Load::new("delete", "delete a record", 64, delete)
    },
    Load { targets: at_least(8.0), ..Load::new("auth_refresh", "auth-refresh", 32, refresh) },
    Load {
        own_only: true,
        before: Some((KNOWN, wechat_first)),
        ..Load::new("wechat_login", "WeChat login, known user", 32, wechat_again)
    },
    Load { targets: at_least(2.0), ..Load::new("file", "file of 1 MB", 8, file) },
];

const fn at_least(bound: f64) -> Targets {
    Targets { peer: Some(AtLeast(bound)), floor: None }
}

pub(super) fn by_id(context: &Context) -> Template {
    get(&format!("{POSTS}/@"), "", vec![Slot::AnyId(Kind::Post, context.sizes.posts)])
}

fn by_id_auth(context: &Context) -> Template {
    let slots = vec![Slot::AnyId(Kind::Post, context.sizes.entries)];
    get("/api/collections/bench_posts_auth/records/@", context.token(), slots)
}

/// Fifty filters, as an application has some that return.
pub(super) fn list(_: &Context) -> Template {
    get(&format!("{}&skipTotal=1", list_path()), "", vec![thresholds()])
}

fn totals(_: &Context) -> Template {
    get(&list_path(), "", vec![thresholds()])
}

fn list_path() -> String {
    format!("{POSTS}?perPage=30&sort=-views&filter=published%3Dtrue%26%26views%3E%3D@")
}

fn thresholds() -> Slot {
    Slot::OneOf((20..70).map(|thousands| (thousands * 1000).to_string()).collect())
}

fn relation(context: &Context) -> Template {
    let names = (0..context.sizes.users.min(50)).map(|user| user_name(user).replace(' ', "%20"));
    let filter = "filter=owner.name%3D%22@%22%26%26published%3Dtrue";
    let path = format!("{POSTS}?perPage=30&skipTotal=1&sort=-views&expand=owner,tags&{filter}");
    get(&path, "", vec![Slot::OneOf(names.collect())])
}

fn create(context: &Context) -> Template {
    let text = "The harbour was quiet in the morning, and the letter had not come. ".repeat(4);
    let body = format!(
        r#"{{"title":"Post @","body":"{text}","views":@,"published":true,"owner":"@","tags":["@"]}}"#
    );
    let slots = vec![
        Slot::Counter,
        Slot::Number(10_000, 99_999),
        Slot::AnyId(Kind::User, context.sizes.users),
        Slot::AnyId(Kind::Tag, context.sizes.tags),
    ];
    Template::new("POST", ENTRIES, "", Some(&body), slots)
}

fn update(context: &Context) -> Template {
    let slots =
        vec![Slot::AnyId(Kind::Entry, context.sizes.entries), Slot::Counter, Slot::Number(10_000, 99_999)];
    let path = format!("{ENTRIES}/@");
    Template::new("PATCH", &path, "", Some(r#"{"title":"Post @","views":@}"#), slots)
}

fn delete(context: &Context) -> Template {
    let slots = vec![Slot::NextId(Kind::Spare, context.sizes.spares)];
    Template::new("DELETE", "/api/collections/bench_spares/records/@", "", None, slots)
}

fn refresh(context: &Context) -> Template {
    let slots = vec![Slot::OneOf(Rc::clone(&context.tokens))];
    Template::new("POST", "/api/collections/bench_users/auth-refresh", "@", Some("{}"), slots)
}

/// How many users of the simulator log in.
const KNOWN: usize = 20;

/// The first login of each, which creates it.
fn wechat_first(_: &Context) -> Template {
    wechat(r#"{"users_wx_code":"dev-bench@#first"}"#, vec![Slot::Counter])
}

fn wechat_again(_: &Context) -> Template {
    let names = (0..KNOWN).map(|name| format!("{name:012}")).collect();
    wechat(r#"{"users_wx_code":"dev-bench@#@"}"#, vec![Slot::OneOf(names), Slot::Counter])
}

fn wechat(body: &str, slots: Vec<Slot>) -> Template {
    Template::new("POST", "/api/wechat/login", "", Some(body), slots)
}

fn file(_: &Context) -> Template {
    get(&format!("/api/files/bench_documents/{}/{FILE}", Kind::Document.id(0)), "", Vec::new())
}

fn get(path: &str, token: &str, slots: Vec<Slot>) -> Template {
    Template::new("GET", path, token, None, slots)
}
