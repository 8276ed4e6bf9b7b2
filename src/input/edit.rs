//! Changes of single values in the text of a TOML file, found by their path: everything else of
//! the text stays as it is, lines and comments included.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::input::problem::{ProblemKind, nearest};

/// Keys by whose value an element of a list is found, the first that it has.
const ID_KEYS: [&str; 5] = ["id", "carrier", "product", "level", "category"];

/// What is done with the value at a path.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is replaced, or added where there is none.
    Put(Value),
    /// A number is multiplied.
    Scale(f64),
    /// It is taken away.
    Remove,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    At(usize),
}

/// Applies a change at a path: keys joined by dots, quoted where they hold a dot; an element of a
/// list by its number from 0 in brackets, or by its id as if that were a key.
///
/// Gives the path as problems of the file write it, with the number of every element.
///
/// # Errors
/// A path that leads nowhere, with the nearest name.
pub fn apply(
    document: &mut DocumentMut,
    path: &str,
    change: &Change,
) -> Result<String, ProblemKind> {
    let steps = steps(path).ok_or_else(|| other("scenario-bad-path", path))?;
    let mut walk = Walk {
        change,
        field: String::new(),
    };
    walk.table(document.as_table_mut(), &steps)?;
    Ok(walk.field)
}

/// A value as it is written in TOML.
pub fn value(written: &str) -> Option<Value> {
    written.trim().parse().ok()
}

fn other(message: &'static str, value: &str) -> ProblemKind {
    let values = vec![("value", value.to_owned())];
    ProblemKind::Other { message, values }
}

/// The steps of a path, unless it is badly written.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    loop {
        if let Some(inner) = rest.strip_prefix('"') {
            let (key, after) = inner.split_once('"')?;
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.is_empty() {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        }
        while let Some(inner) = rest.strip_prefix('[') {
            let (number, after) = inner.split_once(']')?;
            steps.push(Step::At(number.parse().ok()?));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None if rest.is_empty() => return Some(steps),
            None => return None,
        }
    }
}

struct Walk<'c> {
    change: &'c Change,
    field: String,
}

impl Walk<'_> {
    fn table(&mut self, table: &mut dyn TableLike, steps: &[Step]) -> Result<(), ProblemKind> {
        let Some((step, rest)) = steps.split_first() else {
            return Err(other("scenario-not-a-table", &self.field));
        };
        let Step::Key(key) = step else {
            return Err(other("scenario-not-a-list", &self.field));
        };
        let above = self.field.clone();
        self.field = super::record::join(&self.field, key);
        if rest.is_empty() {
            return self.last(table, key);
        }
        if !table.contains_key(key) {
            if !matches!(self.change, Change::Put(_)) || !matches!(rest[0], Step::Key(_)) {
                return Err(unknown(table, key));
            }
            let mut new = Table::new();
            new.set_implicit(true);
            table.insert(key, Item::Table(new));
        }
        match table.get_mut(key) {
            Some(item) => self.item(item, rest),
            None => Err(other("scenario-not-a-table", &above)),
        }
    }

    fn item(&mut self, item: &mut Item, steps: &[Step]) -> Result<(), ProblemKind> {
        if let Some(list) = item.as_array_of_tables_mut() {
            let names: Vec<Option<String>> = list.iter().map(|it| id_of(it)).collect();
            let at = self.element(&names, steps)?;
            return match (list.get_mut(at), &steps[1..]) {
                (Some(table), rest) if !rest.is_empty() => self.table(table, rest),
                (Some(_), _) if matches!(self.change, Change::Remove) => {
                    list.remove(at);
                    Ok(())
                }
                _ => Err(other("scenario-not-a-table", &self.field)),
            };
        }
        match item {
            Item::Value(value) => self.value(value, steps),
            Item::Table(table) => self.table(table, steps),
            _ => Err(other("scenario-not-a-table", &self.field)),
        }
    }

    fn value(&mut self, value: &mut Value, steps: &[Step]) -> Result<(), ProblemKind> {
        match value {
            Value::InlineTable(table) => self.table(table, steps),
            Value::Array(list) => {
                let name = |it: &Value| it.as_inline_table().and_then(|it| id_of(it));
                let names: Vec<Option<String>> = list.iter().map(name).collect();
                let at = self.element(&names, steps)?;
                if steps.len() > 1 {
                    return match list.get_mut(at) {
                        Some(element) => self.value(element, &steps[1..]),
                        None => Err(other("scenario-not-a-list", &self.field)),
                    };
                }
                if matches!(self.change, Change::Remove) {
                    list.remove(at);
                } else if let Some(element) = list.get_mut(at) {
                    *element = self.changed(Some(&*element))?;
                }
                Ok(())
            }
            _ => Err(other("scenario-not-a-table", &self.field)),
        }
    }

    /// The number of the element that a step names.
    fn element(&mut self, names: &[Option<String>], steps: &[Step]) -> Result<usize, ProblemKind> {
        let numbers = || (0..names.len()).map(|i| format!("[{i}]"));
        let (value, found) = match steps.first() {
            Some(Step::At(at)) => (format!("[{at}]"), vec![*at]),
            Some(Step::Key(key)) => {
                let all = names.iter().enumerate();
                let same = all.filter(|(_, name)| name.as_ref() == Some(key));
                (key.clone(), same.map(|(i, _)| i).collect())
            }
            None => (String::new(), Vec::new()),
        };
        if let [at] = found.as_slice()
            && *at < names.len()
        {
            self.field += &format!("[{at}]");
            return Ok(*at);
        }
        let ids: Vec<String> = names.iter().flatten().cloned().collect();
        let by_number = ids.is_empty() || value.starts_with('[') || found.len() > 1;
        let allowed: Vec<String> = if by_number { numbers().collect() } else { ids };
        Err(ProblemKind::NotOneOf {
            nearest: nearest(&value, allowed.iter().map(String::as_str)),
            value,
            allowed,
        })
    }

    fn last(&mut self, table: &mut dyn TableLike, key: &str) -> Result<(), ProblemKind> {
        let old = table.get(key).and_then(Item::as_value);
        match self.change {
            Change::Remove => match table.remove(key) {
                Some(_) => Ok(()),
                None => Err(unknown(table, key)),
            },
            Change::Scale(_) if !table.contains_key(key) => Err(unknown(table, key)),
            Change::Scale(_) | Change::Put(_) => {
                let new = self.changed(old)?;
                table.insert(key, Item::Value(new));
                Ok(())
            }
        }
    }

    fn changed(&self, old: Option<&Value>) -> Result<Value, ProblemKind> {
        match self.change {
            Change::Put(value) => Ok(value.clone().decorated(" ", "")),
            Change::Scale(factor) => {
                let number = old.and_then(|it| {
                    let whole = it.as_integer().map(|int| int as f64);
                    it.as_float().or(whole)
                });
                let Some(number) = number else {
                    return Err(other("scenario-not-a-number", &self.field));
                };
                // Six places, as prices are kept: 0.4486 × 1.1 is 0.49346.
                let scaled = (number * factor * 1e6).round() / 1e6;
                Ok(Value::from(scaled).decorated(" ", ""))
            }
            Change::Remove => Err(other("scenario-not-a-number", &self.field)),
        }
    }
}

fn unknown(table: &dyn TableLike, key: &str) -> ProblemKind {
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    ProblemKind::UnknownKey {
        key: key.to_owned(),
        nearest: nearest(key, keys.iter().map(String::as_str)),
        allowed: keys,
    }
}

fn id_of(table: &dyn Named) -> Option<String> {
    let found = ID_KEYS.iter().find_map(|key| table.text(key));
    found.map(str::to_owned)
}

/// A table whose values can be read.
trait Named {
    fn text(&self, key: &str) -> Option<&str>;
}
impl Named for Table {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}
impl Named for InlineTable {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1 # one\n[t]\nn = 0.4486\n[[rule]]\nid = \"x\"\nrun = { cap = [1, 2] }\n\n[[rule]]\nid = \"y\"\n";

    fn changed(path: &str, change: &Change) -> Result<(String, String), ProblemKind> {
        let mut document: DocumentMut = TEXT.parse().unwrap();
        let field = apply(&mut document, path, change)?;
        Ok((field, document.to_string()))
    }

    #[test]
    fn a_value_is_put_and_the_rest_stays() {
        let (field, text) = changed("t.n", &Change::Put(value("0.5").unwrap())).unwrap();
        assert_eq!(
            (field.as_str(), text),
            ("t.n", TEXT.replace("0.4486", "0.5"))
        );
        let (field, text) =
            changed("rule.x.run.cap[1]", &Change::Put(value("9").unwrap())).unwrap();
        assert_eq!(field, "rule[0].run.cap[1]");
        assert_eq!(text, TEXT.replace("[1, 2]", "[1, 9]"));
        let (_, text) = changed("t.n", &Change::Scale(1.1)).unwrap();
        assert_eq!(text, TEXT.replace("0.4486", "0.49346"));
        let (_, text) = changed("new.key", &Change::Put(value("true").unwrap())).unwrap();
        assert!(text.contains("[new]\nkey = true"), "{text}");
        let (_, text) = changed("rule.x", &Change::Remove).unwrap();
        assert!(!text.contains("\"x\"") && text.contains("\"y\""), "{text}");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told_with_the_nearest_name() {
        let near = |path: &str| match changed(path, &Change::Scale(2.0)).unwrap_err() {
            ProblemKind::UnknownKey { nearest, .. } | ProblemKind::NotOneOf { nearest, .. } => {
                nearest
            }
            _ => None,
        };
        assert_eq!(near("t.nn").as_deref(), Some("n"));
        assert_eq!(near("rule.xx.run"), Some("x".to_owned()));
        assert!(matches!(
            changed("t..n", &Change::Remove),
            Err(ProblemKind::Other { .. })
        ));
        assert!(matches!(
            changed("rule.x.id", &Change::Scale(2.0)),
            Err(ProblemKind::Other { .. })
        ));
    }
}
