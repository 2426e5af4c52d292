use query::table::{Table, TableList};
use sql::{ColumnType, Expr, Function, Select, Source};
use store::{Cost, Row};

use super::LOGS;
use crate::json::Json;
use crate::records::{Access, ListOptions};
use crate::{Engine, Error, Result};

/// In the order in which they are sent.
const COLUMNS: [&str; 5] = ["id", "created", "data", "message", "level"];

const TABLE: Table<'static> = Table {
    name: LOGS,
    columns: &[
        ("id", ColumnType::Text),
        ("created", ColumnType::Text),
        ("data", ColumnType::Json),
        ("message", ColumnType::Text),
        ("level", ColumnType::Number),
    ],
};

impl Engine {
    /// A page of the stored logs, in the form of [`Self::list`].
    ///
    /// # Errors
    /// 400 for a filter, sort or paging that cannot be understood.
    pub async fn list_logs(&self, options: &ListOptions) -> Result<Json> {
        let (filter, sort) = options.parse().map_err(|error| error.refuse(true))?;
        let list = TableList {
            columns: &COLUMNS,
            filter: filter.as_ref(),
            sort: &sort,
            limit: options.per_page(),
            offset: options.offset(),
        };
        let page =
            TABLE.list(&list, self.clock().now()).map_err(|error| options.error(&error).refuse(true))?;
        let mut access = Access::Store(self.auxiliary());
        let items = access.fetch(&page.rows, Cost::Scan, |row| Ok(item(row))).await?;
        let count = access.number(&page.count, Cost::Scan);
        let total = options.total(items.len() as u64, count).await?;
        Ok(options.reply(items.into_iter().collect(), total))
    }

    /// One entry of the stored logs.
    ///
    /// # Errors
    /// 404 when there is none of this id.
    pub async fn view_log(&self, id: &str) -> Result<Json> {
        let query = COLUMNS
            .iter()
            .fold(Select::from_table(LOGS), |query, &column| query.column(Expr::name(column)))
            .filter(Expr::name("id").eq(id))
            .limit(1);
        let found = store::fetch_optional(self.auxiliary(), &query, Cost::Point, |row| Ok(item(row))).await?;
        Ok(Json(found.ok_or_else(|| Error::not_found(""))?.into_bytes()))
    }

    /// How many entries there are in each hour that has any: `[{"date": "2024-01-01 10:00:00.000Z", "total": 3}]`.
    ///
    /// # Errors
    /// 400 for a filter that cannot be understood.
    pub async fn log_statistics(&self, filter: &str) -> Result<Json> {
        let refused =
            |cause: crate::error::Cause| Error::bad_request("Invalid filter format.").because(cause);
        let condition = match filter {
            "" => None,
            text => {
                let filter = filter::parse(text).map_err(|error| refused(error.into()))?;
                let condition = TABLE.condition(&filter, self.clock().now());
                Some(condition.map_err(|error| refused(error.into()))?)
            }
        };
        let hour =
            Expr::Call(Function::Strftime, vec![Expr::value("%Y-%m-%d %H:00:00"), Expr::name("created")]);
        let hours = Select { filter: condition, ..Select::from_table(LOGS).column_as(hour, "date") };
        let date = Expr::name("date");
        let query = Select {
            group_by: vec![date.clone()],
            ..Select::from(Source::select(hours, "hours"))
                .column(date.clone())
                .column(Expr::count())
                .order_by(date, false)
        };
        let items = store::fetch(self.auxiliary(), &query, Cost::Scan, |row| {
            let date = row.get(0).to_text().unwrap_or_default().into_owned();
            Ok(format!(r#"{{"date":"{date}.000Z","total":{}}}"#, row.get(1).as_i64().unwrap_or_default()))
        });
        Ok(Json(format!("[{}]", items.await?.join(",")).into_bytes()))
    }
}

fn item(row: &dyn Row) -> String {
    let text = |column| row.get(column).to_text().unwrap_or_default();
    let quoted = |column| serde_json::Value::from(text(column));
    let data = match text(2) {
        data if data.is_empty() => "{}".into(),
        data => data,
    };
    let (id, created, message) = (quoted(0), quoted(1), schema::json::to_string(&quoted(3)));
    let message = message.unwrap_or_else(|_| "\"\"".to_owned());
    let level = row.get(4).as_i64().unwrap_or_default();
    format!(r#"{{"id":{id},"created":{created},"data":{data},"message":{message},"level":{level}}}"#)
}
