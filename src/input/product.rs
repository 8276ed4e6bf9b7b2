//! `data/products/*.toml`: one product family (option) a file, with its sizes; and the emitters.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::choice;
use crate::input::figure::RawFigure;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::{Field, Limits, Shape, Spot, read_toml};
use crate::record;
use crate::technology::boiler::Boiler;
use crate::technology::collector::CollectorCurve;
use crate::technology::curve::Curve;
use crate::technology::district_heat::NetworkCharge;
use crate::technology::heat_pump::{HeatPump, HeatPumpTraits, RatingPoint};
use crate::technology::product::{Basis, Criteria, Emitter, Needs, PricedItem, Product};
use crate::technology::solar_electric::{Remainder, SolarTank};
use crate::technology::stove::Stove;
use crate::technology::{
    BiomassStove, BriquetteStove, CoalStove, DirectElectric, DistrictHeat, ElectricStorage,
    EmitterCurve, GasBoiler, HeatPumpAir, HeatPumpWater, Heater, LpgBoiler, SolarElectric,
    SolarStation,
};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Item, Name};
use crate::words::provenance::{FigureRef, Sourced};
use crate::words::quantity::{
    Celsius, CubicMetre, Kelvin, Kilogram, Kilowatt, KilowattHour, SquareMetre, WattPerKelvin,
    WattPerSquareMetre,
};

record! {
    /// A product family: one technical option with its sizes.
    pub struct RawFamily {
        /// Its id, unique in the catalogue.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// Bought once for each heated room.
        per_room: bool, default false;
        /// Most units that one house takes.
        most_units: u16, in 1.0..=40.0, default 1;
        /// Ids of the emitters that it can feed, the usual one first.
        emitters: Vec<String>;
        /// How long the machine lasts.
        life: RawYears;
        /// Service, parts and sweeping of the whole plant.
        upkeep: RawYearly;
        /// What the house must have.
        needs: Option<RawNeeds>;
        /// The three local criteria that are not money.
        scores: RawScores;
        /// The physics; powers and stores are given relative to the rated heat of a size.
        performance: RawPerformance;
        /// How network heat is charged.
        network_charge: Option<RawNetworkCharge>;
        /// Tilt of the collectors.
        collector_tilt_deg: Option<f64>, in 0.0..=90.0;
        /// What is bought with every size.
        item: Vec<RawItem>;
        /// Sizes, the smallest first.
        size: Vec<RawSize>;
    }
}

record! {
    /// One size of a family.
    pub struct RawSize {
        /// Its id, unique in the catalogue.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// Nominal heat of one unit.
        rated_kw: f64, in 0.1..=200.0;
        /// Collector aperture, for solar heating.
        collector_m2: Option<f64>, in 0.5..=500.0;
        /// Tank, for solar heating.
        tank_l: Option<f64>, in 20.0..=50000.0;
        /// What is bought with this size.
        item: Vec<RawItem>;
    }
}

record! {
    /// A thing to pay for; at least one of the two prices.
    pub struct RawItem {
        /// What subsidy rules call it.
        item: Spot<Item>;
        /// What it is called.
        name: Name;
        /// What the price is for.
        basis: Basis, default Basis::PerUnit;
        /// Price of a public programme.
        programme: Option<RawPrice>;
        /// Price in the shop.
        retail: Option<RawPrice>;
        /// How long it lasts, where it is not the machine's life.
        life: Option<RawYears>;
    }
}

record! {
    /// A price.
    pub struct RawPrice {
        /// For one of what the basis says.
        price_cny: Money, in 0.0..=500000.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// A cost of every year.
    pub struct RawYearly {
        /// Of the whole plant.
        cost_cny_per_year: Money, in 0.0..=20000.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// A life.
    pub struct RawYears {
        /// Years.
        years: Spot<u16>, in 1.0..=40.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

record! {
    /// What the house must have for one plant.
    pub struct RawNeeds {
        /// Yard for an outdoor unit, a store or fuel.
        yard_m2: f64, in 0.0..=500.0, default 0.0;
        /// Roof in the sun.
        roof_m2: f64, in 0.0..=500.0, default 0.0;
        /// A gas main within reach.
        gas_main: bool, default false;
        /// Pellets or straw within reach.
        biomass: bool, default false;
        /// A heat network within reach.
        heat_network: bool, default false;
        /// Somebody who brings LPG.
        lpg_delivery: bool, default false;
        /// Fires of loose coal are allowed here.
        coal_allowed: bool, default false;
        /// Where these come from.
        figure: RawFigure;
    }
}

record! {
    /// Scores from 1 (bad) to 5 (good).
    pub struct RawScores {
        /// 安装方便.
        easy_to_install: RawScore;
        /// 维护简单.
        easy_to_maintain: RawScore;
        /// 运行安全.
        safe_to_run: RawScore;
    }
}

record! {
    /// A score with its evidence.
    pub struct RawScore {
        /// 1 to 5.
        score: u8, in 1.0..=5.0;
        /// The evidence.
        figure: RawFigure;
    }
}

record! {
    /// A charge for network heat.
    pub struct RawNetworkCharge {
        /// For a square metre and winter.
        price_cny_per_m2: Fixed, in 0.0..=200.0;
        /// Share of it that is due whatever is used; 1 where all of it is by area.
        fixed_share: Fixed, in 0.0..=1.0, default Fixed::ONE;
        /// For the metered heat.
        price_cny_per_kwh: Fixed, in 0.0..=5.0, default Fixed::ZERO;
        /// Where it comes from.
        figure: RawFigure;
    }
}

choice! {
    /// The physics of a kind.
    pub enum RawPerformance {
        /// 散煤炉.
        coal_stove => CoalStove(RawStove);
        /// 洁净煤炉.
        briquette_stove => BriquetteStove(RawStove);
        /// 生物质成型燃料炉.
        biomass_stove => BiomassStove(RawStove);
        /// 电蓄热.
        electric_storage => ElectricStorage(RawStorage);
        /// 直热式电暖.
        direct_electric => DirectElectric(RawDirect);
        /// 空气源热泵热水机.
        heat_pump_water => HeatPumpWater(RawHeatPump);
        /// 低温热风机.
        heat_pump_air => HeatPumpAir(RawHeatPump);
        /// 太阳能+电辅.
        solar_electric => SolarElectric(RawSolar);
        /// 太空能恒热站.
        solar_station => SolarStation(RawStation);
        /// 燃气壁挂炉.
        gas_boiler => GasBoiler(RawBoiler);
        /// 液化石油气壁挂炉.
        lpg_boiler => LpgBoiler(RawLpg);
        /// 集中供热.
        district_heat => DistrictHeat(RawDistrict);
    }
}

record! {
    /// A point of an efficiency over the load.
    pub struct RawLoadPoint {
        /// Share of the rated heat.
        load: f64, in 0.0..=1.0;
        /// Efficiency on the lower heating value.
        efficiency: Spot<f64>, in 0.02..=1.1;
    }
}

record! {
    /// A stove for solid fuel.
    pub struct RawStove {
        /// Efficiency over the load.
        efficiency: Spot<Vec<RawLoadPoint>>;
        /// Least fuel rate of a fire kept in, as a share of the full rate.
        banked_share: f64, in 0.0..=1.0, default 0.0;
        /// Feeder and fan at full load.
        fan_w: f64, in 0.0..=2000.0, default 0.0;
        /// Circulation pump while it burns.
        pump_w: f64, in 0.0..=1000.0, default 0.0;
        /// Controls, all season.
        standby_w: f64, in 0.0..=200.0, default 0.0;
        /// Fuel of one ignition beyond what it heats.
        ignition_kwh: f64, in 0.0..=20.0, default 0.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A storage heater; its rated heat is its charging power.
    pub struct RawStorage {
        /// Heat held when full, for one kW of charging power.
        store_kwh_per_kw: f64, in 0.5..=30.0;
        /// Most heat given off, as a share of the charging power.
        discharge_share: f64, in 0.05..=3.0;
        /// Share of the stored heat lost in a day.
        loss_share_per_day: f64, in 0.0..=0.9;
        /// Power that may heat outside the valley, as a share of the charging power.
        top_up_share: f64, in 0.0..=1.0;
        /// Fan or pump while it gives heat.
        fan_w: f64, in 0.0..=1000.0, default 0.0;
        /// Controls, all season.
        standby_w: f64, in 0.0..=200.0, default 0.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A resistance heater.
    pub struct RawDirect {
        /// Share of the heat that reaches the rooms.
        distribution: f64, in 0.3..=1.0, default 1.0;
        /// Heat beyond what is wanted, as a share.
        overshoot: f64, in 0.0..=1.0, default 0.0;
        /// Circulation pump while it heats.
        pump_w: f64, in 0.0..=1000.0, default 0.0;
        /// Controls, all season.
        standby_w: f64, in 0.0..=200.0, default 0.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A rating point at full load, free of frost.
    pub struct RawRatingPoint {
        /// Outdoor air.
        t_out_c: f64, in -50.0..=30.0;
        /// Supply water, or room air for a hot-air unit.
        t_supply_c: f64, in 5.0..=90.0;
        /// Heat per electricity.
        cop: Spot<f64>, in 0.8..=15.0;
        /// Heat as a share of the rated heat.
        capacity_share: f64, in 0.05..=2.0;
    }
}

record! {
    /// An air-source heat pump.
    pub struct RawHeatPump {
        /// Rating points.
        point: Spot<Vec<RawRatingPoint>>;
        /// Approach of the condenser at full load.
        approach_supply_k: f64, in 0.0..=30.0;
        /// Approach of the evaporator at full load.
        approach_outdoor_k: f64, in 0.0..=30.0;
        /// Least part-load ratio without cycling; 1 for an on-off machine.
        least_load: f64, in 0.05..=1.0;
        /// Degradation coefficient `Cc` of EN 14825.
        cycling_cc: f64, in 0.5..=1.0;
        /// Share of the frost losses of a plain coil.
        frost_share: f64, in 0.0..=2.0;
        /// Change of capacity for a kelvin of supply above the rating point, as a share.
        capacity_share_per_k_supply: f64, in -0.02..=0.05;
        /// Capacity lost for each unit of air density lost.
        altitude_capacity: f64, in 0.0..=1.5;
        /// COP lost for each unit of air density lost.
        altitude_cop: f64, in 0.0..=1.5;
        /// Below this outdoor temperature it stops.
        limit_t_c: f64, in -50.0..=10.0;
        /// Built-in resistance heater, as a share of the rated heat.
        backup_share: f64, in 0.0..=1.5, default 0.0;
        /// Circulation pump beyond what the COP counts, while it heats.
        pump_w: f64, in 0.0..=1000.0, default 0.0;
        /// Controls and crankcase heater, all season.
        standby_w: f64, in 0.0..=300.0, default 0.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

choice! {
    /// What gives the heat that the sun does not; the element has the rated power.
    pub enum RawRemainder {
        /// A resistance heater at any hour: `{}`.
        any_hour => AnyHour(RawElement);
        /// A resistance heater that fills the tank in the valley: `{}`.
        valley => Valley(RawElement);
        /// A heat pump with the rated heat.
        heat_pump => HeatPump(RawHeatPump);
    }
}

record! {
    /// A resistance heater with the rated power.
    pub struct RawElement {
        /// Its power, as a share of the rated heat.
        power_share: f64, in 0.05..=2.0, default 1.0;
    }
}

record! {
    /// Collectors on a tank with something for the rest.
    pub struct RawSolar {
        /// Optical efficiency on the aperture.
        eta0: f64, in 0.3..=0.95;
        /// Linear loss.
        a1_w_per_m2_k: f64, in 0.1..=10.0;
        /// Quadratic loss.
        a2_w_per_m2_k2: f64, in 0.0..=0.1, default 0.0;
        /// Mean fluid above the tank while collecting.
        rise_k: f64, in 0.0..=30.0;
        /// Factor for pipes and heat exchanger.
        transfer: f64, in 0.3..=1.0;
        /// Loss of the tank for each cubic metre.
        tank_loss_w_per_k_m3: f64, in 0.1..=50.0;
        /// Whether the tank stands in the house.
        tank_indoors: bool;
        /// Hottest that the tank may become.
        tank_limit_c: f64, in 40.0..=100.0;
        /// Collector pump while collecting.
        collector_pump_w: f64, in 0.0..=1000.0;
        /// Pump of the heating circuit while it heats.
        pump_w: f64, in 0.0..=1000.0;
        /// Controls, all season.
        standby_w: f64, in 0.0..=200.0, default 0.0;
        /// What gives the rest.
        remainder: RawRemainder;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A heat pump whose evaporator sees the sun.
    pub struct RawStation {
        /// The machine.
        machine: RawHeatPump;
        /// Rise of the COP in full sun.
        sun_bonus_share: Spot<f64>, in 0.0..=1.0;
        /// Irradiance at which it is reached.
        sun_reference_w_m2: f64, in 100.0..=1200.0;
        /// Seasonal COP that the maker claims.
        claimed_cop: Option<f64>, in 1.0..=20.0;
        /// Where the bonus comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A point of an efficiency over the return temperature.
    pub struct RawReturnPoint {
        /// Return water.
        t_return_c: f64, in 5.0..=90.0;
        /// Efficiency on the lower heating value.
        efficiency: Spot<f64>, in 0.3..=1.1;
    }
}

record! {
    /// A point of a factor over the load.
    pub struct RawFactorPoint {
        /// Share of the rated heat.
        load: f64, in 0.0..=1.0;
        /// Factor on the efficiency.
        factor: f64, in 0.3..=1.2;
    }
}

record! {
    /// A wall boiler.
    pub struct RawBoiler {
        /// Efficiency at full load over the return temperature.
        efficiency: Spot<Vec<RawReturnPoint>>;
        /// Factor on it over the load.
        part_load: Spot<Vec<RawFactorPoint>>;
        /// Least share of the rated heat without cycling.
        least_load: f64, in 0.01..=1.0;
        /// Fuel lost in an hour of pause, as a share of the full rate.
        pause_loss_share: f64, in 0.0..=0.2, default 0.0;
        /// Pilot flame, all season.
        pilot_w: f64, in 0.0..=1000.0, default 0.0;
        /// Fan and pump while it burns.
        fan_pump_w: f64, in 0.0..=1000.0;
        /// Controls, all season.
        standby_w: f64, in 0.0..=200.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// What a bottle gives off by itself.
    pub struct RawVapourPoint {
        /// Air round the bottle.
        t_air_c: f64, in -50.0..=50.0;
        /// Lower heating value of the vapour.
        kw_per_bottle: f64, in 0.0..=200.0;
    }
}

record! {
    /// A wall boiler on bottles.
    pub struct RawLpg {
        /// The boiler.
        boiler: RawBoiler;
        /// Bottles joined to one boiler.
        bottles: u16, in 1.0..=40.0;
        /// Content of a bottle.
        bottle_kg: f64, in 1.0..=5000.0;
        /// What a bottle gives off.
        vapour: Spot<Vec<RawVapourPoint>>;
        /// The room that the bottles stand in; leave out if they stand outside.
        indoors_t_c: Option<f64>, in -30.0..=40.0;
        /// Where the vapour comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// A connection to a heat network.
    pub struct RawDistrict {
        /// Share of the metered heat that reaches the rooms.
        distribution: f64, in 0.3..=1.0, default 1.0;
        /// An indoor pump while it heats.
        pump_w: f64, in 0.0..=1000.0, default 0.0;
        /// Where the performance comes from.
        figure: RawFigure;
        /// Provenance of single keys where it differs.
        figures: BTreeMap<String, RawFigure>;
    }
}

record! {
    /// Emitters by id.
    pub struct RawEmitters {
        /// Emitters.
        emitter: BTreeMap<String, RawEmitter>;
    }
}

record! {
    /// Radiators, floor coils or fan coils.
    pub struct RawEmitter {
        /// Their name.
        name: Name;
        /// Supply at the design load.
        supply_design_c: f64, in 25.0..=90.0;
        /// Lowest supply that the controller sends.
        supply_min_c: f64, in 15.0..=70.0;
        /// Supply less return at the design load.
        spread_design_k: f64, in 1.0..=40.0;
        /// Exponent of the emitter law.
        exponent: f64, in 1.0..=1.6;
        /// Whether the supply follows the weather.
        weather_compensated: bool;
        /// Where these come from.
        figure: RawFigure;
        /// How long they last.
        life: RawYears;
        /// What they cost when new ones are needed.
        item: Vec<RawItem>;
    }
}

/// Reads a family file into its sizes; what is wrong goes to `problems`.
pub fn read_products(file: &str, text: &str, problems: &mut Problems) -> Option<Vec<Product>> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawFamily> = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    raw?.check(problems)
}

/// Reads the emitters file.
pub fn read_emitters(file: &str, text: &str, problems: &mut Problems) -> Option<Vec<Emitter>> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawEmitters> = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    let checked: Vec<Option<Emitter>> = raw?
        .emitter
        .iter()
        .map(|(id, raw)| raw.check(id, problems))
        .collect();
    checked.into_iter().collect()
}

/// Warns of a number that is legal but unlikely.
fn unlikely(spot: &Spot<f64>, min: f64, max: f64, problems: &mut Problems) {
    if !(min..=max).contains(&spot.value) {
        let kind = ProblemKind::Unlikely {
            value: spot.value,
            min,
            max,
        };
        problems.warn(spot.place.clone(), kind);
    }
}

/// A curve through points of a list; an empty list or a doubled abscissa is an error.
fn curve(points: Vec<(f64, f64)>, place: &Place, problems: &mut Problems) -> Option<Curve> {
    let mut xs: Vec<f64> = points.iter().map(|point| point.0).collect();
    xs.sort_by(f64::total_cmp);
    let doubled = xs
        .windows(2)
        .find(|pair| pair[0] == pair[1])
        .map(|pair| pair[0]);
    let kind = match doubled {
        Some(x) => ProblemKind::Duplicate {
            id: x.to_string(),
            first: place.field.clone(),
        },
        None => ProblemKind::WrongLength {
            found: 0,
            expected: 1,
            because: place.field.clone(),
        },
    };
    let made = Curve::new(points);
    if made.is_none() {
        problems.error(place.clone(), kind);
    }
    made
}

fn watts(w: f64) -> Kilowatt {
    Kilowatt(w / 1000.0)
}

impl RawYears {
    fn check(&self, id: String, problems: &mut Problems) -> Option<Sourced<u16>> {
        if self.years.value > 30 {
            let kind = ProblemKind::Unlikely {
                value: f64::from(self.years.value),
                min: 3.0,
                max: 30.0,
            };
            problems.warn(self.years.place.clone(), kind);
        }
        Some(Sourced::new(
            self.years.value,
            self.figure.check(id, problems)?,
        ))
    }
}

impl RawPrice {
    fn check(&self, id: String, problems: &mut Problems) -> Option<Sourced<Money>> {
        Some(Sourced::new(
            self.price_cny,
            self.figure.check(id, problems)?,
        ))
    }
}

impl RawItem {
    /// Checks an item; `owner` is the id of the size, family or emitter.
    fn check(&self, owner: &str, problems: &mut Problems) -> Option<PricedItem> {
        if self.programme.is_none() && self.retail.is_none() {
            let kind = ProblemKind::Needs {
                key: self.item.place.field.clone(),
                other: "programme, retail".to_owned(),
            };
            problems.error(self.item.place.clone(), kind);
            return None;
        }
        let id = |what: &str| format!("product/{owner}/{}/{what}", self.item.value);
        let programme = self
            .programme
            .as_ref()
            .map(|p| p.check(id("programme"), problems));
        let retail = self
            .retail
            .as_ref()
            .map(|p| p.check(id("retail"), problems));
        let life = self.life.as_ref().map(|p| p.check(id("life"), problems));
        Some(PricedItem {
            item: self.item.value,
            name: Arc::new(self.name.clone()),
            basis: self.basis,
            programme: all(programme)?,
            retail: all(retail)?,
            life_years: all(life)?,
        })
    }
}

/// An absent value is fine; one that failed its check is not.
fn all<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(some) => Some(some),
        None => Some(None),
    }
}

impl RawEmitter {
    fn check(&self, id: &str, problems: &mut Problems) -> Option<Emitter> {
        let items: Option<Vec<PricedItem>> = self
            .item
            .iter()
            .map(|item| item.check(id, problems))
            .collect();
        Some(Emitter {
            id: id.to_owned(),
            name: self.name.clone(),
            curve: EmitterCurve {
                t_supply_design: Celsius(self.supply_design_c),
                t_supply_min: Celsius(self.supply_min_c.min(self.supply_design_c)),
                spread_design: Kelvin(self.spread_design_k),
                exponent: self.exponent,
                weather_compensated: self.weather_compensated,
            },
            figure: self.figure.check(format!("emitter/{id}/curve"), problems)?,
            items: items?,
            life_years: self.life.check(format!("emitter/{id}/life"), problems)?,
        })
    }
}

impl RawScores {
    fn check(&self, family: &str, problems: &mut Problems) -> Option<Criteria> {
        let mut one = |raw: &RawScore, key: &str| {
            let figure = raw
                .figure
                .check(format!("product/{family}/{key}"), problems)?;
            Some(Sourced::new(raw.score, figure))
        };
        Some(Criteria {
            easy_to_install: one(&self.easy_to_install, "easy_to_install")?,
            easy_to_maintain: one(&self.easy_to_maintain, "easy_to_maintain")?,
            safe_to_run: one(&self.safe_to_run, "safe_to_run")?,
        })
    }
}

impl RawNeeds {
    fn check(&self, family: &str, problems: &mut Problems) -> Option<Needs> {
        Some(Needs {
            yard: SquareMetre(self.yard_m2),
            roof: SquareMetre(self.roof_m2),
            gas_main: self.gas_main,
            biomass: self.biomass,
            heat_network: self.heat_network,
            lpg_delivery: self.lpg_delivery,
            coal_allowed: self.coal_allowed,
            figure: Some(
                self.figure
                    .check(format!("product/{family}/needs"), problems)?,
            ),
        })
    }
}

impl RawFamily {
    /// Checks the family; each size becomes a product.
    pub fn check(&self, problems: &mut Problems) -> Option<Vec<Product>> {
        let family = &self.id.value;
        if self.size.is_empty() {
            let kind = ProblemKind::MissingKey {
                key: "size".to_owned(),
            };
            problems.error(self.id.place.clone(), kind);
            return None;
        }
        let sizes: Vec<Option<Product>> = self
            .size
            .iter()
            .map(|size| self.check_size(family, size, problems))
            .collect();
        sizes.into_iter().collect()
    }

    fn check_size(&self, family: &str, size: &RawSize, problems: &mut Problems) -> Option<Product> {
        let heater = self.performance.check(size, problems);
        let (performance, performance_keys) = self.performance.provenance(family, problems)?;
        let own = size.item.iter().map(|item| (item, size.id.value.as_str()));
        let shared = self.item.iter().map(|item| (item, family));
        let items: Vec<Option<PricedItem>> = own
            .chain(shared)
            .map(|(item, owner)| item.check(owner, problems))
            .collect();
        let needs = self.needs.as_ref().map(|raw| raw.check(family, problems));
        let charge = self.network_charge.as_ref().map(|raw| {
            let figure = raw
                .figure
                .check(format!("product/{family}/network_charge"), problems);
            figure.map(|figure| Sourced::new(raw.domain(), figure))
        });
        let upkeep = self
            .upkeep
            .figure
            .check(format!("product/{family}/upkeep"), problems)?;
        Some(Product {
            id: size.id.value.clone(),
            family: family.to_owned(),
            name: size.name.clone(),
            heater: heater?,
            rated: Kilowatt(size.rated_kw),
            performance,
            performance_keys,
            per_room: self.per_room,
            most_units: self.most_units,
            emitters: self.emitters.clone(),
            items: items.into_iter().collect::<Option<_>>()?,
            upkeep_cny_per_year: Sourced::new(self.upkeep.cost_cny_per_year, upkeep),
            life_years: self
                .life
                .check(format!("product/{family}/life"), problems)?,
            needs: all(needs)?.unwrap_or_default(),
            criteria: self.scores.check(family, problems)?,
            network_charge: all(charge)?,
            collector_tilt_deg: self.collector_tilt_deg,
        })
    }
}

impl RawNetworkCharge {
    fn domain(&self) -> NetworkCharge {
        NetworkCharge {
            per_m2: self.price_cny_per_m2,
            share_fixed: self.fixed_share,
            per_kwh: self.price_cny_per_kwh,
        }
    }
}

impl RawPerformance {
    /// The physics of one size.
    fn check(&self, size: &RawSize, problems: &mut Problems) -> Option<Heater> {
        let rated = Kilowatt(size.rated_kw);
        Some(match self {
            Self::CoalStove(raw) => Heater::CoalStove(CoalStove(raw.check(rated, problems)?)),
            Self::BriquetteStove(raw) => {
                Heater::BriquetteStove(BriquetteStove(raw.check(rated, problems)?))
            }
            Self::BiomassStove(raw) => {
                Heater::BiomassStove(BiomassStove(raw.check(rated, problems)?))
            }
            Self::ElectricStorage(raw) => Heater::ElectricStorage(raw.domain(rated)),
            Self::DirectElectric(raw) => Heater::DirectElectric(raw.domain(rated)),
            Self::HeatPumpWater(raw) => {
                Heater::HeatPumpWater(HeatPumpWater(raw.check(rated, problems)?))
            }
            Self::HeatPumpAir(raw) => Heater::HeatPumpAir(HeatPumpAir(raw.check(rated, problems)?)),
            Self::SolarElectric(raw) => Heater::SolarElectric(raw.check(size, problems)?),
            Self::SolarStation(raw) => Heater::SolarStation(raw.check(rated, problems)?),
            Self::GasBoiler(raw) => Heater::GasBoiler(GasBoiler(raw.check(rated, problems)?)),
            Self::LpgBoiler(raw) => Heater::LpgBoiler(raw.check(rated, problems)?),
            Self::DistrictHeat(raw) => Heater::DistrictHeat(DistrictHeat {
                rated,
                distribution: raw.distribution,
                pump: watts(raw.pump_w),
            }),
        })
    }

    /// The figure of the performance and those of single keys.
    fn provenance(
        &self,
        family: &str,
        problems: &mut Problems,
    ) -> Option<(FigureRef, Vec<(String, FigureRef)>)> {
        let (figure, figures, known) = match self {
            Self::CoalStove(raw) | Self::BriquetteStove(raw) | Self::BiomassStove(raw) => {
                (&raw.figure, &raw.figures, keys::<RawStove>())
            }
            Self::ElectricStorage(raw) => (&raw.figure, &raw.figures, keys::<RawStorage>()),
            Self::DirectElectric(raw) => (&raw.figure, &raw.figures, keys::<RawDirect>()),
            Self::HeatPumpWater(raw) | Self::HeatPumpAir(raw) => {
                (&raw.figure, &raw.figures, keys::<RawHeatPump>())
            }
            Self::SolarElectric(raw) => (&raw.figure, &raw.figures, keys::<RawSolar>()),
            Self::SolarStation(raw) => (&raw.figure, &raw.figures, keys::<RawStation>()),
            Self::GasBoiler(raw) => (&raw.figure, &raw.figures, keys::<RawBoiler>()),
            Self::LpgBoiler(raw) => (&raw.figure, &raw.figures, keys::<RawLpg>()),
            Self::DistrictHeat(raw) => (&raw.figure, &raw.figures, keys::<RawDistrict>()),
        };
        let main = figure.check(format!("product/{family}/performance"), problems)?;
        let mut single = Vec::new();
        for (key, raw) in figures {
            if !known.contains(&key.as_str()) {
                let kind = ProblemKind::Unresolved {
                    what: "key",
                    id: key.clone(),
                    nearest: nearest(key, known.iter().copied()),
                };
                problems.error(raw.source.place.clone(), kind);
                return None;
            }
            let id = format!("product/{family}/performance/{key}");
            single.push((key.clone(), raw.check(id, problems)?));
        }
        Some((main, single))
    }
}

/// The keys of a record.
fn keys<T: Field>() -> Vec<&'static str> {
    match T::shape(Limits::default()) {
        Shape::Record(record) => (record.fields)().iter().map(|field| field.key).collect(),
        _ => Vec::new(),
    }
}

impl RawStove {
    fn check(&self, rated: Kilowatt, problems: &mut Problems) -> Option<Stove> {
        for point in &self.efficiency.value {
            unlikely(&point.efficiency, 0.1, 0.95, problems);
        }
        let points = self.efficiency.value.iter();
        let points = points.map(|p| (p.load, p.efficiency.value)).collect();
        Some(Stove {
            rated,
            efficiency: curve(points, &self.efficiency.place, problems)?,
            banked_share: self.banked_share,
            fan: watts(self.fan_w),
            pump: watts(self.pump_w),
            standby: watts(self.standby_w),
            ignition_kwh: self.ignition_kwh,
        })
    }
}

impl RawStorage {
    fn domain(&self, rated: Kilowatt) -> ElectricStorage {
        ElectricStorage {
            charge: rated,
            capacity: KilowattHour(self.store_kwh_per_kw * rated.value()),
            discharge: rated * self.discharge_share,
            loss_share_per_day: self.loss_share_per_day,
            top_up: rated * self.top_up_share,
            fan: watts(self.fan_w),
            standby: watts(self.standby_w),
        }
    }
}

impl RawDirect {
    fn domain(&self, rated: Kilowatt) -> DirectElectric {
        DirectElectric {
            rated,
            distribution: self.distribution,
            overshoot: self.overshoot,
            pump: watts(self.pump_w),
            standby: watts(self.standby_w),
        }
    }
}

impl RawHeatPump {
    fn check(&self, rated: Kilowatt, problems: &mut Problems) -> Option<HeatPump> {
        for point in &self.point.value {
            unlikely(&point.cop, 1.0, 6.0, problems);
        }
        let points: Vec<RatingPoint> = self
            .point
            .value
            .iter()
            .map(|p| RatingPoint {
                t_out: Celsius(p.t_out_c),
                t_supply: Celsius(p.t_supply_c),
                cop: p.cop.value,
                capacity_share: p.capacity_share,
            })
            .collect();
        let distinct = points.iter().map(|p| (p.t_out.value(), p.cop)).collect();
        curve(distinct, &self.point.place, problems)?;
        HeatPump::new(rated, &points, self.traits(rated))
    }

    fn traits(&self, rated: Kilowatt) -> HeatPumpTraits {
        HeatPumpTraits {
            approach_supply_k: self.approach_supply_k,
            approach_outdoor_k: self.approach_outdoor_k,
            least_load: self.least_load,
            cycling_cc: self.cycling_cc,
            frost: self.frost_share,
            capacity_per_k_supply: self.capacity_share_per_k_supply,
            altitude_capacity: self.altitude_capacity,
            altitude_cop: self.altitude_cop,
            t_limit: Celsius(self.limit_t_c),
            backup: rated * self.backup_share,
            pump: watts(self.pump_w),
            standby: watts(self.standby_w),
        }
    }
}

impl RawSolar {
    fn check(&self, size: &RawSize, problems: &mut Problems) -> Option<SolarElectric> {
        let (Some(area), Some(tank)) = (size.collector_m2, size.tank_l) else {
            let kind = ProblemKind::Needs {
                key: size.id.place.field.clone(),
                other: "collector_m2, tank_l".to_owned(),
            };
            problems.error(size.id.place.clone(), kind);
            return None;
        };
        let tank = CubicMetre(tank / 1000.0);
        let rated = Kilowatt(size.rated_kw);
        Some(SolarElectric {
            solar: SolarTank {
                curve: CollectorCurve {
                    eta0: self.eta0,
                    a1: self.a1_w_per_m2_k,
                    a2: self.a2_w_per_m2_k2,
                },
                area: SquareMetre(area),
                rise: Kelvin(self.rise_k),
                transfer: self.transfer,
                tank,
                tank_loss: WattPerKelvin(self.tank_loss_w_per_k_m3 * tank.value()),
                tank_indoors: self.tank_indoors,
                t_max: Celsius(self.tank_limit_c),
                pump: watts(self.collector_pump_w),
            },
            remainder: match &self.remainder {
                RawRemainder::AnyHour(raw) => Remainder::AnyHour(rated * raw.power_share),
                RawRemainder::Valley(raw) => Remainder::Valley(rated * raw.power_share),
                RawRemainder::HeatPump(raw) => Remainder::HeatPump(raw.check(rated, problems)?),
            },
            pump: watts(self.pump_w),
            standby: watts(self.standby_w),
        })
    }
}

impl RawStation {
    fn check(&self, rated: Kilowatt, problems: &mut Problems) -> Option<SolarStation> {
        unlikely(&self.sun_bonus_share, 0.0, 0.15, problems);
        Some(SolarStation {
            machine: self.machine.check(rated, problems)?,
            sun_bonus: self.sun_bonus_share.value,
            sun_reference: WattPerSquareMetre(self.sun_reference_w_m2),
            claimed_cop: self.claimed_cop,
        })
    }
}

impl RawBoiler {
    fn check(&self, rated: Kilowatt, problems: &mut Problems) -> Option<Boiler> {
        for point in &self.efficiency.value {
            unlikely(&point.efficiency, 0.7, 1.08, problems);
        }
        let points = self.efficiency.value.iter();
        let points = points.map(|p| (p.t_return_c, p.efficiency.value)).collect();
        let factors = self
            .part_load
            .value
            .iter()
            .map(|p| (p.load, p.factor))
            .collect();
        Some(Boiler {
            rated,
            efficiency: curve(points, &self.efficiency.place, problems)?,
            part_load: curve(factors, &self.part_load.place, problems)?,
            least_load: self.least_load,
            pause_loss: self.pause_loss_share,
            pilot: watts(self.pilot_w),
            fan_pump: watts(self.fan_pump_w),
            standby: watts(self.standby_w),
        })
    }
}

impl RawLpg {
    fn check(&self, rated: Kilowatt, problems: &mut Problems) -> Option<LpgBoiler> {
        let points = self.vapour.value.iter();
        let points = points.map(|p| (p.t_air_c, p.kw_per_bottle)).collect();
        Some(LpgBoiler {
            boiler: self.boiler.check(rated, problems)?,
            bottles: self.bottles,
            bottle: Kilogram(self.bottle_kg),
            vapour_kw: curve(points, &self.vapour.place, problems)?,
            indoors: self.indoors_t_c.map(Celsius),
        })
    }
}
