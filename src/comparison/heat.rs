//! The heat that the house asks for: as it is heated now, at the standard, and zoned.

use crate::comparison::household::{House, Household};
use crate::comparison::outcome::{DemandFacts, DemandMethod, Remark, Step, Term};
use crate::comparison::setting::{Measure, Setting};
use crate::demand::{
    self, Building, BuildingWeather, HeatDemand, Schedule, Simulated, Simulations, design_load,
    index_demand, loss_coefficient, simulate,
};
use crate::words::kinds::Service;
use crate::words::provenance::FigureRef;
use crate::words::quantity::{Celsius, Kilowatt, KilowattHour};

/// Hourly heat at every service, kW, season's hours.
#[derive(Debug, Clone)]
pub struct Heat {
    today: Simulated,
    standard: Simulated,
    zoned: Simulated,
    /// Simulated heat of today's use before it was scaled, kWh.
    today_simulated: f64,
    /// Metered over simulated heat.
    ratio: Option<f64>,
    method: DemandMethod,
    /// What a plant is sized for at the standard service.
    pub whole: Sizing,
    /// What room units are sized for as the house is heated now.
    now: Sizing,
    /// What room units are sized for at the zoned service.
    in_use: Sizing,
    /// Mean temperature that today's heat holds.
    room_today: Celsius,
    figures: Vec<FigureRef>,
}

/// How a house is worked out: anew, or from what is kept.
enum Worked<'a> {
    Anew,
    Kept(&'a mut Simulations),
}

impl Worked<'_> {
    fn heat(
        &mut self,
        building: &Building,
        weather: &BuildingWeather,
        schedule: &Schedule,
    ) -> Simulated {
        match self {
            Self::Anew => Simulated::new(HeatDemand {
                // Nobody asks for them, and they are as large as the heat.
                t_air_c: Vec::new(),
                ..simulate(building, weather, schedule, None)
            }),
            Self::Kept(kept) => kept.heat(building, weather, schedule),
        }
    }

    fn load(
        &mut self,
        building: &Building,
        weather: &BuildingWeather,
        t_in: Celsius,
        t_design: Celsius,
    ) -> Kilowatt {
        match self {
            Self::Anew => design_load(building, weather, t_in, t_design),
            Self::Kept(kept) => kept.load(building, weather, t_in, t_design),
        }
    }
}

/// What of the heat is needed beside today's hours and the load of the whole house.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    /// Hours of the standard service.
    standard: bool,
    /// Hours and load of the zoned service.
    zoned: bool,
    /// Load as the house is heated now.
    now: bool,
    /// The temperature that today's heat holds.
    told: bool,
}

impl Wanted {
    const ALL: Self = Self {
        standard: true,
        zoned: true,
        now: true,
        told: true,
    };
    /// Water systems are compared at the standard service where rooms are left out.
    fn of(service: Service) -> Self {
        Self {
            standard: service != Service::Today,
            zoned: service == Service::Zoned,
            now: service == Service::Today,
            told: false,
        }
    }
}

/// The house after envelope works.
#[derive(Debug)]
pub struct Works {
    whole: Building,
    /// The part in use, where it is asked for.
    zone: Option<Building>,
}

impl Works {
    /// Of some measures; nothing if there are none.
    pub fn new(household: &Household, measures: &[&Measure]) -> Option<Self> {
        if measures.is_empty() {
            return None;
        }
        let house = &household.house;
        let after = |before: &Building| {
            measures
                .iter()
                .fold(before.clone(), |house, it| house.with(&it.works))
        };
        let in_use = household.service == Service::Zoned || house.today_is_zone;
        Some(Self {
            whole: after(&house.whole),
            zone: in_use.then(|| after(&house.zone)),
        })
    }

    /// The whole house and the part in use.
    fn houses(&self) -> (&Building, &Building) {
        (&self.whole, self.zone.as_ref().unwrap_or(&self.whole))
    }
}

/// The simulations that the heat of a house rests on: none where it follows an index.
fn asked<'a>(
    house: &'a House,
    (whole, zone): (&'a Building, &'a Building),
    wanted: Wanted,
) -> impl Iterator<Item = (&'a Building, &'a Schedule)> + use<'a> {
    let used = if house.today_is_zone { zone } else { whole };
    let all = [
        Some((used, &house.today)),
        wanted.standard.then_some((whole, &house.standard)),
        wanted.zoned.then_some((zone, &house.zoned)),
    ];
    all.into_iter().flatten().filter(|_| house.is_simulated())
}

/// What a plant is sized for.
#[derive(Debug, Clone, Copy)]
pub struct Sizing {
    /// Load at the design temperature.
    pub load: Kilowatt,
    /// Indoor temperature.
    pub t_room: Celsius,
    /// Rooms that are heated.
    pub rooms: u8,
}

impl Heat {
    /// Of the house as it stands.
    pub fn new(setting: &Setting, household: &Household) -> Self {
        let house = &household.house;
        let houses = (&house.whole, &house.zone);
        Self::of(setting, household, houses, None, Wanted::ALL, Worked::Anew)
    }

    /// The same with only the hours that one service needs, and simulations that other households
    /// may have made before.
    pub fn shared(setting: &Setting, household: &Household, kept: &mut Simulations) -> Self {
        let house = &household.house;
        let (houses, wanted) = ((&house.whole, &house.zone), Wanted::of(household.service));
        Self::of(setting, household, houses, None, wanted, Worked::Kept(kept))
    }

    /// Of the house after envelope works. Today's habits stay, and so does the ratio of metered to
    /// simulated heat: comfort is equal before and after.
    pub fn with(&self, setting: &Setting, household: &Household, works: &Works) -> Self {
        let wanted = Wanted {
            standard: true,
            ..Wanted::of(household.service)
        };
        let before = Some(self);
        Self::of(
            setting,
            household,
            works.houses(),
            before,
            wanted,
            Worked::Anew,
        )
    }

    /// [`Self::with`] for one service, as [`Self::shared`].
    pub fn with_shared(
        &self,
        setting: &Setting,
        household: &Household,
        works: &Works,
        kept: &mut Simulations,
    ) -> Self {
        let (wanted, before) = (Wanted::of(household.service), Some(self));
        let kept = Worked::Kept(kept);
        Self::of(setting, household, works.houses(), before, wanted, kept)
    }

    /// Simulates, side by side, what [`Self::shared`] and [`Self::with_shared`] will ask for.
    pub fn foresee<'a>(
        setting: &Setting,
        houses: impl Iterator<Item = (&'a Household, Option<&'a Works>)>,
        kept: &mut Simulations,
    ) {
        let asked = houses.flat_map(|(household, works)| {
            let house = &household.house;
            let (whole, zone) = works.map_or((&house.whole, &house.zone), Works::houses);
            asked(house, (whole, zone), Wanted::of(household.service))
        });
        kept.foresee(&setting.weather.building, asked);
    }

    fn of(
        setting: &Setting,
        household: &Household,
        (whole, zone): (&Building, &Building),
        before: Option<&Self>,
        wanted: Wanted,
        mut worked: Worked<'_>,
    ) -> Self {
        let (house, weather) = (&household.house, &setting.weather.building);
        let t_room = Celsius(house.standard.highest_c());
        let t_design = setting.t_design.value;
        let used = if house.today_is_zone { zone } else { whole };
        let ask = |worked: &mut Worked<'_>, building: &Building, schedule: &Schedule| match &house
            .index
        {
            Some(index) if house.method == DemandMethod::Index => {
                let share = building.heated_area_m2 / house.whole.heated_area_m2.max(1e-9);
                let area = house.heated_area * share;
                let room = (t_room, t_design);
                Simulated::new(index_demand(index.value, area, room, schedule, weather))
            }
            _ => worked.heat(building, weather, schedule),
        };
        let simulated = ask(&mut worked, used, &house.today);
        let today_simulated = simulated.total.value();
        let ratio = match before {
            Some(before) => before.ratio,
            None => metered_kwh(household).map(|kwh| kwh / today_simulated.max(1e-9)),
        };
        let today = match ratio {
            Some(ratio) if house.method == DemandMethod::Metered => {
                Simulated::new(demand::scaled(&simulated.heat, ratio))
            }
            _ => simulated,
        };
        let rooms_now = if house.today_is_zone {
            house.rooms_in_use
        } else {
            house.rooms
        };
        let room_today = if wanted.told {
            let loss = loss_coefficient(used, weather).value();
            let per_k = loss * today.heat.heat_kw.len() as f64 / 1000.0;
            let more = today.total.value() - today_simulated;
            house.today.mean_c() + more / per_k.max(1e-9)
        } else {
            house.today.mean_c()
        };
        let standard = if wanted.standard {
            ask(&mut worked, whole, &house.standard)
        } else {
            Simulated::default()
        };
        let zoned = if wanted.zoned {
            ask(&mut worked, zone, &house.zoned)
        } else {
            Simulated::default()
        };
        let mut size = |building: &Building, schedule: &Schedule, rooms: u8, factor: f64| {
            let t_room = Celsius(schedule.highest_c());
            let load = worked.load(building, weather, t_room, t_design) * factor;
            Sizing {
                load,
                t_room,
                rooms,
            }
        };
        let of_whole = size(whole, &house.standard, house.rooms, 1.0);
        // A house that is warmer than its habit says needs more than the habit's load.
        let warmer = ratio.unwrap_or(1.0).max(1.0);
        let now = wanted
            .now
            .then(|| size(used, &house.today, rooms_now, warmer));
        let in_use = wanted
            .zoned
            .then(|| size(zone, &house.zoned, house.rooms_in_use, 1.0));
        Self {
            room_today: Celsius(room_today),
            whole: of_whole,
            now: now.unwrap_or(of_whole),
            in_use: in_use.unwrap_or(of_whole),
            today,
            standard,
            zoned,
            today_simulated,
            ratio,
            method: house.method,
            figures: house
                .index
                .iter()
                .map(|index| index.figure.clone())
                .collect(),
        }
    }

    fn at(&self, service: Service) -> &Simulated {
        match service {
            Service::Today => &self.today,
            Service::Standard => &self.standard,
            Service::Zoned => &self.zoned,
        }
    }

    /// Heat of each season hour at a service, kW.
    pub fn series(&self, service: Service) -> &[f64] {
        &self.at(service).heat.heat_kw
    }

    /// What room units are sized for at a service; other plants heat the whole house.
    pub fn sizing(&self, service: Service) -> Sizing {
        match service {
            Service::Today => self.now,
            Service::Standard => self.whole,
            Service::Zoned => self.in_use,
        }
    }

    /// Heat of a winter at a service, kWh.
    pub fn useful(&self, service: Service) -> f64 {
        self.at(service).total.value()
    }

    /// Figures that the heat rests on.
    pub fn figures(&self) -> impl Iterator<Item = &FigureRef> {
        self.figures.iter()
    }

    /// What looks wrong: today's fuel against the simulated house.
    pub fn remarks(&self, setting: &Setting) -> Vec<Remark> {
        let (low, high) = setting.plausible_heat;
        match self.ratio {
            Some(ratio) if ratio < low || ratio > high => {
                let message = if ratio < 1.0 {
                    "remark-fuel-gives-little-heat"
                } else {
                    "remark-fuel-gives-much-heat"
                };
                let percent = format!("{:.0}", ratio * 100.0);
                let room = format!("{:.0}", self.room_today.value());
                vec![Remark {
                    message,
                    values: vec![("percent", percent), ("room", room)],
                }]
            }
            _ => Vec::new(),
        }
    }

    /// How the heat was found.
    pub fn facts(&self, setting: &Setting, household: &Household) -> DemandFacts {
        DemandFacts {
            station: setting.weather.name.clone(),
            method: self.method,
            today: KilowattHour(self.useful(Service::Today)),
            today_simulated: KilowattHour(self.today_simulated),
            standard: KilowattHour(self.useful(Service::Standard)),
            zoned: KilowattHour(self.useful(Service::Zoned)),
            room_today: self.room_today,
            design_load: self.whole.load,
            t_design: setting.t_design.value,
            steps: self.steps(household),
        }
    }

    fn steps(&self, household: &Household) -> Vec<Step> {
        let term = |what, value, unit| Term {
            value,
            unit,
            what,
            figure: None,
        };
        let area = term("heated-area", household.house.heated_area.value(), "m2");
        let heat = |what, service| term(what, self.useful(service), "kWh");
        let per_m2 = |what, service: Service, result| Step {
            what: result,
            terms: vec![heat(what, service), area.clone()],
            operations: "/",
            result: term(
                "heat-per-m2",
                self.useful(service) / household.house.heated_area.value().max(1e-9),
                "kWh/m2",
            ),
        };
        vec![
            per_m2("heat-today", Service::Today, "heat-today-per-m2"),
            per_m2("heat-standard", Service::Standard, "heat-standard-per-m2"),
        ]
    }
}

/// Useful heat of today's fuel, kWh, where its amount is known.
fn metered_kwh(household: &Household) -> Option<f64> {
    let today = &household.today;
    let units = today.units.as_ref()?;
    Some(units.value * today.kwh_per_unit.value * today.efficiency.value)
}
