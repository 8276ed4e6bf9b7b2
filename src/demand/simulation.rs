//! ISO 13790 simple hourly method on a house in its weather.

use crate::demand::building::Building;
use crate::demand::exposure::{BuildingWeather, Envelope, FEATURES, Hour, T_OUT};
use crate::demand::heat::{HeatDemand, Schedule};
use crate::demand::network::{Network, Response, STAR_W_M2K};
use crate::words::quantity::Kilowatt;
use crate::words::wide::{Wide, wide};

/// Radiation between the surfaces of a room, W/(m2 K): 1.2 x 5.5 (ISO 13790, 12.2.2).
const ROOM_RADIATION_W_M2K: f64 = 6.6;
/// Coefficient of natural convection in `h = k dT^(1/3)`, W/(m2 K^(4/3)): upright surfaces 1.31,
/// cold ceilings 1.51, cold floors 0.76 (Walton 1983, TARP), mean of a low house.
const NATURAL_CONVECTION: f64 = 1.2;
/// Bounds of the natural convection coefficient, W/(m2 K).
const CONVECTION_BOUNDS: (f64, f64) = (1.0, 3.5);
/// Share of the internal gains that goes to the air at once (ISO 13790, C.1).
const CONVECTIVE_GAINS: f64 = 0.5;
/// An hour counts as unmet if the air stays further below its set temperature, K.
const UNMET_K: f64 = 0.5;

/// A house in its weather, reduced to the recursion and linear functions of the hour.
pub(crate) struct House {
    pub(crate) network: Network,
    envelope: Envelope,
    pub(crate) response: Response,
    /// Air temperature and next mass temperature as dot products with the hour, and constants.
    pub(crate) air: Hour,
    pub(crate) air_constant: f64,
    pub(crate) mass: Hour,
    pub(crate) mass_constant: f64,
}

impl House {
    /// `set_c` and `hour` are the indoor temperature and the weather for which the film inside is
    /// found: means of the day and the season, or those of the design load.
    pub(crate) fn new(
        building: &Building,
        weather: &BuildingWeather,
        set_c: f64,
        hour: &Hour,
    ) -> Self {
        let envelope = Envelope::new(building, weather);
        let h_ms = STAR_W_M2K * building.mass_area_m2;
        let mut network = Network {
            h_ve: weather.air_wh_m3k * building.air_changes_per_h * building.volume_m3,
            h_w: envelope.h_w,
            h_em: Network::mass_to_outdoors(envelope.h_op, h_ms),
            h_ms,
            h_is: 0.0,
            c_j_k: building.heat_capacity_j_k,
        };
        network.h_is = match building.air_film_w_m2k {
            Some(film) => film * building.interior_area_m2,
            None => air_to_surfaces(building, &envelope, &network, set_c, hour),
        };
        let response = network.response();
        let mass_share = (building.mass_area_m2 / building.interior_area_m2).min(1.0);
        let glass_share = envelope.h_w / (STAR_W_M2K * building.interior_area_m2);
        let star_share = (1.0 - mass_share - glass_share).max(0.0);
        let gains = building.internal_gains_w_m2 * building.heated_area_m2;
        let radiant = (1.0 - CONVECTIVE_GAINS) * gains;
        let opaque_scale = network.h_em / envelope.h_op;
        let combine = |air: f64, star: f64, mass: f64| {
            let feature = |k: usize| {
                let on_star = star_share * envelope.sun[k] + envelope.glazed[k];
                let on_mass = mass_share * envelope.sun[k] + opaque_scale * envelope.opaque[k];
                let on_air = if k == T_OUT { network.h_ve } else { 0.0 };
                air * on_air + star * on_star + mass * on_mass
            };
            let constant = air * CONVECTIVE_GAINS * gains
                + star * star_share * radiant
                + mass * (mass_share * radiant + opaque_scale * envelope.opaque_constant);
            (std::array::from_fn::<f64, FEATURES, _>(feature), constant)
        };
        let (air, air_constant) = combine(response.air.air, response.air.star, response.air.mass);
        let (mass, mass_constant) =
            combine(response.mass.air, response.mass.star, response.mass.mass);
        Self {
            network,
            envelope,
            response,
            air,
            air_constant,
            mass,
            mass_constant,
        }
    }
}

impl House {
    /// Heat that holds the air at `set_c` for ever in the same hour of weather, without sun and
    /// internal gains, W; negative if it is warmer outdoors.
    pub(crate) fn steady_heat_w(&self, set_c: f64, hour: &Hour) -> f64 {
        let net = &self.network;
        let h_mass = net.h_em * net.h_ms / (net.h_em + net.h_ms);
        let opaque = dot(&self.envelope.opaque, hour) + self.envelope.opaque_constant;
        let inward = dot(&self.envelope.glazed, hour) + h_mass / self.envelope.h_op * opaque;
        let star_c = (net.h_is * set_c + inward) / (net.h_is + net.h_w + h_mass);
        net.h_is * (set_c - star_c) + net.h_ve * (set_c - hour[T_OUT])
    }
}

/// Conductance between air and surfaces by natural convection, W/K.
///
/// The convective flow `q` that the surfaces take at rest sets the difference to the air,
/// `area k dT^(4/3) = q`; the star network turns the coefficient into `h (h + r) / r` with room
/// radiation `r`, which is how 2.5 W/(m2 K) becomes the 3.45 of ISO 13790.
fn air_to_surfaces(
    building: &Building,
    envelope: &Envelope,
    network: &Network,
    set_c: f64,
    hour: &Hour,
) -> f64 {
    let area = building.interior_area_m2;
    let h_mass = network.h_em * network.h_ms / (network.h_em + network.h_ms);
    let through = envelope.h_w + h_mass;
    let gains = building.internal_gains_w_m2 * building.heated_area_m2;
    let share = h_mass / envelope.h_op;
    let inward = dot(&envelope.sun, hour)
        + dot(&envelope.glazed, hour)
        + share * (dot(&envelope.opaque, hour) + envelope.opaque_constant)
        + (1.0 - CONVECTIVE_GAINS) * gains;
    let mut film = 2.5;
    for _ in 0..4 {
        let h_is = film * (film + ROOM_RADIATION_W_M2K) / ROOM_RADIATION_W_M2K * area;
        let star_c = (h_is * set_c + inward) / (h_is + through);
        let flow = (h_is * (set_c - star_c)).max(0.0);
        let difference = (flow / (area * NATURAL_CONVECTION)).powf(0.75);
        film = (NATURAL_CONVECTION * difference.cbrt())
            .clamp(CONVECTION_BOUNDS.0, CONVECTION_BOUNDS.1);
    }
    film * (film + ROOM_RADIATION_W_M2K) / ROOM_RADIATION_W_M2K * area
}

/// Dot product of two hours.
#[inline(always)]
fn dot(a: &Hour, b: &Hour) -> f64 {
    let mut sum = [0.0; 4];
    for k in 0..FEATURES / 4 {
        for (i, part) in sum.iter_mut().enumerate() {
            *part += a[4 * k + i] * b[4 * k + i];
        }
    }
    (sum[0] + sum[1]) + (sum[2] + sum[3])
}

/// Heat of a house through the season of its weather; `limit` is the most that heater and emitters
/// give in an hour.
///
/// Heat goes to the air, the air temperature is controlled, there is no cooling. The house begins
/// [`crate::demand::WARM_UP_DAYS`] days before the season at its mean set temperature and is heated
/// through them, as lived-in houses are before the official first day.
pub fn simulate(
    building: &Building,
    weather: &BuildingWeather,
    schedule: &Schedule,
    limit: Option<Kilowatt>,
) -> HeatDemand {
    let mut heat = HeatDemand::default();
    simulate_into(building, weather, schedule, limit, &mut heat);
    heat
}

/// The same into a buffer that is used again.
pub fn simulate_into(
    building: &Building,
    weather: &BuildingWeather,
    schedule: &Schedule,
    limit: Option<Kilowatt>,
    out: &mut HeatDemand,
) {
    wide(Season {
        house: &House::new(building, weather, schedule.mean_c(), &weather.mean_hour),
        weather,
        schedule,
        most_w: limit.map_or(f64::INFINITY, |kw| kw.0.max(0.0) * 1000.0),
        out,
    });
}

/// The hours of a season, for vectors of any width.
struct Season<'a> {
    house: &'a House,
    weather: &'a BuildingWeather,
    schedule: &'a Schedule,
    most_w: f64,
    out: &'a mut HeatDemand,
}

impl Wide for Season<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        hours_of(
            self.house,
            self.weather,
            self.schedule,
            self.most_w,
            self.out,
        );
    }
}

#[inline(always)]
fn hours_of(
    house: &House,
    weather: &BuildingWeather,
    schedule: &Schedule,
    most_w: f64,
    out: &mut HeatDemand,
) {
    let per_watt = house.response.air.air;
    let watts_per_k = 1.0 / per_watt;
    let hours_to_season = weather.hours.len() - weather.lead;
    out.heat_kw.clear();
    out.t_air_c.clear();
    out.heat_kw.reserve(hours_to_season);
    out.t_air_c.reserve(hours_to_season);
    (out.unmet_hours, out.unmet_kwh) = (0, 0.0);
    let mut t_mass = schedule.mean_c();
    for (i, hour) in weather.hours.iter().enumerate() {
        let set_c = schedule.set_c[i % 24];
        let free =
            house.response.air_by_mass * t_mass + (dot(&house.air, hour) + house.air_constant);
        // Each hour waits for these: products instead of divisions.
        let need_w = ((set_c - free) * watts_per_k).max(0.0);
        let heat_w = need_w.min(most_w);
        let vented_w = ((free - schedule.vent_above_c) * watts_per_k).max(0.0);
        t_mass = house.response.mass_by_mass * t_mass
            + (dot(&house.mass, hour) + house.mass_constant)
            + house.response.mass.air * (heat_w - vented_w);
        if i < weather.lead {
            continue;
        }
        let t_air = free + per_watt * (heat_w - vented_w);
        out.heat_kw.push(heat_w * 1e-3);
        out.t_air_c.push(t_air);
        if need_w > most_w {
            out.unmet_kwh += (need_w - most_w) * 1e-3;
            out.unmet_hours += usize::from(t_air < set_c - UNMET_K);
        }
    }
}
