//! Closed lists of kinds: heaters, carriers, payers, households, dwellings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A closed list whose members have a file key (snake case) and can be listed.
pub trait Kind: Copy + Sized + 'static {
    /// Every member, in the order in which they are listed to users.
    const ALL: &'static [Self];
    /// The key that files use.
    fn key(self) -> &'static str;
    /// The member with this key.
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant),+ }
        impl Kind for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn key(self) -> &'static str { match self { $(Self::$variant => $key),+ } }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.key()) }
        }
    };
}
pub(crate) use kinds;

kinds! {
    /// Kinds of heater. One file of `technology` each.
    HeaterKind {
        /// 散煤炉: a stove or kang stove that burns loose coal.
        CoalStove = "coal_stove",
        /// 洁净煤炉: a stove for clean briquettes.
        BriquetteStove = "briquette_stove",
        /// 生物质成型燃料炉: pellet stove or boiler.
        BiomassStove = "biomass_stove",
        /// 电蓄热: storage heater or storage boiler.
        ElectricStorage = "electric_storage",
        /// 直热式电暖: panels, film, electric boiler.
        DirectElectric = "direct_electric",
        /// 空气源热泵热水机.
        HeatPumpWater = "heat_pump_water",
        /// 低温热风机, a room unit.
        HeatPumpAir = "heat_pump_air",
        /// 太阳能+电辅.
        SolarElectric = "solar_electric",
        /// 太空能恒热站: an air-source or solar-assisted heat pump in a cabinet.
        SolarStation = "solar_station",
        /// 燃气壁挂炉.
        GasBoiler = "gas_boiler",
        /// 液化石油气壁挂炉.
        LpgBoiler = "lpg_boiler",
        /// 集中供热.
        DistrictHeat = "district_heat",
    }
}

kinds! {
    /// What is burnt, drawn or delivered.
    Carrier {
        /// Grid electricity, kWh.
        Electricity = "electricity",
        /// Piped natural gas, m3.
        NaturalGas = "natural_gas",
        /// Bottled or tank LPG, kg.
        Lpg = "lpg",
        /// 散煤, t.
        LooseCoal = "loose_coal",
        /// 洁净型煤, t.
        Briquette = "briquette",
        /// 生物质颗粒, t.
        Pellet = "pellet",
        /// 秸秆 or firewood, t; often free but for the hours that it takes.
        Straw = "straw",
        /// 集中供热, by area or by heat.
        NetworkHeat = "network_heat",
    }
}

kinds! {
    /// Who pays a line.
    Payer {
        /// 农户.
        Household = "household",
        /// 中央.
        Central = "central",
        /// 省, 自治区.
        Province = "province",
        /// 市.
        City = "city",
        /// 县, 区.
        County = "county",
        /// 乡镇.
        Township = "township",
        /// 企业: grid, gas or PV firm, maker.
        Operator = "operator",
    }
}

kinds! {
    /// Household categories that rules ask for.
    Category {
        /// 一般户.
        General = "general",
        /// 低保户.
        MinimumLiving = "minimum_living",
        /// 特困(五保)户.
        DestituteSupport = "destitute_support",
        /// 低收入户.
        LowIncome = "low_income",
        /// 脱贫户.
        OutOfPoverty = "out_of_poverty",
        /// 监测户.
        Monitored = "monitored",
        /// 残疾人户.
        Disabled = "disabled",
        /// 烈属, 优抚户.
        Martyr = "martyr",
    }
}

kinds! {
    /// Kinds of dwelling.
    DwellingKind {
        /// 农村平房.
        Farmhouse = "farmhouse",
        /// 农村楼房.
        FarmhouseStoreys = "farmhouse_storeys",
        /// 城镇楼房单元.
        Flat = "flat",
        /// 棚户, 城中平房.
        UrbanBungalow = "urban_bungalow",
    }
}

kinds! {
    /// What the comparison holds equal.
    Service {
        /// Each option gives the heat that the house gets now.
        Today = "today",
        /// Set temperature and hours, whole heated area.
        Standard = "standard",
        /// Only the rooms in use.
        Zoned = "zoned",
    }
}

kinds! {
    /// What an item of an installation is; subsidy rules name these.
    Item {
        /// The machine itself (主机, 炉具).
        HeatSource = "heat_source",
        /// Radiators, floor coils, fan coils.
        Emitters = "emitters",
        /// Fitting the machine.
        Installation = "installation",
        /// 户内线路.
        IndoorWiring = "indoor_wiring",
        /// 燃气初装, 开口费, grid or heat-network connection.
        Connection = "connection",
        /// A cooking stove that comes with gas.
        CookingStove = "cooking_stove",
        /// Tank or cylinder group.
        Tank = "tank",
        /// Solar collectors.
        Collector = "collector",
        /// 外墙, 屋顶, 门窗.
        Envelope = "envelope",
        /// Rooftop PV.
        Pv = "pv",
    }
}

impl Carrier {
    /// The unit in which people buy it, as written after a quantity.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Electricity | Self::NetworkHeat => "kWh",
            Self::NaturalGas => "m3",
            Self::Lpg => "kg",
            Self::LooseCoal | Self::Briquette | Self::Pellet | Self::Straw => "t",
        }
    }
}

/// A name in both languages.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, JsonSchema, Deserialize,
)]
pub struct Name {
    /// Chinese, shown by default.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Name {
    /// The same word in both languages.
    pub fn same(text: &str) -> Self {
        Self {
            zh: text.into(),
            en: text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_find_their_kinds() {
        for kind in HeaterKind::ALL {
            assert_eq!(HeaterKind::from_key(kind.key()), Some(*kind));
        }
        assert_eq!(HeaterKind::from_key("heatpump"), None);
    }
}
