//! What the command line can say. Its help stands in the catalogue of messages.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

use crate::input::quick::Flags;
use crate::report::messages::Messages;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "qingnuan", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// A county's own data folder, laid over the embedded library.
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Language of what is printed.
    #[arg(long, global = true, value_name = "zh|en", hide_possible_values = true)]
    pub lang: Option<LangArg>,
    /// Replaces files that exist.
    #[arg(long, global = true, alias = "覆盖")]
    pub force: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Every option beside today's heating.
    #[command(alias = "算账")]
    Compare(CompareArgs),
    /// The full account of one option.
    #[command(alias = "说明")]
    Explain(ExplainArgs),
    /// Asks about one household.
    #[command(aliases = ["问", "填表"])]
    Ask(AskArgs),
    /// The account as pictures.
    #[command(aliases = ["图", "画图"])]
    Chart(ChartArgs),
    /// The page that a household keeps.
    #[command(alias = "明白纸")]
    Handout(HandoutArgs),
    /// All households of a roster.
    #[command(alias = "批量")]
    Batch(BatchArgs),
    /// Variants and sweeps side by side.
    #[command(alias = "情景")]
    Scenario(ScenarioArgs),
    /// Reads files and tells every problem.
    #[command(alias = "检查")]
    Check(CheckArgs),
    /// What the library holds.
    #[command(alias = "数据")]
    Data(DataArgs),
    /// The bundled examples.
    #[command(alias = "示例")]
    Example(ExampleArgs),
}

impl Command {
    /// The files that it is going to write. Folders of `example`, `data new-region` and `scenario`
    /// are not among them: what is in them is never replaced.
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Ask(args) => args.output.iter().cloned().collect(),
            Self::Compare(args) => args.output.iter().cloned().collect(),
            Self::Explain(args) => args.output.iter().cloned().collect(),
            Self::Handout(args) => args.file().cloned().into_iter().collect(),
            Self::Batch(args) => args.files(),
            Self::Data(DataArgs {
                action: DataAction::Coverage(args),
            }) => args.output.iter().cloned().collect(),
            // Their names are known when they are drawn; `chart` asks then.
            Self::Chart(_)
            | Self::Scenario(_)
            | Self::Check(_)
            | Self::Data(_)
            | Self::Example(_) => Vec::new(),
        }
    }
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// What is compared.
    #[command(flatten)]
    pub case: CaseArgs,
    /// Form of the result; that of the ending of the file if left out.
    #[arg(long = "format", value_name = "FORM", hide_possible_values = true)]
    pub form: Option<AccountFormat>,
    /// Only these options.
    #[arg(long, value_name = "ID")]
    pub option: Vec<String>,
    /// What is held equal.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true,
          value_parser = ["today", "standard", "zoned"])]
    pub service: Option<String>,
    /// A file for the result.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl CompareArgs {
    /// The form that was asked for, or that of the ending of the file.
    pub fn format(&self) -> AccountFormat {
        let ending = self.output.as_deref().and_then(Path::extension);
        let ending = ending.map(|ending| ending.to_string_lossy().to_lowercase());
        self.form.unwrap_or(match ending.as_deref() {
            Some("json") => AccountFormat::Json,
            Some("csv") => AccountFormat::Csv,
            Some("md") => AccountFormat::Markdown,
            Some("xlsx") => AccountFormat::Xlsx,
            Some("html" | "htm") => AccountFormat::Html,
            _ => AccountFormat::Table,
        })
    }
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is explained.
    #[command(flatten)]
    pub case: CaseArgs,
    /// The option.
    #[arg(long, value_name = "ID", required = true)]
    pub option: String,
    /// What is held equal.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true,
          value_parser = ["today", "standard", "zoned"])]
    pub service: Option<String>,
    /// A file for the result.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `ask`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// A file for the case.
    #[arg(short, long = "output", id = "case_output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `chart`.
#[derive(Debug, Args)]
pub struct ChartArgs {
    /// What is drawn.
    #[command(flatten)]
    pub case: CaseArgs,
    /// Which charts.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub kind: Vec<String>,
    /// Only these options.
    #[arg(long, value_name = "ID")]
    pub option: Vec<String>,
    /// What is held equal.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true,
          value_parser = ["today", "standard", "zoned"])]
    pub service: Option<String>,
    /// Form of the pictures.
    #[arg(long = "format", value_name = "FORM", hide_possible_values = true)]
    pub picture: Option<PictureFormat>,
    /// A file, or a folder for several charts.
    #[arg(short = 'o', long = "output", value_name = "PATH")]
    pub to: Option<PathBuf>,
    /// A font in place of the embedded one.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
}

/// Form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PictureFormat {
    /// Shapes, for print and pages.
    Svg,
    /// Pixels, for phones and messages.
    Png,
}

impl PictureFormat {
    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// Arguments of `handout`.
#[derive(Debug, Args)]
pub struct HandoutArgs {
    /// Whose page; with a roster the case for all that no column says.
    #[command(flatten)]
    pub case: CaseArgs,
    /// A roster: the whole village.
    #[arg(long = "roster", value_name = "ROSTER", conflicts_with_all = OF_ONE_HOUSEHOLD)]
    pub list: Option<PathBuf>,
    /// What the columns of the roster are.
    #[arg(long, value_name = "FILE", requires = "list")]
    pub mapping: Option<PathBuf>,
    /// Only these options.
    #[arg(long, value_name = "ID")]
    pub option: Vec<String>,
    /// What is held equal.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true,
          value_parser = ["today", "standard", "zoned"])]
    pub service: Option<String>,
    /// PDF, PNG or text by its ending; a folder for one file a household.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub page: Option<PathBuf>,
    /// Form of the files of a folder.
    #[arg(long = "form", value_name = "FORM", hide_possible_values = true)]
    pub each: Option<PageForm>,
    /// The county's own template.
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// What the county puts on the page.
    #[arg(long, value_name = "FILE")]
    pub county: Option<PathBuf>,
    /// A further font.
    #[arg(long = "font", value_name = "FILE")]
    pub rare: Vec<PathBuf>,
    /// The day on the page.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// How many threads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

impl HandoutArgs {
    /// The file that it writes, unless it writes a folder.
    pub fn file(&self) -> Option<&PathBuf> {
        self.page.as_ref().filter(|path| !is_folder(path))
    }
}

/// Whether a folder stands there or is meant.
pub fn is_folder(path: &std::path::Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator)
}

/// What a roster says of each household, and the command line of one only.
const OF_ONE_HOUSEHOLD: [&str; 9] = [
    "area",
    "coal",
    "coal_price",
    "gas",
    "power",
    "bill",
    "people",
    "income",
    "category",
];

/// Form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageForm {
    /// A sheet of A4.
    Pdf,
    /// A picture for a phone.
    Png,
    /// A script to be read.
    Txt,
}

impl PageForm {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Txt];
    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Txt => "txt",
        }
    }
}

/// Arguments of `batch`.
#[derive(Debug, Args)]
pub struct BatchArgs {
    /// The roster.
    #[arg(value_name = "ROSTER")]
    pub roster: PathBuf,
    /// Place.
    #[arg(long, value_name = "NAME", required_unless_present = "base")]
    pub region: Option<String>,
    /// A case for all that no column says.
    #[arg(long, value_name = "CASE")]
    pub base: Option<PathBuf>,
    /// What the columns are.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// The first winter.
    #[arg(long, value_name = "2026-27")]
    pub winter: Option<String>,
    /// Only these options.
    #[arg(long, value_name = "ID")]
    pub option: Vec<String>,
    /// What is held equal.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true,
          value_parser = ["today", "standard", "zoned"])]
    pub service: Option<String>,
    /// A file for the results: CSV, XLSX or Parquet by its ending.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// One row an option, or the best one only.
    #[arg(long, value_name = "ROWS", hide_possible_values = true)]
    pub rows: Option<RowsArg>,
    /// Columns of the results.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// A file for the rows that were refused.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// A file for the summary: XLSX or HTML by its ending.
    #[arg(long, value_name = "FILE")]
    pub summary: Vec<PathBuf>,
    /// Stop at the first row that is wrong.
    #[arg(long)]
    pub strict: bool,
    /// Go on where an earlier run was broken off.
    #[arg(long)]
    pub resume: bool,
    /// How many threads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Rows of a part, after which the journal is written.
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub part: Option<u32>,
}

/// Arguments of `scenario`.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// The scenario file.
    #[arg(id = "scenario", value_name = "SCENARIO")]
    pub file: PathBuf,
    /// Form of what is printed.
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    pub format: Option<Format>,
    /// A new folder for the results.
    #[arg(id = "results", short = 'o', long = "output", value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How many threads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

impl BatchArgs {
    /// The file for the rows that were refused.
    pub fn rejects(&self) -> PathBuf {
        let own = self.rejects.clone();
        own.unwrap_or_else(|| self.output.with_extension("rejects.csv"))
    }
    /// The file for what is unlikely: `results.xlsx` makes `results.notes.csv`.
    pub fn notes(&self) -> PathBuf {
        self.output.with_extension("notes.csv")
    }
    /// All files that it writes.
    pub fn files(&self) -> Vec<PathBuf> {
        let own = [self.output.clone(), self.rejects(), self.notes()];
        own.into_iter().chain(self.summary.clone()).collect()
    }
}

/// Rows of a household in the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RowsArg {
    /// Every option.
    All,
    /// The best one.
    #[default]
    Best,
}

/// A case: a file, or flags in place of one.
#[derive(Debug, Args)]
pub struct CaseArgs {
    /// A case file, or a folder with one.
    #[arg(value_name = "CASE", conflicts_with_all = QUICK, required_unless_present = "region")]
    pub case: Option<PathBuf>,
    /// Place.
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
    /// Heated area.
    #[arg(long, value_name = "M2", allow_negative_numbers = true)]
    pub area: Option<String>,
    /// Loose coal of a winter.
    #[arg(long, value_name = "7.5t", allow_negative_numbers = true)]
    pub coal: Option<String>,
    /// Price of a tonne of it.
    #[arg(long, value_name = "CNY", allow_negative_numbers = true)]
    pub coal_price: Option<String>,
    /// Gas for heating of a winter.
    #[arg(long, value_name = "1200m3", allow_negative_numbers = true)]
    pub gas: Option<String>,
    /// Electricity for heating of a winter.
    #[arg(long, value_name = "9000kwh", allow_negative_numbers = true)]
    pub power: Option<String>,
    /// What a winter costs.
    #[arg(long, value_name = "CNY", allow_negative_numbers = true)]
    pub bill: Option<String>,
    /// How many people.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub people: Option<String>,
    /// Yearly income of one person.
    #[arg(long, value_name = "CNY", allow_negative_numbers = true)]
    pub income: Option<String>,
    /// Category of the household.
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// The first winter.
    #[arg(long, value_name = "2026-27")]
    pub winter: Option<String>,
}

const QUICK: [&str; 11] = [
    "region",
    "area",
    "coal",
    "coal_price",
    "gas",
    "power",
    "bill",
    "people",
    "income",
    "category",
    "winter",
];

impl CaseArgs {
    /// The flags in place of a file.
    pub fn flags(&self) -> Flags {
        Flags {
            region: self.region.clone(),
            area: self.area.clone(),
            coal: self.coal.clone(),
            coal_price: self.coal_price.clone(),
            gas: self.gas.clone(),
            power: self.power.clone(),
            bill: self.bill.clone(),
            people: self.people.clone(),
            income: self.income.clone(),
            category: self.category.clone(),
            winter: self.winter.clone(),
        }
    }
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files, or folders of cases.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Arguments of `data`.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: DataAction,
}

/// What to do with the library.
#[derive(Debug, Subcommand)]
pub enum DataAction {
    /// Lists a topic.
    #[command(alias = "列出")]
    List {
        /// Of what.
        #[arg(value_name = "WHAT", hide_possible_values = true)]
        topic: Topic,
    },
    /// Shows one thing.
    #[command(alias = "查看")]
    Show {
        /// Of what.
        #[arg(value_name = "WHAT", hide_possible_values = true)]
        topic: Topic,
        /// Its id or name.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Place by kind of figure: grade and last look.
    #[command(alias = "覆盖")]
    Coverage(CoverageArgs),
    /// Figures that are out of date on a day.
    #[command(alias = "过期")]
    Stale(StaleArgs),
    /// Writes a folder for a county's own figures.
    #[command(alias = "新地区")]
    NewRegion(NewRegionArgs),
}

/// Arguments of `data coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// Form of the result.
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    pub format: Option<Format>,
    /// A file for the result.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `data stale`.
#[derive(Debug, Args)]
pub struct StaleArgs {
    /// The day; today if left out.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Form of the result.
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    pub format: Option<Format>,
}

/// Arguments of `data new-region`.
#[derive(Debug, Args)]
pub struct NewRegionArgs {
    /// Name of the place.
    #[arg(value_name = "NAME")]
    pub place: String,
    /// The folder; one of the name of the place's own if left out.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// The place that contains it, if the library does not know it.
    #[arg(long, value_name = "PLACE")]
    pub under: Option<String>,
    /// Its name in Latin letters, for its folder.
    #[arg(long, value_name = "Dali")]
    pub pinyin: Option<String>,
}

/// What the library holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    /// Places.
    #[value(alias = "地区")]
    Regions,
    /// Weather stations.
    #[value(alias = "气象站")]
    Stations,
    /// Options.
    #[value(alias = "方案")]
    Options,
    /// Products.
    #[value(alias = "产品")]
    Products,
    /// Tariffs, by place.
    #[value(alias = "价格")]
    Tariffs,
    /// Subsidy rules, by place.
    #[value(alias = "补贴")]
    Rules,
    /// Documents.
    #[value(alias = "来源")]
    Sources,
}

impl Topic {
    /// One of them, as a message names it.
    pub const fn thing(self) -> &'static str {
        match self {
            Self::Regions => "place",
            Self::Stations => "station",
            Self::Options => "option",
            Self::Products => "product",
            Self::Tariffs => "plan",
            Self::Rules => "rule",
            Self::Sources => "source",
        }
    }
}

/// Arguments of `example`.
#[derive(Debug, Args)]
pub struct ExampleArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub action: ExampleAction,
}

/// What to do with the examples.
#[derive(Debug, Subcommand)]
pub enum ExampleAction {
    /// Lists them.
    #[command(alias = "列出")]
    List,
    /// Writes one into a folder.
    #[command(alias = "取出")]
    Extract {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
        /// The folder; the current one if left out.
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Plain text.
    #[default]
    Table,
    /// JSON, by `schema/comparison.json`.
    Json,
    /// CSV.
    Csv,
    /// Markdown.
    Markdown,
}

/// Form of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum AccountFormat {
    /// Plain text.
    #[default]
    Table,
    /// JSON, by `schema/comparison.json`.
    Json,
    /// CSV.
    Csv,
    /// Markdown.
    Markdown,
    /// A workbook that goes on calculating.
    Xlsx,
    /// A page for a browser.
    Html,
}

/// Language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// The command with its help in the language of the messages.
pub fn command(messages: &Messages) -> clap::Command {
    let command = Cli::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', clap::ArgAction::Help).global(true))
        .arg(flag("version", 'V', clap::ArgAction::Version));
    localised(command, "qingnuan", messages)
}

/// Options of every command; their help stands after those of the command.
const GLOBAL: [&str; 5] = ["data", "force", "lang", "help", "version"];
/// A place behind all options of a command.
const LAST: usize = 100;

fn flag(name: &'static str, short: char, action: clap::ArgAction) -> clap::Arg {
    clap::Arg::new(name).short(short).long(name).action(action)
}

/// Puts the help of a command and of those below it into the language of the messages.
fn localised(command: clap::Command, name: &str, messages: &Messages) -> clap::Command {
    let about = messages.member("about", name);
    let label = |key: &str| messages.member("help-label", key);
    let mut template = format!("{{about}}\n\n{}: {{usage}}\n", label("usage"));
    if command.has_subcommands() {
        template += &format!("\n{}:\n{{subcommands}}\n", label("commands"));
    }
    if command.get_positionals().next().is_some() {
        template += &format!("\n{}:\n{{positionals}}\n", label("positionals"));
    }
    template += &format!("\n{}:\n{{options}}{{after-help}}", label("options"));
    let below: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = command
        .about(about)
        .help_template(template)
        .override_usage(messages.member("usage", name))
        .mut_args(|arg| {
            let help = messages.member("arg", arg.get_id().as_str());
            let arg = arg.help(help);
            if GLOBAL.contains(&arg.get_id().as_str()) {
                arg.display_order(LAST)
            } else {
                arg
            }
        });
    if let Some(after) = messages.get(&format!("after-help-{name}"), &[]) {
        command = command.after_help(after);
    }
    for sub in below {
        let full = if name == "qingnuan" {
            sub.clone()
        } else {
            format!("{name}-{sub}")
        };
        command = command.mut_subcommand(sub, |command| localised(command, &full, messages));
    }
    command
}
