//! The same seeds every time: on PostgreSQL every request is answered as on SQLite.

use baibase_differential::campaign::{Plan, compare};
use baibase_differential::run::Pair;

#[tokio::test]
async fn postgres_answers_like_sqlite() {
    let mut pair = Pair::of_stores().await.expect("both servers start");
    for seed in [1, 2, 3] {
        let plan = Plan { seed, cases: 300, per_schema: 60, findings: 1 };
        let mut told = String::new();
        let summary = compare(&mut pair, plan, |finding| told = finding.to_string()).await;
        let summary = summary.expect("both servers can be cleared");
        assert_eq!(summary.differences, 0, "{summary}\n{told}");
        assert!(summary.found > 40, "the cases ask for too little: {summary}");
    }
}
