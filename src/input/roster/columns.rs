//! What the columns of a roster are: by a mapping file, or guessed from their heads.

use std::collections::BTreeMap;

use crate::input::problem::{Place, ProblemKind, Problems, nearest};
use crate::input::record::Spot;
use crate::record;
use crate::words::kinds::{Category, Kind};

record! {
    /// A mapping file: which column of a roster is what. What is left out is guessed.
    pub struct RawMapping {
        /// Heads of the columns, as the roster has them.
        columns: RawColumns, default RawColumns::default();
        /// Units of columns whose heads do not name them, by the key of the column: `斤`, `万元`.
        units: BTreeMap<String, Spot<String>>;
        /// What the roster's own words for categories mean, such as `"C类" = "low_income"`.
        categories: BTreeMap<String, Category>;
    }
}

/// Declares the columns once: the table of the mapping file and the closed list.
macro_rules! columns {
    ($($(#[doc = $doc:literal])* $key:ident => $variant:ident;)*) => {
        record! {
            /// Heads of the columns of a roster.
            pub struct RawColumns: Default {
                $($(#[doc = $doc])* $key: Option<Spot<String>>;)*
            }
        }
        /// What a column of a roster can be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[doc = $doc])* $variant),* }
        impl Kind for Column {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn key(self) -> &'static str { match self { $(Self::$variant => stringify!($key)),* } }
        }
        impl RawColumns {
            /// The heads that the file names.
            fn named(&self) -> Vec<(Column, &Spot<String>)> {
                let all = [$((Column::$variant, self.$key.as_ref())),*];
                all.into_iter().filter_map(|(column, head)| Some((column, head?))).collect()
            }
        }
    };
}

columns! {
    /// Who: the head of the household.
    household => Household;
    /// Village.
    village => Village;
    /// Township.
    township => Township;
    /// Floor area that is heated.
    heated_area_m2 => HeatedArea;
    /// Floor area of the whole dwelling; taken as the heated one where that has no column.
    floor_area_m2 => FloorArea;
    /// Loose coal a winter.
    loose_coal_t => LooseCoal;
    /// Price of a tonne of loose coal.
    loose_coal_cny_per_t => LooseCoalPrice;
    /// Clean briquettes a winter.
    briquette_t => Briquette;
    /// Price of a tonne of briquettes.
    briquette_cny_per_t => BriquettePrice;
    /// Pellets a winter.
    pellet_t => Pellet;
    /// Straw or firewood a winter.
    straw_t => Straw;
    /// Natural gas for heating a winter.
    natural_gas_m3 => NaturalGas;
    /// Electricity for heating a winter.
    electricity_kwh => Electricity;
    /// What the winter's heating costs in all.
    bill_cny => Bill;
    /// How many live there in winter.
    people => People;
    /// Yearly income of one person.
    income_cny_per_person_year => IncomePerPerson;
    /// Yearly income of the whole household.
    income_cny_per_household_year => IncomePerHousehold;
    /// The category that rules ask for.
    category => Category;
    /// Electricity of the rest of the house a month.
    electricity_kwh_per_month => LivingElectricity;
    /// Whether a gas main is within reach.
    gas_main => GasMain;
    /// Whether the house has radiators.
    radiators => Radiators;
}

/// A unit and the factor that brings it to the unit of the column's key.
pub type Unit = (&'static str, f64);

const AREA: &[Unit] = &[
    ("m2", 1.0),
    ("平", 1.0),
    ("平米", 1.0),
    ("平方", 1.0),
    ("平方米", 1.0),
];
/// Weights as people say them, in tonnes.
pub const TONNES: &[Unit] = &[
    ("t", 1.0),
    ("吨", 1.0),
    ("kg", 0.001),
    ("公斤", 0.001),
    ("千克", 0.001),
    ("斤", 0.0005),
];
const PER_TONNE: &[Unit] = &[
    ("元", 1.0),
    ("元/吨", 1.0),
    ("元/t", 1.0),
    ("元/斤", 2000.0),
    ("元/公斤", 1000.0),
];
const YUAN: &[Unit] = &[
    ("元", 1.0),
    ("块", 1.0),
    ("万", 1e4),
    ("万元", 1e4),
    ("元/年", 1.0),
];
const GAS: &[Unit] = &[("m3", 1.0), ("方", 1.0), ("立方", 1.0), ("立方米", 1.0)];
const POWER: &[Unit] = &[("kwh", 1.0), ("度", 1.0), ("千瓦时", 1.0), ("度/月", 1.0)];
const PEOPLE: &[Unit] = &[("人", 1.0), ("口", 1.0), ("口人", 1.0)];

impl Column {
    /// Units that its cells or its head may name.
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::HeatedArea | Self::FloorArea => AREA,
            Self::LooseCoal | Self::Briquette | Self::Pellet | Self::Straw => TONNES,
            Self::LooseCoalPrice | Self::BriquettePrice => PER_TONNE,
            Self::NaturalGas => GAS,
            Self::Electricity | Self::LivingElectricity => POWER,
            Self::Bill | Self::IncomePerPerson | Self::IncomePerHousehold => YUAN,
            Self::People => PEOPLE,
            _ => &[],
        }
    }

    /// The key of a case file that it sets, for its limits.
    pub const fn case_key(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::HeatedArea => ("house", "heated_area_m2"),
            Self::FloorArea => ("house", "floor_area_m2"),
            Self::LooseCoal => ("today", "loose_coal_t"),
            Self::LooseCoalPrice => ("today", "loose_coal_cny_per_t"),
            Self::Briquette => ("today", "briquette_t"),
            Self::BriquettePrice => ("today", "briquette_cny_per_t"),
            Self::Pellet => ("today", "pellet_t"),
            Self::Straw => ("today", "straw_t"),
            Self::NaturalGas => ("today", "natural_gas_m3"),
            Self::Electricity => ("today", "electricity_kwh"),
            Self::Bill => ("today", "bill_cny"),
            Self::People => ("household", "people"),
            Self::IncomePerPerson => ("household", "income_cny_per_person_year"),
            Self::IncomePerHousehold => ("household", "income_cny_per_household_year"),
            Self::LivingElectricity => ("uses", "electricity_kwh_per_month"),
            _ => return None,
        })
    }

    /// Heads that rosters have for it, the usual ones first.
    const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Household => &[
                "户主",
                "户主姓名",
                "姓名",
                "农户姓名",
                "申请人",
                "户名",
                "name",
            ],
            Self::Village => &[
                "村",
                "行政村",
                "村名",
                "村庄",
                "村委会",
                "所在村",
                "村居",
                "社区",
                "自然村",
                "village",
            ],
            Self::Township => &[
                "乡镇",
                "镇",
                "乡",
                "街道",
                "乡镇街道",
                "所属乡镇",
                "township",
            ],
            Self::HeatedArea => &[
                "采暖面积",
                "取暖面积",
                "供暖面积",
                "供热面积",
                "面积",
                "住房面积",
                "房屋面积",
                "住宅面积",
                "area",
            ],
            Self::FloorArea => &["建筑面积", "总面积", "房屋建筑面积"],
            Self::LooseCoal => &[
                "用煤量",
                "燃煤量",
                "散煤量",
                "散煤用量",
                "耗煤量",
                "年用煤量",
                "冬季用煤量",
                "散煤",
                "用煤",
                "煤",
                "coal",
            ],
            Self::LooseCoalPrice => &["煤价", "散煤价格", "煤炭价格", "购煤单价", "煤单价"],
            Self::Briquette => &[
                "型煤量",
                "型煤用量",
                "洁净煤量",
                "洁净型煤用量",
                "型煤",
                "洁净煤",
            ],
            Self::BriquettePrice => &["型煤价格", "型煤单价", "洁净煤价格"],
            Self::Pellet => &["颗粒量", "生物质颗粒", "颗粒用量", "生物质用量"],
            Self::Straw => &["秸秆", "柴草", "薪柴", "秸秆用量"],
            Self::NaturalGas => &["用气量", "采暖用气量", "取暖用气", "天然气用量"],
            Self::Electricity => &["采暖用电量", "取暖用电量", "取暖用电", "采暖用电"],
            Self::Bill => &["取暖费", "采暖费", "取暖支出", "取暖费用", "一冬花费"],
            Self::People => &[
                "人口",
                "家庭人口",
                "人口数",
                "家庭人数",
                "人数",
                "常住人口",
                "在册人口",
                "people",
            ],
            Self::IncomePerPerson => &["人均年收入", "人均收入", "人均纯收入", "人均可支配收入"],
            Self::IncomePerHousehold => &[
                "年收入",
                "家庭年收入",
                "户年收入",
                "全家年收入",
                "家庭收入",
                "总收入",
                "income",
            ],
            Self::Category => &[
                "户类别",
                "户类型",
                "农户类别",
                "农户类型",
                "家庭类型",
                "困难类型",
                "贫困类型",
                "类别",
                "户属性",
                "category",
            ],
            Self::LivingElectricity => &["月用电量", "月均用电量", "生活用电量", "月用电"],
            Self::GasMain => &["通气", "是否通气", "通天然气", "是否通天然气"],
            Self::Radiators => &["暖气片", "是否有暖气片", "土暖气", "有无暖气片"],
        }
    }
}

/// Parts of heads that look like a column of ours and are none.
const OTHERS: [&str; 8] = [
    "宅基地",
    "耕地",
    "土地",
    "院落",
    "庭院",
    "拟",
    "补贴",
    "补助",
];

/// A column that was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// What it is.
    pub column: Column,
    /// Its place in the row.
    pub at: usize,
    /// Its head.
    pub head: String,
    /// Its unit, as the head or the mapping has it; that of the key where nothing is said.
    pub unit: Option<String>,
    /// What brings a plain number to the unit of the key.
    pub factor: f64,
    /// Whether the mapping file named it.
    pub named: bool,
}

/// A head in plain form, and the unit that it names: `用煤量（吨）` is `用煤量` in `吨`.
fn plain(head: &str) -> (String, Option<String>) {
    let half = |c: char| match c {
        '（' | '【' | '[' => '(',
        '）' | '】' | ']' => ')',
        '／' => '/',
        '：' => ':',
        _ => c,
    };
    let text: String = head
        .chars()
        .map(half)
        .filter(|c| !c.is_whitespace())
        .collect();
    let text = text.replace('㎡', "m2").replace('㎥', "m3");
    let text = text.replace('²', "2").replace('³', "3").to_lowercase();
    let (stem, rest) = match text.split_once(['(', '/', ':', '_']) {
        Some((stem, rest)) => (stem, rest.trim_end_matches(')')),
        None => (text.as_str(), ""),
    };
    let unit = rest.trim_start_matches("单位").trim_start_matches(':');
    (stem.to_owned(), (!unit.is_empty()).then(|| unit.to_owned()))
}

/// How well a head fits a column: 1000 and more where it is one of its usual heads, less where it
/// only holds one.
fn fit(stem: &str, column: Column) -> usize {
    let heads = column.heads();
    if let Some(i) = heads.iter().position(|head| *head == stem) {
        return 2000 - i;
    }
    if OTHERS.iter().any(|other| stem.contains(other)) {
        return 0;
    }
    let held = heads
        .iter()
        .filter(|head| head.chars().count() >= 2 && stem.contains(**head));
    held.map(|head| head.chars().count()).max().unwrap_or(0)
}

/// Recognises the columns of a head row; each is taken once, the best fit first.
pub fn guess(heads: &[String]) -> Vec<Known> {
    let mut fits: Vec<(usize, usize, Column)> = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        let (stem, _) = plain(head);
        for &column in Column::ALL {
            let fit = fit(&stem, column);
            if fit > 0 {
                fits.push((fit, at, column));
            }
        }
    }
    fits.sort_by_key(|&(fit, at, column)| (std::cmp::Reverse(fit), at, column));
    let mut known: Vec<Known> = Vec::new();
    for (_, at, column) in fits {
        if known.iter().all(|it| it.at != at && it.column != column) {
            known.push(recognised(heads, at, column, false));
        }
    }
    known.sort_by_key(|it| it.at);
    known
}

fn recognised(heads: &[String], at: usize, column: Column, named: bool) -> Known {
    let head = heads.get(at).cloned().unwrap_or_default();
    let (_, unit) = plain(&head);
    let found = unit.as_deref().and_then(|unit| unit_of(column, unit));
    Known {
        column,
        at,
        head,
        unit: found.map(|(name, _)| name.to_owned()),
        factor: found.map_or(1.0, |(_, factor)| factor),
        named,
    }
}

fn unit_of(column: Column, unit: &str) -> Option<Unit> {
    let unit = unit.to_lowercase().replace('²', "2").replace('³', "3");
    column
        .units()
        .iter()
        .copied()
        .find(|(name, _)| *name == unit)
}

/// The columns of a head row by a mapping file, the rest guessed.
pub fn mapped(heads: &[String], mapping: &RawMapping, problems: &mut Problems) -> Vec<Known> {
    let mut named: Vec<Known> = Vec::new();
    for (column, head) in mapping.columns.named() {
        match heads.iter().position(|own| own.trim() == head.value.trim()) {
            Some(at) => named.push(recognised(heads, at, column, true)),
            None => {
                let kind = ProblemKind::NotOneOf {
                    value: head.value.clone(),
                    nearest: nearest(&head.value, heads.iter().map(String::as_str)),
                    allowed: heads.to_vec(),
                };
                problems.error(head.place.clone(), kind);
            }
        }
    }
    for guess in guess(heads) {
        if named
            .iter()
            .all(|it| it.at != guess.at && it.column != guess.column)
        {
            named.push(guess);
        }
    }
    for (key, unit) in &mapping.units {
        set_unit(key, unit, &mut named, problems);
    }
    named.sort_by_key(|it| it.at);
    named
}

fn set_unit(key: &str, unit: &Spot<String>, known: &mut [Known], problems: &mut Problems) {
    let not_one_of = |value: &str, allowed: Vec<String>, place: &Place, out: &mut Problems| {
        let nearest = nearest(value, allowed.iter().map(String::as_str));
        let value = value.to_owned();
        let kind = ProblemKind::NotOneOf {
            value,
            nearest,
            allowed,
        };
        out.error(place.clone(), kind);
    };
    let Some(column) = Column::from_key(key) else {
        let allowed = Column::ALL.iter().map(|it| it.key().to_owned()).collect();
        return not_one_of(key, allowed, &unit.place, problems);
    };
    let Some((name, factor)) = unit_of(column, &unit.value) else {
        let allowed = column.units().iter().map(|(name, _)| (*name).to_owned());
        return not_one_of(&unit.value, allowed.collect(), &unit.place, problems);
    };
    for it in known.iter_mut().filter(|it| it.column == column) {
        it.unit = Some(name.to_owned());
        it.factor = factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(heads: &[&str]) -> Vec<(usize, Column, f64)> {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let known = guess(&heads);
        known
            .iter()
            .map(|it| (it.at, it.column, it.factor))
            .collect()
    }

    #[test]
    fn the_heads_of_real_rosters_are_known() {
        let heads = [
            "序号",
            "乡镇",
            "行政村",
            "组",
            "户主姓名",
            "身份证号",
            "联系电话",
            "家庭人口（人）",
            "户类别",
            "采暖面积（㎡）",
            "建筑面积(平方米)",
            "用煤量（吨）",
            "煤价（元/吨）",
            "年收入（万元）",
            "备注",
        ];
        assert_eq!(
            guessed(&heads),
            [
                (1, Column::Township, 1.0),
                (2, Column::Village, 1.0),
                (4, Column::Household, 1.0),
                (7, Column::People, 1.0),
                (8, Column::Category, 1.0),
                (9, Column::HeatedArea, 1.0),
                (10, Column::FloorArea, 1.0),
                (11, Column::LooseCoal, 1.0),
                (12, Column::LooseCoalPrice, 1.0),
                (13, Column::IncomePerHousehold, 10_000.0),
            ]
        );
    }

    #[test]
    fn a_head_that_only_looks_alike_is_left_alone() {
        assert_eq!(guessed(&["宅基地面积", "拟改造面积"]), []);
        assert_eq!(
            guessed(&["冬季烧煤量 用煤量/斤"]),
            [(0, Column::LooseCoal, 0.0005)]
        );
    }

    #[test]
    fn of_two_areas_the_heated_one_counts() {
        assert_eq!(
            guessed(&["房屋面积", "取暖面积"]),
            [(1, Column::HeatedArea, 1.0)]
        );
    }
}
