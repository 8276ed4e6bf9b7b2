//! What each question says, and what its answer means.

use crate::cli::ask::draft::{Draft, Step, amount_key, heater_of, price_key};
use crate::input::answer;
use crate::input::case_text::{Entry, Value};
use crate::input::library::Library;
use crate::input::problem::ProblemKind;
use crate::input::setting::{Wishes, place_in_winter};
use crate::report::messages::Messages;
use crate::report::table::number;
use crate::words::kinds::{Carrier, Category, DwellingKind, Kind};
use crate::words::provenance::FigureRef;

/// What the questions draw on.
pub struct Asker<'a> {
    /// The library.
    pub library: &'a Library,
    /// The words.
    pub messages: &'a Messages,
    /// Places that were offered for a name that is none; a number picks one.
    pub offered: Vec<String>,
}

/// What an answer means, or why it cannot be taken: sentences for the one who answers.
pub type Taken = Result<Vec<Entry>, Vec<String>>;

impl Asker<'_> {
    /// The question itself.
    pub fn title(&self, step: Step) -> String {
        let text = |key: &str| self.messages.text(key);
        let of = |key: &str, carrier: Carrier| {
            let fuel = self.messages.kind("carrier", carrier);
            self.messages.with(key, &[("fuel", &fuel)])
        };
        match step {
            Step::Place => text("ask-place"),
            Step::Area => text("ask-area"),
            Step::House => text("ask-house"),
            Step::Fuel => text("ask-fuel"),
            Step::Amount(carrier) => of("ask-amount", carrier),
            Step::Price(carrier) => of("ask-price", carrier),
            Step::Bill => text("ask-bill"),
            Step::People => text("ask-people"),
            Step::IncomeOf => text("ask-income-of"),
            Step::Income => text("ask-income"),
            Step::Category => text("ask-category"),
            Step::Gas => text("ask-gas"),
            Step::Radiators => text("ask-radiators"),
        }
    }

    /// How it can be answered.
    pub fn help(&self, step: Step) -> String {
        let key = match step {
            Step::Place => "ask-help-place",
            Step::Area => "ask-help-area",
            Step::House => "ask-help-house",
            Step::Fuel => "ask-help-fuel",
            Step::Amount(carrier) => amount_help(carrier),
            Step::Price(_) => "ask-help-price",
            Step::Bill => "ask-help-bill",
            Step::People => "ask-help-people",
            Step::IncomeOf => "ask-help-income-of",
            Step::Income => "ask-help-income",
            Step::Category => "ask-help-category",
            Step::Gas => "ask-help-gas",
            Step::Radiators => "ask-help-radiators",
        };
        self.messages.text(key)
    }

    /// What can be chosen, in the order of its numbers.
    pub fn choices(&self, step: Step, draft: &Draft) -> Vec<String> {
        let text = |key: &str| self.messages.text(key);
        match step {
            Step::House => houses(draft)
                .map(|house| self.messages.name(&house.name).to_owned())
                .collect(),
            Step::Fuel => self.fuels().into_iter().map(|(_, name)| name).collect(),
            Step::IncomeOf => vec![text("ask-income-household"), text("ask-income-person")],
            Step::Category => self.categories(),
            Step::Gas | Step::Radiators => vec![text("ask-yes"), text("ask-no")],
            _ => Vec::new(),
        }
    }

    fn fuels(&self) -> Vec<(Carrier, String)> {
        const ORDER: [Carrier; 8] = [
            Carrier::LooseCoal,
            Carrier::Briquette,
            Carrier::Straw,
            Carrier::Pellet,
            Carrier::NaturalGas,
            Carrier::Lpg,
            Carrier::Electricity,
            Carrier::NetworkHeat,
        ];
        let named = |carrier| (carrier, self.messages.kind("carrier", carrier));
        ORDER.map(named).to_vec()
    }

    fn categories(&self) -> Vec<String> {
        let names = Category::ALL.iter();
        names
            .map(|it| self.messages.kind("category", *it))
            .collect()
    }

    /// What holds if nothing is answered, and where that comes from.
    pub fn default(&self, step: Step, draft: &Draft) -> Option<(String, Option<FigureRef>)> {
        let region = &draft.place.as_ref()?.region;
        match step {
            Step::House => {
                let given = region.default_house.as_ref()?;
                let house = houses(draft).find(|house| house.id == given.value)?;
                let name = self.messages.name(&house.name).to_owned();
                Some((name, Some(given.figure.clone())))
            }
            Step::Fuel => {
                let name = self.messages.kind("carrier", region.today_fuel.value);
                Some((name, Some(region.today_fuel.figure.clone())))
            }
            Step::Price(carrier) => self.price(carrier, draft),
            Step::People => {
                let people = region.people.value;
                let value = self
                    .messages
                    .with("ask-people-value", &[("people", &people)]);
                Some((value, Some(region.people.figure.clone())))
            }
            Step::IncomeOf => {
                let yuan = number(region.income_per_person.value.value(), 0);
                let value = self.messages.with("ask-income-value", &[("yuan", &yuan)]);
                Some((value, Some(region.income_per_person.figure.clone())))
            }
            Step::Category => Some((self.messages.kind("category", Category::General), None)),
            _ => None,
        }
    }

    fn price(&self, carrier: Carrier, draft: &Draft) -> Option<(String, Option<FigureRef>)> {
        let supply = draft.price(carrier)?;
        let package = supply.fuel.package.as_ref().filter(|_| supply.by_package);
        let unit = match package {
            Some(package) => self.messages.name(&package.name).to_owned(),
            None if carrier.unit() == "t" => self.messages.text("ask-unit-t"),
            None => self.messages.text("ask-unit-kg"),
        };
        let price = supply.price.value;
        let values: [(&str, &dyn std::fmt::Display); 2] = [("price", &price), ("unit", &unit)];
        let value = self.messages.with("ask-price-value", &values);
        Some((value, Some(supply.price.figure.clone())))
    }

    /// Takes an answer that is no word of the wizard.
    pub fn take(&mut self, step: Step, said: &str, draft: &mut Draft) -> Taken {
        let messages = self.messages;
        match step {
            Step::Place => self.take_place(said, draft),
            Step::Area => self.number(answer::area(said), step, "house.heated_area_m2", said),
            Step::House => self.take_house(said, draft),
            Step::Fuel => self.take_fuels(said, draft),
            Step::Amount(carrier) => {
                let piece = piece_kg(carrier, draft);
                let amount = answer::amount(said, carrier, piece);
                self.number(amount, step, amount_key(carrier), said)
            }
            Step::Price(carrier) => {
                let key = price_key(carrier).unwrap_or_default();
                self.number(answer::price(said, carrier), step, key, said)
            }
            Step::Bill => self.number(answer::yuan(said), step, "today.bill_cny", said),
            Step::People => self.number(answer::people(said), step, "household.people", said),
            Step::IncomeOf => self.take_income_of(said, draft),
            Step::Income => {
                let key = match draft.per_person {
                    Some(true) => "household.income_cny_per_person_year",
                    _ => "household.income_cny_per_household_year",
                };
                let taken = self.number(answer::yuan(said), step, key, said)?;
                Ok(with_people(taken, draft, messages))
            }
            Step::Category => match answer::category(said, &self.categories()) {
                Ok(category) => {
                    let name = self.messages.kind("category", category);
                    Ok(vec![text("household.category", category.key(), &name)])
                }
                Err(nearest) => Err(self.not_listed(said, nearest)),
            },
            Step::Gas => self.flag(said).map(|holds| {
                let comment = self.title(step);
                let (key, value) = ("site.gas_main", Value::Flag(holds));
                vec![Entry {
                    key,
                    value,
                    comment,
                }]
            }),
            Step::Radiators => self.flag(said).map(|holds| {
                let radiators = holds.then(|| text("site.emitters", "radiator", &self.title(step)));
                radiators.into_iter().collect()
            }),
        }
    }

    /// Why a question must be answered, if it must.
    pub fn must(&self, step: Step, draft: &Draft) -> Option<Vec<String>> {
        let key = match step {
            Step::Place | Step::Area => "ask-must",
            Step::Amount(carrier) if heater_of(carrier).is_none() => "ask-must-amount",
            Step::Price(carrier) if draft.price(carrier).is_none() => "ask-must-price",
            Step::Bill if draft.fuels.contains(&Carrier::NetworkHeat) => "ask-must-bill",
            Step::Income => "ask-must-income",
            _ => return None,
        };
        Some(vec![self.messages.text(key), self.help(step)])
    }

    fn take_place(&mut self, said: &str, draft: &mut Draft) -> Taken {
        let picked = answer::numbered(said, self.offered.len());
        let name = picked.and_then(|i| self.offered.get(i)).cloned();
        let name = name.unwrap_or_else(|| said.to_owned());
        let chain = match self.library.resolve_place(&name) {
            Ok(chain) => chain,
            Err(kind) => return Err(self.offer(&name, &kind)),
        };
        match place_in_winter(self.library, &chain, &Wishes::default()) {
            Ok(place) => {
                draft.place = Some(place);
                let full = chain.full_name();
                let full = self.messages.name(&full);
                let comment = if full == name { "" } else { full };
                Ok(vec![text("place", &name, comment)])
            }
            Err(found) => {
                let said = found
                    .0
                    .iter()
                    .map(|problem| crate::report::problems::headline(problem, None, self.messages));
                Err(said.collect())
            }
        }
    }

    /// The places that come nearest, with numbers.
    fn offer(&mut self, name: &str, kind: &ProblemKind) -> Vec<String> {
        let (sentence, near) = match kind {
            ProblemKind::AmbiguousPlace { candidates, .. } => ("ask-place-several", candidates),
            ProblemKind::NotOneOf { allowed, .. } => ("ask-place-unknown", allowed),
            _ => return vec![self.messages.text("ask-place-unknown")],
        };
        self.offered.clone_from(near);
        let mut lines = vec![self.messages.with(sentence, &[("name", &name)])];
        if near.is_empty() {
            lines.push(self.help(Step::Place));
        } else {
            lines.push(self.messages.text("ask-place-pick"));
            lines.extend(list(near));
        }
        lines
    }

    fn take_house(&self, said: &str, draft: &Draft) -> Taken {
        let names = self.choices(Step::House, draft);
        let plain = answer::plain(said);
        let at = answer::numbered(said, names.len()).or_else(|| {
            let named = |house: &crate::demand::Archetype, name: &String| {
                answer::plain(name) == plain || house.id == plain
            };
            houses(draft)
                .zip(&names)
                .position(|(house, name)| named(house, name))
        });
        match at.and_then(|at| houses(draft).nth(at)) {
            Some(house) => {
                let comment = self.messages.name(&house.name);
                let kind = dwelling(house.dwelling);
                Ok(vec![
                    text("house.kind", kind, ""),
                    text("house.class", &house.id, comment),
                ])
            }
            None => {
                let near = names.iter().map(|name| name.as_str());
                let near = crate::input::problem::nearest(&plain, near);
                Err(self.not_listed(said, near))
            }
        }
    }

    fn take_fuels(&self, said: &str, draft: &mut Draft) -> Taken {
        let names = self.fuels();
        let mut fuels: Vec<Carrier> = Vec::new();
        for part in answer::parts(said) {
            match answer::fuel(&part, &names) {
                Some(fuel) if fuels.contains(&fuel) => {}
                Some(fuel) => fuels.push(fuel),
                None => {
                    let near = names.iter().map(|(_, name)| name.as_str());
                    let near = crate::input::problem::nearest(&part, near);
                    return Err(self.not_listed(&part, near));
                }
            }
        }
        if fuels.is_empty() {
            return Err(self.not_understood(said, Step::Fuel));
        }
        draft.set_fuels(fuels);
        Ok(Vec::new())
    }

    fn take_income_of(&self, said: &str, draft: &mut Draft) -> Taken {
        let plain = answer::plain(said);
        let names = self.choices(Step::IncomeOf, draft);
        let named = |name: &String| answer::plain(name) == plain;
        let at = answer::numbered(said, 2).or_else(|| names.iter().position(named));
        match at {
            Some(at) => {
                draft.per_person = Some(at == 1);
                Ok(Vec::new())
            }
            None => Err(self.not_understood(said, Step::IncomeOf)),
        }
    }

    fn flag(&self, said: &str) -> Result<bool, Vec<String>> {
        answer::yes_or_no(said).ok_or_else(|| {
            let sentence = self
                .messages
                .with("quick-not-quantity", &[("value", &said)]);
            vec![sentence, self.messages.text("ask-hint-yes-no")]
        })
    }

    fn number(&self, value: Option<f64>, step: Step, key: &'static str, said: &str) -> Taken {
        let value = value.ok_or_else(|| self.not_understood(said, step))?;
        // A bare number says nothing that the key does not.
        let bare = answer::plain(said).parse::<f64>().is_ok();
        let comment = if bare { String::new() } else { said.to_owned() };
        let value = Value::Number(value);
        Ok(vec![Entry {
            key,
            value,
            comment,
        }])
    }

    fn not_understood(&self, said: &str, step: Step) -> Vec<String> {
        let sentence = self
            .messages
            .with("quick-not-quantity", &[("value", &said)]);
        vec![sentence, self.help(step)]
    }

    fn not_listed(&self, said: &str, nearest: Option<String>) -> Vec<String> {
        let sentence = self
            .messages
            .with("problem-not-one-of", &[("value", &said)]);
        let hint = match nearest {
            Some(nearest) => self.messages.with("hint-nearest", &[("nearest", &nearest)]),
            None => self.messages.text("ask-hint-number"),
        };
        vec![sentence, hint]
    }
}

/// Lines of a list with numbers.
pub fn list(names: &[String]) -> Vec<String> {
    let numbered = names.iter().zip(1..);
    numbered.map(|(name, i)| format!("{i:>2} {name}")).collect()
}

const fn amount_help(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::NaturalGas => "ask-help-gas-amount",
        Carrier::Lpg => "ask-help-lpg-amount",
        Carrier::Electricity | Carrier::NetworkHeat => "ask-help-power-amount",
        _ => "ask-help-solid-amount",
    }
}

fn houses(draft: &Draft) -> impl Iterator<Item = &crate::demand::Archetype> {
    let place = draft.place.iter();
    place.flat_map(|place| place.houses.archetypes.values())
}

fn dwelling(kind: DwellingKind) -> &'static str {
    kind.key()
}

/// What a bag or bottle of the carrier weighs here.
fn piece_kg(carrier: Carrier, draft: &Draft) -> Option<f64> {
    let place = draft.place.as_ref()?;
    let supply = place
        .setting
        .prices
        .fuels
        .get(&carrier)
        .map(|supply| &supply.fuel);
    let fuel = supply.or_else(|| place.fuels.usual(carrier))?;
    let package = fuel.package.as_ref()?;
    let kg = if carrier.unit() == "t" { 1000.0 } else { 1.0 };
    Some(package.units * kg)
}

/// An income of one person needs the number of people; where nobody told it, that of the place is
/// written down with it.
fn with_people(mut entries: Vec<Entry>, draft: &Draft, messages: &Messages) -> Vec<Entry> {
    let usual = draft.place.as_ref().map(|place| place.region.people.value);
    if let (Some(true), false, Some(people)) =
        (draft.per_person, draft.has("household.people"), usual)
    {
        entries.push(Entry {
            key: "household.people",
            value: Value::Number(f64::from(people)),
            comment: messages.text("ask-people-of-place"),
        });
    }
    entries
}

fn text(key: &'static str, value: &str, comment: &str) -> Entry {
    Entry {
        key,
        value: Value::Text(value.to_owned()),
        comment: comment.to_owned(),
    }
}
