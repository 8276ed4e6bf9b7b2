//! What a place gives to an account: the figures of its level and of all above it, by date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use serde::Serialize;

use crate::input::library::Library;
use crate::input::place::{Chain, Level, PlaceRow};
use crate::input::price::{Entry, FuelPrice, Given, HeatCharge, Timing, Use, fuel_series, pick};
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::settings::{
    Band, Burden, BurdenClass, Discount, IncomeBand, InstallLimit, LevelFigures, LevelFile,
    LivingElectricity, read_level,
};
use crate::words::calendar::{Season, Winter};
use crate::words::fixed::{Fixed, Money, Rounding};
use crate::words::kinds::{Carrier, Kind, Service};
use crate::words::provenance::FigureRef;
use crate::words::quantity::{CubicMetre, Kilowatt, Yuan};

/// A place in a winter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Region {
    /// The place with those that contain it.
    pub chain: Chain,
    /// The winter.
    pub winter: Winter,
    /// The weather station that stands for it, if any is known.
    pub station: Option<StationChoice>,
    /// The official heating season; without one the 5 degC rule of the station applies.
    pub season: Option<Given<Season>>,
    /// Prices of fuels by series: carrier, or carrier and quality.
    pub fuel_prices: BTreeMap<String, Given<FuelPrice>>,
    /// The same for each later winter from which on other prices are known.
    #[serde(skip)]
    pub later_fuel_prices: Vec<(Winter, BTreeMap<String, Given<FuelPrice>>)>,
    /// What network heat costs where the tariffs do not bill it.
    pub district_heat: Option<Given<HeatCharge>>,
    /// Disposable income of a rural resident, a year.
    pub income_per_person: Given<Yuan>,
    /// People of a household.
    pub people: Given<u8>,
    /// Electricity for all but heating.
    pub living_electricity: Given<LivingElectricity>,
    /// Gas for cooking, a month.
    pub cooking_gas: Given<CubicMetre>,
    /// Id of the house that stands for one of which nothing is told.
    pub default_house: Option<Given<String>>,
    /// Id of the heating habit.
    pub heating_habit: Option<Given<String>>,
    /// What a household heats with today.
    pub today_fuel: Given<Carrier>,
    /// Id of the stove in which today's coal is burnt.
    pub coal_stove: Option<Given<String>>,
    /// What the grid can deliver to a house.
    pub grid_supply: Given<Kilowatt>,
    /// What an hour of own labour is counted at, where somebody set it.
    pub wage: Option<Given<Money>>,
    /// From where on an option is too dear to install.
    pub too_dear_to_install: Given<InstallLimit>,
    /// From which share of the yearly income on a winter is too dear.
    pub too_dear_to_run: Given<f64>,
    /// Where classes of burden begin, lightest first.
    pub burden_classes: Vec<Given<BurdenClass>>,
    /// Burdens at which homes are known to have gone back to coal.
    pub back_to_coal: Option<Given<IncomeBand>>,
    /// At what rate later money counts less.
    pub discount: Given<Discount>,
    /// General inflation, fraction a year.
    pub inflation: Given<f64>,
    /// How many years the account looks at.
    pub horizon: Given<u16>,
    /// Yearly growth of the price of each carrier.
    pub escalation: BTreeMap<Carrier, Given<f64>>,
    /// At what rate a household borrows, fraction a year.
    pub loan_rate: Option<Given<Fixed>>,
    /// What a comparison holds equal if the user does not say.
    pub service: Given<Service>,
    /// How an amount becomes whole fen.
    pub rounding: Given<Rounding>,
    /// Years after which a figure that holds until it is replaced must be looked at again.
    pub unchecked_after: Given<u16>,
    /// How far pellets are brought at their usual price, km.
    pub biomass_reach: Given<f64>,
    /// Heat of today's fuel over that of the simulated house, as far as it is plausible.
    pub plausible_heat: Given<Band>,
    /// Slope of a roof of which only the direction is known, degrees.
    pub roof_tilt: Given<f64>,
    /// Facts that rules ask for and that the place answers, by name.
    pub facts: BTreeMap<String, Given<bool>>,
    /// What is legal but unlikely in the files that were read.
    pub warnings: Problems,
}

/// The price of a fuel among those of a place: see [`Region::fuel_price`].
pub fn fuel_price<'p>(
    prices: &'p BTreeMap<String, Given<FuelPrice>>,
    carrier: Carrier,
    quality: Option<&str>,
) -> Option<&'p Given<FuelPrice>> {
    let exact = prices.get(&fuel_series(carrier, quality));
    if exact.is_some() || quality.is_some() {
        return exact;
    }
    prices.values().find(|given| given.value.carrier == carrier)
}

/// The longest account, years.
pub const LAST_YEAR: i16 = 50;

/// The weather station of a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StationChoice {
    /// Its id in `stations/`.
    pub id: String,
    /// Whether the table of places names it; otherwise it is the nearest.
    pub named: bool,
    /// How far it lies from the place, km.
    pub distance_km: f64,
    /// How much higher it lies than the place, m.
    pub higher_m: f64,
}

impl Region {
    /// The price of a fuel: of this quality, or, without one, the price that is not bound to
    /// a quality, else the first of the carrier.
    pub fn fuel_price(&self, carrier: Carrier, quality: Option<&str>) -> Option<&Given<FuelPrice>> {
        fuel_price(&self.fuel_prices, carrier, quality)
    }

    /// Every figure that the region gives, with how it came to be used, in order of its id.
    pub fn figures(&self) -> Vec<(FigureRef, Use)> {
        let mut all: Vec<(FigureRef, Use)> = Vec::new();
        let mut add = |figure: &FigureRef, used: Use| all.push((figure.clone(), used));
        macro_rules! one { ($($key:ident),*) => {$( add(&self.$key.figure, self.$key.used); )*} }
        macro_rules! many { ($($all:expr),*) => {$( for g in $all { add(&g.figure, g.used); } )*} }
        one!(
            income_per_person,
            people,
            living_electricity,
            cooking_gas,
            today_fuel,
            grid_supply
        );
        one!(
            too_dear_to_install,
            too_dear_to_run,
            discount,
            inflation,
            horizon,
            service,
            rounding,
            unchecked_after,
            biomass_reach,
            plausible_heat,
            roof_tilt
        );
        many!(
            self.season.iter(),
            self.district_heat.iter(),
            self.default_house.iter()
        );
        many!(
            self.heating_habit.iter(),
            self.coal_stove.iter(),
            self.wage.iter()
        );
        many!(self.back_to_coal.iter(), self.loan_rate.iter());
        many!(
            self.fuel_prices.values(),
            self.escalation.values(),
            self.facts.values(),
            &self.burden_classes
        );
        all.sort_by(|a, b| a.0.id().cmp(b.0.id()));
        all
    }
}

/// The middle of a winter, on which figures must hold.
pub fn middle_of(winter: Winter) -> Date {
    date(winter.plus(1).0.clamp(-9999, 9999), 1, 15)
}

/// Reads the files of a place and those above it, and picks each figure for the winter; without one
/// for the winter that the files begin with.
///
/// # Errors
/// What is wrong in the files that were read, or a national figure that is missing.
pub fn region(
    library: &Library,
    chain: &Chain,
    winter: impl Into<Option<Winter>>,
) -> Result<Region, Problems> {
    let mut problems = Problems::default();
    let levels = read_levels(library, chain, &mut problems);
    let station = station_of(library, chain);
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let Some(winter) = winter.into().or_else(|| first_winter(&levels)) else {
        missing("first_winter", &mut problems);
        return Err(problems);
    };
    let picker = Picker {
        levels: &levels,
        own: chain.place().map_or(Level::Nation, |place| place.level),
        day: middle_of(winter),
    };
    let region = picker.region(chain, winter, station, &mut problems);
    match region {
        Some(region) if !problems.has_errors() => Ok(Region {
            warnings: problems.sorted(),
            ..region
        }),
        _ => Err(problems.sorted()),
    }
}

/// The checked files of a place and those above it, most specific first.
pub fn read_levels(library: &Library, chain: &Chain, problems: &mut Problems) -> Vec<LevelFile> {
    library
        .chain_texts(chain, "place.toml")
        .iter()
        .filter_map(|text| read_level(text, problems))
        .collect()
}

/// The winter that accounts of a place begin with: the most specific entry that holds in its own
/// winter.
fn first_winter(levels: &[LevelFile]) -> Option<Winter> {
    let entries = levels.iter().flat_map(|file| &file.figures.first_winter);
    let mut own = entries.filter(|entry| {
        let valid = entry.figure.0.valid;
        valid.is_none_or(|valid| valid.covers(middle_of(entry.value)))
    });
    own.next().map(|entry| entry.value)
}

/// Picks figures of the levels for a day.
struct Picker<'a> {
    levels: &'a [LevelFile],
    own: Level,
    day: Date,
}

impl Picker<'_> {
    fn get<T: Clone>(
        &self,
        of: fn(&LevelFigures) -> &Vec<Entry<T>>,
        series: &str,
    ) -> Option<Given<T>> {
        let levels = self.levels.iter().map(|file| {
            let own = file.level == self.own;
            (file.level, own, of(&file.figures).as_slice())
        });
        pick(levels, series, self.day)
    }

    /// A figure that the nation must have.
    fn need<T: Clone>(
        &self,
        key: &str,
        of: fn(&LevelFigures) -> &Vec<Entry<T>>,
        problems: &mut Problems,
    ) -> Option<Given<T>> {
        let found = self.get(of, "");
        if found.is_none() {
            missing(key, problems);
        }
        found
    }

    /// Every series of a kind that any level has.
    fn all<T: Clone>(&self, of: fn(&LevelFigures) -> &Vec<Entry<T>>) -> BTreeMap<String, Given<T>> {
        let entries = self.levels.iter().flat_map(|file| of(&file.figures));
        let mut series: Vec<&str> = entries.map(|entry| entry.series.as_str()).collect();
        series.sort_unstable();
        series.dedup();
        series
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.get(of, name)?)))
            .collect()
    }

    fn region(
        &self,
        chain: &Chain,
        winter: Winter,
        station: Option<StationChoice>,
        problems: &mut Problems,
    ) -> Option<Region> {
        macro_rules! need {
            ($key:ident) => {
                self.need(stringify!($key), |f| &f.$key, problems)
            };
        }
        let income_per_person = need!(income);
        let people = need!(people);
        let living_electricity = need!(living_electricity);
        let cooking_gas = need!(cooking_gas);
        let today_fuel = need!(today_fuel);
        let grid_supply = need!(grid_supply);
        let too_dear_to_install = need!(too_dear_to_install);
        let too_dear_to_run = need!(too_dear_to_run);
        let discount = need!(discount);
        let inflation = need!(inflation);
        let horizon = need!(horizon);
        let service = need!(service);
        let rounding = need!(rounding);
        let unchecked_after = need!(unchecked_after);
        let biomass_reach = need!(biomass_reach);
        let plausible_heat = need!(plausible_heat);
        let roof_tilt = need!(roof_tilt);
        let escalation = self.escalation(problems);
        Some(Region {
            chain: chain.clone(),
            winter,
            station,
            season: self.get(|f| &f.heating_season, ""),
            fuel_prices: self.all(|f| &f.fuel_price),
            later_fuel_prices: self.later_fuel_prices(winter),
            district_heat: self.get(|f| &f.district_heat, ""),
            income_per_person: income_per_person?,
            people: people?,
            living_electricity: living_electricity?,
            cooking_gas: cooking_gas?,
            default_house: self.get(|f| &f.default_house, ""),
            heating_habit: self.get(|f| &f.heating_habit, ""),
            today_fuel: today_fuel?,
            coal_stove: self.get(|f| &f.coal_stove, ""),
            grid_supply: grid_supply?,
            wage: self.get(|f| &f.wage, ""),
            too_dear_to_install: too_dear_to_install?,
            too_dear_to_run: too_dear_to_run?,
            burden_classes: self.burden_classes(),
            back_to_coal: self.get(|f| &f.back_to_coal, ""),
            discount: discount?,
            inflation: inflation?,
            horizon: horizon?,
            escalation,
            loan_rate: self.get(|f| &f.loan_rate, ""),
            service: service?,
            rounding: rounding?,
            unchecked_after: unchecked_after?,
            biomass_reach: biomass_reach?,
            plausible_heat: plausible_heat?,
            roof_tilt: roof_tilt?,
            facts: self.all(|f| &f.fact),
            warnings: Problems::default(),
        })
    }

    /// The prices of each later winter in which the price of a fuel begins; what is not known to
    /// hold then stays as it was.
    fn later_fuel_prices(
        &self,
        first: Winter,
    ) -> Vec<(Winter, BTreeMap<String, Given<FuelPrice>>)> {
        let entries = self.levels.iter().flat_map(|file| &file.figures.fuel_price);
        let begins = entries.filter_map(|entry| Some(entry.figure.0.valid?.from));
        let winters: BTreeSet<Winter> = begins
            .filter(|from| *from > self.day)
            .filter_map(|from| {
                (1..LAST_YEAR)
                    .map(|n| first.plus(n))
                    .find(|w| middle_of(*w) >= from)
            })
            .collect();
        let mut prices = self.all(|f| &f.fuel_price);
        let turn = |winter: Winter| {
            let then = Picker {
                day: middle_of(winter),
                ..*self
            };
            for (series, known) in then.all(|f| &f.fuel_price) {
                let before = prices.get(&series).map(|it| it.used.level);
                // What a level above knows does not take the place of the place's own.
                let nearer = before.is_none_or(|level| level <= known.used.level);
                if known.used.timing == Timing::Valid && nearer {
                    prices.insert(series, known);
                }
            }
            (winter, prices.clone())
        };
        winters.into_iter().map(turn).collect()
    }

    fn escalation(&self, problems: &mut Problems) -> BTreeMap<Carrier, Given<f64>> {
        let mut rates = BTreeMap::new();
        for &carrier in Carrier::ALL {
            match self.get(|f| &f.escalation, carrier.key()) {
                Some(rate) => {
                    rates.insert(carrier, rate);
                }
                None => missing(&format!("escalation.{carrier}"), problems),
            }
        }
        rates
    }

    fn burden_classes(&self) -> Vec<Given<BurdenClass>> {
        Burden::ALL
            .iter()
            .filter_map(|class| self.get(|f| &f.burden_class, class.key()))
            .collect()
    }
}

fn missing(key: &str, problems: &mut Problems) {
    let place = Place {
        file: crate::input::library::SETTINGS_FILE.to_owned(),
        field: key.to_owned(),
        ..Place::default()
    };
    let key = key.to_owned();
    problems.error(place, ProblemKind::MissingKey { key });
}

/// Where the stations stand in the library: those with a typical year, and those derived from them.
pub const STATION_FILES: [&str; 2] = ["stations/stations.csv", "stations/derived_stations.csv"];

/// A station as a place sees it.
#[derive(Debug, Clone, PartialEq)]
struct StationSite {
    id: String,
    latitude_deg: f64,
    longitude_deg: f64,
    elevation_m: f64,
}

/// The station that the table names for the place, or the nearest one. A hundred metres of height
/// count as much as twenty kilometres of way.
fn station_of(library: &Library, chain: &Chain) -> Option<StationChoice> {
    let place = chain.place()?;
    let sites = stations(library);
    let named = place.station_id.as_ref();
    let site = match named {
        Some(id) => sites.iter().find(|site| site.id == *id),
        None => sites
            .iter()
            .min_by(|a, b| remoteness(place, a).total_cmp(&remoteness(place, b))),
    };
    match (site, named) {
        (Some(site), _) => Some(StationChoice {
            id: site.id.clone(),
            named: named.is_some(),
            distance_km: distance_km(place, site),
            higher_m: site.elevation_m - place.elevation_m,
        }),
        (None, Some(id)) => Some(StationChoice {
            id: id.clone(),
            named: true,
            distance_km: 0.0,
            higher_m: 0.0,
        }),
        (None, None) => None,
    }
}

/// Id and Chinese name of every station.
pub fn station_names(library: &Library) -> Vec<(String, String)> {
    let texts = STATION_FILES.iter().filter_map(|path| library.text(path));
    let mut names = Vec::new();
    for text in texts {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let Ok(header) = reader.headers().cloned() else {
            continue;
        };
        let column = |name: &str| header.iter().position(|column| column == name);
        let (Some(id), Some(name)) = (column("station_id"), column("name_zh")) else {
            continue;
        };
        for row in reader.records().filter_map(Result::ok) {
            if let (Some(id), Some(name)) = (row.get(id), row.get(name)) {
                names.push((id.to_owned(), name.to_owned()));
            }
        }
    }
    names
}

/// Stations of the library's tables, as far as their rows can be read.
fn stations(library: &Library) -> Vec<StationSite> {
    STATION_FILES
        .iter()
        .filter_map(|path| library.text(path))
        .flat_map(|text| station_rows(&text))
        .collect()
}

fn station_rows(text: &str) -> Vec<StationSite> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        return Vec::new();
    };
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(id), Some(lat), Some(lon), Some(elevation)) = (
        column("station_id"),
        column("lat"),
        column("lon"),
        column("elev_m"),
    ) else {
        return Vec::new();
    };
    let number = |row: &csv::StringRecord, i: usize| row.get(i)?.parse::<f64>().ok();
    reader
        .records()
        .filter_map(Result::ok)
        .filter_map(|row| {
            Some(StationSite {
                id: row.get(id)?.to_owned(),
                latitude_deg: number(&row, lat)?,
                longitude_deg: number(&row, lon)?,
                elevation_m: number(&row, elevation)?,
            })
        })
        .collect()
}

fn remoteness(place: &PlaceRow, site: &StationSite) -> f64 {
    distance_km(place, site) + (site.elevation_m - place.elevation_m).abs() / 5.0
}

/// Great-circle distance (haversine) on a sphere of 6,371 km.
fn distance_km(place: &PlaceRow, site: &StationSite) -> f64 {
    let (a, b) = (
        place.latitude_deg.to_radians(),
        site.latitude_deg.to_radians(),
    );
    let turn = (site.longitude_deg - place.longitude_deg).to_radians();
    let half = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (turn / 2.0).sin().powi(2);
    2.0 * 6371.0 * half.sqrt().asin()
}
