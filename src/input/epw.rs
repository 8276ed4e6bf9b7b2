//! EnergyPlus weather files (EPW) as hourly typical years.
//!
//! Format: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary". Row `n`
//! of the data is the clock hour `n - 1` to `n`.

use crate::input::problem::{Place, ProblemKind, Problems};
use crate::weather::{SunYear, diffuse_fraction};
use crate::words::calendar::HOURS;
use crate::words::climate::{BeamSource, HourlyYear, Site};

/// Lines before the data.
const HEADER_LINES: usize = 8;
/// Longest run of missing hours that is bridged by a straight line.
const LONGEST_GAP_H: usize = 6;

/// A column of the data that is read.
struct Column {
    name: &'static str,
    index: usize,
    min: f64,
    max: f64,
    /// Values from here on mean "missing".
    missing_from: f64,
}

const DRY_BULB: Column = Column {
    name: "dry_bulb_c",
    index: 6,
    min: -70.0,
    max: 70.0,
    missing_from: 99.9,
};
const HUMIDITY: Column = Column {
    name: "relative_humidity_pct",
    index: 8,
    min: 0.0,
    max: 110.0,
    missing_from: 999.0,
};
const GLOBAL: Column = Column {
    name: "global_horizontal_wh_m2",
    index: 13,
    min: 0.0,
    max: 1500.0,
    missing_from: 9999.0,
};
const DIRECT: Column = Column {
    name: "direct_normal_wh_m2",
    index: 14,
    min: 0.0,
    max: 1500.0,
    missing_from: 9999.0,
};
const DIFFUSE: Column = Column {
    name: "diffuse_horizontal_wh_m2",
    index: 15,
    min: 0.0,
    max: 1500.0,
    missing_from: 9999.0,
};
const WIND: Column = Column {
    name: "wind_speed_m_s",
    index: 21,
    min: 0.0,
    max: 60.0,
    missing_from: 999.0,
};

/// A data row with its number in the file, from 1.
struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
}

/// The file being read.
struct File<'a> {
    name: &'a str,
    rows: Vec<Row<'a>>,
}

impl<'a> File<'a> {
    fn place(&self, line: usize, field: &str) -> Place {
        Place {
            file: self.name.to_owned(),
            line,
            column: if line == 0 { 0 } else { 1 },
            field: field.to_owned(),
        }
    }

    /// A cell of a row: a number, missing, or a problem.
    fn cell(&self, row: &Row<'_>, column: &Column, problems: &mut Problems) -> Option<Option<f64>> {
        let place = || self.place(row.line, column.name);
        let Some(text) = row.cells.get(column.index) else {
            let key = column.name.to_owned();
            problems.error(place(), ProblemKind::MissingKey { key });
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            return Some(None);
        }
        match text.parse::<f64>() {
            Ok(value) if !value.is_finite() => problems.error(place(), ProblemKind::NotFinite),
            Ok(value) if value >= column.missing_from => return Some(None),
            Ok(value) if value < column.min || value > column.max => {
                let kind = ProblemKind::OutOfRange {
                    value,
                    min: Some(column.min),
                    max: Some(column.max),
                };
                problems.error(place(), kind);
            }
            Ok(value) => return Some(Some(value)),
            Err(_) => {
                let found = text.chars().take(40).collect();
                let kind = ProblemKind::WrongType {
                    expected: "number",
                    found,
                };
                problems.error(place(), kind);
            }
        }
        None
    }

    /// A whole column; stops at the first problem, so that a broken file gives one line a column.
    fn column(&self, column: &Column, problems: &mut Problems) -> Option<Vec<Option<f64>>> {
        self.rows
            .iter()
            .map(|row| self.cell(row, column, problems))
            .collect()
    }

    /// A column whose gaps of up to six hours are bridged, with a warning.
    fn bridged(&self, column: &Column, problems: &mut Problems) -> Option<Vec<f64>> {
        let values = self.column(column, problems)?;
        let gaps = values.iter().filter(|value| value.is_none()).count();
        if gaps > 0 {
            let first = values.iter().position(Option::is_none).unwrap_or(0);
            let place = self.place(self.rows[first].line, column.name);
            let message = ProblemKind::Other {
                message: "epw-missing-values",
                values: vec![
                    ("count", gaps.to_string()),
                    ("column", column.name.to_owned()),
                ],
            };
            let Some(values) = bridge(&values) else {
                problems.error(place, message);
                return None;
            };
            problems.warn(place, message);
            return Some(values);
        }
        Some(values.into_iter().flatten().collect())
    }
}

/// Values with gaps filled by straight lines, the year taken as a ring; nothing if a gap is too long.
fn bridge(values: &[Option<f64>]) -> Option<Vec<f64>> {
    let n = values.len();
    let near = |h: usize, forward: bool| {
        (1..=LONGEST_GAP_H).find_map(|step| {
            let at = if forward {
                (h + step) % n
            } else {
                (h + n - step % n) % n
            };
            values[at].map(|value| (step as f64, value))
        })
    };
    (0..n)
        .map(|h| {
            values[h].or_else(|| {
                let (before, low) = near(h, false)?;
                let (after, high) = near(h, true)?;
                let gap = before + after - 1.0;
                (gap <= LONGEST_GAP_H as f64)
                    .then(|| low + (high - low) * before / (before + after))
            })
        })
        .collect()
}

/// Reads an EPW file; what is wrong goes to `problems` with line and field.
///
/// Missing temperatures, humidities and winds are bridged over up to six hours with a warning.
/// Missing direct or diffuse sun is split from the global by Erbs et al. 1982, a missing global is
/// the sum of the two; hours in which the sun is down need none. 29 February is left out.
pub fn read_epw(name: &str, text: &str, problems: &mut Problems) -> Option<HourlyYear> {
    let mut file = File {
        name,
        rows: Vec::new(),
    };
    if text.trim().is_empty() {
        problems.error(file.place(0, ""), ProblemKind::EmptyFile);
        return None;
    }
    let site = location(&file, text.lines().next().unwrap_or_default(), problems)?;
    file.rows = data_rows(text);
    if file.rows.len() != HOURS {
        let kind = ProblemKind::WrongLength {
            found: file.rows.len(),
            expected: HOURS,
            because: "hours".to_owned(),
        };
        problems.error(file.place(0, "data"), kind);
        return None;
    }
    let t_out_c = file.bridged(&DRY_BULB, problems);
    let humidity = file.bridged(&HUMIDITY, problems);
    let wind_m_s = file.bridged(&WIND, problems);
    let sun = sun(&file, &site, problems);
    let (ghi_w_m2, dhi_w_m2, dni_w_m2) = sun?;
    Some(HourlyYear {
        name: name.to_owned(),
        site,
        t_out_c: t_out_c?,
        rh_pct: humidity?.into_iter().map(|rh| rh.min(100.0)).collect(),
        wind_m_s: wind_m_s?,
        ghi_w_m2,
        dhi_w_m2,
        dni_w_m2,
        beam: BeamSource::DirectNormal,
    })
}

/// The rows after the header, without 29 February.
fn data_rows(text: &str) -> Vec<Row<'_>> {
    text.lines()
        .enumerate()
        .skip(HEADER_LINES)
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(i, line)| Row {
            line: i + 1,
            cells: line.split(',').collect(),
        })
        .filter(|row| {
            let number = |k: usize| row.cells.get(k).and_then(|c| c.trim().parse::<u32>().ok());
            (number(1), number(2)) != (Some(2), Some(29))
        })
        .collect()
}

/// The site of the LOCATION line.
fn location(file: &File<'_>, line: &str, problems: &mut Problems) -> Option<Site> {
    let cells: Vec<&str> = line.split(',').collect();
    let head = cells
        .first()
        .map(|c| c.trim_start_matches('\u{feff}').trim());
    if !head.is_some_and(|head| head.eq_ignore_ascii_case("LOCATION")) {
        let kind = ProblemKind::NotOneOf {
            value: head.unwrap_or_default().chars().take(40).collect(),
            nearest: None,
            allowed: vec!["LOCATION".to_owned()],
        };
        problems.error(file.place(1, "LOCATION"), kind);
        return None;
    }
    let row = Row { line: 1, cells };
    let mut number = |name, index, min, max| {
        let column = Column {
            name,
            index,
            min,
            max,
            missing_from: f64::INFINITY,
        };
        let value = file.cell(&row, &column, problems)?;
        if value.is_none() {
            let key = name.to_owned();
            problems.error(file.place(1, name), ProblemKind::MissingKey { key });
        }
        value
    };
    let latitude = number("latitude_deg", 6, -66.0, 66.0);
    let longitude = number("longitude_deg", 7, -180.0, 180.0);
    let utc_offset = number("time_zone_h", 8, -12.0, 14.0);
    let elevation = number("elevation_m", 9, -1000.0, 9999.9);
    Some(Site {
        latitude_deg: latitude?,
        longitude_deg: longitude?,
        elevation_m: elevation?,
        utc_offset_h: utc_offset?,
    })
}

/// Global, diffuse and direct normal of every hour, W/m2.
fn sun(
    file: &File<'_>,
    site: &Site,
    problems: &mut Problems,
) -> Option<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let global = file.column(&GLOBAL, problems);
    let direct = file.column(&DIRECT, problems);
    let diffuse = file.column(&DIFFUSE, problems);
    let (global, direct, diffuse) = (global?, direct?, diffuse?);
    let position = SunYear::at(site);
    let mut all = (
        Vec::with_capacity(HOURS),
        Vec::with_capacity(HOURS),
        Vec::with_capacity(HOURS),
    );
    for h in 0..HOURS {
        let hour = position.hours[h];
        let cos_z = hour.up * hour.up_share;
        let top = position.days[h / 24].extraterrestrial_w_m2 * cos_z;
        let Some((ghi, dhi, dni)) = complete(global[h], direct[h], diffuse[h], cos_z, top) else {
            let key = GLOBAL.name.to_owned();
            let place = file.place(file.rows[h].line, GLOBAL.name);
            problems.error(place, ProblemKind::MissingKey { key });
            return None;
        };
        all.0.push(ghi);
        all.1.push(dhi);
        all.2.push(dni);
    }
    Some(all)
}

/// The three irradiances from those that are there; nothing if they do not suffice. `top` is the
/// extraterrestrial irradiance on the horizontal.
fn complete(
    global: Option<f64>,
    direct: Option<f64>,
    diffuse: Option<f64>,
    cos_z: f64,
    top: f64,
) -> Option<(f64, f64, f64)> {
    /// Below this cosine the beam on the horizontal is not divided by it.
    const LOW_SUN_COS: f64 = 0.035;
    let to_normal = |beam: f64| {
        if cos_z > LOW_SUN_COS {
            beam.max(0.0) / cos_z
        } else {
            0.0
        }
    };
    let split = |ghi: f64| {
        let kh = if top > 5.0 {
            (ghi / top).clamp(0.0, 1.0)
        } else {
            0.0
        };
        ghi * diffuse_fraction(kh)
    };
    match (global, direct, diffuse) {
        (Some(ghi), Some(dni), Some(dhi)) => Some((ghi, dhi, dni)),
        (None, Some(dni), Some(dhi)) => Some((dhi + dni * cos_z, dhi, dni)),
        (Some(ghi), Some(dni), None) => Some((ghi, (ghi - dni * cos_z).max(0.0), dni)),
        (Some(ghi), None, Some(dhi)) => Some((ghi, dhi, to_normal(ghi - dhi))),
        (Some(ghi), None, None) => {
            let dhi = split(ghi);
            Some((ghi, dhi, to_normal(ghi - dhi)))
        }
        _ if top <= 0.0 => Some((0.0, 0.0, 0.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up file: 8,760 hours at `t` with some sun at noon; `edit` changes the lines.
    fn file(edit: impl Fn(usize, String) -> String) -> String {
        let mut lines = vec!["LOCATION,Test,X,CHN,T,000000,39.80,116.47,8.0,31.3".to_owned()];
        lines.resize(HEADER_LINES, "HEADER".to_owned());
        for h in 0..HOURS {
            let sun = if h % 24 == 12 { 300 } else { 0 };
            let line = format!(
                "2005,1,1,{},60,?,-5.0,-15.0,45,101300,0,0,250,{sun},{sun},{},0,0,0,0,180,2.5,0",
                h % 24 + 1,
                sun / 2
            );
            lines.push(edit(h, line));
        }
        lines.join("\n")
    }

    fn read(text: &str) -> (Option<HourlyYear>, Vec<(usize, String)>) {
        let mut problems = Problems::default();
        let year = read_epw("test.epw", text, &mut problems);
        let found = problems.0.into_iter();
        (year, found.map(|p| (p.place.line, p.place.field)).collect())
    }

    #[test]
    fn a_sound_file_is_read_as_it_stands() {
        let (year, problems) = read(&file(|_, line| line));
        let year = year.unwrap();
        assert!(problems.is_empty());
        assert_eq!(
            (year.t_out_c[0], year.wind_m_s[0], year.rh_pct[0]),
            (-5.0, 2.5, 45.0)
        );
        assert_eq!(
            (year.ghi_w_m2[12], year.dni_w_m2[12], year.dhi_w_m2[12]),
            (300.0, 300.0, 150.0)
        );
        assert_eq!(year.site.longitude_deg, 116.47);
    }

    #[test]
    fn a_short_gap_is_bridged_and_told() {
        let gap = |h: usize, line: String| {
            let t = if h == 9 { "-2.0" } else { "-5.0" };
            let t = if (10..13).contains(&h) { "99.9" } else { t };
            line.replacen("-5.0", t, 1)
        };
        let (year, problems) = read(&file(gap));
        // Three missing hours between -2 and -5: each 0.75 K lower.
        assert!((year.unwrap().t_out_c[10] - -2.75).abs() < 1e-12);
        assert_eq!(problems, [(HEADER_LINES + 11, "dry_bulb_c".to_owned())]);
    }

    #[test]
    fn a_long_gap_is_an_error() {
        let gap = |h: usize, line: String| {
            if (10..30).contains(&h) {
                line.replacen("-5.0", "99.9", 1)
            } else {
                line
            }
        };
        let (year, problems) = read(&file(gap));
        assert!(year.is_none());
        assert_eq!(problems[0].0, HEADER_LINES + 11);
    }

    #[test]
    fn missing_direct_sun_is_split_from_the_global() {
        let gap = |_, line: String| line.replace(",300,300,150,", ",300,9999,9999,");
        let year = read(&file(gap)).0.unwrap();
        let (ghi, dhi, dni) = (year.ghi_w_m2[12], year.dhi_w_m2[12], year.dni_w_m2[12]);
        assert!(ghi == 300.0 && dhi > 50.0 && dhi < 300.0 && dni > 0.0);
    }

    #[test]
    fn broken_files_are_named_by_line_and_field() {
        let word = |h: usize, line: String| {
            if h == 5 {
                line.replace("-5.0", "cold")
            } else {
                line
            }
        };
        assert_eq!(
            read(&file(word)).1[0],
            (HEADER_LINES + 6, "dry_bulb_c".to_owned())
        );
        let far = |h: usize, line: String| {
            if h == 5 {
                line.replace("-5.0", "-80")
            } else {
                line
            }
        };
        assert_eq!(
            read(&file(far)).1[0],
            (HEADER_LINES + 6, "dry_bulb_c".to_owned())
        );
        let nan = |h: usize, line: String| {
            if h == 5 {
                line.replace("2.5", "nan")
            } else {
                line
            }
        };
        assert_eq!(
            read(&file(nan)).1[0],
            (HEADER_LINES + 6, "wind_speed_m_s".to_owned())
        );
        assert_eq!(read("").1[0], (0, String::new()));
        assert_eq!(read("not a weather file").1[0], (1, "LOCATION".to_owned()));
        assert_eq!(read("LOCATION,a,b\n").1[0].0, 1);
        let short = file(|_, line| line)
            .lines()
            .take(100)
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(read(&short).1[0], (0, "data".to_owned()));
    }
}
