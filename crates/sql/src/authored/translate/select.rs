use sqlparser::ast::{Distinct, Expr, GroupByExpr, Select, SelectItem, SelectItemQualifiedWildcardKind};

use super::error::Untranslatable;
use super::from::last;
use super::grouping::{Grouping, written};
use super::order::{Tail, ascending, directed};
use super::query::{Relation, Translator};
use super::scope::{Column, Rows, Scope, Source};
use super::term::{Kind, Term};
use super::{Result, quoted};

/// A column of a result.
struct Item {
    name: String,
    term: Term,
    /// As it is written.
    written: String,
}

impl Translator<'_> {
    pub(super) fn select(
        &mut self,
        select: &Select,
        tail: Tail<'_>,
        parent: Option<&Scope<'_>>,
    ) -> Result<Relation> {
        let mut scope = Scope::within(parent);
        let from = self.from(&select.from, &mut scope)?;
        scope.aliases = select.projection.iter().filter_map(alias).collect();
        let condition =
            select.selection.as_ref().map(|condition| self.with_aliases(condition, &scope)).transpose()?;
        let keys = self.group_keys(select, &scope)?;
        self.group(select, tail, &keys, &mut scope)?;

        let distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let mut items = self.items(&select.projection, &scope)?;
        if distinct {
            // Values of the type json cannot be told apart.
            for item in items.iter_mut().filter(|item| item.term.kind == Kind::Any) {
                item.term = Term::text(item.term.as_text());
            }
        }
        let list: Vec<String> = items.iter().map(Item::to_sql).collect();
        let mut sql = format!("SELECT {}{}", if distinct { "DISTINCT " } else { "" }, list.join(", "));
        if !from.is_empty() {
            sql.push_str(&format!(" FROM {from}"));
        }
        if let Some(condition) = condition {
            sql.push_str(&format!(" WHERE {}", condition.truth()));
        }
        if !keys.is_empty() {
            let keys: Vec<String> = keys.iter().map(|(_, term)| groupable(term)).collect();
            sql.push_str(&format!(" GROUP BY {}", keys.join(", ")));
        }
        if let Some(having) = &select.having {
            sql.push_str(&format!(" HAVING {}", self.with_aliases(having, &scope)?.truth()));
        }
        if tail.is_natural {
            sql.push_str(&natural_order(&keys, &items, distinct, &scope));
        }
        sql.push_str(&self.select_tail(tail, &items, distinct, &scope)?);
        let columns =
            items.into_iter().map(|item| Column::new(item.name, item.term.kind, item.term.affinity));
        Ok(Relation { sql, columns: columns.collect() })
    }

    fn group_keys<'s>(&mut self, select: &'s Select, scope: &Scope<'_>) -> Result<Vec<(&'s Expr, Term)>> {
        let keys = match &select.group_by {
            GroupByExpr::Expressions(keys, modifiers) if modifiers.is_empty() => keys,
            _ => return Err(Untranslatable::unsupported("this kind of GROUP BY")),
        };
        let mut terms = Vec::new();
        for key in keys {
            let position = key.to_string().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let item = position.and_then(|position| select.projection.get(position));
            let key = match item {
                Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) => expr,
                _ => key,
            };
            terms.push((key, self.with_aliases(key, scope)?));
        }
        Ok(terms)
    }

    /// Finds out whether rows are put into groups.
    fn group<'s>(
        &mut self,
        select: &'s Select,
        tail: Tail<'_>,
        keys: &[(&'s Expr, Term)],
        scope: &mut Scope<'_>,
    ) -> Result<()> {
        self.items(&select.projection, scope)?;
        if let Some(having) = &select.having {
            self.with_aliases(having, scope)?;
        }
        for part in tail.orders()? {
            if !matches!(part.expr, Expr::Value(_)) {
                self.order_term(&part.expr, &[], scope)?;
            }
        }
        if !keys.is_empty() || scope.has_aggregates.get() {
            scope.grouping = Some(Grouping::new(keys, scope));
        }
        Ok(())
    }

    fn items(&mut self, projection: &[SelectItem], scope: &Scope<'_>) -> Result<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        for item in projection {
            match item {
                SelectItem::UnnamedExpr(expr) => items.push(self.item(expr, None, scope)?),
                SelectItem::ExprWithAlias { expr, alias } => {
                    items.push(self.item(expr, Some(&alias.value), scope)?);
                }
                SelectItem::Wildcard(_) => items.extend(all(scope, None)?),
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    items.extend(all(scope, last(name).map(|name| name.value.as_str()))?);
                }
                _ => return Err(Untranslatable::unsupported("this kind of column")),
            }
        }
        make_names_differ(&mut items);
        Ok(items)
    }

    fn item(&mut self, expr: &Expr, alias: Option<&str>, scope: &Scope<'_>) -> Result<Item> {
        let term = self.expr(expr, scope)?;
        let name = match (alias, expr) {
            (Some(alias), _) => alias.to_owned(),
            (None, Expr::Identifier(name)) => name.value.clone(),
            (None, Expr::CompoundIdentifier(path)) => {
                path.last().map(|name| name.value.clone()).unwrap_or_default()
            }
            (None, _) => expr.to_string(),
        };
        Ok(Item { name, term, written: written(expr) })
    }

    fn select_tail(
        &mut self,
        tail: Tail<'_>,
        items: &[Item],
        distinct: bool,
        scope: &Scope<'_>,
    ) -> Result<String> {
        let terms: Vec<Term> = items.iter().map(|item| item.term.clone()).collect();
        if !distinct {
            return self.tail(tail, &terms, scope);
        }
        // The rows that are left have nothing but their columns to be sorted by.
        let mut parts = Vec::new();
        for part in tail.orders()? {
            let term = self.order_term(&part.expr, &terms, scope)?;
            let position =
                items.iter().position(|item| item.term == term || item.written == written(&part.expr));
            let position = position.ok_or_else(|| {
                Untranslatable::unsupported("an order by something else than the columns of SELECT DISTINCT")
            })?;
            parts.push(directed(&(position + 1).to_string(), part));
        }
        let order = if parts.is_empty() { String::new() } else { format!(" ORDER BY {}", parts.join(", ")) };
        Ok(order + &self.tail(Tail { order_by: None, ..tail }, &terms, scope)?)
    }
}

/// The order in which SQLite finds rows: that of the tables, or that into which it brings them to find groups.
fn natural_order(keys: &[(&Expr, Term)], items: &[Item], distinct: bool, scope: &Scope<'_>) -> String {
    if distinct {
        let positions: Vec<String> =
            (1..=items.len()).map(|position| format!("{position} NULLS FIRST")).collect();
        return format!(" ORDER BY {}", positions.join(", "));
    }
    if scope.grouping.is_some() {
        let keys: Vec<Term> = keys.iter().map(|(_, term)| term.clone()).collect();
        return ascending(&keys);
    }
    let tables = scope.sources.iter().take_while(|source| source.rows == Rows::Table);
    let numbers: Vec<Term> = tables.filter_map(Source::row_number).collect();
    ascending(&numbers)
}

impl Item {
    fn to_sql(&self) -> String {
        let value = if self.term.kind == Kind::Null { "NULL::text" } else { &self.term.sql };
        format!("{value} AS {}", quoted(&self.name))
    }
}

fn alias(item: &SelectItem) -> Option<(&str, &Expr)> {
    match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((alias.value.as_str(), expr)),
        _ => None,
    }
}

/// All columns, or those of one source.
fn all(scope: &Scope<'_>, source: Option<&str>) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for known in &scope.sources {
        if source
            .is_some_and(|name| !known.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name)))
        {
            continue;
        }
        for column in &known.columns {
            let is_merged = scope.merged.contains(&column.name.to_lowercase());
            if is_merged && items.iter().any(|item: &Item| item.name.eq_ignore_ascii_case(&column.name)) {
                continue;
            }
            let term = scope.grouped(known.term(column));
            items.push(Item { name: column.name.clone(), term, written: column.name.to_lowercase() });
        }
    }
    match source {
        Some(name) if items.is_empty() => Err(Untranslatable::Table(name.to_owned())),
        _ => Ok(items),
    }
}

/// Numbers columns whose names were there before, as SQLite does.
fn make_names_differ(items: &mut [Item]) {
    let mut seen: Vec<String> = Vec::new();
    for item in items {
        let base = item.name.clone();
        let mut number = 0;
        while seen.contains(&item.name.to_lowercase()) {
            number += 1;
            item.name = format!("{base}:{number}");
        }
        seen.push(item.name.to_lowercase());
    }
}

/// As rows can be grouped by it: the type json has no equality.
fn groupable(term: &Term) -> String {
    match term.kind {
        Kind::Any | Kind::Null => term.as_text(),
        _ => term.sql.clone(),
    }
}
