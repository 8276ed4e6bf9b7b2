//! The questions one after the other: each is asked until its answer can be taken.

use crate::cli::ask::dialog::Dialog;
use crate::cli::ask::draft::{Draft, Step};
use crate::cli::ask::question::{Asker, Taken, list};
use crate::input::answer::{self, Word};
use crate::input::case_text::Value;
use crate::input::library::Library;
use crate::input::problem::Severity;
use crate::report::messages::Messages;
use crate::report::problems::reason_and_hint;
use crate::report::table::{PAGE, paragraph};
use crate::report::words;

/// Asks about a household. Nothing comes back if the answers end too early.
pub fn ask(dialog: &mut dyn Dialog, library: &Library, messages: &Messages) -> Option<Draft> {
    let mut wizard = Wizard {
        dialog,
        draft: Draft::default(),
        asker: Asker {
            library,
            messages,
            offered: Vec::new(),
        },
    };
    wizard.lines(&[messages.text("ask-intro")], 0);
    let mut step = Step::Place;
    let mut number = 1;
    loop {
        match wizard.question(step, number)? {
            Turn::Next => match wizard.draft.after(step) {
                Some(next) => (step, number) = (next, number + 1),
                None => return Some(wizard.draft),
            },
            Turn::Back => match wizard.draft.before(step) {
                Some(before) => (step, number) = (before, number - 1),
                None => wizard.lines(&[messages.text("ask-first")], 2),
            },
        }
    }
}

enum Turn {
    Next,
    Back,
}

struct Wizard<'a> {
    dialog: &'a mut dyn Dialog,
    draft: Draft,
    asker: Asker<'a>,
}

impl Wizard<'_> {
    /// Says lines, each broken to the page.
    fn lines(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            let line = format!("{}{line}", " ".repeat(indent));
            self.dialog.say(&paragraph(&line, PAGE, indent + 2));
        }
    }

    /// Asks one question until its answer is taken or the one before is wanted.
    fn question(&mut self, step: Step, number: usize) -> Option<Turn> {
        self.dialog.say("\n");
        let title = format!("{number}. {}", self.asker.title(step));
        self.lines(&[title], 0);
        let choices = self.asker.choices(step, &self.draft);
        self.lines(&list(&choices), 2);
        let before = self.draft.said(step);
        let default = match &before {
            Some(said) => Some(self.asker.messages.with("ask-enter", &[("value", said)])),
            None => self.default_line(step),
        };
        self.lines(default.as_slice(), 2);
        loop {
            let mut said = self.dialog.hear()?;
            if let (true, Some(before)) = (said.is_empty(), &before) {
                said.clone_from(before);
            }
            match answer::word(&said) {
                Some(Word::Help) => self.lines(&[self.asker.help(step)], 2),
                Some(Word::Back) => return Some(Turn::Back),
                Some(Word::Unknown) => match self.asker.must(step, &self.draft) {
                    Some(why) => self.lines(&why, 2),
                    None => {
                        self.unknown(step, &said);
                        return Some(Turn::Next);
                    }
                },
                _ => {
                    if let Some(turn) = self.answered(step, said)? {
                        return Some(turn);
                    }
                }
            }
        }
    }

    /// What Enter means.
    fn default_line(&self, step: Step) -> Option<String> {
        let messages = self.asker.messages;
        let Some((value, figure)) = self.asker.default(step, &self.draft) else {
            let must = self.asker.must(step, &self.draft).is_some();
            return (!must).then(|| messages.text("ask-enter-unknown"));
        };
        let Some(figure) = figure else {
            return Some(messages.with("ask-enter", &[("value", &value)]));
        };
        let source = self.asker.library.source(&figure.0.source);
        let source = source.map_or_else(
            || messages.member("source", &figure.0.source),
            |source| source.title.clone(),
        );
        let grade = messages.kind("grade", figure.0.grade);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("value", &value), ("source", &source), ("grade", &grade)];
        Some(messages.with("ask-enter-source", &values))
    }

    /// Leaves a question to the place. What it burns is then asked on, unless nobody knows.
    fn unknown(&mut self, step: Step, said: &str) {
        match step {
            Step::Fuel => {
                let place = self.draft.place.as_ref();
                let usual = place.map(|place| place.region.today_fuel.value);
                let accepted = usual.filter(|_| said.is_empty());
                self.draft.set_fuels(accepted.into_iter().collect());
            }
            Step::IncomeOf => {
                self.draft.per_person = None;
                self.draft.set(Step::Income, Vec::new());
            }
            _ => {}
        }
        self.draft.set(step, Vec::new());
        self.draft.remember(step, None);
    }

    /// Takes an answer, and asks once more where it is unlikely.
    fn answered(&mut self, step: Step, said: String) -> Option<Option<Turn>> {
        let mut said = said;
        loop {
            match self.take(step, &said) {
                Err(why) => {
                    self.lines(&why, 2);
                    return Some(None);
                }
                Ok(doubts) if doubts.is_empty() => return Some(Some(Turn::Next)),
                Ok(doubts) => {
                    self.lines(&doubts, 2);
                    self.lines(&[self.asker.messages.text("ask-keep")], 2);
                }
            }
            let again = self.dialog.hear()?;
            match answer::word(&again) {
                _ if again.is_empty() => return Some(Some(Turn::Next)),
                Some(Word::Back) => return Some(Some(Turn::Back)),
                Some(Word::Help) => self.lines(&[self.asker.help(step)], 2),
                Some(Word::Unknown) if self.asker.must(step, &self.draft).is_none() => {
                    self.unknown(step, &again);
                    return Some(Some(Turn::Next));
                }
                _ => said = again,
            }
        }
    }

    /// Puts an answer into the draft; gives what is unlikely about it, or why it cannot be.
    fn take(&mut self, step: Step, said: &str) -> Result<Vec<String>, Vec<String>> {
        let taken: Taken = self.asker.take(step, said, &mut self.draft);
        let taken = taken?;
        // A number picks from a list that may be another one next time; the name stays.
        let own = match (step, taken.first().map(|entry| &entry.value)) {
            (Step::Place, Some(Value::Text(name))) => name.clone(),
            _ => said.to_owned(),
        };
        self.draft.set(step, taken);
        self.draft.remember(step, Some(&own));
        let (mut wrong, mut doubts) = (Vec::new(), Vec::new());
        for problem in self.draft.problems(step) {
            let (sentence, hint) = reason_and_hint(&problem, self.asker.messages);
            let to = match problem.severity {
                Severity::Error => &mut wrong,
                Severity::Warning => &mut doubts,
            };
            to.push(sentence);
            to.extend(Some(hint).filter(|hint| !hint.is_empty()));
        }
        if !wrong.is_empty() {
            self.draft.set(step, Vec::new());
            self.draft.remember(step, None);
            wrong.push(self.asker.help(step));
            return Err(wrong);
        }
        if step == Step::Place {
            let place = self.draft.place.as_ref();
            let name = place.map_or("", |place| self.asker.messages.name(&place.setting.place));
            let line = self
                .asker
                .messages
                .with("ask-place-is", &[("place", &name)]);
            self.lines(&[line], 2);
        }
        doubts.extend(self.against_the_account(step));
        Ok(doubts)
    }

    /// What the account finds unlikely: the fuel for this house, the winter for this income.
    fn against_the_account(&self, step: Step) -> Vec<String> {
        let messages = self.asker.messages;
        if self.draft.ends_today(step) {
            let account = self.draft.account(self.asker.library);
            let remarks = account.iter().flat_map(|account| &account.remarks);
            return remarks.map(|it| words::remark(it, messages)).collect();
        }
        if step != Step::Income {
            return Vec::new();
        }
        self.burden().into_iter().collect()
    }

    /// Where today's winter takes more of the income than the heaviest class of burden begins at.
    fn burden(&self) -> Option<String> {
        let messages = self.asker.messages;
        let account = self.draft.account(self.asker.library)?;
        let today = &account.today.headline;
        let classes = &self.draft.place.as_ref()?.region.burden_classes;
        let limit = classes.last()?.value.from_income_share;
        (today.winter_burden > limit).then(|| {
            let income = crate::report::table::number(account.household.income.value(), 0);
            messages.with(
                "ask-burden",
                &[
                    ("cost", &words::yuan(today.winter_cost)),
                    ("income", &income),
                    ("share", &words::percent(today.winter_burden)),
                    ("limit", &words::percent(limit)),
                ],
            )
        })
    }
}
