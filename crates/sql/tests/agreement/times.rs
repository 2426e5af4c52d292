use baibase_sql::{Expr, Function, Select};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use crate::expressions::config;
use crate::stores::Stores;

fn time() -> impl Strategy<Value = Expr> {
    let date = prop_oneof![
        4 => (0..=9999_i32, 1..=12_u8, 1..=31_u8).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        2 => (1970..=2030_i32, 1..=12_u8, 27..=31_u8).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        1 => (0..=5000_i32, 1..=12_u8, 1..=31_u8).prop_map(|(y, m, d)| format!("-{y:04}-{m:02}-{d:02}")),
        1 => select(vec!["2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32", "24-01-01", "2024-1-1"])
            .prop_map(str::to_owned),
    ];
    let clock = prop_oneof![
        4 => (0..=24_u8, 0..=60_u8, 0..=60_u8, 0..=1999_u16).prop_map(|(h, m, s, f)| match f {
            1000.. => format!("{h:02}:{m:02}:{s:02}"),
            f => format!("{h:02}:{m:02}:{s:02}.{f:03}"),
        }),
        2 => (0..=24_u8, select(vec![0, 59_u8])).prop_map(|(h, m)| format!("{h:02}:{m:02}")),
        1 => select(vec!["10:20:30.9999", "10:20:30.12345678901234567890", "10:20:30.", "10:20:", "1:2", "24:00:00.1"])
            .prop_map(str::to_owned),
    ];
    let zone = select(vec![
        "", "Z", "z", " Z ", "+05:30", "-11:45", "-00:30", "+00:00", "+14:59", "+15:00", "+5:00", "x",
    ]);
    let number = prop_oneof![
        -1.0e3..6.0e6_f64,
        -3.0e11..3.0e11_f64,
        select(vec![0.0, -0.5, 5_373_484.499_999_9, 5_373_484.5, 2_460_000.0, 1e300]),
    ];
    prop_oneof![
        4 => (date.clone(), select(vec![" ", "T", "", " T "]), clock.clone(), zone.clone())
            .prop_map(|(date, gap, clock, zone)| format!("{date}{gap}{clock}{zone}").into()),
        2 => date.prop_map(Expr::from),
        1 => (clock, zone).prop_map(|(clock, zone)| format!("{clock}{zone}").into()),
        2 => number.clone().prop_map(Expr::from),
        1 => number.prop_map(|number| format!(" {number} ").into()),
        1 => any::<i32>().prop_map(|number| i64::from(number).into()),
        1 => select(vec!["", "noon", "2024-02-30 ", "2024-01-01 x", "0x10"]).prop_map(Expr::from),
        1 => Just(Expr::NULL),
    ]
}

fn modifier() -> impl Strategy<Value = String> {
    let units =
        vec!["second", "minutes", "hour", "days", "months", "Year", "month", "years", "week", "s", "day s"];
    let amount = prop_oneof![
        (-40..40_i32).prop_map(|number| format!("{number:+}")),
        (-20_000.0..20_000.0_f64).prop_map(|number| format!("{number:+.3}")),
        select(vec!["1", "+0.5", "-1.5", "+1e3", "1e", "+", "5373484", "-1e12"]).prop_map(str::to_owned),
    ];
    let word = select(vec![
        "start of day",
        "start of month",
        "start of year",
        "end of day",
        "end of month",
        "end of year",
        "Start Of Month",
        "start of week",
        "weekday 0",
        "weekday 3",
        "weekday -3",
        "weekday 6.0",
        "weekday 7",
        "weekday 1.5",
        "weekday x",
        "weekday -0",
        "unixepoch",
        "julianday",
        "auto",
        "subsec",
        "subsecond",
        "ceiling",
        "floor",
        "",
        "nonsense",
    ]);
    let shift = prop_oneof![
        (select(vec!["+", "-", ""]), 0..=24_u8, 0..=59_u8)
            .prop_map(|(sign, h, m)| format!("{sign}{h:02}:{m:02}")),
        (select(vec!["+", "-"]), 0..=24_u8, 0..=59_u8)
            .prop_map(|(sign, h, s)| format!("{sign}{h:02}:30:{s:02}.250")),
        (select(vec!["+", "-", ""]), 0..=9999_u16, 0..=12_u8, 0..=31_u8)
            .prop_map(|(sign, y, m, d)| format!("{sign}{y:04}-{m:02}-{d:02}")),
        (select(vec!["+", "-"]), 0..=20_000_u16).prop_map(|(sign, y)| format!("{sign}{y:05}-01-02 03:04")),
        select(vec!["+12:60", "+0001-01-01 ", "+0001-01-01 1", "+1:2", "10:00Z", "+10:00+01:00"])
            .prop_map(str::to_owned),
    ];
    prop_oneof![
        3 => (amount, select(vec![" ", "  ", ""]), select(units)).prop_map(|(a, gap, unit)| format!("{a}{gap}{unit}")),
        3 => word.prop_map(str::to_owned),
        2 => shift,
    ]
}

fn format() -> impl Strategy<Value = String> {
    let letters = vec![
        "%d", "%e", "%f", "%F", "%G", "%g", "%H", "%I", "%j", "%J", "%k", "%l", "%m", "%M", "%p", "%P", "%R",
        "%s", "%S", "%T", "%u", "%U", "%V", "%w", "%W", "%Y", "%%", "é", " ",
    ];
    let all = letters.concat();
    prop_oneof![
        8 => Just(all),
        1 => prop::collection::vec(select(letters), 0..4).prop_map(|letters| letters.concat()),
        1 => select(vec!["%", "%x", "%Y%", "a%Qb"]).prop_map(str::to_owned),
    ]
}

#[test]
fn times() {
    let stores = Stores::open();
    let times = (format(), time(), prop::collection::vec(modifier(), 0..4));
    // A statement has several times, for it takes longer to prepare than to run.
    let several = prop::collection::vec(times, 40);
    let test = |times: Vec<(String, Expr, Vec<String>)>| {
        let select = times.iter().fold(Select::new(), |select, (format, time, modifiers)| {
            let arguments = [format.as_str().into(), time.clone()].into_iter();
            let modifiers = modifiers.iter().map(|modifier| Expr::from(modifier.as_str()));
            select.column(Expr::Call(Function::Strftime, arguments.chain(modifiers).collect()))
        });
        let [sqlite, postgres] = stores.rows(&select, |row| {
            (0..40).map(|column| row.get(column).to_text().map(String::from)).collect::<Vec<_>>()
        });
        for ((time, sqlite), postgres) in times.iter().zip(&sqlite[0]).zip(&postgres[0]) {
            prop_assert_eq!(sqlite, postgres, "{:?}", time);
        }
        Ok(())
    };
    TestRunner::new(config()).run(&several, test).unwrap_or_else(|error| panic!("{error}"));
}
