//! 太阳能+电辅: collectors on a tank, and electricity or a heat pump for the rest.

use crate::technology::collector::CollectorCurve;
use crate::technology::curve::{OutdoorTable, greater, lesser};
use crate::technology::duty::{Duty, Operation, Plant, ratio};
use crate::technology::heat_pump::{HeatPump, Prepared};
use crate::technology::heat_pump_water::{capacity, supply_at, supply_needed};
use crate::technology::tab::Tab;
use crate::technology::valley::Forecast;
use crate::words::quantity::{Celsius, CubicMetre, Kelvin, Kilowatt, SquareMetre, WattPerKelvin};

/// Heat capacity of water, kWh/(m3 K).
pub const WATER_KWH_PER_M3_K: f64 = 1.163;

/// A solar heating: collectors, a tank and what makes up the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct SolarElectric {
    /// Collectors and tank.
    pub solar: SolarTank,
    /// What gives the heat that the sun does not.
    pub remainder: Remainder,
    /// Pump of the heating circuit, while it heats.
    pub pump: Kilowatt,
    /// Controls, all season.
    pub standby: Kilowatt,
}

/// What makes up the rest.
#[derive(Debug, Clone, PartialEq)]
pub enum Remainder {
    /// A resistance heater at any hour.
    AnyHour(Kilowatt),
    /// A resistance heater that warms the tank in the valley, and helps at other hours only when
    /// the tank is cold.
    Valley(Kilowatt),
    /// A heat pump at any hour.
    HeatPump(HeatPump),
}

/// Collectors on a tank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolarTank {
    /// Efficiency of the collectors.
    pub curve: CollectorCurve,
    /// Aperture of one unit.
    pub area: SquareMetre,
    /// Mean fluid above the tank while collecting.
    pub rise: Kelvin,
    /// Factor for pipes and the heat exchanger between collector and tank.
    pub transfer: f64,
    /// Water of one unit.
    pub tank: CubicMetre,
    /// Loss of one tank.
    pub tank_loss: WattPerKelvin,
    /// Whether the tank stands in the house.
    pub tank_indoors: bool,
    /// Hottest that the tank may become.
    pub t_max: Celsius,
    /// Collector pump of one unit while collecting.
    pub pump: Kilowatt,
}

/// A tank in two layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TankState {
    /// Upper layer, degC.
    pub hot_c: f64,
    /// Lower layer, degC.
    pub cold_c: f64,
    /// Share of the water in the upper layer, 0 to 1.
    pub hot_share: f64,
}

impl TankState {
    /// All of it at one temperature, degC.
    #[inline]
    pub const fn mixed(t_c: f64) -> Self {
        Self {
            hot_c: t_c,
            cold_c: t_c,
            hot_share: 1.0,
        }
    }
    /// Mean temperature, degC.
    #[inline(always)]
    pub fn mean_c(&self) -> f64 {
        self.cold_c + (self.hot_c - self.cold_c) * self.hot_share
    }
    /// Stirs it and warms it by some kelvin.
    #[inline(always)]
    pub fn heat(&mut self, kelvin: f64) {
        *self = Self::mixed(self.mean_c() + kelvin);
    }

    /// Draws heat for an hour, kWh; gives what it could. When the hot layer is used up the rest of
    /// the hour is drawn from what was the cold one.
    #[inline(always)]
    fn draw(&mut self, per_capacity: f64, wanted: f64, t_supply: f64, t_return: f64) -> f64 {
        let (mut drawn, mut rest_of_hour) = (0.0, 1.0);
        for _ in 0..3 {
            let above = self.hot_c - t_return;
            if above <= 0.0 || rest_of_hour <= 0.0 || wanted <= 0.0 {
                break;
            }
            let reach = if above >= t_supply - t_return {
                1.0
            } else {
                above / greater(t_supply - t_return, 0.1)
            };
            let heat = wanted * reach * rest_of_hour;
            let water = per_capacity * heat / above;
            // The usual case first: it spares the chain of the hours a division.
            let taken = if water <= self.hot_share {
                1.0
            } else {
                self.hot_share / water
            };
            drawn += heat * taken;
            self.exchange(water * taken, t_return);
            rest_of_hour *= 1.0 - taken;
        }
        drawn
    }

    /// Takes a share of the water from the top and returns it to the bottom at `t_return`.
    #[inline(always)]
    fn exchange(&mut self, water: f64, t_return: f64) {
        let cold_share = 1.0 - self.hot_share + water;
        if cold_share > 0.0 {
            self.cold_c += (t_return - self.cold_c) * lesser(water / cold_share, 1.0);
        }
        self.hot_share -= water;
        if self.hot_share <= 1e-9 {
            *self = Self::mixed(self.cold_c);
        }
    }
}

/// What happened in the tank in an hour, kWh.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TankHour {
    /// Heat from the collectors.
    pub gain_kwh: f64,
    /// Heat lost by the tank.
    pub lost_kwh: f64,
    /// Heat drawn by the house.
    pub drawn_kwh: f64,
}

impl SolarTank {
    /// Heat capacity of `units` tanks, kWh/K.
    #[inline(always)]
    pub fn kwh_per_k(&self, units: f64) -> f64 {
        self.tank.value() * units * WATER_KWH_PER_M3_K
    }

    /// Heat into `units` tanks, kWh in an hour, for a W/m2 of the collectors.
    #[inline(always)]
    pub(crate) fn gain_factor(&self, units: f64) -> f64 {
        self.area.value() * units / 1000.0 * self.transfer
    }

    /// Share of its warmth above what is beside it that a tank loses in an hour.
    #[inline(always)]
    pub(crate) fn leak(&self, units: f64) -> f64 {
        self.tank_loss.value() * units / 1000.0 * (1.0 / self.kwh_per_k(units))
    }

    /// One hour of `units` systems: sun first, then loss, then the house, which wants `wanted` kWh
    /// between `t_return` and `t_supply`. Moves `tank`.
    ///
    /// The collector pump stirs the tank. Without sun it stays in two layers (Duffie and Beckman
    /// 8.4): what the house draws comes from the hot layer and returns to the cold one. A hot layer
    /// cooler than the supply preheats in proportion.
    #[allow(clippy::too_many_arguments)] // One physical balance; a struct would only rename them.
    #[inline(always)]
    pub fn step(
        &self,
        units: f64,
        tank: &mut TankState,
        sun_w_m2: f64,
        t_out: f64,
        t_beside: f64,
        wanted: f64,
        (t_supply, t_return): (f64, f64),
    ) -> TankHour {
        let capacity = self.kwh_per_k(units);
        let per_capacity = 1.0 / capacity;
        let mean = tank.mean_c();
        let gain = self.gain(units, mean, sun_w_m2, t_out);
        if gain > 0.0 {
            tank.heat(gain * per_capacity);
        }
        let leak = self.leak(units);
        let lost = leak * capacity * (tank.mean_c() - t_beside);
        tank.hot_c -= leak * (tank.hot_c - t_beside);
        tank.cold_c -= leak * (tank.cold_c - t_beside);
        TankHour {
            gain_kwh: gain,
            lost_kwh: lost,
            drawn_kwh: tank.draw(per_capacity, wanted, t_supply, t_return),
        }
    }

    /// Heat of the collectors into a tank, kWh in an hour; none once the tank is at its limit.
    #[inline(always)]
    fn gain(&self, units: f64, tank_c: f64, sun_w_m2: f64, t_out: f64) -> f64 {
        if sun_w_m2 <= 0.0 {
            return 0.0;
        }
        let dt = tank_c + self.rise.value() - t_out;
        let heat = self.curve.heat_w_m2(sun_w_m2, dt) * self.gain_factor(units);
        let room = (self.t_max.value() - tank_c).max(0.0) * self.kwh_per_k(units);
        heat.min(room)
    }
}

/// What the run of a winter carries from hour to hour.
struct Run<'a> {
    solar: &'a SolarTank,
    units: f64,
    tank: TankState,
    gains_today: f64,
    gains_yesterday: f64,
    forecast: Forecast,
    machine: Option<Prepared>,
}

impl SolarElectric {
    /// Runs a winter. The tank starts at the temperature of the room.
    #[inline(always)]
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), false);
        let units = plant.units();
        let room = plant.t_room.value();
        let water = Self::water(plant, duty.t_range());
        let (mut run, mut tab) = (self.start(plant, duty), Tab::default());
        for (i, (wanted, t_out, rh, cheap)) in duty.iter().enumerate() {
            let [t_supply, t_return] = water.at(t_out);
            let beside = if self.solar.tank_indoors { room } else { t_out };
            let ends = (t_supply, t_return);
            let sun = duty.sun(i);
            let hour = self
                .solar
                .step(units, &mut run.tank, sun, t_out, beside, wanted, ends);
            run.count_gain(i, hour.gain_kwh);
            let rest = wanted - hour.drawn_kwh;
            let (heat, power) = match &self.remainder {
                Remainder::AnyHour(element) => same(rest.min(element.value() * units)),
                Remainder::Valley(element) => {
                    let element = element.value() * units;
                    let heat = rest.min(element);
                    let stored = if cheap {
                        run.charge(duty, i, element - heat, ends)
                    } else {
                        0.0
                    };
                    tab.backup += stored;
                    (heat, heat + stored)
                }
                Remainder::HeatPump(_) => run.heat_pump(rest, t_out, rh),
            };
            tab.backup += heat;
            let pumps = self.solar.pump.value() * units * on(hour.gain_kwh)
                + self.pump.value() * units * on(wanted);
            let standby = self.standby.value() * units;
            let power = power + pumps + standby;
            out.electricity_kwh[i] = power;
            tab.power(power, cheap);
            tab.heat(wanted, hour.drawn_kwh + heat);
            tab.lost += hour.lost_kwh;
            tab.runtime += on(hour.gain_kwh);
        }
        out.book(&tab);
        self.describe(plant, run.tank.mean_c(), out);
    }

    /// What follows from the sums and from the mean temperature of the tank in the end, degC.
    pub(crate) fn describe(&self, plant: &Plant, mean_c: f64, out: &mut Operation) {
        let above = mean_c - plant.t_room.value();
        out.facts.stored_kwh = above * self.solar.kwh_per_k(plant.units());
        let sun = ratio(out.delivered_kwh - out.backup_kwh, out.delivered_kwh);
        out.facts.solar_share = sun.map(|share| share.clamp(0.0, 1.0));
    }

    /// Supply and return of the heating circuit over the outdoor temperature, degC.
    pub(crate) fn water(plant: &Plant, range: (f64, f64)) -> OutdoorTable<2> {
        let room = plant.t_room.value();
        OutdoorTable::between(range, |t| {
            let load = (room - t) / (room - plant.t_design.value()).max(1.0);
            [
                supply_at(plant, t),
                plant.emitter.return_c(plant.t_room, load),
            ]
        })
    }

    /// Whether houses with it can be worked out side by side.
    pub(crate) const fn goes_abreast(&self) -> bool {
        !matches!(self.remainder, Remainder::HeatPump(_))
    }

    /// Share of the tank's heat that is left after an hour, as the charging plans with it.
    pub(crate) fn keep_in_an_hour(&self, units: f64) -> f64 {
        let loss = self.solar.tank_loss.value() * units / 1000.0;
        (1.0 - loss / self.solar.kwh_per_k(units).max(1e-9)).max(0.5)
    }

    fn start(&self, plant: &Plant, duty: &Duty<'_>) -> Run<'_> {
        let machine = match &self.remainder {
            Remainder::HeatPump(machine) => {
                Some(machine.prepare_between(duty.t_range(), plant, |t| supply_at(plant, t)))
            }
            Remainder::AnyHour(_) | Remainder::Valley(_) => None,
        };
        Run {
            solar: &self.solar,
            units: plant.units(),
            tank: TankState::mixed(plant.t_room.value()),
            gains_today: 0.0,
            gains_yesterday: 0.0,
            forecast: Forecast::new(f64::INFINITY, self.keep_in_an_hour(plant.units())),
            machine,
        }
    }

    /// Heat without sun: the back-up alone.
    pub fn capacity_at(&self, plant: &Plant, t_out: Celsius) -> Kilowatt {
        match &self.remainder {
            Remainder::AnyHour(element) | Remainder::Valley(element) => *element * plant.units(),
            Remainder::HeatPump(it) => capacity(it, plant, t_out, supply_at(plant, t_out.value())),
        }
    }
    /// Back-up, pumps and controls.
    pub fn supply_needed(&self, plant: &Plant) -> Kilowatt {
        let beside = (self.solar.pump + self.pump + self.standby) * plant.units();
        beside
            + match &self.remainder {
                Remainder::AnyHour(element) | Remainder::Valley(element) => {
                    *element * plant.units()
                }
                Remainder::HeatPump(it) => {
                    supply_needed(it, plant, supply_at(plant, plant.t_design.value()))
                }
            }
    }
}

impl Run<'_> {
    /// Keeps the sums of the day and of the day before.
    #[inline(always)]
    fn count_gain(&mut self, hour: usize, gain: f64) {
        if hour.is_multiple_of(24) {
            self.gains_yesterday = self.gains_today;
            self.gains_today = 0.0;
        }
        self.gains_today += gain;
    }

    /// Heats the tank in a valley hour towards what the coming day will ask beyond yesterday's sun;
    /// gives the electricity, kWh.
    #[inline(always)]
    fn charge(&mut self, duty: &Duty<'_>, i: usize, power: f64, ends: (f64, f64)) -> f64 {
        let capacity = self.solar.kwh_per_k(self.units);
        let wanted = self.forecast.needed_after(duty, i) - self.gains_yesterday;
        let target = (ends.0 + wanted.max(0.0) / capacity).min(self.solar.t_max.value());
        if wanted <= 0.0 {
            return 0.0;
        }
        let heat = ((target - self.tank.mean_c()).max(0.0) * capacity).min(power.max(0.0));
        if heat > 0.0 {
            self.tank.heat(heat / capacity);
        }
        heat
    }

    #[inline(always)]
    fn heat_pump(&self, rest: f64, t_out: f64, rh_pct: f64) -> (f64, f64) {
        let Some(machine) = &self.machine else {
            return (0.0, 0.0);
        };
        let hour = machine.hour(rest, t_out, rh_pct, 1.0);
        let heat = hour.heat_kwh + hour.backup_kwh;
        (heat, hour.electricity_kwh + hour.backup_kwh)
    }
}

/// A resistance heater: heat and electricity are the same.
fn same(heat: f64) -> (f64, f64) {
    (heat, heat)
}

/// 1 where there is any, else 0.
fn on(kwh: f64) -> f64 {
    f64::from(u8::from(kwh > 0.0))
}
