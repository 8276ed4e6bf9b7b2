//! The 5R1C network of ISO 13790:2008 annex C, reduced to one linear recursion.
//!
//! Three nodes (air, surfaces, mass), five conductances, one capacity; Crank-Nicolson over one hour.
//! Conductances are constant, so air temperature and next mass temperature are linear in the mass
//! temperature and the heat put into each node; the eight coefficients are computed once.

/// Conductance between mass and surface node per mass area, W/(m2 K) (ISO 13790, 12.2.2): convection
/// 2.5 and radiation 1.2 x 5.5.
pub const STAR_W_M2K: f64 = 9.1;

/// Conductances and capacity of a zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Network {
    /// Air change, air node to supply air, W/K.
    pub h_ve: f64,
    /// Windows, surface node to outdoors, W/K.
    pub h_w: f64,
    /// Opaque elements, mass to outdoors, W/K.
    pub h_em: f64,
    /// Mass to surface node, W/K.
    pub h_ms: f64,
    /// Surface node to air, W/K.
    pub h_is: f64,
    /// Heat capacity, J/K.
    pub c_j_k: f64,
}

/// What drives the three nodes in an hour, W: gains, plus conductance times outer temperature.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sources {
    /// Air node: convective gains + `h_ve` x supply temperature.
    pub air: f64,
    /// Surface node: gains + `h_w` x outer temperature of the windows.
    pub star: f64,
    /// Mass node: gains + `h_em` x outer temperature of the opaque elements.
    pub mass: f64,
}

/// The recursion: `t_air = a . (t_mass, sources)`, `t_mass' = m . (t_mass, sources)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response {
    /// Air temperature for a degree of the mass at the start of the hour.
    pub air_by_mass: f64,
    /// Air temperature for a watt into each node, K/W.
    pub air: Sources,
    /// Mass temperature at the end of the hour for a degree at its start.
    pub mass_by_mass: f64,
    /// Mass temperature at the end of the hour for a watt into each node, K/W.
    pub mass: Sources,
}

impl Network {
    /// Mass share of an opaque conductance `h_op` (W/K): `1 / (1/h_op - 1/h_ms)` (equation 63).
    pub fn mass_to_outdoors(h_op: f64, h_ms: f64) -> f64 {
        1.0 / (1.0 / h_op - 1.0 / h_ms)
    }

    /// The recursion of one hour (equations C.4 to C.11).
    pub fn response(&self) -> Response {
        let supply = self.h_is / (self.h_is + self.h_ve);
        let h_1 = self.h_ve * supply;
        let h_2 = h_1 + self.h_w;
        let h_3 = h_2 * self.h_ms / (h_2 + self.h_ms);
        let capacity = self.c_j_k / 3600.0;
        let half = 0.5 * (h_3 + self.h_em);
        let gain = 1.0 / (capacity + half);
        let keep = (capacity - half) * gain;
        let by_star = if h_2 > 0.0 { h_3 / h_2 } else { 1.0 };
        let into_mass = Sources {
            mass: gain,
            star: gain * by_star,
            air: gain * by_star * supply,
        };
        let surfaces = 1.0 / (self.h_ms + h_2);
        let star_by_mass = self.h_ms * surfaces;
        let to_air = 1.0 / (self.h_is + self.h_ve);
        let through = self.h_is * to_air;
        Response {
            mass_by_mass: keep,
            mass: into_mass,
            air_by_mass: through * star_by_mass * 0.5 * (1.0 + keep),
            air: Sources {
                mass: through * star_by_mass * 0.5 * into_mass.mass,
                star: through * (star_by_mass * 0.5 * into_mass.star + surfaces),
                air: through * (star_by_mass * 0.5 * into_mass.air + supply * surfaces) + to_air,
            },
        }
    }

    /// Conductance from the air to outdoors when nothing changes, W/K: air, then windows and mass
    /// in parallel behind the surface film.
    pub fn steady_w_k(&self) -> f64 {
        let mass = self.h_em * self.h_ms / (self.h_em + self.h_ms);
        let behind = self.h_w + mass;
        self.h_ve + self.h_is * behind / (self.h_is + behind)
    }
}

impl Response {
    /// Air temperature without heating and mass temperature at the end of the hour, degC.
    pub fn free(&self, t_mass_c: f64, sources: &Sources) -> (f64, f64) {
        let mix = |k: &Sources| k.air * sources.air + k.star * sources.star + k.mass * sources.mass;
        (
            self.air_by_mass * t_mass_c + mix(&self.air),
            self.mass_by_mass * t_mass_c + mix(&self.mass),
        )
    }

    /// Heat into the air node that lifts the air from `t_free_c` to `t_set_c`, W; 0 if it is warmer.
    pub fn heat_to(&self, t_free_c: f64, t_set_c: f64) -> f64 {
        ((t_set_c - t_free_c) / self.air.air).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Network {
        Network {
            h_ve: 75.0,
            h_w: 94.0,
            h_em: 312.7,
            h_ms: 2730.0,
            h_is: 1552.5,
            c_j_k: 26e6,
        }
    }

    #[test]
    fn in_the_steady_state_heat_equals_conductance_times_difference() {
        let (net, t_in, t_out) = (network(), 16.0, -8.0);
        let response = net.response();
        let sources = Sources {
            air: net.h_ve * t_out,
            star: net.h_w * t_out,
            mass: net.h_em * t_out,
        };
        let (mut t_mass, mut heat) = (t_in, 0.0);
        for _ in 0..5000 {
            let (free, next) = response.free(t_mass, &sources);
            heat = response.heat_to(free, t_in);
            t_mass = next + response.mass.air * heat;
        }
        assert!((heat / (net.steady_w_k() * 24.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_house_at_the_temperature_of_outdoors_stays_there() {
        let net = network();
        let sources = Sources {
            air: net.h_ve * 7.0,
            star: net.h_w * 7.0,
            mass: net.h_em * 7.0,
        };
        let (air, mass) = net.response().free(7.0, &sources);
        assert!((air - 7.0).abs() < 1e-9 && (mass - 7.0).abs() < 1e-9);
    }
}
