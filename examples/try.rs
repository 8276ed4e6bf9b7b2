use qingnuan::comparison::{OptionResult, compare};
use qingnuan::input::{case::parse_case, household::household, library::Library, setting::*};
fn main() {
    let t0 = std::time::Instant::now();
    let place = std::env::args().nth(1).unwrap_or("红寺堡".into());
    let lib = Library::bundled();
    let text =
        format!("place = \"{place}\"\n[house]\nheated_area_m2 = 100\n[today]\nloose_coal_t = 4\n");
    let (case, p) = parse_case("c.toml", std::path::Path::new(""), &text);
    let case = case.unwrap_or_else(|| panic!("{p:?}"));
    let chain = lib.resolve_place(&place).unwrap();
    let t1 = std::time::Instant::now();
    let piw = match place_in_winter(
        &lib,
        &chain,
        &Wishes {
            exclude: vec![qingnuan::input::record::Spot {
                value: "heat_pump_air_insulated".into(),
                place: Default::default(),
            }],
            ..Default::default()
        },
    ) {
        Ok(x) => x,
        Err(p) => {
            for x in p.0 {
                println!("{x:?}");
            }
            return;
        }
    };
    let t2 = std::time::Instant::now();
    let hh = match household(&case, &piw) {
        Ok(x) => x,
        Err(p) => {
            println!("{p:#?}");
            return;
        }
    };
    let t3 = std::time::Instant::now();
    let c = compare(&piw.setting, &hh).unwrap();
    let t4 = std::time::Instant::now();
    for _ in 0..20 {
        let _ = compare(&piw.setting, &hh).unwrap();
    }
    let t5 = std::time::Instant::now();
    println!("{:#?}", c.demand);
    println!("today {:?}", c.today.headline);
    for o in &c.options {
        match o {
            OptionResult::Possible(a) => println!(
                "{:24} {:?} x{} install {} self {} winter {} vs {} after {} grants {} refus {} unmet {:.0} elec {:.0} perf {:.2} lines {}",
                a.id,
                a.equipment.as_ref().map(|e| e.product.clone()),
                a.equipment.as_ref().unwrap().count,
                a.headline.install_price,
                a.headline.self_pay,
                a.headline.winter_cost,
                a.headline.versus_today,
                a.headline.after_subsidy,
                a.grants.len(),
                a.refusals.len(),
                a.operation.unmet_kwh,
                a.operation.electricity_kwh,
                a.operation.performance,
                a.ledger.lines.len()
            ),
            OptionResult::Impossible { id, obstacles, .. } => println!("{id} {obstacles:?}"),
        }
    }
    println!(
        "setup {:?} place {:?} household {:?} compare {:?} avg {:?}",
        t1 - t0,
        t2 - t1,
        t3 - t2,
        t4 - t3,
        (t5 - t4) / 20
    );
}
