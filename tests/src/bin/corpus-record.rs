//! Records the replies of a running PocketBase into the corpus: `corpus-record URL EMAIL PASSWORD [GROUP]...`
//!
//! The credentials are those of a superuser. Collections that a group leaves behind are deleted after it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic is how something is reported here"
)]

use baibase_tests::corpus::{Group, Runner};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [base, email, password, groups @ ..] = args.as_slice() else {
        panic!("usage: corpus-record URL EMAIL PASSWORD [GROUP]...");
    };
    let groups = if groups.is_empty() { Group::names() } else { groups.to_vec() };
    for name in &groups {
        let mut runner = Runner::new(base.trim_end_matches('/'), email, password).await;
        let before = runner.collections().await;
        let mut cases = 0;
        for (path, mut scenario) in Group::read(name).scenarios {
            for case in &mut scenario.cases {
                case.reply = Some(runner.run(case).await);
                if !runner.has_saved(case) {
                    println!("{}:{}: what is to be saved is not there", path.display(), case.line);
                }
            }
            cases += scenario.cases.len();
            std::fs::write(&path, scenario.to_string()).expect("a scenario can be written");
        }
        runner.clean_up(&before).await;
        println!("{name}: {cases} cases");
    }
}
