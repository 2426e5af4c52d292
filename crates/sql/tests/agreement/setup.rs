use baibase_sql::POSTGRES_SETUP;
use test_postgres::Cluster;

#[test]
fn it_can_be_run_again() {
    let database = Cluster::shared().database();
    database.run(POSTGRES_SETUP);
    database.run(POSTGRES_SETUP);
}

/// Restoring a dump, and maintenance of indexes, run without a search path.
#[test]
fn the_functions_find_each_other_without_a_search_path() {
    let database = Cluster::shared().database();
    database.run(POSTGRES_SETUP);
    let calls = [
        "baibase_text(0.1::float8)",
        "baibase_number_text(5)",
        "baibase_numeric('x')",
        "baibase_rank('x')",
        "baibase_key('x')",
        "baibase_key(1.5)",
        "baibase_key(true)",
        "baibase_numeric_key('5')",
        "baibase_json_extract('{\"a\": [1]}', '{.a}')",
        "baibase_key(public.baibase_json_extract('[1.5]', '{#0}'))",
        "baibase_text('1.5'::json)",
        "baibase_number('\"5\"'::json)",
        "baibase_numeric('\"5\"'::json)",
        "baibase_rank('5'::json)",
        "baibase_numeric_key('5'::json)",
        "baibase_json_array_length('[1]')",
        "baibase_json_array_of('x', false)",
        "baibase_json_array_last('[{}]', true)",
        "baibase_json_items('[{}, true]', true)",
        "baibase_like('a', 'A')",
        "baibase_fixed_strftime('%Y', '2024-05-06', '{}')",
        "baibase_json_part('{\"a\": [1]}', '{.a}')",
        "baibase_name('x')",
        "baibase_strftime('%Y %j %W %J', '2024-05-06 07:08:09+01:00', '{+1 month,weekday 1,start of day}')",
    ];
    for call in calls {
        database.run(&format!("SET search_path = ''; SELECT public.{call}"));
    }
}
