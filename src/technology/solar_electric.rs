//! 太阳能+电辅: collectors on a tank, and electricity or a heat pump for the rest.

use crate::technology::collector::CollectorCurve;
use crate::technology::curve::OutdoorTable;
use crate::technology::duty::{Duty, Operation, Plant, ratio};
use crate::technology::heat_pump::{HeatPump, Prepared};
use crate::technology::heat_pump_water::{capacity, supply_at, supply_needed};
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

/// Collectors on a fully mixed tank.
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
    pub fn kwh_per_k(&self, units: f64) -> f64 {
        self.tank.value() * units * WATER_KWH_PER_M3_K
    }

    /// One hour of `units` systems whose tank is at `tank_c`: sun first, then loss, then the house,
    /// which wants `wanted` kWh between `t_return` and `t_supply`. A tank cooler than the supply
    /// preheats in proportion. Moves `tank_c`.
    #[allow(clippy::too_many_arguments)] // One physical balance; a struct would only rename them.
    pub fn step(
        &self,
        units: f64,
        tank_c: &mut f64,
        sun_w_m2: f64,
        t_out: f64,
        t_beside: f64,
        wanted: f64,
        (t_supply, t_return): (f64, f64),
    ) -> TankHour {
        let capacity = self.kwh_per_k(units);
        let gain = self.gain(units, *tank_c, sun_w_m2, t_out);
        let lost = self.tank_loss.value() * units * (*tank_c - t_beside) / 1000.0;
        *tank_c += (gain - lost) / capacity;
        let reach = (*tank_c - t_return) / (t_supply - t_return).max(0.1);
        let above = ((*tank_c - t_return) * capacity).max(0.0);
        let drawn = (wanted * reach.clamp(0.0, 1.0)).min(above);
        *tank_c -= drawn / capacity;
        TankHour {
            gain_kwh: gain,
            lost_kwh: lost,
            drawn_kwh: drawn,
        }
    }

    /// Heat of the collectors into a tank, kWh in an hour; none once the tank is at its limit.
    fn gain(&self, units: f64, tank_c: f64, sun_w_m2: f64, t_out: f64) -> f64 {
        if sun_w_m2 <= 0.0 {
            return 0.0;
        }
        let dt = tank_c + self.rise.value() - t_out;
        let heat = self.curve.heat_w_m2(sun_w_m2, dt) * self.area.value() * units / 1000.0;
        let room = (self.t_max.value() - tank_c).max(0.0) * self.kwh_per_k(units);
        (heat * self.transfer).min(room)
    }
}

/// What the run of a winter carries from hour to hour.
struct Run<'a> {
    solar: &'a SolarTank,
    units: f64,
    tank_c: f64,
    gains_today: f64,
    gains_yesterday: f64,
    forecast: Forecast,
    machine: Option<Prepared>,
}

impl SolarElectric {
    /// Runs a winter. The tank starts at the temperature of the room.
    pub fn operate(&self, plant: &Plant, duty: &Duty<'_>, out: &mut Operation) {
        out.reset(duty.hours(), false);
        let units = plant.units();
        let room = plant.t_room.value();
        let water = OutdoorTable::new(|t| {
            let load = (room - t) / (room - plant.t_design.value()).max(1.0);
            [
                supply_at(plant, t),
                plant.emitter.return_c(plant.t_room, load),
            ]
        });
        let mut run = self.start(plant, duty);
        for (i, (wanted, t_out, rh, cheap)) in duty.iter().enumerate() {
            let [t_supply, t_return] = water.at(t_out);
            let beside = if self.solar.tank_indoors { room } else { t_out };
            let ends = (t_supply, t_return);
            let sun = duty.sun(i);
            let hour = self
                .solar
                .step(units, &mut run.tank_c, sun, t_out, beside, wanted, ends);
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
                    out.backup_kwh += stored;
                    (heat, heat + stored)
                }
                Remainder::HeatPump(_) => run.heat_pump(rest, t_out, rh),
            };
            out.backup_kwh += heat;
            let pumps = self.solar.pump.value() * units * on(hour.gain_kwh)
                + self.pump.value() * units * on(wanted);
            let standby = self.standby.value() * units;
            out.electricity_kwh.push(power + pumps + standby);
            out.heat(wanted, hour.drawn_kwh + heat);
            out.facts.lost_kwh += hour.lost_kwh;
            out.facts.runtime_hours += on(hour.gain_kwh);
        }
        out.facts.stored_kwh = (run.tank_c - room) * self.solar.kwh_per_k(units);
        let sun = ratio(out.delivered_kwh - out.backup_kwh, out.delivered_kwh);
        out.facts.solar_share = sun.map(|share| share.clamp(0.0, 1.0));
        out.finish(duty);
    }

    fn start(&self, plant: &Plant, _: &Duty<'_>) -> Run<'_> {
        let capacity = self.solar.kwh_per_k(plant.units());
        let loss = self.solar.tank_loss.value() * plant.units() / 1000.0;
        let machine = match &self.remainder {
            Remainder::HeatPump(machine) => Some(machine.prepare(plant, |t| supply_at(plant, t))),
            Remainder::AnyHour(_) | Remainder::Valley(_) => None,
        };
        Run {
            solar: &self.solar,
            units: plant.units(),
            tank_c: plant.t_room.value(),
            gains_today: 0.0,
            gains_yesterday: 0.0,
            forecast: Forecast::new(f64::INFINITY, (1.0 - loss / capacity.max(1e-9)).max(0.5)),
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
    fn count_gain(&mut self, hour: usize, gain: f64) {
        if hour.is_multiple_of(24) {
            self.gains_yesterday = self.gains_today;
            self.gains_today = 0.0;
        }
        self.gains_today += gain;
    }

    /// Heats the tank in a valley hour towards what the coming day will ask beyond yesterday's sun;
    /// gives the electricity, kWh.
    fn charge(&mut self, duty: &Duty<'_>, i: usize, power: f64, ends: (f64, f64)) -> f64 {
        let capacity = self.solar.kwh_per_k(self.units);
        let wanted = self.forecast.needed_after(duty, i) - self.gains_yesterday;
        let target = (ends.0 + wanted.max(0.0) / capacity).min(self.solar.t_max.value());
        if wanted <= 0.0 {
            return 0.0;
        }
        let heat = ((target - self.tank_c).max(0.0) * capacity).min(power.max(0.0));
        self.tank_c += heat / capacity;
        heat
    }

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
