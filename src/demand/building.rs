//! A house as the simulation sees it.

/// Where an outer surface looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facing {
    /// A wall or window to the south.
    South,
    /// To the east.
    East,
    /// To the north.
    North,
    /// To the west.
    West,
    /// A roof or ceiling under a cold loft.
    Up,
    /// A wall to rooms without heating: neither sun nor sky.
    Unheated,
}

impl Facing {
    /// The four walls, in the order of [`crate::demand::BuildingWeather`].
    pub const WALLS: [Self; 4] = [Self::South, Self::East, Self::North, Self::West];
}

/// Outer surface resistance inside a U-value that is stated the standard way, m2 K/W (ISO 6946).
pub const STANDARD_R_SE: f64 = 0.04;

/// A wall, roof or door.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opaque {
    /// Area, m2.
    pub area_m2: f64,
    /// Thermal transmittance with the surface films of ISO 6946, W/(m2 K).
    pub u_w_m2k: f64,
    /// Share of the sun that its outer face takes up, 0 to 1.
    pub absorptance: f64,
    /// Where it looks.
    pub facing: Facing,
}

/// A window or glazed door.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Area with its frame, m2.
    pub area_m2: f64,
    /// Thermal transmittance with frame, W/(m2 K).
    pub u_w_m2k: f64,
    /// Share of the sun that comes in at normal incidence, over the whole area: glass, frame, dirt
    /// and shade together, 0 to 1.
    pub g: f64,
    /// Where it looks.
    pub facing: Facing,
}

/// The ground floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// Area, m2.
    pub area_m2: f64,
    /// Steady thermal transmittance to the annual mean outdoors, W/(m2 K) (ISO 13370).
    pub u_w_m2k: f64,
    /// Share of the outdoor temperature's yearly swing that reaches the heat flow, 0 to 1: the ratio
    /// of the periodic to the steady coefficient.
    pub damping: f64,
}

/// A heated house, or the heated part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Heated floor area, m2.
    pub heated_area_m2: f64,
    /// Volume of air, m3.
    pub volume_m3: f64,
    /// Walls, roof and doors.
    pub opaque: Vec<Opaque>,
    /// Windows.
    pub windows: Vec<Window>,
    /// Ground floor, if it has one of its own.
    pub floor: Option<Floor>,
    /// Outdoor air through gaps and opened doors, changes of the volume per hour.
    pub air_changes_per_h: f64,
    /// Heat from people, lamps and cooking, W/m2 of heated area.
    pub internal_gains_w_m2: f64,
    /// Effective heat capacity of what encloses and fills the rooms, J/K.
    pub heat_capacity_j_k: f64,
    /// Area of that mass, m2 (ISO 13790, 12.2.2).
    pub mass_area_m2: f64,
    /// Area of all surfaces that face the rooms, m2.
    pub interior_area_m2: f64,
    /// Conductance between air and surfaces per surface area, W/(m2 K), as `h_is` of ISO 13790 (3.45
    /// there). Nothing: natural convection at the mean temperatures of the season.
    pub air_film_w_m2k: Option<f64>,
    /// Area of one cross-section between rooms, m2: what separates a heated part from the rest.
    pub partition_m2: f64,
    /// Thermal transmittance of that partition, W/(m2 K).
    pub partition_u_w_m2k: f64,
}

/// Envelope works; what is not named stays.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Retrofit {
    /// Thermal resistance added to the walls, m2 K/W.
    pub wall_added_r: Option<f64>,
    /// Thermal resistance added to the roof or ceiling, m2 K/W.
    pub roof_added_r: Option<f64>,
    /// Transmittance of the new windows, W/(m2 K).
    pub window_u_w_m2k: Option<f64>,
    /// Sun share of the new windows, 0 to 1.
    pub window_g: Option<f64>,
    /// Air changes per hour after sealing; never more than before.
    pub air_changes_per_h: Option<f64>,
}

impl Floor {
    /// A slab on ground by ISO 13370: area (m2), outer perimeter (m), thickness of the outer walls
    /// (m), thermal resistance of the slab's layers (m2 K/W) and conductivity of the soil (W/(m K)).
    ///
    /// Equations 2 to 4 give the steady transmittance, equation B.8 (heat capacity of clay or silt,
    /// penetration depth 2.2 m) the periodic coefficient.
    pub fn on_ground(
        area_m2: f64,
        perimeter_m: f64,
        wall_m: f64,
        r_slab: f64,
        soil_w_mk: f64,
    ) -> Self {
        const R_SURFACES: f64 = 0.17 + 0.04;
        const PENETRATION_M: f64 = 2.2;
        let characteristic = area_m2 / (0.5 * perimeter_m);
        let thickness = wall_m + soil_w_mk * (r_slab + R_SURFACES);
        let u_w_m2k = if thickness < characteristic {
            let pi_b = std::f64::consts::PI * characteristic;
            2.0 * soil_w_mk / (pi_b + thickness) * (pi_b / thickness + 1.0).ln()
        } else {
            soil_w_mk / (0.457 * characteristic + thickness)
        };
        let periodic = 0.37 * perimeter_m * soil_w_mk * (PENETRATION_M / thickness + 1.0).ln();
        Self {
            area_m2,
            u_w_m2k,
            damping: (periodic / (u_w_m2k * area_m2)).min(1.0),
        }
    }
}

impl Building {
    /// The house after envelope works.
    pub fn with(&self, works: &Retrofit) -> Self {
        let mut after = self.clone();
        for element in &mut after.opaque {
            let added = match element.facing {
                Facing::Up => works.roof_added_r,
                Facing::Unheated => None,
                _ => works.wall_added_r,
            };
            element.u_w_m2k = 1.0 / (1.0 / element.u_w_m2k + added.unwrap_or(0.0));
        }
        for window in &mut after.windows {
            window.u_w_m2k = works.window_u_w_m2k.unwrap_or(window.u_w_m2k);
            window.g = works.window_g.unwrap_or(window.g);
        }
        let air = works.air_changes_per_h.unwrap_or(f64::INFINITY);
        after.air_changes_per_h = self.air_changes_per_h.min(air);
        after
    }

    /// The heated part of the house where only a share of its floor area is heated (0 to 1).
    ///
    /// The part keeps its share of every element; a cross-section of the house separates it from the
    /// rest, whose temperature lies between indoors and outdoors by the ratio of the conductances
    /// (ISO 13789, adjustment factor `b = H_ue / (H_iu + H_ue)`).
    pub fn zone(&self, fraction: f64) -> Self {
        let share = fraction.clamp(0.01, 1.0);
        if share >= 1.0 {
            return self.clone();
        }
        let mut part = self.clone();
        part.heated_area_m2 *= share;
        part.volume_m3 *= share;
        part.heat_capacity_j_k *= share;
        part.mass_area_m2 *= share;
        part.interior_area_m2 = self.interior_area_m2 * share + self.partition_m2;
        for element in &mut part.opaque {
            element.area_m2 *= share;
        }
        for window in &mut part.windows {
            window.area_m2 *= share;
        }
        if let Some(floor) = &mut part.floor {
            floor.area_m2 *= share;
        }
        let to_rest = self.partition_m2 * self.partition_u_w_m2k;
        let rest_out = (1.0 - share) * self.outward_w_k();
        part.opaque.push(Opaque {
            area_m2: self.partition_m2,
            u_w_m2k: self.partition_u_w_m2k * rest_out / (rest_out + to_rest).max(1e-9),
            absorptance: 0.0,
            facing: Facing::Unheated,
        });
        part
    }

    /// Conductance to outdoor air through envelope and air change at sea level, W/K.
    fn outward_w_k(&self) -> f64 {
        /// Heat capacity of a cubic metre of air at 20 degC and sea level, Wh/(m3 K).
        const AIR_WH_M3K: f64 = 0.333;
        let opaque: f64 = self.opaque.iter().map(|e| e.area_m2 * e.u_w_m2k).sum();
        let glazed: f64 = self.windows.iter().map(|w| w.area_m2 * w.u_w_m2k).sum();
        opaque + glazed + AIR_WH_M3K * self.air_changes_per_h * self.volume_m3
    }
}
