//! The reference farmhouse of `tests/reference/heat/house_inputs.json` and its weather.

use flate2::read::GzDecoder;
use qingnuan::demand::{
    Building, BuildingWeather, Facing, Floor, HeatDemand, Opaque, STANDARD_R_SE, Schedule, Window,
    simulate,
};
use qingnuan::input::problem::Problems;
use qingnuan::input::station::StationTables;
use qingnuan::weather::{SkyModel, SunYear, exposure, typical_year};
use qingnuan::words::calendar::{MonthDay, Season};
use qingnuan::words::climate::{BeamSource, HourlyYear};
use qingnuan::words::quantity::Kelvin;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

/// City, station, first and last day of its season.
pub const CITIES: [[&str; 4]; 3] = [
    ["beijing", "54511", "11-15", "03-15"],
    ["lanzhou", "52889", "11-01", "03-31"],
    ["harbin", "50953", "10-20", "04-20"],
];

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weather {
    Synthesised,
    Recorded,
}

/// The house with brick wall in place of its windows.
fn without_windows(building: &mut Building) {
    for window in std::mem::take(&mut building.windows) {
        let mut walls = building.opaque.iter_mut();
        let wall = walls.find(|e| e.facing == window.facing).unwrap();
        wall.area_m2 += window.area_m2;
        building.mass_area_m2 += window.area_m2;
        building.heat_capacity_j_k += window.area_m2 * BRICK_J_M2K;
    }
}

/// Heat capacity of the inner 10 cm of a brick wall, J/(m2 K).
const BRICK_J_M2K: f64 = 0.1 * 1800.0 * 1050.0;

/// A file of the repository.
pub fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The folder of hourly references that the repository does not hold.
pub fn shared() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned();
    PathBuf::from(std::env::var("QINGNUAN_SHARED").unwrap_or(default)).join("reference")
}

/// Columns of a compressed table of numbers.
pub fn columns(path: &str) -> Vec<Vec<f64>> {
    let file = std::fs::File::open(shared().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for line in text.lines().skip(1) {
        for (k, cell) in line.split(',').enumerate() {
            if columns.len() <= k {
                columns.push(Vec::new());
            }
            columns[k].push(cell.parse().unwrap());
        }
    }
    columns
}

/// The typical year of a station of the library.
pub fn synthesised(id: &str) -> HourlyYear {
    shifted(id, 0.0)
}

/// The same in a climate that is warmer by `shift_k`.
pub fn shifted(id: &str, shift_k: f64) -> HourlyYear {
    let texts: BTreeMap<String, String> = [
        "stations",
        "monthly",
        "derived_stations",
        "derived_monthly",
        "gb50736",
        "sequences",
    ]
    .iter()
    .map(|name| format!("stations/{name}.csv"))
    .map(|name| (name.clone(), read(&format!("data/{name}"))))
    .collect();
    let files = |name: &str| texts.get(name).map(String::as_str);
    let mut problems = Problems::default();
    let tables = StationTables::open(&files, &mut problems).unwrap();
    let station = tables.station(id, &mut problems).unwrap();
    let sequences = tables.sequences(&mut problems).unwrap();
    typical_year(&station, &sequences, Kelvin(shift_k))
}

/// The year of the reference runs: recorded temperature, direct and diffuse sun (EnergyPlus does not
/// use the recorded global), humidity and wind of the station.
pub fn recorded(city: &str, id: &str) -> HourlyYear {
    let mut year = synthesised(id);
    year.t_out_c = columns(&format!("heat/hourly/{city}_base_const16.csv.gz"))[1].clone();
    let sun = columns(&format!("solar/hourly/{city}.csv.gz"));
    year.dni_w_m2 = sun[3].clone();
    year.dhi_w_m2 = sun[4].clone();
    let position = SunYear::at(&year.site);
    for (h, hour) in position.hours.iter().enumerate() {
        year.ghi_w_m2[h] = year.dhi_w_m2[h] + year.dni_w_m2[h] * hour.up * hour.up_share;
    }
    year.beam = BeamSource::DirectNormal;
    year
}

/// The transmittance with the outer film of ISO 6946 of a window that EnergyPlus is given as `u` W/(m2 K).
///
/// Its simple glazing takes an outer film of `1 / (0.025342 u + 29.163853)` m2 K/W (winter of NFRC) off the
/// figure before it puts the film of the hour on (Engineering Reference, Simple Window Model; Arasteh, Kohler &
/// Griffith 2009, LBNL-2804E).
fn with_standard_outer_film(u: f64) -> f64 {
    let nfrc = 1.0 / (0.025_342 * u + 29.163_853);
    1.0 / (1.0 / u - nfrc + STANDARD_R_SE)
}

/// A reference case, whatever the films.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub city: String,
    pub envelope: String,
    pub schedule: String,
    pub floor: String,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.city, self.envelope, self.schedule, self.floor
        )
    }
}

impl Case {
    /// Whether two cases with the same floor differ in city, envelope or schedule alone.
    pub fn differs_in_one(&self, other: &Self) -> bool {
        let differences = [
            self.city != other.city,
            self.envelope != other.envelope,
            self.schedule != other.schedule,
        ];
        self.floor == other.floor && differences.iter().filter(|d| **d).count() == 1
    }
}

/// A row of `house_results.csv`.
#[derive(Debug, Clone)]
pub struct Row {
    pub case: Case,
    pub film: String,
    pub season_kwh: f64,
    pub peak_hour_w: f64,
}

/// All rows of `house_results.csv`.
pub fn rows() -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        Row {
            case: Case {
                city: cells[0].into(),
                envelope: cells[1].into(),
                schedule: cells[2].into(),
                floor: cells[3].into(),
            },
            film: cells[4].into(),
            season_kwh: cells[6].parse().unwrap(),
            peak_hour_w: cells[8].parse().unwrap(),
        }
    };
    let text = read("tests/reference/heat/house_results.csv");
    text.lines().skip(1).map(row).collect()
}

/// Every case once.
pub fn cases() -> Vec<Case> {
    let auto = rows().into_iter().filter(|row| row.film == "auto");
    auto.map(|row| row.case).collect()
}

/// One house of the reference.
#[derive(Debug, Clone)]
pub struct House {
    pub building: Building,
    pub schedule: Schedule,
    pub ground: Option<[f64; 12]>,
}

impl House {
    pub fn of(case: &Case) -> Self {
        let inputs: serde_json::Value =
            serde_json::from_str(&read("tests/reference/heat/house_inputs.json")).unwrap();
        let u = &inputs["u_values_with_iso6946_films"][&case.envelope];
        let number = |key: &str| u[key].as_f64().unwrap();
        let wall = |area_m2: f64, facing| Opaque {
            area_m2,
            u_w_m2k: number("wall"),
            absorptance: 0.6,
            facing,
        };
        let window = |area_m2: f64, facing| Window {
            area_m2,
            u_w_m2k: with_standard_outer_film(number("window")),
            g: number("window_g_normal"),
            facing,
        };
        let floor = match case.floor.as_str() {
            "gtemp" => Some(Floor {
                area_m2: 100.0,
                u_w_m2k: number("floor_to_2m_ground_temperature"),
                damping: 1.0,
            }),
            "kiva" => Some(Floor::on_ground(100.0, 41.0, 0.37, 0.1 / 1.74, 1.5)),
            _ => None,
        };
        let building = Building {
            heated_area_m2: 100.0,
            volume_m3: 280.0,
            opaque: vec![
                wall(12.5 * 2.8 - 15.0, Facing::South),
                wall(12.5 * 2.8 - 5.0, Facing::North),
                wall(8.0 * 2.8, Facing::East),
                wall(8.0 * 2.8, Facing::West),
                Opaque {
                    area_m2: 100.0,
                    u_w_m2k: number("roof"),
                    absorptance: 0.7,
                    facing: Facing::Up,
                },
            ],
            windows: vec![window(15.0, Facing::South), window(5.0, Facing::North)],
            floor,
            air_changes_per_h: number("ach"),
            internal_gains_w_m2: 3.8,
            heat_capacity_j_k: 63.1e6,
            mass_area_m2: 294.8,
            interior_area_m2: 314.8,
            air_film_w_m2k: None,
            partition_m2: 8.0 * 2.8,
            partition_u_w_m2k: 2.0,
        };
        let schedule = match case.schedule.as_str() {
            "const16" => Schedule::constant(16.0),
            _ => Schedule::daily(18.0, 12.0, 6, 22),
        };
        let monthly = &inputs["ground_temperature_2m_monthly_c"][&case.city];
        let ground =
            (case.floor == "gtemp").then(|| std::array::from_fn(|m| monthly[m].as_f64().unwrap()));
        Self {
            building,
            schedule: schedule.closed(),
            ground,
        }
    }

    /// The house with one term of `house_one_change.csv` changed.
    pub fn changed(mut self, change: &str) -> Self {
        let building = &mut self.building;
        let no_sun = |b: &mut Building| b.opaque.iter_mut().for_each(|e| e.absorptance = 0.0);
        let dark = |b: &mut Building| b.windows.iter_mut().for_each(|w| w.g = 0.0);
        match change {
            "as_is" => {}
            "no_solar_on_opaque" => no_sun(building),
            "no_infiltration" => building.air_changes_per_h = 0.0,
            "no_internal_gains" => building.internal_gains_w_m2 = 0.0,
            "windows_opaque_to_sun" => dark(building),
            "no_windows" => without_windows(building),
            // The reference took the windows away with the sun: its figures say so, see
            // `the_reference_without_any_sun_has_no_windows`.
            "no_sun_at_all_no_gains" => {
                without_windows(building);
                no_sun(building);
                building.internal_gains_w_m2 = 0.0;
            }
            "massive_interior_partitions" => {
                building.interior_area_m2 += 100.0;
                building.mass_area_m2 += 100.0;
                building.heat_capacity_j_k += 100.0 * BRICK_J_M2K;
            }
            "setpoint_18" => self.schedule = Schedule::constant(18.0).closed(),
            "setpoint_20" => self.schedule = Schedule::constant(20.0).closed(),
            other => panic!("{other}"),
        }
        self
    }

    pub fn weather(&self, source: Weather, city: &str) -> BuildingWeather {
        let [_, id, from, to] = CITIES.into_iter().find(|c| c[0] == city).unwrap();
        let season = Season {
            from: MonthDay::parse(from).unwrap(),
            to: MonthDay::parse(to).unwrap(),
        };
        let year = match source {
            Weather::Synthesised => synthesised(id),
            Weather::Recorded => recorded(city, id),
        };
        let weather = BuildingWeather::new(&year, &exposure(&year, SkyModel::Perez), season);
        match &self.ground {
            Some(monthly) => weather.with_ground(monthly),
            None => weather,
        }
    }

    /// Heat of the house in a city.
    pub fn simulate(&self, source: Weather, city: &str) -> HeatDemand {
        let weather = self.weather(source, city);
        simulate(&self.building, &weather, &self.schedule, None)
    }
}

/// Fails if a committed page differs from what the tests measure; `QINGNUAN_BLESS=1` rewrites it.
pub fn page(path: &str, text: &str) {
    let file = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("QINGNUAN_BLESS").is_ok_and(|v| v == "1") {
        std::fs::write(&file, text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "{path} is not current: run with QINGNUAN_BLESS=1"
    );
}
