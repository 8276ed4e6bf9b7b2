//! From a few facts to a whole house: kinds of dwelling with their walls, roofs and windows.

use crate::demand::building::{Building, Facing, Floor, Opaque, Window};
use crate::words::kinds::{DwellingKind, Name};
use crate::words::provenance::FigureRef;

/// A kind of house, by age and make.
#[derive(Debug, Clone, PartialEq)]
pub struct Archetype {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Kind of dwelling that it stands for.
    pub dwelling: DwellingKind,
    /// Walls, W/(m2 K).
    pub wall_u_w_m2k: f64,
    /// Roof or ceiling, W/(m2 K).
    pub roof_u_w_m2k: f64,
    /// Windows with frames, W/(m2 K).
    pub window_u_w_m2k: f64,
    /// Sun that the windows let in over their whole area, 0 to 1.
    pub window_g: f64,
    /// Thermal resistance of the slab's layers, m2 K/W.
    pub slab_r_m2k_w: f64,
    /// Thickness of the outer walls, m.
    pub wall_thickness_m: f64,
    /// Sun taken up by walls and by the roof, 0 to 1.
    pub wall_absorptance: f64,
    /// The same of the roof.
    pub roof_absorptance: f64,
    /// Changes of the air an hour.
    pub air_changes_per_h: f64,
    /// Heat of people, lamps and cooking, W per m2 heated.
    pub internal_gains_w_m2: f64,
    /// Effective heat capacity of walls, roof, slab and partitions, J per m2 of their surface and K.
    pub heat_capacity_j_m2k: f64,
    /// Height of a room, m.
    pub height_m: f64,
    /// Depth of the house from south to north, m.
    pub depth_m: f64,
    /// Length of a bay between partitions, m.
    pub bay_m: f64,
    /// Share of the south wall that is window, 0 to 1.
    pub window_share_south: f64,
    /// Share of the north wall that is window.
    pub window_share_north: f64,
    /// Share of the gable walls that meet the outdoors.
    pub exposed_gables: f64,
    /// Share of the roof that meets the outdoors; 0 under another flat.
    pub exposed_roof: f64,
    /// Share of the floor that lies on the ground; 0 above another flat.
    pub exposed_floor: f64,
    /// Where these figures come from.
    pub figure: FigureRef,
}

/// What is known of a house; what is not, its archetype gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HouseFacts {
    /// Floor area that is heated, m2.
    pub heated_area_m2: f64,
    /// Floor area of all rooms, m2; the heated area if not known.
    pub floor_area_m2: Option<f64>,
    /// Storeys.
    pub storeys: u8,
    /// Height of a room, m.
    pub height_m: Option<f64>,
    /// Walls, W/(m2 K).
    pub wall_u_w_m2k: Option<f64>,
    /// Roof, W/(m2 K).
    pub roof_u_w_m2k: Option<f64>,
    /// Ground floor, W/(m2 K).
    pub floor_u_w_m2k: Option<f64>,
    /// Windows, W/(m2 K).
    pub window_u_w_m2k: Option<f64>,
    /// Window area to the south, east, north and west, m2.
    pub window_m2: [Option<f64>; 4],
    /// Changes of the air an hour.
    pub air_changes_per_h: Option<f64>,
}

impl HouseFacts {
    /// A house of one storey of which only the heated area is known.
    pub const fn of_area(heated_area_m2: f64) -> Self {
        Self {
            heated_area_m2,
            floor_area_m2: None,
            storeys: 1,
            height_m: None,
            wall_u_w_m2k: None,
            roof_u_w_m2k: None,
            floor_u_w_m2k: None,
            window_u_w_m2k: None,
            window_m2: [None; 4],
            air_changes_per_h: None,
        }
    }
}

/// Conductivity of the soil, W/(m K): clay or silt of ISO 13370, table 7.
const SOIL_W_MK: f64 = 1.5;
/// A light brick partition with plaster, W/(m2 K), 120 mm: `1 / (0.13 + 0.12/0.81 + 0.04/0.93 + 0.13)`.
const PARTITION_U_W_M2K: f64 = 2.2;

impl Archetype {
    /// The heated house.
    ///
    /// Each storey is a rectangle of the archetype's depth, its long sides to south and north; a
    /// house smaller than a square of that depth is a square. Partitions stand at every bay. If only
    /// part of the floor area is heated, the result is that part ([`Building::zone`]).
    pub fn building(&self, facts: &HouseFacts) -> Building {
        let storeys = f64::from(facts.storeys.max(1));
        let floor_area = facts.floor_area_m2.unwrap_or(0.0).max(facts.heated_area_m2);
        let footprint = floor_area / storeys;
        let depth = self.depth_m.min(footprint.sqrt());
        let length = footprint / depth;
        let height = facts.height_m.unwrap_or(self.height_m);
        let long_wall = length * height * storeys;
        let gable = depth * height * storeys * self.exposed_gables;
        let glass = self.glass(facts, [long_wall, gable, long_wall, gable]);
        let roof = footprint * self.exposed_roof;
        let partitions = ((length / self.bay_m).round() - 1.0).max(0.0) * depth * height * storeys;
        let floor = self.floor(facts, footprint, 2.0 * (length + depth));
        let inner = 2.0 * floor_area + 2.0 * (length + depth) * height * storeys + 2.0 * partitions;
        let house = Building {
            heated_area_m2: floor_area,
            volume_m3: floor_area * height,
            opaque: self.opaque(facts, [long_wall, gable, long_wall, gable], &glass, roof),
            windows: self.windows(facts, &glass),
            floor,
            air_changes_per_h: facts.air_changes_per_h.unwrap_or(self.air_changes_per_h),
            internal_gains_w_m2: self.internal_gains_w_m2,
            heat_capacity_j_k: self.heat_capacity_j_m2k * inner,
            mass_area_m2: (inner - glass.iter().sum::<f64>()).max(0.5 * inner),
            interior_area_m2: inner,
            air_film_w_m2k: None,
            partition_m2: depth * height * storeys,
            partition_u_w_m2k: PARTITION_U_W_M2K,
        };
        house.zone(facts.heated_area_m2 / floor_area)
    }

    /// Window areas, never more than nine tenths of their wall.
    fn glass(&self, facts: &HouseFacts, walls: [f64; 4]) -> [f64; 4] {
        let shares = [self.window_share_south, 0.0, self.window_share_north, 0.0];
        std::array::from_fn(|k| {
            let area = facts.window_m2[k].unwrap_or(shares[k] * walls[k]);
            area.min(0.9 * walls[k])
        })
    }

    fn opaque(
        &self,
        facts: &HouseFacts,
        walls: [f64; 4],
        glass: &[f64; 4],
        roof: f64,
    ) -> Vec<Opaque> {
        let wall = |k: usize| Opaque {
            area_m2: walls[k] - glass[k],
            u_w_m2k: facts.wall_u_w_m2k.unwrap_or(self.wall_u_w_m2k),
            absorptance: self.wall_absorptance,
            facing: Facing::WALLS[k],
        };
        let mut all: Vec<Opaque> = (0..4).map(wall).filter(|w| w.area_m2 > 0.0).collect();
        if roof > 0.0 {
            all.push(Opaque {
                area_m2: roof,
                u_w_m2k: facts.roof_u_w_m2k.unwrap_or(self.roof_u_w_m2k),
                absorptance: self.roof_absorptance,
                facing: Facing::Up,
            });
        }
        all
    }

    fn windows(&self, facts: &HouseFacts, glass: &[f64; 4]) -> Vec<Window> {
        let window = |k: usize| Window {
            area_m2: glass[k],
            u_w_m2k: facts.window_u_w_m2k.unwrap_or(self.window_u_w_m2k),
            g: self.window_g,
            facing: Facing::WALLS[k],
        };
        (0..4).map(window).filter(|w| w.area_m2 > 0.0).collect()
    }

    fn floor(&self, facts: &HouseFacts, footprint: f64, perimeter: f64) -> Option<Floor> {
        let area = footprint * self.exposed_floor;
        (area > 0.0).then(|| {
            let slab = Floor::on_ground(
                area,
                perimeter,
                self.wall_thickness_m,
                self.slab_r_m2k_w,
                SOIL_W_MK,
            );
            Floor {
                u_w_m2k: facts.floor_u_w_m2k.unwrap_or(slab.u_w_m2k),
                ..slab
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::provenance::Grade;

    fn brick() -> Archetype {
        Archetype {
            id: "brick".into(),
            name: Name::same("brick"),
            dwelling: DwellingKind::Farmhouse,
            wall_u_w_m2k: 1.5,
            roof_u_w_m2k: 2.0,
            window_u_w_m2k: 4.7,
            window_g: 0.5,
            slab_r_m2k_w: 0.06,
            wall_thickness_m: 0.37,
            wall_absorptance: 0.6,
            roof_absorptance: 0.7,
            air_changes_per_h: 1.0,
            internal_gains_w_m2: 3.8,
            heat_capacity_j_m2k: 180e3,
            height_m: 2.8,
            depth_m: 8.0,
            bay_m: 3.5,
            window_share_south: 0.4,
            window_share_north: 0.1,
            exposed_gables: 1.0,
            exposed_roof: 1.0,
            exposed_floor: 1.0,
            figure: FigureRef::new("brick", "assumption", Grade::D),
        }
    }

    #[test]
    fn a_hundred_square_metres_make_a_house_of_known_proportions() {
        let house = brick().building(&HouseFacts::of_area(100.0));
        // 12.5 x 8 x 2.8 m: south wall 35 m2, of which 0.4 is window.
        let wall = |facing| {
            house
                .opaque
                .iter()
                .find(|e| e.facing == facing)
                .unwrap()
                .area_m2
        };
        assert!((wall(Facing::South) - 35.0 * 0.6).abs() < 1e-9);
        assert!((wall(Facing::East) - 8.0 * 2.8).abs() < 1e-9);
        assert!((wall(Facing::Up) - 100.0).abs() < 1e-9);
        assert!((house.windows[0].area_m2 - 14.0).abs() < 1e-9);
        // 12.5 / 3.5 rounds to 4 bays, 3 partitions seen from both sides.
        assert!((house.interior_area_m2 - (200.0 + 41.0 * 2.8 + 2.0 * 3.0 * 22.4)).abs() < 1e-9);
    }

    #[test]
    fn what_the_user_knows_replaces_the_archetype() {
        let facts = HouseFacts {
            wall_u_w_m2k: Some(0.4),
            window_m2: [Some(20.0), None, Some(0.0), None],
            ..HouseFacts::of_area(100.0)
        };
        let house = brick().building(&facts);
        assert!(
            house
                .opaque
                .iter()
                .all(|e| e.facing == Facing::Up || e.u_w_m2k == 0.4)
        );
        assert_eq!(house.windows.len(), 1);
        assert_eq!(house.windows[0].area_m2, 20.0);
    }

    #[test]
    fn a_second_storey_needs_no_second_roof() {
        let facts = HouseFacts {
            storeys: 2,
            ..HouseFacts::of_area(200.0)
        };
        let house = brick().building(&facts);
        let roof: f64 = house
            .opaque
            .iter()
            .filter(|e| e.facing == Facing::Up)
            .map(|e| e.area_m2)
            .sum();
        assert!((roof - 100.0).abs() < 1e-9);
        assert_eq!(house.volume_m3, 560.0);
    }
}
