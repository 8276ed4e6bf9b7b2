//! What is read to a household (口播稿): the page in sentences, numbers as they are said.

use std::fmt::Display;

use crate::comparison::outcome::Account;
use crate::report::handout::content::{assumed, costs, day, dearer, lead, payer, title};
use crate::report::handout::{Paid, Subject, payers, spoken};
use crate::report::messages::{Lang, Messages};
use crate::report::table::number;
use crate::report::words;
use crate::words::fixed::Money;
use crate::words::kinds::Payer;

/// The script of a household, a paragraph a line.
pub fn script(subject: &Subject<'_>, messages: &Messages) -> String {
    let speaker = Speaker { subject, messages };
    let mut out = format!("{}\n\n", title(subject, messages));
    out += &speaker.greeting();
    out.push('\n');
    for sentence in speaker.sentences() {
        out += &speaker.aloud(sentence);
        out.push('\n');
    }
    // As the county wrote it: a telephone number is no amount.
    for own in speaker.county() {
        out += &own;
        out.push('\n');
    }
    out += &speaker.aloud(speaker.end());
    out.push('\n');
    out
}

struct Speaker<'a> {
    subject: &'a Subject<'a>,
    messages: &'a Messages,
}

impl Speaker<'_> {
    fn aloud(&self, sentence: String) -> String {
        match self.messages.lang() {
            Lang::Zh => spoken::in_text(&sentence),
            Lang::En => sentence,
        }
    }

    fn with(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        self.messages.with(key, values)
    }

    fn greeting(&self) -> String {
        match self.subject.household {
            "" => self.messages.text("say-greeting"),
            name => self.with("say-greeting-name", &[("name", &name)]),
        }
    }

    fn sentences(&self) -> Vec<String> {
        let best = self.subject.best();
        let mut all = vec![self.about(), self.now()];
        match best.split_first() {
            Some((first, others)) => {
                all.push(self.first(first));
                all.extend(self.others_pay(first));
                all.extend(others.iter().map(|account| self.other(account)));
                let dearer = dearer(self.subject, &best, self.messages);
                all.extend(self.list("say-dearer", &dearer));
            }
            None => all.push(lead(None, self.messages)),
        }
        let assumed = assumed(
            self.subject.comparison,
            best.first().copied(),
            self.messages,
        );
        all.extend(self.list("say-assumed", &assumed));
        all.push(self.messages.text("say-rule"));
        all
    }

    fn about(&self) -> String {
        let comparison = self.subject.comparison;
        let area = number(comparison.household.heated_area.value(), 0);
        let place = self.messages.name(&comparison.place);
        let values: [(&str, &dyn Display); 3] = [
            ("place", &place),
            ("winter", &comparison.winter),
            ("area", &area),
        ];
        self.with("say-about", &values)
    }

    fn now(&self) -> String {
        let today = &self.subject.comparison.today;
        let (winter, day) = self.winter_and_day(today);
        match today.kind {
            Some(kind) => {
                let heater = self.messages.kind("heater", kind);
                let values: [(&str, &dyn Display); 3] =
                    [("heater", &heater), ("winter", &winter), ("day", &day)];
                self.with("say-now", &values)
            }
            None => self.with("say-now-bill", &[("winter", &winter), ("day", &day)]),
        }
    }

    /// What a winter costs or brings in, and what a day does.
    fn winter_and_day(&self, account: &Account) -> (String, String) {
        let headline = &account.headline;
        let day = number(headline.per_day.to_f64().abs(), 1);
        let key = if headline.per_day.is_negative() {
            "say-earns"
        } else {
            "say-costs"
        };
        let day = self.with(key, &[("yuan", &day)]);
        (costs(headline.winter_cost, self.messages), day)
    }

    /// Self-pay, winter, day and change against now, of one option.
    fn figures(&self, account: &Account) -> String {
        let own = account.headline.self_pay;
        let own = match words::yuan(own).as_str() {
            "0" => self.messages.text("say-self-pay-nothing"),
            yuan => self.with("say-self-pay", &[("yuan", &yuan)]),
        };
        let (winter, day) = self.winter_and_day(account);
        let versus = self.subject.versus_today(account);
        let yuan = words::yuan(versus.max(-versus));
        let change = match (yuan.as_str(), versus > Money::ZERO) {
            ("0", _) => self.messages.text("say-same"),
            (yuan, true) => self.with("say-more", &[("yuan", &yuan)]),
            (yuan, false) => self.with("say-less", &[("yuan", &yuan)]),
        };
        let values: [(&str, &dyn Display); 4] = [
            ("own", &own),
            ("winter", &winter),
            ("day", &day),
            ("change", &change),
        ];
        self.with("say-figures", &values)
    }

    fn first(&self, account: &Account) -> String {
        let lead = lead(Some(account), self.messages);
        let figures = self.figures(account);
        let dear = words::dear(&account.verdict, self.messages);
        let values: [(&str, &dyn Display); 3] =
            [("lead", &lead), ("figures", &figures), ("dear", &dear)];
        self.with("say-first", &values)
    }

    fn other(&self, account: &Account) -> String {
        let option = words::option_name(account, self.messages);
        let figures = self.figures(account);
        let dear = words::dear(&account.verdict, self.messages);
        let values: [(&str, &dyn Display); 3] =
            [("option", &option), ("figures", &figures), ("dear", &dear)];
        self.with("say-other", &values)
    }

    /// Who pays the rest; nothing where nobody does.
    fn others_pay(&self, account: &Account) -> Option<String> {
        let others = payers(account).into_iter();
        let parts: Vec<String> = others
            .filter(|paid| paid.payer != Payer::Household)
            .filter_map(|paid| self.paid(&paid))
            .collect();
        let list = parts.join(&self.messages.text("list-separator"));
        (!parts.is_empty()).then(|| self.with("say-others-pay", &[("list", &list)]))
    }

    fn paid(&self, paid: &Paid) -> Option<String> {
        let who = payer(paid.payer, self.messages);
        let part = |key: &str, money: Money| {
            let yuan = words::yuan(money);
            (yuan != "0").then(|| self.with(key, &[("yuan", &yuan)]))
        };
        let parts: Vec<String> = [
            part("say-pays-install", paid.install),
            part("say-pays-winter", paid.winter),
        ]
        .into_iter()
        .flatten()
        .collect();
        let what = parts.join(&self.messages.text("say-comma"));
        let values: [(&str, &dyn Display); 2] = [("who", &who), ("what", &what)];
        (!parts.is_empty()).then(|| self.with("say-pays", &values))
    }

    fn list(&self, key: &str, lines: &[String]) -> Option<String> {
        let list = lines.join(&self.messages.text("list-separator"));
        (!lines.is_empty()).then(|| self.with(key, &[("list", &list)]))
    }

    fn county(&self) -> Vec<String> {
        let county = self.subject.county;
        let hotline = county.hotline.iter();
        let hotline = hotline.map(|it| self.with("handout-hotline", &[("hotline", it)]));
        county.note.iter().cloned().chain(hotline).collect()
    }

    fn end(&self) -> String {
        let day = day(self.subject, self.messages);
        self.with("say-end", &[("day", &day)])
    }
}
