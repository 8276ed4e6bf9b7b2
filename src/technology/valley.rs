//! Day-ahead control of a store: what the hours between two valley runs will ask.

use crate::technology::duty::Duty;

/// Heat that a store must hold when a valley run ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forecast {
    /// Most heat that the store can give in an hour, kWh.
    pub discharge: f64,
    /// One over the share of the stored heat that is left after an hour.
    per_keep: f64,
    run_end: usize,
    needed: f64,
}

impl Forecast {
    pub(crate) fn new(discharge: f64, keep: f64) -> Self {
        Self {
            discharge,
            per_keep: 1.0 / keep.max(1e-6),
            run_end: 0,
            needed: 0.0,
        }
    }

    /// Heat to have in store at the end of the valley run that hour `i` belongs to, with the losses
    /// until it is used, kWh. Each hour of the winter is looked at once, if asked in order.
    #[inline(always)]
    pub(crate) fn needed_after(&mut self, duty: &Duty<'_>, i: usize) -> f64 {
        if i < self.run_end {
            return self.needed;
        }
        let hours = duty.hours();
        let run = |from: usize, class: bool| {
            let rest = duty.cheap.get(from..hours).unwrap_or(&[]);
            from + rest.iter().take_while(|&&cheap| cheap == class).count()
        };
        self.run_end = run(i, true);
        let next = run(self.run_end, false);
        let gap = duty.heat_kw.get(self.run_end..next).unwrap_or(&[]);
        let per_keep = self.per_keep;
        let back = |held: f64, heat: &f64| (held + heat.max(0.0).min(self.discharge)) * per_keep;
        self.needed = gap.iter().rev().fold(0.0, back);
        self.needed
    }
}
