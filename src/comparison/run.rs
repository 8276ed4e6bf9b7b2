//! What the machine of an option did in the winters of an account, before anything is paid.

use crate::comparison::account::{Common, Plan};
use crate::comparison::later::Ahead;
use crate::comparison::setting::Setting;
use crate::technology::{Duty, Heater, Job, Operation, Plant};

/// The winters of a machine for the same heat: the first one, and those later ones in which it
/// draws at other hours because other hours are cheap then.
#[derive(Debug, Default)]
pub struct Run {
    first: Operation,
    /// One for each of [`Common::ahead`]; only those that are run again are filled.
    later: Vec<Operation>,
}

/// Whether a later winter of a heater is another than the first.
fn runs_again(heater: &Heater, ahead: &Ahead<'_>) -> bool {
    heater.follows_prices() && !ahead.same_hours
}

impl Run {
    /// The first winter.
    pub const fn first(&self) -> &Operation {
        &self.first
    }

    /// The winter at the later prices number `at` of [`Common::ahead`].
    pub fn ahead(&self, heater: &Heater, ahead: &Ahead<'_>, at: usize) -> &Operation {
        let again = self.later.get(at).filter(|_| runs_again(heater, ahead));
        again.unwrap_or(&self.first)
    }

    /// The winters that are to be run for the heat of the plan at the service of the comparison.
    pub fn jobs<'j>(
        &'j mut self,
        common: &Common<'j>,
        plan: &Plan<'j>,
    ) -> impl Iterator<Item = Job<'j>> + use<'j> {
        let heater = &plan.choice.product.heater;
        let count = common.ahead.len();
        self.later
            .resize_with(count.max(self.later.len()), Operation::default);
        let (plant, duty) = (
            plan.plant,
            duty(common, plan, common.pricing.cheap, plan.heat_kw),
        );
        let job = move |duty, out| Job {
            heater,
            plant,
            duty,
            out,
        };
        let later = common.ahead.iter().zip(&mut self.later);
        let later = later.filter(move |(ahead, _)| runs_again(heater, ahead));
        let later = later.map(move |(ahead, out)| {
            let cheap = ahead.pricing.cheap;
            job(Duty { cheap, ..duty }, out)
        });
        std::iter::once(job(duty, &mut self.first)).chain(later)
    }
}

/// The first winter of a plan as it would stand at the standard service.
pub fn standard_job<'j>(common: &Common<'j>, plan: &Plan<'j>, out: &'j mut Operation) -> Job<'j> {
    Job {
        heater: &plan.choice.product.heater,
        plant: plan.standard_plant,
        duty: duty(common, plan, common.pricing.cheap, plan.standard_kw),
        out,
    }
}

fn duty<'d>(
    common: &Common<'d>,
    plan: &Plan<'_>,
    cheap: &'d [bool],
    heat_kw: &'d [f64],
) -> Duty<'d> {
    Duty {
        machines: Some(common.machines),
        ..duty_alone(common.setting, plan, cheap, heat_kw)
    }
}

/// The winter's duty of a plan's machine for some heat, with no machines of other options at hand.
pub fn duty_alone<'d>(
    setting: &'d Setting,
    plan: &Plan<'_>,
    cheap: &'d [bool],
    heat_kw: &'d [f64],
) -> Duty<'d> {
    let weather = &setting.weather;
    let tilt = plan.choice.product.collector_tilt_deg;
    let tilt = tilt.map(|deg| deg.round() as i32);
    let sun = tilt.and_then(|t| weather.collectors.iter().find(|(own, _)| *own == t));
    Duty {
        heat_kw,
        t_out_c: &weather.t_out_c,
        rh_pct: &weather.rh_pct,
        cheap,
        collector_w_m2: sun.map(|(_, series)| series.as_slice()),
        collector_tilt_deg: tilt,
        machines: None,
    }
}

/// The machine that ran last.
#[derive(Debug, Default)]
pub struct Known {
    /// Its product, by where it lies in memory, and how it stands for both services.
    of: Option<(usize, Plant, Plant)>,
}

impl Known {
    /// Whether the machine that ran last is that of a plan, as it stands and for its heat; from now
    /// on that of the plan is. Envelope works change the heat, so that their runs are never used
    /// again. All plans must be of one place, whose products stay where they are.
    pub fn is_of(&mut self, plan: &Plan<'_>) -> bool {
        let product = std::ptr::from_ref(plan.choice.product).addr();
        let now = (product, plan.plant, plan.standard_plant);
        let now = plan.measures.is_empty().then_some(now);
        let same = now.is_some() && now == self.of;
        self.of = now;
        same
    }
}
