//! From the library to a place in a winter: figures of the chain of places, weather, tariffs,
//! rules, products and options, ready for any number of households.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::comparison::options::{OptionSpec, PvAddOn, PvOwnership};
use crate::comparison::outcome::Fit;
use crate::comparison::setting::{Measure, MeasureBasis, SeasonWeather, Setting};
use crate::demand::BuildingWeather;
use crate::input::fuel::{Fuels, read_fuels};
use crate::input::house::{EnvelopeWorks, Houses, WorksBasis, read_houses};
use crate::input::library::Library;
use crate::input::option::{RawOption, read_options};
use crate::input::place::Chain;
use crate::input::price::Timing;
use crate::input::price_book::PriceBook;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::product::{read_emitters, read_products};
use crate::input::record::{Spot, read_toml};
use crate::input::region::{Region, region};
use crate::input::station::StationTables;
use crate::input::subsidy::{Known, read_rules};
use crate::input::tariff::{RawTariffs, Tariffs};
use crate::subsidy::{RuleSet, set::RuleFile};
use crate::technology::Heater;
use crate::technology::district_heat::NetworkCharge;
use crate::technology::product::Product;
use crate::technology::pv::pv_generation;
use crate::weather::{self, DesignClimate, SkyModel};
use crate::words::calendar::{Season, Winter};
use crate::words::climate::{HourlyYear, Plane};
use crate::words::fixed::Money;
use crate::words::kinds::{Carrier, Name};
use crate::words::provenance::{FigureRef, Grade, Sourced};
use crate::words::quantity::{Celsius, Kelvin, Kilowatt, Metre, YuanPerYear};

/// What a user may want of a place that changes what is made once.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The first winter.
    pub winter: Option<Winter>,
    /// Own days of heat.
    pub season: Option<Season>,
    /// A station by id or name.
    pub station: Option<Spot<String>>,
    /// An EPW file.
    pub epw: Option<PathBuf>,
    /// Added to every hour's temperature.
    pub shift_k: f64,
    /// Only these options.
    pub include: Vec<Spot<String>>,
    /// Not these options.
    pub exclude: Vec<Spot<String>>,
    /// Product and number fixed by the user, by option.
    pub fixed: BTreeMap<String, FixedProduct>,
    /// Envelope measures added to every option.
    pub envelope: Vec<Spot<String>>,
    /// PV added to every electric option.
    pub pv: Option<PvWish>,
    /// Direction of the roof, degrees from north, where it is known.
    pub roof_azimuth_deg: Option<f64>,
    /// Slope of the roof, where it is known.
    pub roof_tilt_deg: Option<f64>,
    /// A file of further subsidy rules.
    pub rules_file: Option<PathBuf>,
    /// Id of today's stove.
    pub stove: Option<Spot<String>>,
}

/// A product that the user fixed for an option.
#[derive(Debug, Clone, Default)]
pub struct FixedProduct {
    /// Its id.
    pub product: Option<Spot<String>>,
    /// How many.
    pub count: Option<u16>,
    /// Price of one, in place of the catalogue's.
    pub price: Option<Money>,
}

/// PV that the user wants with every electric option.
#[derive(Debug, Clone, Copy)]
pub struct PvWish {
    /// Direct-current power, kW.
    pub kw: f64,
    /// Rent a year for the whole roof where a firm owns it, yuan.
    pub rent: Option<f64>,
}

/// A setting with what households take their defaults from.
#[derive(Debug, Clone)]
pub struct PlaceInWinter {
    /// The setting.
    pub setting: Setting,
    /// The place's own figures.
    pub region: Region,
    /// Houses, habits and measures of the library.
    pub houses: Houses,
    /// Fuels of the library.
    pub fuels: Fuels,
}

/// Makes the setting of a place.
///
/// # Errors
/// Everything that is wrong in the files of the place and in the wishes.
pub fn place_in_winter(
    library: &Library,
    chain: &Chain,
    wishes: &Wishes,
) -> Result<PlaceInWinter, Problems> {
    let mut maker = Maker {
        library,
        chain,
        wishes,
        problems: Problems::default(),
    };
    let made = maker.make();
    match made {
        Some(place) if !maker.problems.has_errors() => Ok(place),
        _ => Err(maker.problems.sorted()),
    }
}

struct Maker<'a> {
    library: &'a Library,
    chain: &'a Chain,
    wishes: &'a Wishes,
    problems: Problems,
}

impl Maker<'_> {
    fn make(&mut self) -> Option<PlaceInWinter> {
        let region = match region(self.library, self.chain, self.wishes.winter) {
            Ok(region) => region,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        let winter = region.winter;
        let fuels = self.file("fuels.toml", read_fuels)?;
        let emitters = self.file("products/emitters.toml", read_emitters)?;
        let library = self.library;
        let houses = read_houses(&|path| library.text(path), &mut self.problems);
        let options = self.options()?;
        let products = self.products(&options, &region);
        let measures: Vec<Measure> = houses.works.values().map(measure).collect();
        let tariffs = self.tariffs();
        let rules = self.rules();
        let options = self.specs(&options, &products, &measures);
        let (year, design) = self.year(&region)?;
        let season = self.season(&region, &year);
        let pv = self.file("pv.toml", crate::input::pv::read_pv);
        let weather = self.weather(&year, season, &products, &options, pv.as_ref(), &region);
        let book = PriceBook::new(&tariffs, &region, &fuels, winter);
        let (prices, later) = book.prices();
        let products = with_network_charge(products, prices.network.as_ref());
        let setting = Setting {
            place: self.name(),
            winter,
            season,
            weather,
            elevation: Metre(self.elevation(&year)),
            t_design: design,
            prices,
            later,
            export_stands_in: book.export_stands_in(),
            grid: self.grid(&fuels),
            rules,
            products,
            emitters,
            pv: pv.map(|pv| pv.offer),
            measures,
            options,
            fits: fits(&region),
            unchecked_after_years: region.unchecked_after.value,
            plausible_heat: (
                region.plausible_heat.value.from,
                region.plausible_heat.value.to,
            ),
        };
        Some(PlaceInWinter {
            setting,
            region,
            houses,
            fuels,
        })
    }

    /// Reads a file of the library that must be there.
    fn file<T>(
        &mut self,
        path: &str,
        read: fn(&str, &str, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        let shown = self.library.shown(path);
        let Some(text) = self.library.text(path) else {
            let place = Place {
                file: shown,
                ..Place::default()
            };
            self.problems.error(place, ProblemKind::EmptyFile);
            return None;
        };
        read(&shown, &text, &mut self.problems)
    }

    /// Options that are listed or asked for, fewer those that are not wanted.
    fn options(&mut self) -> Option<Vec<RawOption>> {
        let all = self.file("options.toml", read_options)?;
        let ids: Vec<String> = all.iter().map(|option| option.id.value.clone()).collect();
        let wanted = self.wishes.include.iter().chain(&self.wishes.exclude);
        for spot in wanted {
            self.known("option", spot, &ids);
        }
        let named = |list: &[Spot<String>], id: &str| list.iter().any(|spot| spot.value == id);
        let fixed = |id: &str| self.wishes.fixed.contains_key(id);
        let keep = |option: &RawOption| {
            let id = option.id.value.as_str();
            let listed = if self.wishes.include.is_empty() {
                option.listed || fixed(id)
            } else {
                named(&self.wishes.include, id)
            };
            listed && !named(&self.wishes.exclude, id)
        };
        Some(all.into_iter().filter(keep).collect())
    }

    /// Reports an id that is not in a list.
    fn known(&mut self, what: &'static str, spot: &Spot<String>, ids: &[String]) -> bool {
        let known = ids.contains(&spot.value);
        if !known {
            let kind = ProblemKind::Unresolved {
                what,
                id: spot.value.clone(),
                nearest: nearest(&spot.value, ids.iter().map(String::as_str)),
            };
            self.problems.error(spot.place.clone(), kind);
        }
        known
    }

    /// Products of the options' families and today's stove.
    fn products(&mut self, options: &[RawOption], region: &Region) -> Vec<Arc<Product>> {
        let mut families: Vec<String> = Vec::new();
        let mut add = |family: &str| {
            if !families.iter().any(|own| own == family) {
                families.push(family.to_owned());
            }
        };
        options.iter().for_each(|option| add(&option.family.value));
        for stove in [
            "coal_stove",
            "briquette_stove",
            "gas_boiler",
            "electric_panel",
        ] {
            add(stove);
        }
        if let Some(stove) = &region.coal_stove {
            add(family_of(&stove.value, self.library));
        }
        if let Some(stove) = &self.wishes.stove {
            add(family_of(&stove.value, self.library));
        }
        let mut products = Vec::new();
        for family in families {
            let path = format!("products/{family}.toml");
            let Some(text) = self.library.text(&path) else {
                continue;
            };
            let shown = self.library.shown(&path);
            let read = read_products(&shown, &text, &mut self.problems);
            products.extend(read.into_iter().flatten().map(|it| self.repriced(it)));
        }
        products
    }

    /// A product with the price that the user gave for it.
    fn repriced(&self, mut product: Product) -> Arc<Product> {
        let fixed = self.wishes.fixed.values().find(|fixed| {
            fixed
                .product
                .as_ref()
                .is_some_and(|id| id.value == product.id)
                && fixed.price.is_some()
        });
        if let Some(price) = fixed.and_then(|fixed| fixed.price) {
            let heat_source = crate::words::kinds::Item::HeatSource;
            for it in product.items.iter_mut().filter(|it| it.item == heat_source) {
                let own = Sourced::new(price, FigureRef::case("options.fixed.price_cny"));
                it.programme = Some(own.clone());
                it.retail = Some(own);
            }
        }
        Arc::new(product)
    }

    fn specs(
        &mut self,
        options: &[RawOption],
        products: &[Arc<Product>],
        measures: &[Measure],
    ) -> Vec<OptionSpec> {
        let ids: Vec<String> = measures.iter().map(|measure| measure.id.clone()).collect();
        let mut specs = Vec::new();
        for option in options {
            let sizes: Vec<&Arc<Product>> = products
                .iter()
                .filter(|it| it.family == option.family.value)
                .collect();
            let Some(first) = sizes.first() else {
                let families: Vec<String> = products.iter().map(|it| it.family.clone()).collect();
                self.known("product", &option.family, &families);
                continue;
            };
            let added = option.envelope.iter().chain(&self.wishes.envelope);
            let envelope: Vec<Spot<String>> = added.cloned().collect();
            for spot in &envelope {
                self.known("measure", spot, &ids);
            }
            let fixed = self.wishes.fixed.get(&option.id.value);
            let wanted = fixed.and_then(|fixed| fixed.product.as_ref());
            let all: Vec<String> = sizes.iter().map(|it| it.id.clone()).collect();
            let list = match wanted {
                Some(id) if self.known("product", id, &all) => vec![id.value.clone()],
                _ => all,
            };
            specs.push(OptionSpec {
                id: option.id.value.clone(),
                name: Arc::new(option.name.clone()),
                kind: first.heater.kind(),
                products: list,
                count: fixed.and_then(|fixed| fixed.count),
                pv: self.pv(option, first),
                envelope: envelope.into_iter().map(|spot| spot.value).collect(),
            });
        }
        specs
    }

    /// The option's own PV, or the user's with an electric option.
    fn pv(&self, option: &RawOption, product: &Product) -> Option<PvAddOn> {
        let electric = product.heater.carrier() == Carrier::Electricity;
        let wish = self.wishes.pv.filter(|_| electric);
        let kw = wish.map(|wish| wish.kw).or(option.pv_kw)?;
        let ownership = match wish.and_then(|wish| wish.rent) {
            Some(rent) => PvOwnership::RoofRent {
                rent: YuanPerYear(rent),
            },
            None => PvOwnership::Household,
        };
        let figure = match wish {
            Some(_) => FigureRef::case("options.pv"),
            None => FigureRef::new("options/pv_kw", "assumption", Grade::D),
        };
        Some(PvAddOn {
            power: Kilowatt(kw),
            ownership,
            figure,
        })
    }

    /// Tariffs of the place over those above it.
    fn tariffs(&mut self) -> Tariffs {
        let mut tariffs: Option<Tariffs> = None;
        for level in self.library.chain_texts(self.chain, "tariffs.toml") {
            let found = RefCell::new(Problems::default());
            let raw: Option<RawTariffs> = read_toml(&level.file, &level.text, &found);
            self.problems.extend(found.into_inner());
            let place = if level.place.is_empty() {
                "nation"
            } else {
                level.place
            };
            let Some(own) = raw.and_then(|raw| raw.check(place, &mut self.problems)) else {
                continue;
            };
            tariffs = Some(match tariffs {
                Some(below) => below.over(&own),
                None => own,
            });
        }
        tariffs.unwrap_or_default()
    }

    /// Rules of all levels, the nation first, and the user's own file.
    fn rules(&mut self) -> RuleSet {
        let mut known = Known::default();
        let mut levels: Vec<RuleFile> = Vec::new();
        let found = RefCell::new(Problems::default());
        let mut texts = self.library.chain_texts(self.chain, "subsidies.toml");
        texts.reverse();
        for level in &texts {
            let place = if level.place.is_empty() {
                "nation"
            } else {
                level.place
            };
            if let Some(file) = read_rules(&level.file, &level.text, place, &known, &found) {
                known.add(&file);
                levels.push(file);
            }
        }
        if let Some(path) = &self.wishes.rules_file {
            let mut problems = Problems::default();
            let limit = crate::input::guard::TOML_LIMIT;
            if let Some(text) = crate::input::guard::read_text(path, limit, &mut problems) {
                let shown = path.display().to_string();
                levels.extend(read_rules(&shown, &text, "case", &known, &found));
            }
            self.problems.extend(problems);
        }
        self.problems.extend(found.into_inner());
        RuleSet::merge(levels)
    }

    /// The typical year and the design temperature.
    fn year(&mut self, region: &Region) -> Option<(HourlyYear, Sourced<Celsius>)> {
        let station = self.station(region)?;
        let library = self.library;
        let texts: BTreeMap<String, String> = library
            .files_under("stations/")
            .into_iter()
            .filter_map(|path| Some((path.clone(), library.text(&path)?.into_owned())))
            .collect();
        let files = |path: &str| texts.get(path).map(String::as_str);
        let tables = StationTables::open(&files, &mut self.problems)?;
        let climate = tables.station(&station, &mut self.problems)?;
        let design = tables.design(&station, &climate.site, &mut self.problems)?;
        let height = self.chain.place().map(|place| place.elevation_m);
        let lapse = weather::lapse(climate.site.elevation_m, height);
        let year = match &self.wishes.epw {
            Some(path) => self.epw(path)?,
            None => {
                let sequences = tables.sequences(&mut self.problems)?;
                let shift = Kelvin(self.wishes.shift_k + lapse);
                weather::typical_year(&climate, &sequences, shift)
            }
        };
        Some((year, design_at(&design, lapse, self.wishes.shift_k)))
    }

    fn epw(&mut self, path: &Path) -> Option<HourlyYear> {
        let limit = crate::input::guard::WEATHER_LIMIT;
        let text = crate::input::guard::read_text(path, limit, &mut self.problems)?;
        crate::input::epw::read_epw(&path.display().to_string(), &text, &mut self.problems)
    }

    /// The station that the user named, or the place's.
    fn station(&mut self, region: &Region) -> Option<String> {
        if let Some(spot) = &self.wishes.station {
            let rows = crate::input::region::station_names(self.library);
            let found = rows
                .iter()
                .find(|(id, name)| *id == spot.value || *name == spot.value);
            if let Some((id, _)) = found {
                return Some(id.clone());
            }
            let names: Vec<String> = rows.into_iter().flat_map(|(id, name)| [id, name]).collect();
            self.known("station", spot, &names);
            return None;
        }
        let found = region.station.as_ref().map(|station| station.id.clone());
        if found.is_none() {
            let file = self.library.shown("places/places.csv");
            let place = Place {
                file,
                field: "station_id".to_owned(),
                ..Place::default()
            };
            self.problems.error(
                place,
                ProblemKind::MissingKey {
                    key: "station_id".to_owned(),
                },
            );
        }
        found
    }

    /// The user's season, the official one, or by the 5 degC rule.
    fn season(&self, region: &Region, year: &HourlyYear) -> Season {
        let own = self
            .wishes
            .season
            .or(region.season.as_ref().map(|season| season.value));
        own.or_else(|| weather::below_threshold_season(year, Celsius(5.0)))
            .unwrap_or(Season::YEAR)
    }

    fn weather(
        &self,
        year: &HourlyYear,
        season: Season,
        products: &[Arc<Product>],
        options: &[OptionSpec],
        pv: Option<&crate::input::pv::PvCatalogue>,
        region: &Region,
    ) -> SeasonWeather {
        let exposure = weather::exposure(year, SkyModel::Isotropic);
        let albedo = weather::GROUND_ALBEDO;
        let mut tilts: Vec<i32> = Vec::new();
        for product in products.iter().filter(|it| {
            options
                .iter()
                .any(|option| option.products.iter().any(|id| *id == it.id))
        }) {
            let sunny = matches!(
                product.heater,
                Heater::SolarElectric(_) | Heater::SolarStation(_)
            );
            let tilt = product
                .collector_tilt_deg
                .filter(|_| sunny)
                .map(|deg| deg.round() as i32);
            if let Some(tilt) = tilt.filter(|tilt| !tilts.contains(tilt)) {
                tilts.push(tilt);
            }
        }
        let collectors = tilts
            .into_iter()
            .map(|tilt| {
                let plane = Plane {
                    tilt_deg: f64::from(tilt),
                    azimuth_deg: 180.0,
                };
                let sun = weather::on_plane(year, plane, albedo, SkyModel::Isotropic);
                (tilt, HourlyYear::pick(&sun, season))
            })
            .collect();
        let wants_pv = options.iter().any(|option| option.pv.is_some());
        let pv_kwh_per_kw = match pv.filter(|_| wants_pv) {
            Some(pv) => {
                let plane = self.roof(region).unwrap_or(pv.plane);
                let sun = weather::on_plane(year, plane, albedo, SkyModel::Isotropic);
                pv_generation(&pv.system, &sun, &year.t_out_c, &year.wind_m_s)
            }
            None => Vec::new(),
        };
        SeasonWeather {
            name: year.name.clone(),
            hours: season.hours().collect(),
            t_out_c: HourlyYear::pick(&year.t_out_c, season),
            rh_pct: HourlyYear::pick(&year.rh_pct, season),
            building: BuildingWeather::new(year, &exposure, season),
            collectors,
            pv_kwh_per_kw,
        }
    }

    /// The plane of the roof, if anything is known of it; one of which only the slope is known
    /// looks south.
    fn roof(&self, region: &Region) -> Option<Plane> {
        /// South.
        const SOUTH_DEG: f64 = 180.0;
        let (azimuth, tilt) = (self.wishes.roof_azimuth_deg, self.wishes.roof_tilt_deg);
        (azimuth.is_some() || tilt.is_some()).then(|| Plane {
            tilt_deg: tilt.unwrap_or(region.roof_tilt.value),
            azimuth_deg: azimuth.unwrap_or(SOUTH_DEG),
        })
    }

    fn elevation(&self, year: &HourlyYear) -> f64 {
        self.chain
            .place()
            .map_or(year.site.elevation_m, |place| place.elevation_m)
    }

    fn name(&self) -> Name {
        self.chain.full_name()
    }

    /// The grid of the place: its province's, or the nation's.
    fn grid(&self, fuels: &Fuels) -> Option<crate::technology::fuel::GridFactor> {
        let id = self.chain.id();
        let province = id.split('/').next().unwrap_or(id);
        fuels
            .grid(province)
            .or_else(|| fuels.grid("china"))
            .cloned()
    }
}

/// The design temperature of the place: that of its station, which is already carried over from the
/// station of the standard, and what carries the weather on to the place's height. A warmer climate
/// makes no smaller heater: cold waves stay.
fn design_at(own: &DesignClimate, lapse: f64, shift_k: f64) -> Sourced<Celsius> {
    /// Nearer than this the station of the standard is the place's own, km.
    const SAME_STATION_KM: f64 = 1.0;
    let carried = own.distance_km > SAME_STATION_KM || lapse != 0.0;
    let grade = if carried { Grade::D } else { Grade::A };
    let id = format!("stations/{}/t_heating_design", own.station_id);
    let t = own.t_heating_design.value() + lapse + shift_k.min(0.0);
    Sourced::new(Celsius(t), FigureRef::new(id, "gb50736_2012", grade))
}

/// Envelope works as an option takes them.
fn measure(works: &EnvelopeWorks) -> Measure {
    Measure {
        id: works.id.clone(),
        name: Arc::new(works.name.clone()),
        works: works.works,
        basis: match works.basis {
            WorksBasis::House => MeasureBasis::House,
            WorksBasis::HeatedFloor => MeasureBasis::HeatedFloor,
            WorksBasis::Surface => MeasureBasis::Surface,
        },
        price: works.price.clone(),
        life_years: works.life_years,
    }
}

/// The family that an id of a product, or of a family, belongs to.
fn family_of<'i>(id: &'i str, library: &Library) -> &'i str {
    let mut name = id;
    loop {
        if library.text(&format!("products/{name}.toml")).is_some() {
            return name;
        }
        match name.rfind('_') {
            Some(cut) => name = &name[..cut],
            None => return id,
        }
    }
}

/// Network heat at the place's charge, where it has one.
fn with_network_charge(
    products: Vec<Arc<Product>>,
    charge: Option<&Sourced<NetworkCharge>>,
) -> Vec<Arc<Product>> {
    products
        .into_iter()
        .map(|product| {
            if !matches!(product.heater, Heater::DistrictHeat(_)) {
                return product;
            }
            let mut own = Product::clone(&product);
            own.network_charge = charge.cloned();
            Arc::new(own)
        })
        .collect()
}

/// How the region's figures came to be used, by id.
fn fits(region: &Region) -> BTreeMap<String, Fit> {
    let fit = |used: crate::input::price::Use| match (used.timing, used.filled_in) {
        (Timing::Valid, false) => Fit::Fits,
        (Timing::Valid, true) => Fit::FilledFromAbove,
        _ => Fit::OutOfDate,
    };
    region
        .figures()
        .into_iter()
        .map(|(figure, used)| (figure.id().to_owned(), fit(used)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::quantity::Metre;

    fn standard(distance_km: f64, height_m: f64) -> DesignClimate {
        DesignClimate {
            station_id: "53614".into(),
            name: Name::same("银川"),
            t_heating_design: Celsius(-13.0),
            t_extreme_min: Celsius(-25.0),
            distance_km,
            height_difference: Metre(height_m),
        }
    }

    #[test]
    fn a_design_temperature_keeps_the_correction_of_its_station() {
        let design = design_at(&standard(80.0, 300.0), 0.0, 0.0);
        assert_eq!(design.value, Celsius(-13.0));
        assert_eq!(design.figure.0.grade, Grade::D);
    }

    #[test]
    fn a_place_above_its_station_has_a_colder_design_temperature() {
        let design = design_at(&standard(0.0, 0.0), -1.8, 0.0);
        assert_eq!(design.value, Celsius(-14.8));
        assert_eq!(design.figure.0.grade, Grade::D);
    }

    #[test]
    fn a_warmer_climate_leaves_the_design_temperature() {
        let own = standard(0.0, 0.0);
        assert_eq!(design_at(&own, 0.0, 1.0).value, Celsius(-13.0));
        assert_eq!(design_at(&own, 0.0, -1.0).value, Celsius(-14.0));
        assert_eq!(design_at(&own, 0.0, 0.0).figure.0.grade, Grade::A);
    }
}
