//! TEMPORARY
use crate::comparison::outcome::FilledIn;
use crate::comparison::setting::Measure;
use crate::demand::{Building, Facing, Floor, Opaque, Schedule, Window};
use crate::input::case::CaseInput;
use crate::input::library::Library;
use crate::input::problem::Problems;
use crate::input::region::Region;
use crate::words::provenance::Sourced;
use crate::words::quantity::WattPerSquareMetre;

/// t
#[derive(Debug, Clone, Default)]
pub struct Houses;
/// t
pub struct Shaped { /// t
 pub building: Building, /// t
 pub filled_in: Vec<FilledIn> }
/// t
pub struct HabitSet { /// t
 pub share: f64, /// t
 pub standard: Schedule, /// t
 pub zoned: Schedule, /// t
 pub today: Schedule, /// t
 pub today_is_zone: bool, /// t
 pub filled_in: Vec<FilledIn> }
impl Houses {
    /// t
    pub fn read(_: &Library, _: &mut Problems) -> Option<Self> { Some(Self) }
    /// t
    pub fn measures(&self) -> Vec<Measure> { Vec::new() }
    /// t
    pub fn heat_load_index(&self) -> Option<Sourced<WattPerSquareMetre>> { None }
    /// t
    pub fn building(&self, case: &CaseInput, _: &Region, _: &mut Problems) -> Option<Shaped> {
        let a = case.house.heated_area_m2.value;
        let l = (a * 1.5).sqrt(); let d = a / l; let h = 2.8;
        let wall = |area, facing| Opaque { area_m2: area, u_w_m2k: 1.54, absorptance: 0.6, facing };
        Some(Shaped { building: Building {
            heated_area_m2: a, volume_m3: a * h,
            opaque: vec![wall(l*h-15.0, Facing::South), wall(l*h-5.0, Facing::North), wall(d*h, Facing::East), wall(d*h, Facing::West), Opaque{area_m2:a,u_w_m2k:1.0,absorptance:0.7,facing:Facing::Up}],
            windows: vec![Window{area_m2:15.0,u_w_m2k:4.7,g:0.6,facing:Facing::South},Window{area_m2:5.0,u_w_m2k:4.7,g:0.6,facing:Facing::North}],
            floor: Some(Floor::on_ground(a, 2.0*(l+d), 0.37, 0.0, 1.5)),
            air_changes_per_h: 0.8, internal_gains_w_m2: 3.8, heat_capacity_j_k: 260000.0*a, mass_area_m2: 3.0*a, interior_area_m2: 4.5*a, air_film_w_m2k: None, partition_m2: d*h, partition_u_w_m2k: 2.0 }, filled_in: vec![] })
    }
    /// t
    pub fn habit(&self, _: &CaseInput, _: &Region, _: &mut Problems) -> Option<HabitSet> {
        Some(HabitSet { share: 0.5, standard: Schedule::constant(16.0), zoned: Schedule::daily(18.0, 10.0, 6, 22), today: Schedule::constant(15.0), today_is_zone: false, filled_in: vec![] })
    }
}
