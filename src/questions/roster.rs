//! Sums over the households of a roster: winners and losers, burden, money by payer and year, coal,
//! load of the grid. All sums are whole numbers, so that no order of adding changes them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::comparison::outcome::{AgainstToday, Headline, TooDearToRun, Verdict};
use crate::comparison::setting::Setting;
use crate::comparison::summary::{Figures, Summary};
use crate::words::fixed::Money;
use crate::words::kinds::{Category, Kind, Payer};

/// The option that a household takes, by its place in the list: the first of the [`order`];
/// nothing if it can have none.
pub fn pick(summary: &Summary) -> Option<usize> {
    let all = summary.options.iter().enumerate();
    let had = all.filter_map(|(i, option)| Some((i, option.as_ref().ok()?)));
    let best =
        had.min_by(|(_, a), (_, b)| order((&a.verdict, &a.headline), (&b.verdict, &b.headline)));
    best.map(|(i, _)| i)
}

/// Which of two options comes first: the one with fewer failures, then the one with the lower
/// equivalent annual cost. Equals stay in the order of their list.
pub fn order(a: (&Verdict, &Headline), b: (&Verdict, &Headline)) -> Ordering {
    let cost = |headline: &Headline| headline.equivalent_annual_cost.value();
    let failures = failures(a.0).cmp(&failures(b.0));
    failures.then(cost(a.1).total_cmp(&cost(b.1)))
}

/// How many of the failures an option has: too dear to install, too dear to run now, or later.
fn failures(verdict: &Verdict) -> u8 {
    let run = match verdict.too_dear_to_run {
        TooDearToRun::No => 0,
        TooDearToRun::AfterGrants => 1,
        TooDearToRun::Now => 2,
    };
    run + 2 * u8::from(verdict.too_dear_to_install)
}

/// Upper ends of the classes of the distribution of the change of the winter's cost, yuan; the last
/// class is open.
pub const CHANGE_ENDS: [i64; 11] = [
    -5000, -3000, -2000, -1000, -500, 0, 500, 1000, 2000, 3000, 5000,
];
/// Classes of that distribution.
pub const CHANGE_CLASSES: usize = CHANGE_ENDS.len() + 1;

/// Sums over households that take an option. Money in fen, masses in grams, energy in watt hours,
/// power in watts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Households that can have it.
    pub households: i64,
    /// Those whose winter costs less than today, for good or while grants last.
    pub winners: i64,
    /// Those among them whose winter costs less only while grants last.
    pub winners_with_grants: i64,
    /// Those whose winter costs more.
    pub losers: i64,
    /// What the winners spare in the first winter, together.
    pub spared: i64,
    /// What the losers pay more in the first winter, together.
    pub lost: i64,
    /// Households whose first winter is above the line of burden.
    pub over_line: i64,
    /// Households whose winter is above the line once the grants have ended, but not before.
    pub over_line_later: i64,
    /// Households that cannot afford the installation.
    pub too_dear_to_install: i64,
    /// Price of the installations.
    pub install_price: i64,
    /// What households pay for them after grants.
    pub self_pay: i64,
    /// The first winter of all of them.
    pub winter: i64,
    /// The first winter without running grants.
    pub after_subsidy: i64,
    /// Today's winter of the same households.
    pub today: i64,
    /// Loose coal that is replaced in a winter.
    pub coal_replaced: i64,
    /// CO2 of today's heating less that of the new one, house and grid, in a winter.
    pub co2_less: i64,
    /// PM2.5 at the houses that is spared in a winter.
    pub pm25_less: i64,
    /// Electricity for heating in a winter.
    pub electricity: i64,
    /// Power that they draw together in the coldest hour of the season.
    pub cold_hour: i64,
    /// Sum of the highest hours of the houses, whenever they are.
    pub peaks: i64,
    /// Households by class of the change of the winter's cost.
    pub changes: [i64; CHANGE_CLASSES],
    /// By category: households, losers, and the change of the winter's cost together.
    pub categories: BTreeMap<Category, [i64; 3]>,
    /// By year of the account and payer other than the household: what is paid.
    #[serde(with = "pairs")]
    pub payers: BTreeMap<(u16, Payer), i64>,
}

/// A map with keys of two parts, as a list.
mod pairs {
    use super::{BTreeMap, Payer};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Map = BTreeMap<(u16, Payer), i64>;

    pub fn serialize<S: Serializer>(map: &Map, to: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(to)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Map, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}

impl Sums {
    /// Adds a household that takes an option.
    pub fn add(&mut self, option: &Figures, today: &Figures, category: Category) {
        let headline = &option.headline;
        let change = headline.versus_today;
        self.households += 1;
        match option.verdict.winter {
            AgainstToday::Cheaper => self.winners += 1,
            AgainstToday::CheaperWithGrants => {
                self.winners += 1;
                self.winners_with_grants += 1;
            }
            AgainstToday::Same => {}
            AgainstToday::Dearer => self.losers += 1,
        }
        let dearer = option.verdict.winter == AgainstToday::Dearer;
        self.spared += (-change).max(Money::ZERO).fen();
        self.lost += change.max(Money::ZERO).fen();
        match option.verdict.too_dear_to_run {
            TooDearToRun::No => {}
            TooDearToRun::AfterGrants => self.over_line_later += 1,
            TooDearToRun::Now => self.over_line += 1,
        }
        self.too_dear_to_install += i64::from(option.verdict.too_dear_to_install);
        self.install_price += headline.install_price.fen();
        self.self_pay += headline.self_pay.fen();
        self.winter += headline.winter_cost.fen();
        self.after_subsidy += headline.after_subsidy.fen();
        self.today += (headline.winter_cost - change).fen();
        self.physical(option, today);
        let class = CHANGE_ENDS
            .iter()
            .filter(|end| change.fen() > **end * 100)
            .count();
        if let Some(count) = self.changes.get_mut(class) {
            *count += 1;
        }
        let of_category = self.categories.entry(category).or_default();
        of_category[0] += 1;
        of_category[1] += i64::from(dearer);
        of_category[2] += change.fen();
        for paid in option
            .payers
            .iter()
            .filter(|paid| paid.payer != Payer::Household)
        {
            *self.payers.entry((paid.year, paid.payer)).or_default() += paid.amount.fen();
        }
    }

    fn physical(&mut self, option: &Figures, today: &Figures) {
        let whole = |value: f64| value.round() as i64;
        let (new, old) = (&option.emissions, &today.emissions);
        self.coal_replaced += whole(new.coal_replaced_t * 1e6);
        let co2 = |own: &crate::comparison::outcome::Emissions| {
            own.co2_house_kg.unwrap_or(0.0) + own.co2_grid_kg.unwrap_or(0.0)
        };
        self.co2_less += whole((co2(old) - co2(new)) * 1e3);
        let dust = old.pm25_kg.unwrap_or(0.0) - new.pm25_kg.unwrap_or(0.0);
        self.pm25_less += whole(dust * 1e3);
        self.electricity += whole(option.electricity_kwh * 1e3);
        self.cold_hour += whole(option.cold_hour.value() * 1e3);
        self.peaks += whole(option.peak.value() * 1e3);
    }

    /// Adds the sums of other households.
    pub fn merge(&mut self, other: &Self) {
        let Self {
            households,
            winners,
            winners_with_grants,
            losers,
            spared,
            lost,
            over_line,
            over_line_later,
            too_dear_to_install,
            install_price,
            self_pay,
            winter,
            after_subsidy,
            today,
            coal_replaced,
            co2_less,
            pm25_less,
            electricity,
            cold_hour,
            peaks,
            changes,
            categories,
            payers,
        } = other;
        for (own, other) in [
            (&mut self.households, households),
            (&mut self.winners, winners),
            (&mut self.winners_with_grants, winners_with_grants),
            (&mut self.losers, losers),
            (&mut self.spared, spared),
            (&mut self.lost, lost),
            (&mut self.over_line, over_line),
            (&mut self.over_line_later, over_line_later),
            (&mut self.too_dear_to_install, too_dear_to_install),
            (&mut self.install_price, install_price),
            (&mut self.self_pay, self_pay),
            (&mut self.winter, winter),
            (&mut self.after_subsidy, after_subsidy),
            (&mut self.today, today),
            (&mut self.coal_replaced, coal_replaced),
            (&mut self.co2_less, co2_less),
            (&mut self.pm25_less, pm25_less),
            (&mut self.electricity, electricity),
            (&mut self.cold_hour, cold_hour),
            (&mut self.peaks, peaks),
        ] {
            *own += other;
        }
        for (own, other) in self.changes.iter_mut().zip(changes) {
            *own += other;
        }
        for (category, other) in categories {
            let own = self.categories.entry(*category).or_default();
            for (own, other) in own.iter_mut().zip(other) {
                *own += other;
            }
        }
        for (key, other) in payers {
            *self.payers.entry(*key).or_default() += other;
        }
    }

    /// What a payer pays in a year, fen.
    pub fn paid(&self, year: u16, payer: Payer) -> i64 {
        self.payers.get(&(year, payer)).copied().unwrap_or(0)
    }

    /// What governments pay in a year, fen.
    pub fn public(&self, year: u16) -> i64 {
        let public = Payer::ALL.iter().filter(|payer| **payer != Payer::Operator);
        public.map(|payer| self.paid(year, *payer)).sum()
    }

    /// The last year in which anybody else pays.
    pub fn last_year(&self) -> u16 {
        self.payers.keys().map(|(year, _)| *year).max().unwrap_or(0)
    }
}

/// The sums of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Households that were worked out.
    pub households: i64,
    /// Those that can have none of the options.
    pub without: i64,
    /// If every household that can had this option, in the order of the list.
    pub options: Vec<Sums>,
    /// How many households take each option.
    pub taken: Vec<i64>,
    /// What they take, by township and village.
    pub places: Vec<(String, String, Sums)>,
}

impl Tally {
    /// For the options of a place.
    pub fn new(setting: &Setting) -> Self {
        let count = setting.options.len();
        Self {
            options: vec![Sums::default(); count],
            taken: vec![0; count],
            ..Self::default()
        }
    }

    /// Adds a household; `taken` is the option that it takes.
    pub fn add(
        &mut self,
        summary: &Summary,
        taken: Option<usize>,
        category: Category,
        (township, village): (&str, &str),
    ) {
        self.households += 1;
        for (sums, option) in self.options.iter_mut().zip(&summary.options) {
            if let Ok(figures) = option {
                sums.add(figures, &summary.today, category);
            }
        }
        let chosen = taken.and_then(|i| Some((i, summary.options.get(i)?.as_ref().ok()?)));
        let Some((i, figures)) = chosen else {
            self.without += 1;
            return;
        };
        if let Some(count) = self.taken.get_mut(i) {
            *count += 1;
        }
        self.place(township, village)
            .add(figures, &summary.today, category);
    }

    /// The sums of a village, which are kept in order of their names.
    fn place(&mut self, township: &str, village: &str) -> &mut Sums {
        let key = |place: &(String, String, Sums)| {
            (place.0.as_str(), place.1.as_str()).cmp(&(township, village))
        };
        let at = match self.places.binary_search_by(key) {
            Ok(at) => at,
            Err(at) => {
                let new = (township.to_owned(), village.to_owned(), Sums::default());
                self.places.insert(at, new);
                at
            }
        };
        &mut self.places[at].2
    }

    /// Adds the sums of other households.
    pub fn merge(&mut self, other: &Self) {
        self.households += other.households;
        self.without += other.without;
        for (own, other) in self.options.iter_mut().zip(&other.options) {
            own.merge(other);
        }
        for (own, other) in self.taken.iter_mut().zip(&other.taken) {
            *own += other;
        }
        for (township, village, sums) in &other.places {
            self.place(township, village).merge(sums);
        }
    }

    /// All villages together.
    pub fn county(&self) -> Sums {
        let mut all = Sums::default();
        self.places.iter().for_each(|(.., sums)| all.merge(sums));
        all
    }

    /// The villages of each township together, in order of their names.
    pub fn townships(&self) -> Vec<(String, Sums)> {
        let mut all: Vec<(String, Sums)> = Vec::new();
        for (township, _, sums) in &self.places {
            match all.last_mut().filter(|(name, _)| name == township) {
                Some((_, own)) => own.merge(sums),
                None => all.push((township.clone(), sums.clone())),
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sums() -> impl Strategy<Value = Sums> {
        (
            0..1000i64,
            0..1000i64,
            0u16..4,
            0usize..CHANGE_CLASSES,
            -9999..9999i64,
        )
            .prop_map(|(households, losers, year, class, money)| {
                let mut sums = Sums {
                    households,
                    losers,
                    lost: money,
                    ..Sums::default()
                };
                sums.changes[class] = households;
                sums.payers.insert((year, Payer::County), money);
                sums.categories
                    .insert(Category::General, [households, losers, money]);
                sums
            })
    }

    proptest! {
        #[test]
        fn no_order_of_adding_changes_a_sum(parts in prop::collection::vec(sums(), 0..8)) {
            let mut forth = Sums::default();
            let mut back = Sums::default();
            parts.iter().for_each(|part| forth.merge(part));
            parts.iter().rev().for_each(|part| back.merge(part));
            prop_assert_eq!(&forth, &back);
            let text = serde_json::to_string(&forth).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sums>(&text).unwrap(), forth);
        }
    }

    #[test]
    fn villages_of_one_name_stay_apart_in_two_townships() {
        let mut tally = Tally::default();
        for (township, village) in [
            ("乙", "新村"),
            ("甲", "新村"),
            ("乙", "旧村"),
            ("乙", "新村"),
        ] {
            tally.place(township, village).households += 1;
        }
        let counts = |tally: &Tally| -> Vec<i64> {
            tally
                .places
                .iter()
                .map(|(.., sums)| sums.households)
                .collect()
        };
        assert_eq!(counts(&tally), [2, 1, 1]);
        let townships: Vec<(String, i64)> = tally
            .townships()
            .into_iter()
            .map(|(name, sums)| (name, sums.households))
            .collect();
        assert_eq!(townships, [("乙".to_owned(), 3), ("甲".to_owned(), 1)]);
        assert_eq!(tally.county().households, 4);
    }
}
