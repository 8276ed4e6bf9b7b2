//! `data/houses/*.toml`: kinds of house, envelope works and heating habits.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::choice;
use crate::demand::{Archetype, Retrofit, Schedule};
use crate::input::figure::RawFigure;
use crate::input::problem::{Place, ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::record;
use crate::words::fixed::Money;
use crate::words::kinds::{DwellingKind, Name};
use crate::words::provenance::{FigureRef, Sourced};

record! {
    /// The kinds of house of `data/houses/archetypes.toml`.
    pub struct RawArchetypes {
        /// Kinds of house, the usual one first.
        archetype: Vec<RawArchetype>;
    }
}

record! {
    /// A kind of house by age and make; U-values with the surface films of ISO 6946.
    pub struct RawArchetype {
        /// Its id, unique in the library.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// Kind of dwelling that it stands for.
        dwelling: DwellingKind;
        /// U-value of the walls.
        wall_u_w_per_m2_k: f64, in 0.05..=6.0;
        /// U-value of the roof or ceiling.
        roof_u_w_per_m2_k: f64, in 0.05..=6.0;
        /// U-value of the windows with frames.
        window_u_w_per_m2_k: f64, in 0.5..=7.0;
        /// Share of the sun let in over the whole window: glass, frame, dirt and curtain.
        window_g: f64, in 0.0..=0.9;
        /// Thermal resistance of the layers of the ground slab.
        slab_r_m2_k_per_w: f64, in 0.0..=10.0;
        /// Thickness of the outer walls.
        wall_thickness_m: f64, in 0.05..=2.0;
        /// Share of the sun that the walls take up.
        wall_absorptance: f64, in 0.0..=1.0, default 0.6;
        /// Share of the sun that the roof takes up.
        roof_absorptance: f64, in 0.0..=1.0, default 0.7;
        /// Changes of the air.
        air_changes_per_h: f64, in 0.0..=10.0;
        /// Heat of people, lamps and cooking per heated area.
        internal_gains_w_per_m2: f64, in 0.0..=30.0;
        /// Effective heat capacity per m2 of walls, roof, slab and partitions.
        heat_capacity_kj_per_m2_k: f64, in 5.0..=400.0;
        /// Height of a room.
        height_m: f64, in 1.8..=6.0;
        /// Depth of the house from south to north.
        depth_m: f64, in 2.0..=30.0;
        /// Length of a bay between partitions.
        bay_m: f64, in 1.5..=20.0, default 3.5;
        /// Share of the south wall that is window.
        window_share_south: f64, in 0.0..=0.9;
        /// Share of the north wall that is window.
        window_share_north: f64, in 0.0..=0.9;
        /// Share of the gable walls that meet the outdoors.
        exposed_gables: f64, in 0.0..=1.0, default 1.0;
        /// Share of the roof that meets the outdoors.
        exposed_roof: f64, in 0.0..=1.0, default 1.0;
        /// Share of the floor that lies on the ground.
        exposed_floor: f64, in 0.0..=1.0, default 1.0;
        /// Where these figures come from.
        figure: RawFigure;
    }
}

record! {
    /// The envelope works of `data/houses/works.toml`.
    pub struct RawWorksList {
        /// Works, the cheapest first.
        works: Vec<RawWorks>;
    }
}

record! {
    /// Works on the envelope.
    pub struct RawWorks {
        /// Its id, unique in the library.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// Thermal resistance added to the walls.
        wall_added_r_m2_k_per_w: Option<f64>, in 0.0..=20.0;
        /// Thermal resistance added to the roof or ceiling.
        roof_added_r_m2_k_per_w: Option<f64>, in 0.0..=20.0;
        /// U-value of the new windows.
        window_u_w_per_m2_k: Option<f64>, in 0.5..=7.0;
        /// Share of the sun that the new windows let in.
        window_g: Option<f64>, in 0.0..=0.9;
        /// Changes of the air after sealing.
        air_changes_per_h: Option<f64>, in 0.0..=10.0;
        /// What it costs.
        price: RawPrice;
        /// How long it lasts.
        life_years: u16, in 1.0..=100.0;
        /// Where the effect comes from.
        figure: RawFigure;
    }
}

record! {
    /// Price of works.
    pub struct RawPrice {
        /// The price and what it is for.
        basis: RawBasis;
        /// Where it comes from.
        figure: RawFigure;
    }
}

choice! {
    /// What a price is for.
    pub enum RawBasis {
        /// The house, whatever its size.
        cny_per_house => House(Money), in 0.0..=1e7;
        /// A square metre of heated floor.
        cny_per_m2_floor => HeatedFloor(Money), in 0.0..=1e5;
        /// A square metre of the wall, roof or window that is worked on.
        cny_per_m2_surface => Surface(Money), in 0.0..=1e5;
    }
}

record! {
    /// The heating habits of `data/houses/habits.toml`.
    pub struct RawHabits {
        /// Habits, the commonest first.
        habit: Vec<RawHabit>;
    }
}

record! {
    /// How a house is heated in habit.
    pub struct RawHabit {
        /// Its id, unique in the library.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// Temperature that is asked for in each hour of the day.
        set_c: Spot<Vec<f64>>, in 0.0..=30.0;
        /// Share of the floor area that is heated.
        heated_share: f64, in 0.05..=1.0;
        /// Where it comes from.
        figure: RawFigure;
    }
}

/// What the price of works is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorksBasis {
    /// The house, whatever its size.
    House,
    /// A square metre of heated floor.
    HeatedFloor,
    /// A square metre of the wall, roof or window that is worked on.
    Surface,
}

/// Works on the envelope with their price.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvelopeWorks {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// What it does.
    pub works: Retrofit,
    /// What the price is for.
    pub basis: WorksBasis,
    /// The price of one.
    pub price: Sourced<Money>,
    /// How long it lasts, years.
    pub life_years: u16,
    /// Where the effect comes from.
    pub figure: FigureRef,
}

/// A heating habit.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatingHabit {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Temperatures over the day.
    pub schedule: Schedule,
    /// Share of the floor area that is heated, 0 to 1.
    pub heated_share: f64,
    /// Where it comes from.
    pub figure: FigureRef,
}

/// What `data/houses` holds, by id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Houses {
    /// Kinds of house.
    pub archetypes: BTreeMap<String, Archetype>,
    /// Envelope works.
    pub works: BTreeMap<String, EnvelopeWorks>,
    /// Heating habits.
    pub habits: BTreeMap<String, HeatingHabit>,
}

impl RawArchetype {
    /// The kind of house.
    pub fn check(&self, problems: &mut Problems) -> Option<Archetype> {
        let id = &self.id.value;
        Some(Archetype {
            id: id.clone(),
            name: self.name.clone(),
            dwelling: self.dwelling,
            wall_u_w_m2k: self.wall_u_w_per_m2_k,
            roof_u_w_m2k: self.roof_u_w_per_m2_k,
            window_u_w_m2k: self.window_u_w_per_m2_k,
            window_g: self.window_g,
            slab_r_m2k_w: self.slab_r_m2_k_per_w,
            wall_thickness_m: self.wall_thickness_m,
            wall_absorptance: self.wall_absorptance,
            roof_absorptance: self.roof_absorptance,
            air_changes_per_h: self.air_changes_per_h,
            internal_gains_w_m2: self.internal_gains_w_per_m2,
            heat_capacity_j_m2k: self.heat_capacity_kj_per_m2_k * 1000.0,
            height_m: self.height_m,
            depth_m: self.depth_m,
            bay_m: self.bay_m,
            window_share_south: self.window_share_south,
            window_share_north: self.window_share_north,
            exposed_gables: self.exposed_gables,
            exposed_roof: self.exposed_roof,
            exposed_floor: self.exposed_floor,
            figure: self.figure.check(format!("house/{id}"), problems)?,
        })
    }
}

impl RawWorks {
    /// The works.
    pub fn check(&self, problems: &mut Problems) -> Option<EnvelopeWorks> {
        let id = &self.id.value;
        let (basis, price) = match &self.price.basis {
            RawBasis::House(price) => (WorksBasis::House, *price),
            RawBasis::HeatedFloor(price) => (WorksBasis::HeatedFloor, *price),
            RawBasis::Surface(price) => (WorksBasis::Surface, *price),
        };
        let priced = self
            .price
            .figure
            .check(format!("works/{id}/price"), problems);
        Some(EnvelopeWorks {
            id: id.clone(),
            name: self.name.clone(),
            works: Retrofit {
                wall_added_r: self.wall_added_r_m2_k_per_w,
                roof_added_r: self.roof_added_r_m2_k_per_w,
                window_u_w_m2k: self.window_u_w_per_m2_k,
                window_g: self.window_g,
                air_changes_per_h: self.air_changes_per_h,
            },
            basis,
            price: Sourced::new(price, priced?),
            life_years: self.life_years,
            figure: self.figure.check(format!("works/{id}"), problems)?,
        })
    }
}

impl RawHabit {
    /// The habit; its day must have 24 hours.
    pub fn check(&self, problems: &mut Problems) -> Option<HeatingHabit> {
        let id = &self.id.value;
        let hours = &self.set_c.value;
        let Ok(set_c) = <[f64; 24]>::try_from(hours.as_slice()) else {
            let kind = ProblemKind::WrongLength {
                found: hours.len(),
                expected: 24,
                because: "hours".to_owned(),
            };
            problems.error(self.set_c.place.clone(), kind);
            return None;
        };
        Some(HeatingHabit {
            id: id.clone(),
            name: self.name.clone(),
            schedule: Schedule::hourly(set_c),
            heated_share: self.heated_share,
            figure: self.figure.check(format!("habit/{id}"), problems)?,
        })
    }
}

/// Files of this part of the library.
pub const ARCHETYPES_FILE: &str = "houses/archetypes.toml";
/// Files of this part of the library.
pub const WORKS_FILE: &str = "houses/works.toml";
/// Files of this part of the library.
pub const HABITS_FILE: &str = "houses/habits.toml";

/// Adds an entry under its id; an id that is used twice is a problem.
fn add<T>(
    map: &mut BTreeMap<String, T>,
    id: &Spot<String>,
    item: Option<T>,
    problems: &mut Problems,
) {
    let Some(item) = item else { return };
    if map.insert(id.value.clone(), item).is_some() {
        let kind = ProblemKind::Duplicate {
            id: id.value.clone(),
            first: id.place.file.clone(),
        };
        problems.error(id.place.clone(), kind);
    }
}

/// Reads the three files; `files` gives the text of a path such as `houses/works.toml`.
///
/// A file that is not there is a problem, and so is every entry that cannot be read; the others are
/// returned.
pub fn read_houses<'a>(
    files: &dyn Fn(&str) -> Option<std::borrow::Cow<'a, str>>,
    problems: &mut Problems,
) -> Houses {
    let mut houses = Houses::default();
    let cell = RefCell::new(Problems::default());
    let text = |file: &str| {
        let text = files(file);
        if text.is_none() {
            let place = Place {
                file: file.to_owned(),
                ..Place::default()
            };
            cell.borrow_mut().error(place, ProblemKind::EmptyFile);
        }
        text
    };
    let archetypes: Option<RawArchetypes> =
        text(ARCHETYPES_FILE).and_then(|text| read_toml(ARCHETYPES_FILE, &text, &cell));
    let works: Option<RawWorksList> =
        text(WORKS_FILE).and_then(|text| read_toml(WORKS_FILE, &text, &cell));
    let habits: Option<RawHabits> =
        text(HABITS_FILE).and_then(|text| read_toml(HABITS_FILE, &text, &cell));
    problems.extend(cell.into_inner());
    for raw in archetypes.iter().flat_map(|raw| &raw.archetype) {
        let item = raw.check(problems);
        add(&mut houses.archetypes, &raw.id, item, problems);
    }
    for raw in works.iter().flat_map(|raw| &raw.works) {
        let item = raw.check(problems);
        add(&mut houses.works, &raw.id, item, problems);
    }
    for raw in habits.iter().flat_map(|raw| &raw.habit) {
        let item = raw.check(problems);
        add(&mut houses.habits, &raw.id, item, problems);
    }
    houses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::HouseFacts;
    use std::borrow::Cow;

    fn bundled(file: &str) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match file {
            ARCHETYPES_FILE => include_str!("../../data/houses/archetypes.toml"),
            WORKS_FILE => include_str!("../../data/houses/works.toml"),
            HABITS_FILE => include_str!("../../data/houses/habits.toml"),
            _ => return None,
        }))
    }

    #[test]
    fn the_bundled_houses_load_and_make_buildings() {
        let mut problems = Problems::default();
        let houses = read_houses(&bundled, &mut problems);
        assert_eq!(problems, Problems::default());
        assert!(
            houses.archetypes.len() >= 8 && houses.works.len() >= 4 && houses.habits.len() >= 4
        );
        for house in houses.archetypes.values() {
            let building = house.building(&HouseFacts::of_area(80.0));
            assert!(
                (building.heated_area_m2 - 80.0).abs() < 1e-9,
                "{}",
                house.id
            );
            for works in houses.works.values() {
                let after = building.with(&works.works);
                assert!(after.air_changes_per_h <= building.air_changes_per_h);
            }
        }
    }

    #[test]
    fn a_day_of_23_hours_is_named_with_its_line() {
        let text = bundled(HABITS_FILE)
            .unwrap()
            .replacen("set_c = [", "set_c = [18,", 1);
        let files = |file: &str| match file {
            HABITS_FILE => Some(Cow::Owned(text.clone())),
            _ => bundled(file),
        };
        let mut problems = Problems::default();
        read_houses(&files, &mut problems);
        assert_eq!(problems.0.len(), 1);
        assert_eq!(problems.0[0].place.field, "habit[0].set_c");
        assert!(problems.0[0].place.line > 1);
    }

    #[test]
    fn an_id_used_twice_is_named() {
        let text = bundled(HABITS_FILE)
            .unwrap()
            .replace("id = \"", "id = \"same\" #");
        let files = |file: &str| match file {
            HABITS_FILE => Some(Cow::Owned(text.clone())),
            _ => bundled(file),
        };
        let mut problems = Problems::default();
        read_houses(&files, &mut problems);
        assert!(matches!(&problems.0[0].kind, ProblemKind::Duplicate { id, .. } if id == "same"));
    }
}
