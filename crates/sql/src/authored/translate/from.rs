use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias,
    TableFactor, TableWithJoins,
};

use super::error::Untranslatable;
use super::query::Translator;
use super::scope::{Column, Rows, Scope, Source};
use super::term::{Affinity, Kind};
use super::{Result, quoted};

/// The columns of `json_each` that there are.
const EACH: [(&str, Kind); 4] =
    [("key", Kind::Any), ("value", Kind::Any), ("type", Kind::Text), ("atom", Kind::Any)];

/// A source as it is written, and whether it looks at those before it.
struct Factor {
    sql: String,
    lateral: bool,
}

impl Translator<'_> {
    /// Writes where the rows come from, and puts it into the scope.
    pub(super) fn from(&mut self, from: &[TableWithJoins], scope: &mut Scope<'_>) -> Result<String> {
        let mut text = String::new();
        for tables in from {
            let factor = self.factor(&tables.relation, scope)?;
            // A comma would hide what is before it from the conditions of the joins behind it.
            text.push_str(if text.is_empty() { "" } else { " CROSS JOIN " });
            text.push_str(if factor.lateral && scope.sources.len() > 1 { "LATERAL " } else { "" });
            text.push_str(&factor.sql);
            for join in &tables.joins {
                text.push_str(&self.join(join, scope)?);
            }
        }
        Ok(text)
    }

    fn join(&mut self, join: &Join, scope: &mut Scope<'_>) -> Result<String> {
        let (name, constraint) = match &join.join_operator {
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => ("JOIN", constraint),
            JoinOperator::CrossJoin(constraint) => ("JOIN", constraint),
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => ("LEFT JOIN", constraint),
            JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
                ("RIGHT JOIN", constraint)
            }
            JoinOperator::FullOuter(constraint) => ("FULL JOIN", constraint),
            _ => return Err(Untranslatable::unsupported("this kind of join")),
        };
        let before = scope.sources.clone();
        let factor = self.factor(&join.relation, scope)?;
        let lateral = if factor.lateral { "LATERAL " } else { "" };
        let source = format!("{lateral}{}", factor.sql);
        Ok(match constraint {
            JoinConstraint::On(condition) => {
                format!(" {name} {source} ON {}", self.expr(condition, scope)?.truth())
            }
            JoinConstraint::Using(names) => {
                let names: Vec<&Ident> = names.iter().filter_map(last).collect();
                scope.merged.extend(names.iter().map(|name| name.value.to_lowercase()));
                let list: Vec<String> = names.iter().map(|name| quoted(&name.value)).collect();
                format!(" {name} {source} USING ({})", list.join(", "))
            }
            JoinConstraint::Natural => {
                let known =
                    before.iter().flat_map(|source| &source.columns).map(|column| column.name.to_lowercase());
                scope.merged.extend(known);
                format!(" NATURAL {name} {source}")
            }
            JoinConstraint::None => format!(" {name} {source} ON TRUE"),
        })
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope<'_>) -> Result<Factor> {
        match factor {
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                self.table_function(name, &args.args, alias.as_ref(), scope)
            }
            TableFactor::Table { name, alias, args: None, index_hints, .. } if index_hints.is_empty() => {
                self.table(name, alias.as_ref(), scope)
            }
            TableFactor::Function { name, args, alias, .. } => {
                self.table_function(name, args, alias.as_ref(), scope)
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let relation = self.query(subquery, scope.parent)?;
                let name = alias.as_ref().map(|alias| alias.name.value.clone());
                let name = name.unwrap_or_else(|| self.make_up());
                let sql = format!("({}) AS {}", relation.sql, quoted(&name));
                scope.sources.push(Source {
                    alias: Some(name),
                    columns: relation.columns,
                    rows: Rows::Unknown,
                });
                Ok(Factor { sql, lateral: false })
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                let sql = self.from(std::slice::from_ref(&**table_with_joins), scope)?;
                Ok(Factor { sql: format!("({sql})"), lateral: false })
            }
            _ => Err(Untranslatable::unsupported("this kind of table")),
        }
    }

    fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
    ) -> Result<Factor> {
        let missing = || Untranslatable::Table(format!("main.{}", last(name).map_or("", |name| &name.value)));
        let table = last(name).ok_or_else(missing)?.value.as_str();
        let alias_or = |name: &str| alias.map_or(name, |alias| &alias.name.value).to_owned();
        let is_plain = name.0.len() == 1;
        let named = self.named.iter().rev().find(|(other, _)| is_plain && other.eq_ignore_ascii_case(table));
        let (name, source) = match (named, self.tables.get(table)) {
            (Some((name, columns)), _) => {
                let source =
                    Source { alias: Some(alias_or(name)), columns: columns.clone(), rows: Rows::Unknown };
                (name.as_str(), source)
            }
            (None, Some(known)) => {
                (known.name.as_str(), Source::of_table(known, Some(alias_or(&known.name))))
            }
            (None, None) if table.to_lowercase().starts_with("sqlite_") => {
                return Err(Untranslatable::unsupported(format!("the table {table}")));
            }
            (None, None) => return Err(missing()),
        };
        let sql = format!("{} AS {}", quoted(name), quoted(source.alias.as_deref().unwrap_or(name)));
        scope.sources.push(source);
        Ok(Factor { sql, lateral: false })
    }

    fn table_function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
    ) -> Result<Factor> {
        let function = last(name).map(|name| name.value.to_lowercase()).unwrap_or_default();
        if function != "json_each" {
            return Err(Untranslatable::unsupported(format!("the table function {function}")));
        }
        let expr = |arg: &FunctionArg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
            _ => None,
        };
        let args: Option<Vec<Expr>> = args.iter().map(expr).collect();
        let document = match args.unwrap_or_default().as_slice() {
            [document] => self.expr(document, scope)?.as_text(),
            [document, path] => {
                let (document, path) = (self.expr(document, scope)?, super::json::path(path)?);
                format!("baibase_json_part({}, {path})::text", document.as_text())
            }
            _ => return Err(Untranslatable::Arguments(function)),
        };
        let name = alias.map_or(function, |alias| alias.name.value.clone());
        let sql = format!("baibase_json_each({document}) AS {}", quoted(&name));
        let columns = EACH.iter().map(|(name, kind)| Column::new(*name, *kind, Affinity::None)).collect();
        scope.sources.push(Source { alias: Some(name), columns, rows: Rows::Unknown });
        Ok(Factor { sql, lateral: true })
    }
}

/// The last part of a name.
pub(super) fn last(name: &ObjectName) -> Option<&Ident> {
    name.0.last().and_then(|part| part.as_ident())
}
