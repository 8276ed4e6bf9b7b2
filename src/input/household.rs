//! From a case and the figures of its place to a household with every default filled in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::comparison::household::{Claims, House, Household, Living, Site, Today};
use crate::comparison::money::{
    InstallLimit, LeaseTerms, LoanTerms, MoneyTerms, Thresholds, WayToBuy,
};
use crate::comparison::outcome::{DemandMethod, FilledIn, Remark};
use crate::comparison::setting::Setting;
use crate::demand::{
    Archetype, Building, HouseFacts, Schedule, Simulations, design_load, simulate,
};
use crate::input::case::{self, CaseInput, Habit, PriceOf, RawHouse, TodayInput};
use crate::input::house::HeatingHabit;
use crate::input::price::Given;
use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::setting::PlaceInWinter;
use crate::input::settings;
use crate::input::stoves::Stoves;
use crate::subsidy::Variants;
use crate::tariff::HeatingMeter;
use crate::technology::product::Product;
use crate::technology::sizing::{SizingBasis, choose};
use crate::technology::{Duty, Operation, Plant};
use crate::words::fixed::{Fixed, Money};
use crate::words::kinds::{Carrier, Category, DwellingKind, HeaterKind, Kind, Name};
use crate::words::provenance::{FigureRef, Sourced};
use crate::words::quantity::{
    Celsius, Kilowatt, MJ_PER_KWH, SquareMetre, WattPerSquareMetre, YuanPerYear,
};

/// Fills in a household.
///
/// # Errors
/// Names that the library does not know, and figures that do not go together.
pub fn household(case: &CaseInput, place: &PlaceInWinter) -> Result<Household, Problems> {
    Begun::new(case, place).finish(None)
}

/// The same for households of one place, with what earlier ones have left; nothing of it changes a
/// result. What is simulated of their houses is simulated side by side.
///
/// # Errors
/// Those of [`household`], for each household.
pub fn households_shared(
    cases: &[&CaseInput],
    place: &PlaceInWinter,
    kept: Kept<'_>,
) -> Vec<Result<Household, Problems>> {
    let begun = cases.iter().map(|case| Begun::new(case, place));
    let begun: Vec<Begun<'_>> = begun.collect();
    let houses = begun.iter().filter_map(|it| it.house.as_ref());
    let houses = houses.filter(|house| house.is_simulated());
    let houses = houses.map(|house| (house.in_use_today(), &house.today));
    let weather = &place.setting.weather.building;
    kept.simulations.foresee(weather, houses);
    let households = begun.into_iter().map(|begun| {
        begun.finish(Some(Kept {
            simulations: &mut *kept.simulations,
            stoves: &mut *kept.stoves,
        }))
    });
    households.collect()
}

/// What households of one place leave to those that come after them.
#[derive(Debug)]
pub struct Kept<'a> {
    /// Simulations of houses.
    pub simulations: &'a mut Simulations,
    /// How well stoves did in them.
    pub stoves: &'a mut Stoves,
}

/// A household whose house is known, and nothing that rests on the house.
struct Begun<'a> {
    filler: Filler<'a>,
    people: u8,
    income: Sourced<YuanPerYear>,
    house: Option<House>,
}

impl<'a> Begun<'a> {
    fn new(case: &'a CaseInput, place: &'a PlaceInWinter) -> Self {
        let mut filler = Filler {
            case,
            place,
            kept: None,
            filled_in: Vec::new(),
            remarks: Vec::new(),
            problems: Problems::default(),
        };
        let people = filler.people();
        Self {
            income: filler.income(people),
            house: filler.house(),
            people,
            filler,
        }
    }

    fn finish(self, kept: Option<Kept<'_>>) -> Result<Household, Problems> {
        let mut filler = Filler {
            kept,
            ..self.filler
        };
        let house = self.house;
        let made = house.and_then(|house| filler.household(self.people, self.income, house));
        match made {
            Some(household) if !filler.problems.has_errors() => Ok(household),
            _ => Err(filler.problems.sorted()),
        }
    }
}

struct Filler<'a> {
    case: &'a CaseInput,
    place: &'a PlaceInWinter,
    kept: Option<Kept<'a>>,
    filled_in: Vec<FilledIn>,
    remarks: Vec<Remark>,
    problems: Problems,
}

impl Filler<'_> {
    fn household(
        &mut self,
        people: u8,
        income: Sourced<YuanPerYear>,
        house: House,
    ) -> Option<Household> {
        let today = self.today(&house)?;
        let living = self.living();
        let site = self.site();
        let terms = self.terms();
        let thresholds = self.thresholds();
        let claims = self.claims();
        let household = &self.case.household;
        let category = household
            .category
            .0
            .first()
            .copied()
            .unwrap_or(Category::General);
        let facts = self.facts();
        Some(Household {
            people,
            category,
            income,
            registered: household.registered.unwrap_or(true),
            facts,
            dwelling: self.case.house.kind.unwrap_or(DwellingKind::Farmhouse),
            house,
            today,
            living,
            site,
            terms,
            thresholds,
            claims,
            service: self
                .case
                .options
                .service
                .unwrap_or(self.place.region.service.value),
            meter: HeatingMeter::Either,
            fixed_plans: self.fixed_plans(),
            filled_in: std::mem::take(&mut self.filled_in),
            remarks: std::mem::take(&mut self.remarks),
        })
    }

    /// Notes that a key was filled in from a figure of the place.
    fn filled(&mut self, key: &'static str, value: String, figure: &FigureRef) {
        self.filled_with(key, Name::same(&value), figure);
    }

    /// The same with a value that each language writes in its own way.
    fn filled_with(&mut self, key: &'static str, value: Name, figure: &FigureRef) {
        self.filled_in.push(FilledIn {
            key,
            value,
            figure: Some(figure.clone()),
        });
    }

    fn people(&mut self) -> u8 {
        if let Some(people) = &self.case.household.people {
            return people.value;
        }
        let given = &self.place.region.people;
        self.filled("household.people", given.value.to_string(), &given.figure);
        given.value
    }

    fn income(&mut self, people: u8) -> Sourced<YuanPerYear> {
        if let Some(income) = self.case.income_cny_per_year {
            return Sourced::new(YuanPerYear(income), FigureRef::case("household.income"));
        }
        let given = &self.place.region.income_per_person;
        let income = given.value.value() * f64::from(people);
        let key = "household.income_cny_per_household_year";
        let value = Name {
            zh: format!("{income:.0} 元"),
            en: format!("{income:.0} CNY"),
        };
        self.filled_with(key, value, &given.figure);
        Sourced::new(YuanPerYear(income), given.figure.clone())
    }

    /// The dwelling: an archetype of its size, with what the user knows better.
    fn house(&mut self) -> Option<House> {
        let case = self.case;
        let heated_area = SquareMetre(case.house.heated_area_m2.value);
        let whole = self.archetype()?.building(&facts(&case.house));
        let rooms = case.comfort.rooms.unwrap_or_else(|| rooms_of(heated_area));
        let standard = self.habit(STANDARD_HABIT)?;
        let zoned = self.habit(ZONED_HABIT)?;
        let today = self.todays_habit()?;
        let told = case.comfort.rooms_heated.as_ref().map(|rooms| rooms.value);
        let share = match told {
            Some(in_use) => f64::from(in_use) / f64::from(rooms.max(in_use)),
            None => zoned.heated_share,
        };
        let in_use = told.unwrap_or((f64::from(rooms) * share).round().max(1.0) as u8);
        let known = case
            .today
            .as_ref()
            .is_some_and(|today| !today.fuels.is_empty());
        let own_index = case.house.heat_load_w_per_m2.map(|index| {
            Sourced::new(
                WattPerSquareMetre(index),
                FigureRef::case("house.heat_load_w_per_m2"),
            )
        });
        let method = match case.house.method {
            Some(case::DemandMethod::Simulated) => DemandMethod::Simulated,
            Some(case::DemandMethod::Index) => DemandMethod::Index,
            Some(case::DemandMethod::Metered) => DemandMethod::Metered,
            None if known => DemandMethod::Metered,
            None if own_index.is_some() => DemandMethod::Index,
            None => DemandMethod::Simulated,
        };
        let index = own_index.or_else(|| self.index(method, &whole));
        Some(House {
            heated_area,
            rooms,
            rooms_in_use: in_use,
            zone: whole.zone(share),
            standard: own_schedule(case).unwrap_or(standard.schedule),
            zoned: own_schedule(case).unwrap_or(zoned.schedule),
            today: self.today_schedule(&today.schedule),
            today_is_zone: today.heated_share < 1.0,
            method,
            index,
            emitter: self.emitter(),
            whole,
        })
    }

    /// The envelope class that the user names, the place's usual one, or the library's first.
    fn archetype(&mut self) -> Option<Archetype> {
        let all = &self.place.houses.archetypes;
        if let Some(class) = &self.case.house.class {
            let found = all.get(&class.value);
            if found.is_none() {
                let kind = ProblemKind::NotOneOf {
                    value: class.value.clone(),
                    nearest: nearest(&class.value, all.keys().map(String::as_str)),
                    allowed: all.keys().cloned().collect(),
                };
                self.problems.error(class.place.clone(), kind);
            }
            return found.cloned();
        }
        let regional = self.place.region.default_house.as_ref();
        let kind = self.case.house.kind.unwrap_or(DwellingKind::Farmhouse);
        let usual = regional.and_then(|given| all.get(&given.value));
        let of_kind = |house: &&Archetype| house.dwelling == kind;
        let found = usual
            .filter(of_kind)
            .or_else(|| all.values().find(of_kind))
            .or(usual)?;
        self.filled_with("house.class", found.name.clone(), &found.figure);
        Some(found.clone())
    }

    fn habit(&mut self, id: &str) -> Option<HeatingHabit> {
        let found = self.place.houses.habits.get(id).cloned();
        if found.is_none() {
            let place = Place {
                file: "data/houses/habits.toml".into(),
                ..Place::default()
            };
            self.problems
                .error(place, ProblemKind::MissingKey { key: id.to_owned() });
        }
        found
    }

    /// How the house is heated now: the place's usual habit.
    fn todays_habit(&mut self) -> Option<HeatingHabit> {
        let regional = self
            .place
            .region
            .heating_habit
            .as_ref()
            .map(|given| given.value.as_str());
        let habits = &self.place.houses.habits;
        let id = regional
            .filter(|id| habits.contains_key(*id))
            .unwrap_or(ZONED_HABIT)
            .to_owned();
        let habit = self.habit(&id)?;
        self.filled_with("comfort.habit", habit.name.clone(), &habit.figure);
        Some(habit)
    }

    /// The heat load index that stands for a simulated house, where the method asks for one and
    /// the user gives none: the house's own design load over its area.
    fn index(&self, method: DemandMethod, whole: &Building) -> Option<Sourced<WattPerSquareMetre>> {
        if method != DemandMethod::Index {
            return None;
        }
        let setting = &self.place.setting;
        let t_room = Celsius(18.0);
        let load = design_load(
            whole,
            &setting.weather.building,
            t_room,
            setting.t_design.value,
        );
        let index = load.value() * 1000.0 / whole.heated_area_m2.max(1e-9);
        let figure = self.place.houses.archetypes.values().next()?.figure.clone();
        Some(Sourced::new(WattPerSquareMetre(index), figure))
    }

    /// Emitters that are there already: a house with a coal boiler has its radiators.
    fn emitter(&self) -> Option<String> {
        self.case.site.emitters.clone()
    }

    /// Today's temperatures: the room temperature that the user tells, else the habit's.
    fn today_schedule(&self, habit: &Schedule) -> Schedule {
        let told = self.case.today.as_ref().and_then(|today| today.room_c);
        match told {
            Some(room) => {
                let shift = room - habit.highest_c();
                Schedule {
                    set_c: habit.set_c.map(|set| set + shift),
                    ..*habit
                }
            }
            None => *habit,
        }
    }

    /// Today's heating with its stove, its fuel and how well it burns.
    fn today(&mut self, house: &House) -> Option<Today> {
        let place = self.place;
        let input = self.case.today.as_ref();
        let main = input.and_then(main_fuel);
        let heater = input.and_then(|today| today.heater);
        let carrier = main
            .map(|(carrier, _)| carrier)
            .or(heater.map(fuel_of))
            .unwrap_or(place.region.today_fuel.value);
        if input.is_none() {
            let given = &place.region.today_fuel;
            self.filled("today", given.value.key().to_owned(), &given.figure);
        }
        let product = self.stove(input, carrier, house)?;
        let kwh_per_unit = self.heat_of_a_unit(input, carrier)?;
        let efficiency = self.efficiency(input, &product, house);
        let units = self.units(input, carrier, &kwh_per_unit);
        let price = input
            .and_then(|today| own_price(today, carrier))
            .map(|yuan| Sourced::new(Fixed::from_f64(yuan), FigureRef::case("today.price")));
        Some(Today {
            product,
            carrier,
            units,
            bill: input.and_then(|today| today.bill_cny).map(Money::from_f64),
            price: price.or_else(|| self.dated_price(carrier)),
            kwh_per_unit,
            efficiency,
            labour_hours: input.and_then(|today| today.labour_h),
        })
    }

    /// A price of the case's own list that holds in the winter.
    fn dated_price(&self, carrier: Carrier) -> Option<Sourced<Fixed>> {
        let day = crate::input::region::middle_of(self.place.setting.winter);
        let holds = |price: &&case::PriceInput| {
            price.of == PriceOf::Carrier(carrier)
                && price.from.is_none_or(|from| from <= day)
                && price.to.is_none_or(|to| day <= to)
        };
        let price = self.case.prices.iter().find(holds)?;
        let figure = FigureRef::case("price");
        Some(Sourced::new(
            Fixed::from_f64(price.price_cny_per_unit),
            figure,
        ))
    }

    /// All fuels of today in units of the main one, by their heat.
    fn units(
        &mut self,
        input: Option<&TodayInput>,
        carrier: Carrier,
        kwh_per_unit: &Sourced<f64>,
    ) -> Option<Sourced<f64>> {
        let fuels = &input?.fuels;
        if fuels.is_empty() {
            return None;
        }
        let mut units = 0.0;
        for fuel in fuels {
            let kwh = if fuel.carrier == carrier {
                kwh_per_unit.value
            } else {
                let supply = self.place.setting.prices.fuels.get(&fuel.carrier);
                supply.map_or(kwh_per_unit.value, |supply| supply.fuel.kwh_per_unit.value)
            };
            units += fuel.amount.value * kwh / kwh_per_unit.value.max(1e-9);
        }
        Some(Sourced::new(units, FigureRef::case("today")))
    }

    /// The stove: the user's product, the kind that the user names, or the usual one of the fuel.
    fn stove(
        &mut self,
        input: Option<&TodayInput>,
        carrier: Carrier,
        house: &House,
    ) -> Option<Arc<Product>> {
        let products = &self.place.setting.products;
        let wanted = input.and_then(|today| today.product.as_ref());
        if let Some(wanted) = wanted {
            let named = |it: &&Arc<Product>| it.id == wanted.value || it.family == wanted.value;
            if let Some(found) = products.iter().find(named) {
                return Some(Arc::clone(found));
            }
            let kind = ProblemKind::Unresolved {
                what: "product",
                id: wanted.value.clone(),
                nearest: nearest(&wanted.value, products.iter().map(|it| it.id.as_str())),
            };
            self.problems.error(wanted.place.clone(), kind);
            return None;
        }
        let kind = input
            .and_then(|today| today.heater)
            .unwrap_or(usual_heater(carrier));
        let regional = self.place.region.coal_stove.as_ref();
        let regional = regional.filter(|_| kind == HeaterKind::CoalStove);
        let family = regional.map(|given| given.value.as_str());
        let fits = |it: &&Arc<Product>| {
            it.heater.kind() == kind
                && family.is_none_or(|id| it.id == id || it.family == id || it.id.starts_with(id))
        };
        let mut sizes: Vec<&Arc<Product>> = products.iter().filter(fits).collect();
        if sizes.is_empty() {
            sizes = products
                .iter()
                .filter(|it| it.heater.kind() == kind)
                .collect();
        }
        let basis = self.basis(house);
        let choice = choose(sizes.iter().map(|it| it.as_ref()), &basis?)?;
        let id = &choice.product.id;
        let found = sizes
            .iter()
            .find(|it| it.id == *id)
            .map(|it| Arc::clone(it));
        if let Some(stove) = &found {
            let figure = stove.performance.clone();
            self.filled("today.product", stove.id.clone(), &figure);
        }
        found
    }

    fn basis(&self, house: &House) -> Option<SizingBasis> {
        let setting = &self.place.setting;
        let t_room = Celsius(house.standard.highest_c());
        let weather = &setting.weather.building;
        let load = design_load(&house.whole, weather, t_room, setting.t_design.value);
        Some(SizingBasis {
            design_load: load,
            t_design: setting.t_design.value,
            t_room,
            elevation: setting.elevation,
            rooms: house.rooms,
            emitter: setting.emitters.first()?.curve,
        })
    }

    /// Heat of a unit: as the user measured it, or the fuel's.
    fn heat_of_a_unit(
        &mut self,
        input: Option<&TodayInput>,
        carrier: Carrier,
    ) -> Option<Sourced<f64>> {
        if let Some(mj_per_kg) = input.and_then(|today| today.heat_value_mj_per_kg) {
            let kg = if carrier == Carrier::Lpg { 1.0 } else { 1000.0 };
            let figure = FigureRef::case("today.heat_value_mj_per_kg");
            return Some(Sourced::new(mj_per_kg * kg / MJ_PER_KWH, figure));
        }
        if matches!(carrier, Carrier::Electricity | Carrier::NetworkHeat) {
            return Some(Sourced::new(1.0, FigureRef::case("today.electricity_kwh")));
        }
        let supply = self
            .place
            .setting
            .prices
            .fuels
            .get(&carrier)
            .map(|supply| &supply.fuel);
        let fuel = supply.or_else(|| self.place.fuels.usual(carrier));
        let found = fuel.map(|fuel| fuel.kwh_per_unit.clone());
        if let (Some(found), Some(_)) = (&found, input) {
            let mj = found.value * MJ_PER_KWH;
            let value = match carrier.unit() {
                "t" => format!("{:.1} MJ/kg", mj / 1000.0),
                unit => format!("{mj:.1} MJ/{unit}"),
            };
            self.filled("today.heat_value_mj_per_kg", value, &found.figure);
        }
        if found.is_none() {
            let place = Place {
                file: self.case.file.clone(),
                field: "today".into(),
                ..Place::default()
            };
            let key = "today.heat_value_mj_per_kg".to_owned();
            self.problems.error(place, ProblemKind::MissingKey { key });
        }
        found
    }

    /// How much of the fuel's heat reaches the rooms: as the user knows it, or what the stove gives
    /// over a winter of this house.
    fn efficiency(
        &mut self,
        input: Option<&TodayInput>,
        product: &Product,
        house: &House,
    ) -> Sourced<f64> {
        if let Some(own) = input.and_then(|today| today.stove_efficiency) {
            return Sourced::new(own, FigureRef::case("today.stove_efficiency"));
        }
        let setting = &self.place.setting;
        let building = house.in_use_today();
        let weather = &setting.weather.building;
        let plant = self.basis(house).map(|basis| basis.plant(1));
        let value = plant.and_then(|plant| match &mut self.kept {
            Some(kept) => {
                let heat = kept.simulations.heat(building, weather, &house.today).heat;
                let find = || performance(setting, product, &plant, &heat.heat_kw);
                kept.stoves.efficiency(product, &plant, &heat, find)
            }
            None => {
                let heat = simulate(building, weather, &house.today, None);
                performance(setting, product, &plant, &heat.heat_kw)
            }
        });
        let value = value.unwrap_or(1.0);
        let figure = product.performance.clone();
        self.filled("today.stove_efficiency", format!("{value:.2}"), &figure);
        Sourced::new(value, figure)
    }

    /// Electricity and gas of the rest of the house.
    fn living(&mut self) -> Living {
        let (uses, region) = (&self.case.uses, &self.place.region);
        let given = &region.living_electricity;
        let electricity_kwh = match &uses.electricity_kwh_per_month {
            Some(monthly) => monthly.value.0,
            None => {
                let month = given.value.month.value();
                let key = "uses.electricity_kwh_per_month";
                self.filled(key, format!("{month} kWh"), &given.figure);
                [month; 12]
            }
        };
        let gas = uses.gas_cooking_m3_per_month;
        let connected = self
            .case
            .site
            .gas_main
            .unwrap_or(self.place.setting.prices.gas.is_some());
        let cooking = match gas {
            Some(m3) => m3,
            None if connected => {
                let given = &region.cooking_gas;
                let key = "uses.gas_cooking_m3_per_month";
                self.filled(key, format!("{} m3", given.value.value()), &given.figure);
                given.value.value()
            }
            None => 0.0,
        };
        let water = uses.gas_hot_water_m3_per_month.unwrap_or(0.0);
        Living {
            electricity_kwh,
            shape: given.value.hourly_share,
            gas_m3: [cooking + water; 12],
        }
    }

    /// What the house can take: the user's word, else what the place's tariffs and grid allow.
    fn site(&mut self) -> Site {
        let (site, place) = (&self.case.site, self.place);
        let grid = &place.region.grid_supply;
        let heat = |it: &&Arc<Product>| it.network_charge.is_some();
        Site {
            gas_main: site
                .gas_main
                .or(place.setting.prices.gas.is_none().then_some(false)),
            heat_network: Some(
                site.district_heat.unwrap_or(false)
                    || (site.district_heat.is_none()
                        && self.case.house.kind == Some(DwellingKind::Flat)
                        && place.setting.products.iter().any(|it| heat(&it))),
            ),
            biomass: site
                .biomass_km
                .map(|km| km <= place.region.biomass_reach.value),
            coal_allowed: None,
            spare_supply: site.spare_supply_kw.map(Kilowatt),
            usual_supply: Some(grid.value),
            roof: site.roof_m2.map(SquareMetre),
            yard: site.yard_m2.map(SquareMetre),
        }
    }

    fn terms(&mut self) -> MoneyTerms {
        let (money, region) = (&self.case.money, &self.place.region);
        let mut escalation = [0.0; Carrier::ALL.len()];
        for (slot, carrier) in escalation.iter_mut().zip(Carrier::ALL) {
            let own = own_escalation(money, *carrier);
            *slot = own
                .or_else(|| region.escalation.get(carrier).map(|given| given.value))
                .unwrap_or(0.0);
        }
        let inflation = money.inflation_rate.unwrap_or(region.inflation.value);
        let mut discount = money.discount_rate.unwrap_or(region.discount.value.rate());
        let nominal = money.basis == Some(case::MoneyBasis::Nominal)
            || (money.basis.is_none()
                && money.discount_rate.is_none()
                && matches!(region.discount.value, settings::Discount::Nominal(_)));
        if nominal {
            // Prices of their own year are brought to the first year's: rates lose the inflation.
            discount = crate::lifecycle::real_rate(discount, inflation);
            escalation = escalation.map(|rate| crate::lifecycle::real_rate(rate, inflation));
        }
        if money.discount_rate.is_none() {
            let figure = region.discount.figure.clone();
            let rate = region.discount.value.rate() * 100.0;
            self.filled("money.discount_rate", format!("{rate}%"), &figure);
        }
        let loan = money.loan.as_ref().map(|loan| LoanTerms {
            share: loan.share,
            rate: crate::lifecycle::real_rate(loan.rate, if nominal { inflation } else { 0.0 }),
            years: u16::from(loan.years),
        });
        let lease = money.lease.as_ref().map(|lease| LeaseTerms {
            payment: Money::from_f64(lease.value.payment_cny_per_year),
            years: u16::from(lease.value.years),
        });
        let wage = money.wage_cny_per_h.map(Money::from_f64);
        MoneyTerms {
            discount,
            horizon_years: money.horizon_years.map_or(region.horizon.value, u16::from),
            escalation,
            rounding: money.rounding.unwrap_or(region.rounding.value),
            wage: wage.or_else(|| region.wage.as_ref().map(|wage| wage.value)),
            purchase: WayToBuy {
                retail: money.retail.unwrap_or(false),
                loan,
                lease,
                factory_direct_share: money.factory_direct_share.unwrap_or(0.0),
            },
        }
    }

    fn thresholds(&self) -> Thresholds {
        let (own, region) = (&self.case.thresholds, &self.place.region);
        let install = match (own.install_income_share, region.too_dear_to_install.value) {
            (Some(share), _) => InstallLimit::IncomeShare(share),
            (None, settings::InstallLimit::IncomeShare(share)) => InstallLimit::IncomeShare(share),
            (None, settings::InstallLimit::Amount(amount)) => InstallLimit::Amount(amount),
        };
        let winter_share = own
            .winter_income_share
            .unwrap_or(region.too_dear_to_run.value);
        Thresholds {
            install,
            winter_share,
        }
    }

    fn claims(&mut self) -> Claims {
        let subsidy = &self.case.subsidy;
        let variants = self.variants();
        let unknown = self.place.setting.rules.unknown_choices(&variants);
        let parameters = self.place.setting.rules.parameters();
        for (name, reading) in unknown {
            let place = Place {
                file: self.case.file.clone(),
                field: format!("subsidy.variants.{name}"),
                ..Place::default()
            };
            let keys: Vec<String> = match parameters.get(name.as_str()) {
                Some(known) => known
                    .readings
                    .iter()
                    .map(|(key, _)| key.to_string())
                    .collect(),
                None => parameters.keys().map(|key| key.to_string()).collect(),
            };
            let value = reading.unwrap_or(name);
            let kind = ProblemKind::NotOneOf {
                nearest: nearest(&value, keys.iter().map(String::as_str)),
                value,
                allowed: keys,
            };
            self.problems.error(place, kind);
        }
        let date = self.case.date.filter(|_| subsidy.converted.is_none());
        Claims {
            apply: subsidy.apply.unwrap_or(true),
            converted: subsidy.converted.unwrap_or(self.place.setting.winter),
            conversion_date: date,
            variants,
            replaces_years: subsidy.replaces_machine_years,
            burns_coal_again: subsidy.burns_coal_again.unwrap_or(false),
        }
    }

    /// Readings, and amounts where the value is a number.
    fn variants(&self) -> Variants {
        let mut variants = Variants::default();
        for (name, value) in &self.case.subsidy.variants {
            match value.parse::<f64>() {
                Ok(yuan) => {
                    variants.amounts.insert(name.clone(), Money::from_f64(yuan));
                }
                Err(_) => {
                    variants.readings.insert(name.clone(), value.clone());
                }
            }
        }
        variants
    }

    /// Facts that hold: what the household says, and what the place answers where a rule asks.
    fn facts(&mut self) -> BTreeSet<String> {
        let own = &self.case.household.facts;
        let said = own.iter().filter(|(_, holds)| **holds);
        let mut facts: BTreeSet<String> = said.map(|(name, _)| name.clone()).collect();
        let place = self.place;
        if place.region.facts.is_empty() {
            return facts;
        }
        let asked = place.setting.rules.facts();
        for (name, given) in &place.region.facts {
            if own.contains_key(name) || !asked.contains(name.as_str()) {
                continue;
            }
            let value = format!("{name} = {}", given.value);
            self.filled("household.facts", value, &given.figure);
            if given.value {
                facts.insert(name.clone());
            }
        }
        facts
    }

    /// Plans that the user fixed; they must be open here.
    fn fixed_plans(&mut self) -> Vec<(Carrier, String)> {
        let plan = &self.case.plan;
        let wanted = [
            (
                Carrier::Electricity,
                plan.electricity.as_ref(),
                &self.place.setting.prices.electricity,
            ),
            (
                Carrier::NaturalGas,
                plan.natural_gas.as_ref(),
                &self.place.setting.prices.gas,
            ),
        ];
        let mut fixed = Vec::new();
        for (carrier, id, market) in wanted {
            let Some(id) = id else { continue };
            let plans = market.as_ref().map_or(&[][..], |market| market.plans());
            if plans.iter().any(|plan| *plan.id == *id.value) {
                fixed.push((carrier, id.value.clone()));
                continue;
            }
            let ids: Vec<String> = plans.iter().map(|plan| plan.id.to_string()).collect();
            let kind = ProblemKind::NotOneOf {
                value: id.value.clone(),
                nearest: nearest(&id.value, ids.iter().map(String::as_str)),
                allowed: ids,
            };
            self.problems.error(id.place.clone(), kind);
        }
        fixed
    }
}

/// Heat over fuel, or over electricity, of a stove in a winter.
fn performance(
    setting: &Setting,
    product: &Product,
    plant: &Plant,
    heat_kw: &[f64],
) -> Option<f64> {
    let weather = &setting.weather;
    let all_hours = vec![true; heat_kw.len()];
    let duty = Duty {
        heat_kw,
        t_out_c: &weather.t_out_c,
        rh_pct: &weather.rh_pct,
        cheap: &all_hours,
        collector_w_m2: None,
        collector_tilt_deg: None,
        machines: None,
    };
    let mut operation = Operation::default();
    product.heater.operate(plant, &duty, &mut operation);
    let (fuel, power) = (operation.fuel_total(), operation.electricity_total());
    let input = if fuel > 0.0 { fuel } else { power };
    (input > 0.0).then(|| operation.delivered_kwh / input)
}

/// Habits that stand for the services.
const STANDARD_HABIT: &str = "whole_house";
const ZONED_HABIT: &str = "living_and_bedrooms";

/// What the user tells of the house.
fn facts(house: &RawHouse) -> HouseFacts {
    let windows = house.windows.clone().unwrap_or_default();
    HouseFacts {
        floor_area_m2: house.floor_area_m2.as_ref().map(|area| area.value),
        storeys: house.storeys.unwrap_or(1),
        height_m: house.height_m,
        wall_u_w_m2k: house.wall_u_w_per_m2_k,
        roof_u_w_m2k: house.roof_u_w_per_m2_k,
        floor_u_w_m2k: house.floor_u_w_per_m2_k,
        window_u_w_m2k: house.window_u_w_per_m2_k,
        window_m2: [
            windows.south_m2,
            windows.east_m2,
            windows.north_m2,
            windows.west_m2,
        ],
        air_changes_per_h: house.air_changes_per_h,
        ..HouseFacts::of_area(house.heated_area_m2.value)
    }
}

/// Rooms of a dwelling of which only the area is known: a bay (间) has about 20 m2.
fn rooms_of(area: SquareMetre) -> u8 {
    (area.value() / 20.0).round().clamp(1.0, 30.0) as u8
}

/// The carrier that gives most of today's heat, by the order of the list.
fn main_fuel(today: &TodayInput) -> Option<(Carrier, f64)> {
    let first = today.fuels.first()?;
    Some((first.carrier, first.amount.value))
}

fn own_price(today: &TodayInput, carrier: Carrier) -> Option<f64> {
    let fuel = today.fuels.iter().find(|fuel| fuel.carrier == carrier);
    fuel.and_then(|fuel| fuel.price_cny_per_unit)
        .or_else(|| today.prices.get(&carrier).copied())
}

fn usual_heater(carrier: Carrier) -> HeaterKind {
    match carrier {
        Carrier::LooseCoal | Carrier::Straw => HeaterKind::CoalStove,
        Carrier::Briquette => HeaterKind::BriquetteStove,
        Carrier::Pellet => HeaterKind::BiomassStove,
        Carrier::NaturalGas => HeaterKind::GasBoiler,
        Carrier::Lpg => HeaterKind::LpgBoiler,
        Carrier::Electricity => HeaterKind::DirectElectric,
        Carrier::NetworkHeat => HeaterKind::DistrictHeat,
    }
}

/// What a heater burns or draws.
const fn fuel_of(heater: HeaterKind) -> Carrier {
    match heater {
        HeaterKind::CoalStove => Carrier::LooseCoal,
        HeaterKind::BriquetteStove => Carrier::Briquette,
        HeaterKind::BiomassStove => Carrier::Pellet,
        HeaterKind::GasBoiler => Carrier::NaturalGas,
        HeaterKind::LpgBoiler => Carrier::Lpg,
        HeaterKind::DistrictHeat => Carrier::NetworkHeat,
        HeaterKind::ElectricStorage
        | HeaterKind::DirectElectric
        | HeaterKind::HeatPumpWater
        | HeaterKind::HeatPumpAir
        | HeaterKind::SolarElectric
        | HeaterKind::SolarStation => Carrier::Electricity,
    }
}

/// The user's own temperatures and hours of the standard service.
fn own_schedule(case: &CaseInput) -> Option<Schedule> {
    let comfort = &case.comfort;
    let set = comfort.set_c.as_ref()?.value;
    let low = comfort
        .setback_c
        .as_ref()
        .map_or(set.min(8.0), |low| low.value);
    let hours = &comfort.hours;
    let mut schedule = Schedule::constant(set);
    if !hours.is_empty() {
        for (hour, set_c) in (0_u8..).zip(schedule.set_c.iter_mut()) {
            if !hours.iter().any(|range| range.value.contains(hour)) {
                *set_c = low;
            }
        }
    } else if let Some(habit) = comfort.habit {
        for (hour, set_c) in (0_u8..).zip(schedule.set_c.iter_mut()) {
            if !warm(habit, hour) {
                *set_c = low;
            }
        }
    }
    Some(schedule)
}

/// Hours of a habit.
pub fn warm(habit: Habit, hour: u8) -> bool {
    match habit {
        Habit::Continuous => true,
        Habit::Daytime => (6..22).contains(&hour),
        Habit::MorningsEvenings => (6..9).contains(&hour) || (17..22).contains(&hour),
        Habit::Evenings => (17..22).contains(&hour),
    }
}

fn own_escalation(money: &case::MoneyInput, carrier: Carrier) -> Option<f64> {
    let own = &money.escalation;
    match carrier {
        Carrier::Electricity => own.electricity,
        Carrier::NaturalGas => own.natural_gas,
        Carrier::Lpg => own.lpg,
        Carrier::LooseCoal => own.loose_coal,
        Carrier::Briquette => own.briquette,
        Carrier::Pellet => own.pellet,
        Carrier::Straw => own.straw,
        Carrier::NetworkHeat => own.network_heat,
    }
}

/// A figure of the place with its provenance only.
pub fn sourced<T: Clone>(given: &Given<T>) -> Sourced<T> {
    Sourced::new(given.value.clone(), given.figure.clone())
}
