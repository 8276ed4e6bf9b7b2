//! The columns of a roster's results.

use crate::comparison::outcome::{AgainstToday, Obstacle, TooDearToRun, Verdict};
use crate::comparison::setting::Setting;
use crate::comparison::summary::{Figures, Summary};
use crate::input::problem::nearest;
use crate::lifecycle::Payback;
use crate::report::messages::Messages;
use crate::report::words;
use crate::words::fixed::Money;
use crate::words::kinds::{Carrier, Kind};
use crate::words::quantity::{Kilowatt, SquareMetre};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, carried through as it is.
    Text,
    /// A number, or nothing.
    Number,
}

/// A column of results: its key, what it is, and how its cell is written.
struct Known {
    key: &'static str,
    form: Form,
    write: fn(&Cells<'_>) -> String,
}

/// What the cells of one row and option are made from.
struct Cells<'a> {
    words: &'a Words,
    number: usize,
    taken: bool,
    today: &'a Figures,
    option: Result<&'a Figures, &'a [Obstacle]>,
}

const fn known(key: &'static str, form: Form, write: fn(&Cells<'_>) -> String) -> Known {
    Known { key, form, write }
}

const KNOWN: [Known; 27] = [
    known("option", Form::Text, |c| c.words.name(c.number).0.clone()),
    known("option_name", Form::Text, |c| {
        c.words.name(c.number).1.clone()
    }),
    known("taken", Form::Number, |c| u8::from(c.taken).to_string()),
    known("possible", Form::Number, |c| {
        u8::from(c.option.is_ok()).to_string()
    }),
    known("product", Form::Text, |c| {
        c.figure(|f| {
            f.product
                .as_ref()
                .map_or_else(String::new, |(it, _)| it.id.clone())
        })
    }),
    known("count", Form::Number, |c| {
        c.figure(|f| {
            f.product
                .as_ref()
                .map_or_else(String::new, |(_, n)| n.to_string())
        })
    }),
    known("today_winter_cny", Form::Number, |c| {
        yuan(c.today.headline.winter_cost)
    }),
    known("install_price_cny", Form::Number, |c| {
        c.money(|f| f.headline.install_price)
    }),
    known("self_pay_cny", Form::Number, |c| {
        c.money(|f| f.headline.self_pay)
    }),
    known("winter_cost_cny", Form::Number, |c| {
        c.money(|f| f.headline.winter_cost)
    }),
    known("versus_today_cny", Form::Number, |c| {
        c.money(|f| f.headline.versus_today)
    }),
    known("after_subsidy_cny", Form::Number, |c| {
        c.money(|f| f.headline.after_subsidy)
    }),
    known("subsidy_ends", Form::Text, |c| {
        c.figure(|f| {
            f.headline
                .subsidy_ends
                .map_or_else(String::new, |w| w.to_string())
        })
    }),
    known("payback_years", Form::Number, |c| {
        c.figure(|f| match f.headline.payback {
            Payback::AtOnce => "0".to_owned(),
            Payback::After(years) => rounded(years, 2),
            _ => String::new(),
        })
    }),
    known("equivalent_annual_cost_cny_per_year", Form::Number, |c| {
        c.number(|f| f.headline.equivalent_annual_cost.value(), 2)
    }),
    known("winter_income_share", Form::Number, |c| {
        c.number(|f| f.headline.winter_burden, 4)
    }),
    known("install_income_share", Form::Number, |c| {
        c.number(|f| f.headline.install_burden, 4)
    }),
    known("government_up_front_cny", Form::Number, |c| {
        c.money(|f| f.government.up_front)
    }),
    known("government_first_winter_cny", Form::Number, |c| {
        c.money(|f| f.government.first_winter)
    }),
    known("government_total_cny", Form::Number, |c| {
        c.money(|f| f.government.total)
    }),
    known("coal_replaced_t", Form::Number, |c| {
        c.number(|f| f.emissions.coal_replaced_t, 3)
    }),
    known("co2_kg", Form::Number, |c| {
        let sum = |f: &Figures| {
            f.emissions.co2_house_kg.unwrap_or(0.0) + f.emissions.co2_grid_kg.unwrap_or(0.0)
        };
        c.number(sum, 1)
    }),
    known("electricity_kwh", Form::Number, |c| {
        c.number(|f| f.electricity_kwh, 1)
    }),
    known("peak_kw", Form::Number, |c| c.number(|f| f.peak.value(), 2)),
    known("cold_hour_kw", Form::Number, |c| {
        c.number(|f| f.cold_hour.value(), 2)
    }),
    known("verdict", Form::Text, |c| {
        c.figure(|f| c.words.verdict(&f.verdict).to_owned())
    }),
    known("obstacles", Form::Text, |c| {
        let told = c.option.err().unwrap_or_default().iter();
        told.map(|it| c.words.obstacle(it))
            .collect::<Vec<_>>()
            .join("; ")
    }),
];

impl Cells<'_> {
    fn figure(&self, text: impl Fn(&Figures) -> String) -> String {
        self.option.map_or_else(|_| String::new(), text)
    }
    fn money(&self, of: impl Fn(&Figures) -> Money) -> String {
        self.figure(|figures| yuan(of(figures)))
    }
    fn number(&self, of: impl Fn(&Figures) -> f64, digits: usize) -> String {
        self.figure(|figures| rounded(of(figures), digits))
    }
}

/// Yuan to the fen.
fn yuan(money: Money) -> String {
    let fen = money.fen();
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

fn rounded(value: f64, digits: usize) -> String {
    crate::report::table::decimal(value, digits)
}

/// Words of results in the user's language, put together once.
#[derive(Debug)]
pub struct Words {
    /// Id and name of each option.
    options: Vec<(String, String)>,
    /// By whether the installation is too dear, whether the winter is, and the winter against
    /// today's.
    verdicts: Vec<String>,
    obstacles: Vec<(Obstacle, String)>,
}

const RUN: [TooDearToRun; 3] = [
    TooDearToRun::No,
    TooDearToRun::AfterGrants,
    TooDearToRun::Now,
];
const WINTERS: [AgainstToday; 4] = [
    AgainstToday::Cheaper,
    AgainstToday::CheaperWithGrants,
    AgainstToday::Same,
    AgainstToday::Dearer,
];

/// Stand in a sentence for the two numbers of an obstacle, which no house has.
const NEEDS: f64 = 111_111.1;
const HAS: f64 = 222_222.2;

impl Words {
    /// For the options of a place.
    pub fn new(setting: &Setting, messages: &Messages) -> Self {
        let verdicts = [false, true].into_iter().flat_map(|too_dear_to_install| {
            RUN.into_iter().flat_map(move |too_dear_to_run| {
                WINTERS.into_iter().map(move |winter| Verdict {
                    too_dear_to_install,
                    too_dear_to_run,
                    winter,
                })
            })
        });
        let (needs, has) = (Kilowatt(NEEDS), Kilowatt(HAS));
        let (needs_m2, has_m2) = (SquareMetre(NEEDS), SquareMetre(HAS));
        let mut obstacles = vec![
            Obstacle::NoGasMain,
            Obstacle::NoHeatNetwork,
            Obstacle::NoBiomass,
            Obstacle::CoalForbidden,
            Obstacle::Dwelling,
            Obstacle::SupplyTooWeak { needs, spare: has },
            Obstacle::RoofTooSmall {
                needs: needs_m2,
                has: has_m2,
            },
            Obstacle::YardTooSmall {
                needs: needs_m2,
                has: has_m2,
            },
            Obstacle::NoSize {
                load: needs,
                largest: has,
            },
        ];
        let carriers = Carrier::ALL.iter();
        obstacles.extend(carriers.map(|&carrier| Obstacle::NoPrice { carrier }));
        let options = setting.options.iter();
        Self {
            options: options
                .map(|it| (it.id.clone(), messages.name(&it.name).to_owned()))
                .collect(),
            verdicts: verdicts.map(|it| words::verdict(&it, messages)).collect(),
            obstacles: obstacles
                .into_iter()
                .map(|it| (it.clone(), words::obstacle(&it, messages)))
                .collect(),
        }
    }

    fn name(&self, number: usize) -> &(String, String) {
        static NONE: (String, String) = (String::new(), String::new());
        self.options.get(number).unwrap_or(&NONE)
    }

    fn verdict(&self, verdict: &Verdict) -> &str {
        let run = RUN.iter().position(|it| *it == verdict.too_dear_to_run);
        let winter = WINTERS.iter().position(|it| *it == verdict.winter);
        let at = usize::from(verdict.too_dear_to_install) * RUN.len() + run.unwrap_or(0);
        let at = at * WINTERS.len() + winter.unwrap_or(0);
        self.verdicts.get(at).map_or("", String::as_str)
    }

    fn obstacle(&self, obstacle: &Obstacle) -> String {
        let (same, needs, has) = match obstacle {
            Obstacle::SupplyTooWeak { needs, spare } => (5, needs.value(), spare.value()),
            Obstacle::RoofTooSmall { needs, has } => (6, needs.value(), has.value()),
            Obstacle::YardTooSmall { needs, has } => (7, needs.value(), has.value()),
            Obstacle::NoSize { load, largest } => (8, load.value(), largest.value()),
            plain => {
                let found = self.obstacles.iter().find(|(own, _)| own == plain);
                return found.map_or_else(String::new, |(_, text)| text.clone());
            }
        };
        let text = self.obstacles.get(same).map_or("", |(_, text)| text);
        text.replace(&rounded(NEEDS, 1), &rounded(needs, 1))
            .replace(&rounded(HAS, 1), &rounded(has, 1))
    }
}

/// A column of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Of the roster, by its place.
    Carried(usize),
    /// Of the results, by its place in the list.
    Result(usize),
}

/// Which columns the output has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Column>,
    /// Their heads, as keys.
    pub heads: Vec<String>,
    /// What their cells are.
    pub forms: Vec<Form>,
}

/// A column that was asked for and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoColumn {
    /// As it was written.
    pub name: String,
    /// The nearest that there is.
    pub nearest: Option<String>,
    /// All that there are.
    pub allowed: Vec<String>,
}

impl Layout {
    /// All columns of the roster and all results, or those that are asked for, in their order.
    ///
    /// # Errors
    /// The first column that is neither in the roster nor a result.
    pub fn new(roster: &[String], wanted: &[String]) -> Result<Self, NoColumn> {
        let results = KNOWN.iter().map(|it| it.key);
        let mut columns = Vec::new();
        if wanted.is_empty() {
            columns.extend((0..roster.len()).map(Column::Carried));
            columns.extend((0..KNOWN.len()).map(Column::Result));
        }
        for name in wanted {
            let name = name.trim();
            let carried = roster.iter().position(|head| head.trim() == name);
            let result = || results.clone().position(|key| key == name);
            let found = carried
                .map(Column::Carried)
                .or_else(|| result().map(Column::Result));
            let Some(column) = found else {
                let heads = roster.iter().map(String::as_str);
                let allowed: Vec<&str> = heads.chain(results).filter(|it| !it.is_empty()).collect();
                return Err(NoColumn {
                    name: name.to_owned(),
                    nearest: nearest(name, allowed.iter().copied()),
                    allowed: allowed.into_iter().map(str::to_owned).collect(),
                });
            };
            columns.push(column);
        }
        let head = |column: &Column| match column {
            Column::Carried(at) => roster.get(*at).cloned().unwrap_or_default(),
            Column::Result(at) => KNOWN.get(*at).map_or("", |it| it.key).to_owned(),
        };
        let form = |column: &Column| match column {
            Column::Carried(_) => Form::Text,
            Column::Result(at) => KNOWN.get(*at).map_or(Form::Text, |it| it.form),
        };
        Ok(Self {
            heads: columns.iter().map(head).collect(),
            forms: columns.iter().map(form).collect(),
            columns,
        })
    }

    /// Heads in the words of the user's language.
    pub fn titles(&self, messages: &Messages) -> Vec<String> {
        let title = |(column, head): (&Column, &String)| match column {
            Column::Carried(_) => head.clone(),
            Column::Result(_) => messages.member("roster-col", head),
        };
        self.columns.iter().zip(&self.heads).map(title).collect()
    }

    /// Writes the rows of one household: every option, or the one that it takes.
    ///
    /// # Errors
    /// Those of the CSV writer, which has none when it writes to memory.
    pub fn write<W: std::io::Write>(
        &self,
        cells: &[String],
        summary: &Summary,
        (taken, all): (Option<usize>, bool),
        words: &Words,
        out: &mut csv::Writer<W>,
    ) -> Result<(), csv::Error> {
        let options = summary.options.iter().enumerate();
        let mut written = false;
        for (number, option) in options.filter(|(i, _)| all || taken == Some(*i)) {
            let made = Cells {
                words,
                number,
                taken: taken == Some(number),
                today: &summary.today,
                option: option.as_ref().map_err(Vec::as_slice),
            };
            self.row(cells, Some(&made), out)?;
            written = true;
        }
        if !written {
            self.row(cells, None, out)?;
        }
        Ok(())
    }

    /// One row; without results where the household can have nothing.
    fn row<W: std::io::Write>(
        &self,
        cells: &[String],
        made: Option<&Cells<'_>>,
        out: &mut csv::Writer<W>,
    ) -> Result<(), csv::Error> {
        for column in &self.columns {
            match column {
                Column::Carried(at) => out.write_field(cells.get(*at).map_or("", |it| it))?,
                Column::Result(at) => {
                    let known = KNOWN.get(*at);
                    let text = known.zip(made).map(|(known, made)| (known.write)(made));
                    out.write_field(text.unwrap_or_default())?;
                }
            }
        }
        out.write_record(None::<&[u8]>)
    }
}

/// Keys of all results.
pub fn keys() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|it| it.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_to_the_fen() {
        let texts = [5, -5, 123_456, -100_001].map(|fen| yuan(Money::from_fen(fen)));
        assert_eq!(texts, ["0.05", "-0.05", "1234.56", "-1000.01"]);
    }

    #[test]
    fn an_unknown_column_is_told_with_the_nearest() {
        let heads = ["户主".to_owned(), "村".to_owned()];
        let wanted = ["户主".to_owned(), "winter_cost".to_owned()];
        let told = Layout::new(&heads, &wanted).unwrap_err();
        assert_eq!(told.nearest.as_deref(), Some("winter_cost_cny"));
        let wanted = ["winter_cost_cny".to_owned(), "户主".to_owned()];
        assert_eq!(Layout::new(&heads, &wanted).unwrap().heads, wanted);
    }
}
