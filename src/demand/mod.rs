//! The heat that a house needs, hour by hour through a heating season.
//!
//! [`BuildingWeather`] is made once per station and season and shared by all households. Three
//! methods give a [`HeatDemand`]: [`simulate`] (ISO 13790 simple hourly method), [`index_demand`]
//! (面积热指标) and [`metered`] (today's fuel). `docs/model/demand.md` has the equations.

mod abreast;
mod archetype;
mod building;
mod exposure;
mod heat;
mod memo;
mod methods;
mod network;
mod simulation;

pub use archetype::{Archetype, HouseFacts};
pub use building::{Building, Facing, Floor, Opaque, Retrofit, STANDARD_R_SE, Window};
pub use exposure::{BuildingWeather, OuterConvection, WARM_UP_DAYS};
pub use heat::{HeatDemand, Schedule};
pub use memo::{Simulated, Simulations};
pub use methods::{
    Metered, delivered_heat, design_load, index_demand, loss_coefficient, metered, scaled,
};
pub use network::{Network, Response, STAR_W_M2K, Sources};
pub use simulation::{simulate, simulate_into};
