//! The account of a household as one page that needs no other file: for a phone, and for paper.

use std::fmt::{Display, Write};

use crate::comparison::outcome::{Account, Comparison, OptionResult};
use crate::comparison::profile::SeasonProfile;
use crate::report::account;
use crate::report::chart::font::Font;
use crate::report::chart::{self, Chart, ChartError, Subject};
use crate::report::explain::{self, Sources};
use crate::report::markup::{self, escaped};
use crate::report::messages::Messages;
use crate::report::table::{Align, Table, number};
use crate::report::words;
use crate::words::fixed::Money;
use crate::words::kinds::{Kind, Payer};
use crate::words::ledger::Line;

const STYLE: &str = include_str!("../../assets/page.css");

/// What the page is made of.
#[derive(Clone, Copy)]
pub struct Material<'a, 's> {
    /// The household and its options.
    pub comparison: &'a Comparison,
    /// The season of the option that costs least.
    pub season: Option<&'a SeasonProfile>,
    /// Finds documents.
    pub sources: Sources<'s>,
    /// The font of the charts.
    pub font: &'a Font,
}

/// The page.
///
/// # Errors
/// A chart has characters that the font lacks.
pub fn page(material: &Material<'_, '_>, messages: &Messages) -> Result<String, ChartError> {
    let mut page = Page {
        material,
        messages,
        out: String::new(),
        charts: 0,
    };
    page.head();
    page.cards();
    page.comparison();
    page.charts_of_all()?;
    for option in &material.comparison.options {
        if let Some(account) = option.account() {
            page.option(account);
        }
    }
    page.option(&material.comparison.today);
    page.figures();
    page.out += "</main></body></html>\n";
    Ok(page.out)
}

/// The page as it grows.
struct Page<'a, 's> {
    material: &'a Material<'a, 's>,
    messages: &'a Messages,
    out: String,
    /// How many charts stand in it: definitions inside them are told apart by it.
    charts: usize,
}

impl Page<'_, '_> {
    fn head(&mut self) {
        let comparison = self.material.comparison;
        let lang = markup::lang(self.messages.lang());
        let place = self.messages.name(&comparison.place);
        let title = escaped(&self.messages.with("page-title", &[("place", &place)]));
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n"
        );
        for line in account::head(comparison, self.messages) {
            self.paragraph(&line, "");
        }
    }

    fn paragraph(&mut self, text: &str, class: &str) {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        let _ = writeln!(self.out, "<p{class}>{}</p>", escaped(text));
    }

    fn title(&mut self, key: &str) {
        let title = escaped(&self.messages.text(key));
        let _ = writeln!(self.out, "<h2>{title}</h2>");
    }

    fn list(&mut self, lines: impl IntoIterator<Item = String>) {
        self.out += "<ul>\n";
        for line in lines {
            let _ = writeln!(self.out, "<li>{}</li>", escaped(&line));
        }
        self.out += "</ul>\n";
    }

    /// What a villager asks first: yuan a winter, yuan a day, more or less than now.
    fn cards(&mut self) {
        let comparison = self.material.comparison;
        self.title("html-short");
        self.out += "<div class=\"cards\">\n";
        self.card(&comparison.today);
        for option in &comparison.options {
            match option.account() {
                Some(account) => self.card(account),
                None => self.impossible(option),
            }
        }
        self.out += "</div>\n";
    }

    fn card(&mut self, account: &Account) {
        let messages = self.messages;
        let headline = &account.headline;
        let now = &self.material.comparison.today.headline;
        let name = escaped(&words::option_name(account, messages));
        let today = account.id == "today";
        let class = if today { "card now" } else { "card" };
        let id = escaped(&account.id);
        let _ = writeln!(
            self.out,
            "<div class=\"{class}\"><h3><a href=\"#{id}\">{name}</a></h3>"
        );
        let cost = headline.winter_cost;
        let gain = cost < Money::ZERO;
        let winter = words::yuan(Money::from_fen(cost.fen().saturating_abs()));
        let key = if gain {
            "html-winter-gain"
        } else {
            "html-winter"
        };
        self.paragraph(&messages.with(key, &[("cost", &winter)]), "big");
        let day = number(headline.per_day.to_f64().abs(), 1);
        let key = if gain { "html-day-gain" } else { "html-day" };
        self.paragraph(&messages.with(key, &[("day", &day)]), "");
        if !today {
            // The difference of what is printed, so that a reader finds it by subtraction.
            let versus = headline.winter_cost.whole_yuan() - now.winter_cost.whole_yuan();
            self.paragraph(&against_today(versus, messages), "");
            let own = words::yuan(headline.self_pay);
            let own = messages.with("html-self-pay", &[("cost", &own)]);
            self.paragraph(&own, "");
            let verdict = account::account_verdict(account, messages);
            self.paragraph(&verdict, "small");
        }
        self.out += "</div>\n";
    }

    fn impossible(&mut self, option: &OptionResult) {
        let name = escaped(self.messages.name(option.name()));
        let _ = writeln!(self.out, "<div class=\"card not\"><h3>{name}</h3>");
        let why = account::obstacles(option, self.messages);
        self.paragraph(&why, "small");
        self.out += "</div>\n";
    }

    fn comparison(&mut self) {
        self.title("html-comparison");
        let comparison = self.material.comparison;
        self.out += &account::headlines(comparison, self.messages).to_html();
        for (title, lines) in account::notes(comparison, self.messages) {
            let _ = writeln!(self.out, "<h2>{}</h2>", escaped(&title));
            self.list(lines);
        }
    }

    fn charts_of_all(&mut self) -> Result<(), ChartError> {
        self.title("html-charts");
        let subject = Subject {
            season: self.material.season,
            ..Subject::new(self.material.comparison)
        };
        // Those of one option show the cheapest: a drawing of each for every option would be too
        // much for a phone. Their figures stand in the tables of every option.
        for &chart in Chart::ALL {
            if chart != Chart::Season || subject.season.is_some() {
                self.chart(chart, &subject)?;
            }
        }
        Ok(())
    }

    fn chart(&mut self, chart: Chart, subject: &Subject<'_>) -> Result<(), ChartError> {
        let svg = chart::svg(chart, subject, self.messages, self.material.font)?;
        self.charts += 1;
        let svg = scalable(&apart(&svg, self.charts));
        let _ = writeln!(self.out, "<figure>{svg}</figure>");
        Ok(())
    }

    /// Everything of one option, folded.
    fn option(&mut self, account: &Account) {
        let name = escaped(&words::option_name(account, self.messages));
        let id = escaped(&account.id);
        let _ = writeln!(self.out, "<section id=\"{id}\"><h2>{name}</h2>");
        self.equipment(account);
        self.fold("explain-staircase", |page| page.staircase(account));
        if account.id != "today" {
            self.fold("html-payers", |page| page.payers(account));
            self.fold("html-grants", |page| page.grants(account));
        }
        self.fold("html-ledger", |page| page.ledger(account));
        self.out += "</section>\n";
    }

    fn equipment(&mut self, account: &Account) {
        let demand = &self.material.comparison.demand;
        if let Some(equipment) = &account.equipment {
            let values: [(&str, &dyn Display); 6] = [
                ("name", &self.messages.name(&equipment.name)),
                ("count", &equipment.count),
                ("capacity", &number(equipment.capacity.value(), 1)),
                ("load", &number(demand.design_load.value(), 1)),
                ("design", &number(demand.t_design.value(), 1)),
                ("years", &equipment.life_years),
            ];
            let line = self.messages.with("explain-equipment", &values);
            self.paragraph(&line, "");
        }
    }

    fn fold(&mut self, title: &str, inside: impl FnOnce(&mut Self)) {
        let title = escaped(&self.messages.text(title));
        let _ = writeln!(self.out, "<details><summary>{title}</summary>");
        inside(self);
        self.out += "</details>\n";
    }

    fn staircase(&mut self, account: &Account) {
        self.out += &explain::staircase(account, self.messages).to_html();
    }

    /// Who pays, a column a payer; years in which all pay the same stand together.
    fn payers(&mut self, account: &Account) {
        let paid = &account.payers;
        let all = Payer::ALL.iter().copied();
        let payers: Vec<Payer> = all
            .filter(|payer| paid.iter().any(|it| it.payer == *payer))
            .collect();
        let heads: Vec<String> = std::iter::once(self.messages.text("html-year"))
            .chain(
                payers
                    .iter()
                    .map(|payer| self.messages.kind("payer", *payer)),
            )
            .collect();
        let mut table = Table::new(heads.iter().map(|head| (head.as_str(), Align::Right)));
        let row = |year: u16| -> Vec<Money> {
            let of = |payer: &Payer| {
                let own = paid.iter().find(|it| it.year == year && it.payer == *payer);
                own.map_or(Money::ZERO, |it| it.amount)
            };
            payers.iter().map(of).collect()
        };
        let last = paid.iter().map(|it| it.year).max().unwrap_or(0);
        let mut year = 0;
        while year <= last {
            let own = row(year);
            let mut end = year;
            while year > 0 && end < last && row(end + 1) == own {
                end += 1;
            }
            let name = if end > year {
                format!("{year}-{end}")
            } else {
                year.to_string()
            };
            table.row(std::iter::once(name).chain(own.iter().map(Money::to_string)));
            year = end + 1;
        }
        self.out += &table.to_html();
    }

    fn grants(&mut self, account: &Account) {
        let messages = self.messages;
        let paid = account.grants.iter().map(|grant| {
            let mark = format!("[{}]", grant.figure.id());
            explain::grant_line(grant, &mark, messages)
        });
        self.list(paid);
        if !account.refusals.is_empty() {
            self.paragraph(&messages.text("explain-refusals"), "");
            let refused = account.refusals.iter().map(|refusal| {
                let reason = words::reason(&refusal.reason, account, messages);
                format!("{}: {reason}", messages.name(&refusal.name))
            });
            self.list(refused);
        }
    }

    /// Every payment; years whose payments are the same stand together.
    fn ledger(&mut self, account: &Account) {
        for (first, last, lines) in explain::spans(account) {
            self.years((first, last), &lines);
        }
    }

    fn years(&mut self, (first, last): (u16, u16), lines: &[&Line]) {
        let title = explain::years_title(first, last, self.messages);
        let _ = writeln!(self.out, "<h3>{}</h3>", escaped(&title));
        let table = explain::payments(lines, self.messages, |figure| figure.id().to_owned());
        self.out += &table.to_html();
        self.list(explain::totals(lines, self.messages));
    }

    /// Every figure with its source.
    fn figures(&mut self) {
        let sources = self.material.sources;
        let lines: Vec<String> = self
            .material
            .comparison
            .figures
            .iter()
            .map(|used| {
                let line = explain::figure_line(&used.figure.0, sources, self.messages);
                line + &explain::winters(used, self.messages)
            })
            .collect();
        self.fold("explain-figures", |page| page.list(lines));
    }
}

/// More or less than now.
fn against_today(versus: Money, messages: &Messages) -> String {
    let amount = words::yuan(Money::from_fen(versus.fen().saturating_abs()));
    let key = match versus.fen().signum() {
        -1 => "html-less",
        0 => "html-same",
        _ => "html-more",
    };
    messages.with(key, &[("cost", &amount)])
}

/// A drawing that takes the width of its place: its size becomes the box of its coordinates.
fn scalable(svg: &str) -> String {
    let size = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(size, _)| size)
    };
    let (Some(width), Some(height)) = (size("width"), size("height")) else {
        return svg.to_owned();
    };
    svg.replacen(&format!(" width=\"{width}\""), "", 1)
        .replacen(
            &format!(" height=\"{height}\""),
            &format!(" viewBox=\"0 0 {width} {height}\""),
            1,
        )
}

/// A drawing whose definitions have names of their own: two drawings of a page may both have a
/// `clipPath1`.
fn apart(svg: &str, number: usize) -> String {
    svg.replace(" id=\"", &format!(" id=\"c{number}-"))
        .replace("url(#", &format!("url(#c{number}-"))
        .replace("href=\"#", &format!("href=\"#c{number}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_takes_the_width_of_its_place() {
        let svg = "<svg width=\"1080\" height=\"640\" xmlns=\"x\"><rect width=\"2\"/></svg>";
        assert_eq!(
            scalable(svg),
            "<svg viewBox=\"0 0 1080 640\" xmlns=\"x\"><rect width=\"2\"/></svg>"
        );
    }

    #[test]
    fn definitions_of_two_drawings_do_not_meet() {
        let svg = "<clipPath id=\"a\"/><g clip-path=\"url(#a)\"/><use xlink:href=\"#a\"/>";
        assert_eq!(
            apart(svg, 7),
            "<clipPath id=\"c7-a\"/><g clip-path=\"url(#c7-a)\"/><use xlink:href=\"#c7-a\"/>"
        );
    }
}
