//! What both air-source heat pumps do: capacity and COP over temperature, frost, part load, altitude.

use crate::technology::curve::{Curve, OutdoorTable, greater, lesser};
use crate::technology::duty::Plant;
use crate::words::quantity::{Celsius, Kilowatt, Metre};

/// One rating point at full load, free of frost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatingPoint {
    /// Outdoor air.
    pub t_out: Celsius,
    /// Supply water, or room air for a hot-air unit.
    pub t_supply: Celsius,
    /// Heat per electricity.
    pub cop: f64,
    /// Heat as a share of the rated heat.
    pub capacity_share: f64,
}

/// Capacity and COP of one machine.
///
/// Through the rating points the COP is a broken line over the outdoor temperature. Away from them
/// it moves as the ideal cycle does between the refrigerant temperatures:
/// `COP = COP_ref(T_out) C(T_c, T_e) / C(T_c,ref, T_e,ref)`, `C = T_c / (T_c - T_e)` in kelvin,
/// `T_c = T_supply + a p`, `T_e = T_out - b p`, with `a` and `b` the approach of the heat
/// exchangers at full load and `p` the part-load ratio, since an exchanger needs less approach for
/// less heat. An on-off machine always runs at `p = 1`.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPump {
    /// Heat at the rating temperature, of one unit.
    pub rated: Kilowatt,
    cop: Curve,
    supply: Curve,
    capacity: Curve,
    /// How it behaves beside the points.
    pub traits: HeatPumpTraits,
}

/// How a heat pump behaves beside its rating points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatPumpTraits {
    /// Approach of the condenser at full load, K.
    pub approach_supply_k: f64,
    /// Approach of the evaporator at full load, K.
    pub approach_outdoor_k: f64,
    /// Least part-load ratio without cycling (inverter turn-down); 1 for an on-off machine.
    pub least_load: f64,
    /// Degradation coefficient `Cc` of EN 14825, 11.5.2.3: below the least load
    /// `COP = COP CR / (Cc CR + 1 - Cc)`; 1 means no loss by cycling.
    pub cycling_cc: f64,
    /// Share of the frost losses that this machine suffers: 1 for a plain coil.
    pub frost: f64,
    /// Change of capacity for each kelvin of supply above the rating point, as a share.
    pub capacity_per_k_supply: f64,
    /// Capacity lost for each unit of air density lost.
    pub altitude_capacity: f64,
    /// COP lost for each unit of air density lost.
    pub altitude_cop: f64,
    /// Below this outdoor temperature it stops.
    pub t_limit: Celsius,
    /// Built-in resistance heater.
    pub backup: Kilowatt,
    /// Circulation pump or indoor fan beyond what the COP counts, while it heats.
    pub pump: Kilowatt,
    /// Controls and crankcase heater, all season.
    pub standby: Kilowatt,
}

impl HeatPump {
    /// From rating points; nothing if there is none or two share an outdoor temperature.
    #[inline]
    pub fn new(rated: Kilowatt, points: &[RatingPoint], traits: HeatPumpTraits) -> Option<Self> {
        let curve = |y: fn(&RatingPoint) -> f64| {
            Curve::new(points.iter().map(|p| (p.t_out.value(), y(p))).collect())
        };
        Some(Self {
            rated,
            cop: curve(|p| p.cop)?,
            supply: curve(|p| p.t_supply.value())?,
            capacity: curve(|p| p.capacity_share)?,
            traits,
        })
    }

    /// COP without frost and cycling at an outdoor and a supply temperature (degC) and a part-load
    /// ratio between the least load and 1. Never below 1.
    pub fn cop_at(&self, t_out: f64, t_supply: f64, part_load: f64) -> f64 {
        let (low, high) = self.cop.ends();
        let t_ref = t_out.clamp(low, high);
        let reference = self.cycle(t_ref, self.supply.at(t_ref), 1.0);
        let here = self.cycle(
            t_out,
            t_supply,
            part_load.clamp(self.traits.least_load, 1.0),
        );
        (self.cop.at(t_ref) * here / reference).max(1.0)
    }

    /// Ideal COP between the refrigerant temperatures.
    fn cycle(&self, t_out: f64, t_supply: f64, part_load: f64) -> f64 {
        let condensing = t_supply + self.traits.approach_supply_k * part_load;
        let evaporating = t_out - self.traits.approach_outdoor_k * part_load;
        (condensing + 273.15) / (condensing - evaporating).max(LEAST_LIFT_K)
    }

    /// Heat of one unit at full load without frost, kW; 0 below the limit.
    pub fn capacity_dry(&self, t_out: f64, t_supply: f64) -> f64 {
        if t_out < self.traits.t_limit.value() {
            return 0.0;
        }
        let hotter = t_supply - self.supply.at(t_out);
        let supply = 1.0 - self.traits.capacity_per_k_supply * hotter;
        (self.rated.value() * self.capacity.extended(t_out) * supply).max(0.0)
    }

    /// Factors of capacity and COP for the thin air at an elevation.
    pub fn altitude_factors(&self, elevation: Metre) -> (f64, f64) {
        let lost = 1.0 - air_density_ratio(elevation);
        (
            (1.0 - self.traits.altitude_capacity * lost).max(0.0),
            (1.0 - self.traits.altitude_cop * lost).max(0.0),
        )
    }

    /// Everything that depends on the outdoor temperature of `plant.count` units, once for the
    /// winter. `supply_c` gives the supply temperature at an outdoor temperature.
    pub fn prepare(&self, plant: &Plant, supply_c: impl Fn(f64) -> f64) -> Prepared {
        self.prepare_between((f64::MIN, f64::MAX), plant, supply_c)
    }

    /// The same for outdoor temperatures within a range only, degC.
    pub fn prepare_between(
        &self,
        range: (f64, f64),
        plant: &Plant,
        supply_c: impl Fn(f64) -> f64,
    ) -> Prepared {
        let (thin_capacity, thin_cop) = self.altitude_factors(plant.elevation);
        let table = OutdoorTable::between(range, |t| {
            let supply = supply_c(t);
            [
                self.capacity_dry(t, supply) * plant.units() * thin_capacity,
                self.cop_at(t, supply, 1.0) * thin_cop,
                self.cop_at(t, supply, self.traits.least_load) * thin_cop,
                saturation_humidity(t),
                saturation_humidity(coil_c(t)),
                frost_gate(t) * self.traits.frost,
            ]
        });
        let floor = self.traits.least_load;
        Prepared {
            table,
            traits: self.traits,
            units: plant.units(),
            per_floor: 1.0 / floor,
            per_span: if floor < 1.0 {
                1.0 / (1.0 - floor)
            } else {
                0.0
            },
        }
    }
}

/// Least temperature lift that a machine runs at, K.
const LEAST_LIFT_K: f64 = 10.0;

/// Density of the air at an elevation over that at the sea: the standard atmosphere (ISO 2533),
/// `(1 - 2.25577e-5 z)^4.2559`.
pub fn air_density_ratio(elevation: Metre) -> f64 {
    (1.0 - 2.25577e-5 * elevation.value().max(0.0))
        .max(0.0)
        .powf(4.2559)
}

/// Outdoor coil temperature in frosting weather, degC (EnergyPlus Engineering Reference, "Defrost
/// Operation"; Miller and Jaster 1985): `0.82 T_out - 8.589`.
fn coil_c(t_out: f64) -> f64 {
    0.82 * t_out - 8.589
}

/// 1 where the coil frosts, 0 above 6.44 degC; EnergyPlus switches at 4.44 degC, here the last two
/// kelvin are a ramp so that no hour jumps.
fn frost_gate(t_out: f64) -> f64 {
    ((6.44 - t_out) / 2.0).clamp(0.0, 1.0)
}

/// Humidity ratio of saturated air at sea level, kg/kg, over water (Magnus, WMO-No. 8).
fn saturation_humidity(t: f64) -> f64 {
    let vapour_hpa = 6.112 * (17.62 * t / (243.12 + t)).exp();
    0.622 * vapour_hpa / (1013.25 - vapour_hpa)
}

/// Losses by frost in one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frost {
    /// Share of the time in reverse-cycle defrost.
    pub time: f64,
    /// Factor on the full-load capacity.
    pub capacity: f64,
    /// Factor on the full-load power.
    pub power: f64,
}

impl Frost {
    /// From the humidity ratio that the coil takes out of the air (kg/kg), the outdoor temperature
    /// and the share of the losses that the machine suffers.
    ///
    /// On-demand defrost of the EnergyPlus Engineering Reference: time `1 / (1 + 0.01446 / dX)`,
    /// heat taken from the house `0.01 t (7.222 - T) / 1.01667` of the capacity. Its factors between
    /// defrosts (0.875 on capacity, 0.954 on power) are reached at a defrost time of 3.5 minutes an
    /// hour and grow with it, since dry cold air leaves no frost; the compressor runs on while it
    /// defrosts.
    #[inline(always)]
    pub fn new(excess: f64, t_out: f64, share: f64) -> Self {
        let frosts = excess > 0.0 && share > 0.0;
        let time = if frosts {
            share * excess / (excess + 0.01446)
        } else {
            0.0
        };
        let coat = lesser(time * (60.0 / 3.5), 1.0);
        let from_house = (0.01 / 1.01667) * time * greater(7.222 - t_out, 0.0);
        Self {
            time,
            capacity: greater((1.0 - 0.125 * coat) * (1.0 - time) - from_house, 0.0),
            power: (1.0 - 0.046 * coat) * (1.0 - time) + time,
        }
    }
}

/// Values that depend on the outdoor temperature: capacity without frost, COP at full and at least
/// load, humidity of saturated air outdoors and at the coil, share of frost.
pub(crate) const OUTDOORS: usize = 6;

/// A heat pump with all that depends on the outdoor temperature worked out.
#[derive(Debug, Clone)]
pub struct Prepared {
    table: OutdoorTable<OUTDOORS>,
    pub(crate) traits: HeatPumpTraits,
    pub(crate) units: f64,
    per_floor: f64,
    per_span: f64,
}

/// A heat pump in the weather of one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WeatherHour {
    /// Most heat, kWh.
    pub capacity: f64,
    /// One over it; 0 without.
    pub per_capacity: f64,
    /// COP that a load of nothing would have on the line of the running machine.
    pub cop_start: f64,
    /// Change of the COP for each kWh of heat.
    pub cop_slope: f64,
    /// Electricity of cycling, where the machine pauses, kWh.
    pub idle: f64,
    /// Electricity for a kWh of heat beside it.
    pub per_heat: f64,
    /// Time of defrost for a kWh of heat, h.
    pub defrost: f64,
}

/// What a heat pump did in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HeatPumpHour {
    /// Heat of the machine, kWh.
    pub heat_kwh: f64,
    /// Its electricity, without pump and standby, kWh.
    pub electricity_kwh: f64,
    /// Heat of the built-in resistance heater, kWh.
    pub backup_kwh: f64,
    /// Part-load ratio, 0 to 1.
    pub load: f64,
    /// Share of the hour in defrost.
    pub defrost: f64,
}

impl Prepared {
    /// The values of the table at an outdoor temperature, degC.
    #[inline(always)]
    pub(crate) fn outdoors(&self, t_out: f64) -> [f64; OUTDOORS] {
        self.table.at(t_out)
    }

    /// What the weather of an hour makes of the machine: what [`Self::outdoors`] gives for it, its
    /// temperature (degC) and relative humidity (%), and a factor on the COP. Without a branch, so
    /// that hours go side by side.
    #[inline(always)]
    pub(crate) fn weather(
        &self,
        [dry, full, least, x_out, x_coil, frost]: [f64; OUTDOORS],
        (t_out, rh_pct): (f64, f64),
        cop_factor: f64,
    ) -> WeatherHour {
        let frost = Frost::new(rh_pct * 0.01 * x_out - x_coil, t_out, frost);
        let limit = self.traits.t_limit.value();
        let dry = if t_out < limit { 0.0 } else { dry };
        let capacity = dry * frost.capacity;
        let runs = capacity > 0.0;
        let or_zero = |value: f64| if runs { value } else { 0.0 };
        // COP = (least + (full - least) (load - floor) / (1 - floor)) x `scale` above the least
        // load; below it electricity is a straight line over the heat.
        let scale = frost.capacity * cop_factor / frost.power;
        let slope = (full - least) * self.per_span;
        let (floor, cc) = (self.traits.least_load, self.traits.cycling_cc);
        let at_floor = 1.0 / (least * scale);
        let per_capacity = 1.0 / capacity;
        WeatherHour {
            capacity: or_zero(capacity),
            per_capacity: or_zero(per_capacity),
            cop_start: if runs {
                (least - slope * floor) * scale
            } else {
                1.0
            },
            cop_slope: or_zero(slope * scale * per_capacity),
            idle: or_zero(capacity * floor * (1.0 - cc) * at_floor),
            per_heat: or_zero(cc * at_floor),
            defrost: or_zero(frost.time * per_capacity),
        }
    }

    /// One hour: heat wanted (kWh), outdoor temperature (degC) and relative humidity (%), and a
    /// factor on the COP (1 without sun on the evaporator).
    #[inline(always)]
    pub fn hour(&self, wanted: f64, t_out: f64, rh_pct: f64, cop_factor: f64) -> HeatPumpHour {
        if wanted <= 0.0 {
            return HeatPumpHour::default();
        }
        let [dry, full, least, x_out, x_coil, frost] = self.table.at(t_out);
        let dry = if t_out < self.traits.t_limit.value() {
            0.0
        } else {
            dry
        };
        let frost = Frost::new(rh_pct * 0.01 * x_out - x_coil, t_out, frost);
        let capacity = dry * frost.capacity;
        let heat = lesser(wanted, capacity);
        let load = if capacity > 0.0 { heat / capacity } else { 0.0 };
        let cop = self.cop(load, full, least) * frost.capacity * cop_factor;
        let backup = lesser(wanted - heat, self.traits.backup.value() * self.units);
        HeatPumpHour {
            heat_kwh: heat,
            electricity_kwh: if heat > 0.0 {
                heat * frost.power / greater(cop, 1e-6)
            } else {
                0.0
            },
            backup_kwh: backup,
            load,
            defrost: frost.time * load,
        }
    }

    /// COP at a part-load ratio from those at full and least load.
    #[inline]
    fn cop(&self, load: f64, full: f64, least: f64) -> f64 {
        let floor = self.traits.least_load;
        if load >= floor {
            return least + (full - least) * (load - floor) * self.per_span;
        }
        let ratio = load * self.per_floor;
        let cc = self.traits.cycling_cc;
        least * ratio / greater(cc * ratio + 1.0 - cc, 1e-9)
    }

    /// Full-load heat without frost at an outdoor temperature, kW.
    pub fn capacity_kw(&self, t_out: f64) -> f64 {
        if t_out < self.traits.t_limit.value() {
            return 0.0;
        }
        self.table.at(t_out)[0]
    }
}
