//! What was answered so far, and which question comes next.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::compute;
use crate::comparison::outcome::Comparison;
use crate::input::case::parse_case;
use crate::input::case_text::{Entry, Value, case_text};
use crate::input::library::Library;
use crate::input::problem::Problem;
use crate::input::setting::PlaceInWinter;
use crate::words::kinds::{Carrier, HeaterKind, Kind};

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The place.
    Place,
    /// Heated area.
    Area,
    /// Kind of house.
    House,
    /// What is burned.
    Fuel,
    /// How much of it a winter.
    Amount(Carrier),
    /// What it costs.
    Price(Carrier),
    /// What the winter costs, where no amount is known.
    Bill,
    /// People.
    People,
    /// Whether the income is that of one person or of all.
    IncomeOf,
    /// Income.
    Income,
    /// Category.
    Category,
    /// A gas main within reach.
    Gas,
    /// Radiators in the house.
    Radiators,
}

/// The answers.
#[derive(Debug, Default)]
pub struct Draft {
    entries: BTreeMap<&'static str, Entry>,
    said: Vec<(Step, String)>,
    /// What is burned, in the order of the carriers.
    pub fuels: Vec<Carrier>,
    /// Whether the income is told for one person; nothing while it is not told.
    pub per_person: Option<bool>,
    /// The place with its figures.
    pub place: Option<PlaceInWinter>,
}

/// Key of the amount of a carrier.
pub const fn amount_key(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::LooseCoal => "today.loose_coal_t",
        Carrier::Briquette => "today.briquette_t",
        Carrier::Pellet => "today.pellet_t",
        Carrier::Straw => "today.straw_t",
        Carrier::NaturalGas => "today.natural_gas_m3",
        Carrier::Lpg => "today.lpg_kg",
        // Heat from a network has no amount in a case: it is told by its bill.
        Carrier::Electricity | Carrier::NetworkHeat => "today.electricity_kwh",
    }
}

/// Key of the price of a carrier that is bought and not billed.
pub const fn price_key(carrier: Carrier) -> Option<&'static str> {
    match carrier {
        Carrier::LooseCoal => Some("today.loose_coal_cny_per_t"),
        Carrier::Briquette => Some("today.briquette_cny_per_t"),
        Carrier::Pellet => Some("today.pellet_cny_per_t"),
        Carrier::Straw => Some("today.straw_cny_per_t"),
        Carrier::Lpg => Some("today.lpg_cny_per_kg"),
        Carrier::NaturalGas | Carrier::Electricity | Carrier::NetworkHeat => None,
    }
}

/// The heater that tells a fuel without an amount. Straw has none of its own.
pub const fn heater_of(carrier: Carrier) -> Option<HeaterKind> {
    match carrier {
        Carrier::LooseCoal => Some(HeaterKind::CoalStove),
        Carrier::Briquette => Some(HeaterKind::BriquetteStove),
        Carrier::Pellet => Some(HeaterKind::BiomassStove),
        Carrier::Straw => None,
        Carrier::NaturalGas => Some(HeaterKind::GasBoiler),
        Carrier::Lpg => Some(HeaterKind::LpgBoiler),
        Carrier::Electricity => Some(HeaterKind::DirectElectric),
        Carrier::NetworkHeat => Some(HeaterKind::DistrictHeat),
    }
}

impl Step {
    /// Keys that its answer sets.
    pub fn keys(self) -> Vec<&'static str> {
        match self {
            Self::Place => vec!["place"],
            Self::Area => vec!["house.heated_area_m2"],
            Self::House => vec!["house.kind", "house.class"],
            Self::Fuel | Self::IncomeOf => Vec::new(),
            Self::Amount(carrier) => vec![amount_key(carrier)],
            Self::Price(carrier) => price_key(carrier).into_iter().collect(),
            Self::Bill => vec!["today.bill_cny"],
            Self::People => vec!["household.people"],
            Self::Income => vec![
                "household.income_cny_per_person_year",
                "household.income_cny_per_household_year",
            ],
            Self::Category => vec!["household.category"],
            Self::Gas => vec!["site.gas_main"],
            Self::Radiators => vec!["site.emitters"],
        }
    }
}

impl Draft {
    /// The questions of this household, as far as its answers tell.
    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Place, Step::Area, Step::House, Step::Fuel];
        for &fuel in self.fuels.iter().filter(|fuel| has_amount(**fuel)) {
            steps.push(Step::Amount(fuel));
            if self.has(amount_key(fuel)) && price_key(fuel).is_some() {
                steps.push(Step::Price(fuel));
            }
        }
        if !self.fuels.is_empty() && !self.amount_is_known() {
            steps.push(Step::Bill);
        }
        steps.extend([Step::People, Step::IncomeOf]);
        if self.per_person.is_some() {
            steps.push(Step::Income);
        }
        steps.extend([Step::Category, Step::Gas, Step::Radiators]);
        steps
    }

    /// The question after one.
    pub fn after(&self, step: Step) -> Option<Step> {
        let steps = self.steps();
        let at = steps.iter().position(|it| *it == step)?;
        steps.get(at + 1).copied()
    }

    /// The question before one.
    pub fn before(&self, step: Step) -> Option<Step> {
        let steps = self.steps();
        let at = steps.iter().position(|it| *it == step)?;
        steps.get(at.checked_sub(1)?).copied()
    }

    /// The answer that a question had before somebody came back to it.
    pub fn said(&self, step: Step) -> Option<String> {
        let found = self.said.iter().find(|(it, _)| *it == step);
        found.map(|(_, said)| said.clone())
    }

    /// Keeps the answer to a question as it was said, or forgets it.
    pub fn remember(&mut self, step: Step, said: Option<&str>) {
        self.said.retain(|(it, _)| *it != step);
        self.said.extend(said.map(|said| (step, said.to_owned())));
    }

    /// Whether a key was answered.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn amount_is_known(&self) -> bool {
        let known = |fuel: &&Carrier| has_amount(**fuel) && self.has(amount_key(**fuel));
        self.fuels.iter().any(|fuel| known(&fuel))
    }

    /// Whether this is the last question on today's fuel, after which it can be held against the
    /// house.
    pub fn ends_today(&self, step: Step) -> bool {
        let mut steps = self.steps().into_iter();
        steps.rfind(|it| matches!(it, Step::Amount(_))) == Some(step)
    }

    /// Sets the entries of a question in place of earlier ones.
    pub fn set(&mut self, step: Step, entries: Vec<Entry>) {
        for key in step.keys() {
            self.entries.remove(key);
        }
        for entry in entries {
            self.entries.insert(entry.key, entry);
        }
    }

    /// Sets what is burned; what was told of other fuels goes.
    pub fn set_fuels(&mut self, fuels: Vec<Carrier>) {
        if self.fuels != fuels {
            self.entries.retain(|key, _| !key.starts_with("today."));
            self.fuels = fuels;
        }
    }

    /// The case as the text of its file.
    pub fn text(&self, head: &[String]) -> String {
        let mut entries: Vec<Entry> = self.entries.values().cloned().collect();
        let first = self.fuels.first().copied();
        if let Some(heater) = first
            .and_then(heater_of)
            .filter(|_| !self.amount_is_known())
        {
            let value = Value::Text(heater.key().to_owned());
            entries.push(Entry {
                key: "today.heater",
                value,
                comment: String::new(),
            });
        }
        case_text(head, &entries)
    }

    /// What is wrong or unlikely with the answer to a question, by the checks of a case file.
    pub fn problems(&self, step: Step) -> Vec<Problem> {
        let keys = step.keys();
        let (_, found) = parse_case("", Path::new(""), &self.text(&[]));
        let own = |problem: &Problem| keys.contains(&problem.place.field.as_str());
        found.0.into_iter().filter(own).collect()
    }

    /// The account of what is known so far. A price that nobody told yet is no matter of the heat.
    pub fn account(&self, library: &Library) -> Option<Comparison> {
        let (case, _) = parse_case("", Path::new(""), &self.text(&[]));
        let mut case = case?;
        if let Some(today) = &mut case.today {
            let untold = today.fuels.iter_mut();
            for fuel in untold.filter(|fuel| fuel.price_cny_per_unit.is_none()) {
                fuel.price_cny_per_unit = price_key(fuel.carrier)
                    .filter(|_| self.price(fuel.carrier).is_none())
                    .map(|_| 0.0);
            }
        }
        compute::comparison(&case, library).ok()
    }

    /// The place's own supply of a fuel.
    pub fn price(&self, carrier: Carrier) -> Option<&crate::comparison::setting::FuelSupply> {
        self.place.as_ref()?.setting.prices.fuels.get(&carrier)
    }
}

const fn has_amount(carrier: Carrier) -> bool {
    !matches!(carrier, Carrier::NetworkHeat)
}
