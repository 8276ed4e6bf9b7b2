//! Station tables: comma-separated files under `data/stations`, looked up one station at a time.

use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::weather::{
    DesignClimate, LAPSE_K_PER_M, MonthClimate, Origin, Sequences, StationClimate, StationPlace,
    distance_km, misfit_km,
};
use crate::words::calendar::{DAYS, MonthDay, Season};
use crate::words::climate::Site;
use crate::words::kinds::Name;
use crate::words::quantity::{Celsius, Metre};

/// The smallest daily spread of clearness where the file's own is nearly constant and so modelled.
const LEAST_CLEARNESS_SPREAD: f64 = 0.10;

/// The texts of the tables; nothing is parsed until a station is asked for.
#[derive(Debug, Clone, Copy)]
pub struct StationTables<'a> {
    stations: Csv<'a>,
    monthly: Csv<'a>,
    derived_stations: Csv<'a>,
    derived_monthly: Csv<'a>,
    design: Csv<'a>,
    sequences: Csv<'a>,
}

/// One file: its path in the library and its text.
#[derive(Debug, Clone, Copy)]
struct Csv<'a> {
    file: &'static str,
    text: &'a str,
}

/// A line of a file and the names of its cells.
struct Row<'a> {
    csv: Csv<'a>,
    offset: usize,
    line: &'a str,
}

impl<'a> Csv<'a> {
    fn open(
        file: &'static str,
        files: &dyn Fn(&str) -> Option<&'a str>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let text = files(file).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let place = Place {
                file: file.to_owned(),
                ..Place::default()
            };
            problems.error(place, ProblemKind::EmptyFile);
        }
        text.map(|text| Self { file, text })
    }

    fn header(&self) -> &'a str {
        self.text.lines().next().unwrap_or_default()
    }

    fn rows(self) -> impl Iterator<Item = Row<'a>> {
        let base = self.text.as_ptr() as usize;
        self.text
            .lines()
            .skip(1)
            .filter(|line| !line.is_empty())
            .map(move |line| Row {
                csv: self,
                offset: line.as_ptr() as usize - base,
                line,
            })
    }

    /// The lines that begin with an id, without parsing the others. They stand together, so the
    /// search ends with the first line of another id.
    fn rows_of(self, id: &str) -> impl Iterator<Item = Row<'a>> {
        let start = format!("\n{id},");
        let found = memchr::memmem::find(self.text.as_bytes(), start.as_bytes());
        let first = found.map(|end| end + 1);
        let mut from = first;
        std::iter::from_fn(move || {
            let offset = from?;
            let line = self.text.get(offset..)?.lines().next()?;
            let next = self.text.get(offset..)?.find('\n').map(|end| offset + end);
            let follows = |end: &usize| {
                let rest = self.text.get(*end..);
                rest.is_some_and(|rest| rest.starts_with(&start))
            };
            from = next.filter(follows).map(|end| end + 1);
            Some(Row {
                csv: self,
                offset,
                line,
            })
        })
    }

    /// Where a field of the line at a byte offset stands.
    fn place(&self, offset: usize, field: &str) -> Place {
        let before = self.text.get(..offset).unwrap_or_default();
        Place {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: 1,
            field: field.to_owned(),
        }
    }
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> Option<&'a str> {
        let index = self.csv.header().split(',').position(|c| c == column)?;
        self.line.split(',').nth(index)
    }

    fn place(&self, field: &str) -> Place {
        self.csv.place(self.offset, field)
    }

    /// A cell, or a problem that names the line and the column.
    fn need(&self, column: &str, problems: &mut Problems) -> Option<&'a str> {
        self.text(column).or_else(|| {
            let key = column.to_owned();
            problems.error(self.place(column), ProblemKind::MissingKey { key });
            None
        })
    }

    /// A number within limits, or a problem.
    fn number(&self, column: &str, min: f64, max: f64, problems: &mut Problems) -> Option<f64> {
        let text = self.need(column, problems)?;
        let kind = match text.trim().parse::<f64>() {
            Ok(value) if !value.is_finite() => ProblemKind::NotFinite,
            Ok(value) if value < min || value > max => ProblemKind::OutOfRange {
                value,
                min: Some(min),
                max: Some(max),
            },
            Ok(value) => return Some(value),
            Err(_) => ProblemKind::WrongType {
                expected: "number",
                found: text.chars().take(40).collect(),
            },
        };
        problems.error(self.place(column), kind);
        None
    }

    fn site(&self, problems: &mut Problems) -> Option<Site> {
        let latitude = self.number("lat", -66.0, 66.0, problems);
        let longitude = self.number("lon", -180.0, 180.0, problems);
        let elevation = self.number("elev_m", -430.0, 6500.0, problems);
        Some(Site {
            latitude_deg: latitude?,
            longitude_deg: longitude?,
            elevation_m: elevation?,
            utc_offset_h: 8.0,
        })
    }

    fn month(&self, problems: &mut Problems) -> Option<MonthClimate> {
        let mut number = |column, min, max| self.number(column, min, max, problems);
        let t_mean_c = number("t_mean_c", -60.0, 50.0);
        let tmax_mean_c = number("tmax_mean_c", -60.0, 55.0);
        let tmin_mean_c = number("tmin_mean_c", -65.0, 50.0);
        let sd_anom_k = number("sd_anom_c", 0.0, 15.0);
        let wind_m_s = number("wind_ms", 0.0, 30.0);
        let rh_pct = number("rh_pct", 0.0, 100.0);
        let kt = number("kt", 0.05, 0.85);
        let sd_kt = number("sd_kt", 0.0, 0.5);
        Some(MonthClimate {
            t_mean_c: t_mean_c?,
            tmax_mean_c: tmax_mean_c?,
            tmin_mean_c: tmin_mean_c?,
            sd_anom_k: sd_anom_k?,
            wind_m_s: wind_m_s?,
            rh_pct: rh_pct?,
            kt: kt?,
            sd_kt: sd_kt?,
        })
    }
}

/// Whether a station's radiation is known to be wrong: off its neighbours (`O`), beyond a clear sky
/// (`S`) or off the sunshine hours (`W`).
fn wrong_radiation(flags: &str) -> bool {
    flags.contains(['O', 'S', 'W'])
}

impl<'a> StationTables<'a> {
    /// Opens the tables; `files` gives the text of a path such as `stations/monthly.csv`.
    pub fn open(files: &dyn Fn(&str) -> Option<&'a str>, problems: &mut Problems) -> Option<Self> {
        let mut open = |file| Csv::open(file, files, problems);
        let stations = open("stations/stations.csv");
        let monthly = open("stations/monthly.csv");
        let derived_stations = open("stations/derived_stations.csv");
        let derived_monthly = open("stations/derived_monthly.csv");
        let design = open("stations/gb50736.csv");
        let sequences = open("stations/sequences.csv");
        Some(Self {
            stations: stations?,
            monthly: monthly?,
            derived_stations: derived_stations?,
            derived_monthly: derived_monthly?,
            design: design?,
            sequences: sequences?,
        })
    }

    /// The climate of a station, by its five-digit number.
    ///
    /// Where the station's radiation is known to be wrong its clearness is that of the nearest sound
    /// station; where it is modelled its daily spread is at least 0.10. An unknown number is a
    /// problem with the nearest valid one.
    pub fn station(&self, id: &str, problems: &mut Problems) -> Option<StationClimate> {
        if let Some(row) = self.stations.rows_of(id).next() {
            return self.measured(&row, id, problems);
        }
        if let Some(row) = self.derived_stations.rows_of(id).next() {
            return self.derived(&row, id, problems);
        }
        let ids = || {
            let all = self.stations.rows().chain(self.derived_stations.rows());
            all.filter_map(|row| row.text("station_id"))
        };
        let kind = ProblemKind::Unresolved {
            what: "station",
            id: id.to_owned(),
            nearest: nearest(id, ids()),
        };
        problems.error(Place::default(), kind);
        None
    }

    fn measured(&self, row: &Row<'a>, id: &str, problems: &mut Problems) -> Option<StationClimate> {
        let site = row.site(problems)?;
        let mut months = months_of(self.monthly, id, problems)?;
        let flags = row.text("solar_flag").unwrap_or_default();
        let mut clearness_from = None;
        if wrong_radiation(flags) {
            let (donor, own) = self.sound_neighbour(id, &site, problems)?;
            for (month, lent) in months.iter_mut().zip(own) {
                month.kt = lent.kt;
                month.sd_kt = lent.sd_kt;
            }
            clearness_from = Some(donor);
        } else if flags.contains('V') {
            for month in &mut months {
                month.sd_kt = month.sd_kt.max(LEAST_CLEARNESS_SPREAD);
            }
        }
        Some(StationClimate {
            id: id.to_owned(),
            name: Name {
                zh: row.need("name_zh", problems)?.to_owned(),
                en: row.need("name_en", problems)?.to_owned(),
            },
            site,
            months,
            origin: Origin::Measured,
            clearness_from,
        })
    }

    fn derived(&self, row: &Row<'a>, id: &str, problems: &mut Problems) -> Option<StationClimate> {
        Some(StationClimate {
            id: id.to_owned(),
            name: Name::same(row.need("name_zh", problems)?),
            site: row.site(problems)?,
            months: months_of(self.derived_monthly, id, problems)?,
            origin: Origin::Derived {
                donor: row.need("donor_t", problems)?.to_owned(),
            },
            clearness_from: row.text("donor_kt").map(str::to_owned),
        })
    }

    /// The nearest station whose radiation carries no mark, with its monthly figures.
    fn sound_neighbour(
        &self,
        id: &str,
        site: &Site,
        problems: &mut Problems,
    ) -> Option<(String, [MonthClimate; 12])> {
        let mut best: Option<(f64, &str)> = None;
        for row in self.stations.rows() {
            let other = row.need("station_id", problems)?;
            if other == id || !row.text("solar_flag").unwrap_or_default().is_empty() {
                continue;
            }
            let at = row.site(problems)?;
            let km = distance_km(
                site.latitude_deg,
                site.longitude_deg,
                at.latitude_deg,
                at.longitude_deg,
            );
            if best.is_none_or(|(least, _)| km < least) {
                best = Some((km, other));
            }
        }
        let (_, donor) = best?;
        Some((donor.to_owned(), months_of(self.monthly, donor, problems)?))
    }

    /// The two day-to-day sequences of the generator.
    pub fn sequences(&self, problems: &mut Problems) -> Option<Sequences> {
        let mut found = Sequences {
            temperature: [0.0; DAYS],
            clearness: [0.0; DAYS],
        };
        let mut rows = 0;
        let header = self.sequences.header();
        let in_order = header == "doy,z_t,v_kt";
        for row in self.sequences.rows() {
            let mut cells = row.line.split(',');
            let numbers = (cells.nth(1), cells.next());
            let (z, v) = match numbers {
                (Some(z), Some(v)) if in_order => (z.parse().ok(), v.parse().ok()),
                _ => (None, None),
            };
            let (Some(z), Some(v)) = (z, v) else {
                row.number("z_t", -6.0, 6.0, problems)?;
                row.number("v_kt", -6.0, 6.0, problems)?;
                return None;
            };
            if rows < DAYS {
                found.temperature[rows] = z;
                found.clearness[rows] = v;
            }
            rows += 1;
        }
        if rows != DAYS {
            let kind = ProblemKind::WrongLength {
                found: rows,
                expected: DAYS,
                because: "doy".to_owned(),
            };
            problems.error(self.sequences.place(0, "doy"), kind);
            return None;
        }
        Some(found)
    }

    /// Every station, those with their own file first, for a search by place.
    pub fn list(&self, problems: &mut Problems) -> Option<Vec<StationPlace>> {
        let mut list = Vec::new();
        for (csv, derived) in [(self.stations, false), (self.derived_stations, true)] {
            for row in csv.rows() {
                let zh = row.need("name_zh", problems)?;
                list.push(StationPlace {
                    id: row.need("station_id", problems)?.to_owned(),
                    name: Name {
                        zh: zh.to_owned(),
                        en: row.text("name_en").unwrap_or(zh).to_owned(),
                    },
                    site: row.site(problems)?,
                    derived,
                });
            }
        }
        Some(list)
    }

    /// Values for sizing at a site, from the station of GB 50736 with this id or, if it has none,
    /// the one that fits the site best ([`misfit_km`]), corrected for height by 0.6 K per 100 m.
    pub fn design(&self, id: &str, site: &Site, problems: &mut Problems) -> Option<DesignClimate> {
        let row = match self.design.rows_of(id).next() {
            Some(row) => row,
            None => self.nearest_design(site, problems)?,
        };
        let own = row.need("station_id", problems)? == id;
        let at = row.site(problems)?;
        let height = if own {
            0.0
        } else {
            site.elevation_m - at.elevation_m
        };
        let distance = distance_km(
            site.latitude_deg,
            site.longitude_deg,
            at.latitude_deg,
            at.longitude_deg,
        );
        let design = row.number("t_heating_design_c", -50.0, 20.0, problems)?;
        let extreme = row.number("t_extreme_min_c", -60.0, 20.0, problems)?;
        let shift = -LAPSE_K_PER_M * height;
        Some(DesignClimate {
            station_id: row.need("station_id", problems)?.to_owned(),
            name: Name::same(row.need("station", problems)?),
            t_heating_design: Celsius(design + shift),
            t_extreme_min: Celsius(extreme + shift),
            distance_km: if own { 0.0 } else { distance },
            height_difference: Metre(height),
        })
    }

    fn nearest_design(&self, site: &Site, problems: &mut Problems) -> Option<Row<'a>> {
        let mut best: Option<(f64, Row<'a>)> = None;
        for row in self.design.rows() {
            let at = row.site(problems)?;
            let misfit = misfit_km(
                &at,
                site.latitude_deg,
                site.longitude_deg,
                Some(site.elevation_m),
            );
            if best.as_ref().is_none_or(|(least, _)| misfit < *least) {
                best = Some((misfit, row));
            }
        }
        best.map(|(_, row)| row)
    }

    /// 日平均温度≤5℃ period of GB 50736 for a station of the standard, if the table states it.
    pub fn standard_season(&self, id: &str) -> Option<Season> {
        let row = self.design.rows_of(id).next()?;
        Some(Season {
            from: MonthDay::parse(row.text("start_le5")?)?,
            to: MonthDay::parse(row.text("end_le5")?)?,
        })
    }
}

/// The twelve monthly rows of a station.
fn months_of(csv: Csv<'_>, id: &str, problems: &mut Problems) -> Option<[MonthClimate; 12]> {
    let mut months = [None; 12];
    let mut found = 0;
    for row in csv.rows_of(id) {
        let month = row.number("month", 1.0, 12.0, problems)?;
        months[month as usize - 1] = Some(row.month(problems)?);
        found += 1;
    }
    let all: Option<Vec<MonthClimate>> = months.into_iter().collect();
    let months = all.and_then(|all| <[MonthClimate; 12]>::try_from(all).ok());
    if months.is_none() {
        let kind = ProblemKind::WrongLength {
            found,
            expected: 12,
            because: id.to_owned(),
        };
        problems.error(csv.place(0, "month"), kind);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(file: &str) -> Option<&'static str> {
        Some(match file {
            "stations/stations.csv" => include_str!("../../data/stations/stations.csv"),
            "stations/monthly.csv" => include_str!("../../data/stations/monthly.csv"),
            "stations/derived_stations.csv" => {
                include_str!("../../data/stations/derived_stations.csv")
            }
            "stations/derived_monthly.csv" => {
                include_str!("../../data/stations/derived_monthly.csv")
            }
            "stations/gb50736.csv" => include_str!("../../data/stations/gb50736.csv"),
            "stations/sequences.csv" => include_str!("../../data/stations/sequences.csv"),
            _ => return None,
        })
    }

    fn tables() -> StationTables<'static> {
        StationTables::open(&bundled, &mut Problems::default()).unwrap()
    }

    #[test]
    fn every_station_of_the_library_loads() {
        let mut problems = Problems::default();
        let tables = tables();
        let list = tables.list(&mut problems).unwrap();
        assert_eq!(list.len(), 161 + 64);
        for place in &list {
            let station = tables.station(&place.id, &mut problems).unwrap();
            assert_eq!(station.origin == Origin::Measured, !place.derived);
            assert!(
                tables
                    .design(&place.id, &place.site, &mut problems)
                    .is_some()
            );
        }
        assert_eq!(problems, Problems::default());
    }

    #[test]
    fn wrong_radiation_is_replaced_by_a_sound_neighbour() {
        let tables = tables();
        let mut problems = Problems::default();
        let row = tables
            .stations
            .rows()
            .find(|row| row.text("solar_flag").is_some_and(|f| f.contains('O')))
            .unwrap();
        let station = tables
            .station(row.text("station_id").unwrap(), &mut problems)
            .unwrap();
        let donor = tables
            .station(station.clearness_from.as_deref().unwrap(), &mut problems)
            .unwrap();
        assert_eq!(station.months[0].kt, donor.months[0].kt);
        assert_eq!(donor.clearness_from, None);
    }

    #[test]
    fn the_design_temperature_of_beijing_is_that_of_the_standard() {
        let tables = tables();
        let mut problems = Problems::default();
        let station = tables.station("54511", &mut problems).unwrap();
        let design = tables
            .design("54511", &station.site, &mut problems)
            .unwrap();
        assert_eq!(design.t_heating_design, Celsius(-7.6));
        assert_eq!(design.t_extreme_min, Celsius(-18.3));
        assert_eq!(design.distance_km, 0.0);
        assert_eq!(tables.standard_season("54511").unwrap().days(), 123);
    }

    #[test]
    fn a_design_temperature_is_carried_to_another_height() {
        let tables = tables();
        let mut problems = Problems::default();
        let beijing = tables.station("54511", &mut problems).unwrap().site;
        let village = Site {
            elevation_m: beijing.elevation_m + 100.0,
            ..beijing
        };
        let design = tables.design("no such", &village, &mut problems).unwrap();
        assert_eq!(design.station_id, "54511");
        assert!((design.t_heating_design.0 - (-7.6 - 0.6)).abs() < 1e-9);
    }

    #[test]
    fn an_unknown_station_is_named_with_its_nearest() {
        let mut problems = Problems::default();
        assert!(tables().station("54512", &mut problems).is_none());
        assert!(matches!(
            &problems.0[0].kind,
            ProblemKind::Unresolved {
                what: "station",
                nearest: Some(_),
                ..
            }
        ));
    }

    #[test]
    fn a_bad_cell_is_named_with_its_line_and_column() {
        let text = include_str!("../../data/stations/monthly.csv");
        let broken = text.replacen("-3.83", "warm", 1);
        let files = |file: &str| match file {
            "stations/monthly.csv" => Some(broken.as_str()),
            _ => bundled(file),
        };
        let mut problems = Problems::default();
        let tables = StationTables::open(&files, &mut problems).unwrap();
        assert!(tables.station("54511", &mut problems).is_none());
        let place = &problems.0[0].place;
        assert_eq!(
            (place.file.as_str(), place.line, place.field.as_str()),
            ("stations/monthly.csv", 2, "t_mean_c")
        );
    }

    #[test]
    fn an_absent_table_is_a_problem() {
        let mut problems = Problems::default();
        assert!(StationTables::open(&|_| None, &mut problems).is_none());
        assert_eq!(problems.0.len(), 6);
    }
}
