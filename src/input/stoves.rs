//! How well stoves did in the houses of a place: households that are alike share it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::demand::HeatDemand;
use crate::technology::Plant;
use crate::technology::product::Product;

/// Seasonal efficiencies of stoves, by house.
#[derive(Debug, Default)]
pub struct Stoves {
    kept: BTreeMap<u64, Vec<StoveInHouse>>,
    count: usize,
}

#[derive(Debug)]
struct StoveInHouse {
    product: String,
    plant: Plant,
    heat: Arc<HeatDemand>,
    efficiency: Option<f64>,
}

/// Most efficiencies that are kept.
const MOST_STOVES: usize = 400;

impl Stoves {
    /// What is kept of a stove, or what `find` finds.
    pub fn efficiency(
        &mut self,
        product: &Product,
        plant: &Plant,
        heat: &Arc<HeatDemand>,
        find: impl FnOnce() -> Option<f64>,
    ) -> Option<f64> {
        let key = plant.design_load.value().to_bits();
        let same = |it: &&StoveInHouse| {
            Arc::ptr_eq(&it.heat, heat) && it.product == product.id && it.plant == *plant
        };
        if let Some(kept) = self.kept.get(&key).and_then(|all| all.iter().find(same)) {
            return kept.efficiency;
        }
        if self.count >= MOST_STOVES {
            self.kept.clear();
            self.count = 0;
        }
        self.count += 1;
        let efficiency = find();
        self.kept.entry(key).or_default().push(StoveInHouse {
            product: product.id.clone(),
            plant: *plant,
            heat: Arc::clone(heat),
            efficiency,
        });
        efficiency
    }
}
