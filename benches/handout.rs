//! Pages of a village: 300 households as one PDF, and one as a picture. Needs `--features handout`.

// A bench may fail as a test may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

fn main() {
    #[cfg(feature = "handout")]
    divan::main();
}

#[cfg(feature = "handout")]
mod pages {
    use divan::black_box;
    use jiff::civil::{Date, date};
    use qingnuan::cli::compute::comparison;
    use qingnuan::input::case::read_case;
    use qingnuan::input::county::County;
    use qingnuan::input::library::Library;
    use qingnuan::report::handout::Subject;
    use qingnuan::report::handout::content::{Page, page};
    use qingnuan::report::handout::page::{Paper, Press};
    use qingnuan::report::messages::{Lang, Messages};

    const HOUSEHOLDS: usize = 300;
    const DAY: Date = date(2026, 11, 24);

    /// Pages that differ in their numbers, so that no work is saved.
    fn pages(count: usize) -> Vec<Page> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let case = read_case(&folder.join("examples/huairou")).case;
        let mut case = case.expect("the example is good");
        let (library, messages) = (Library::bundled(), Messages::new(Lang::Zh));
        let county = County::default();
        let make = |i: usize| {
            case.house.heated_area_m2.value = 60.0 + i as f64;
            let comparison = comparison(&case, &library).expect("the example is good");
            let household = format!("第{i}户");
            let subject = Subject {
                comparison: &comparison,
                household: &household,
                date: DAY,
                county: &county,
            };
            page(&subject, &messages)
        };
        (0..count).map(make).collect()
    }

    fn press(paper: Paper) -> Press {
        Press::new(paper, None, &[], None).expect("our own template is good")
    }

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn village_pdf(bencher: divan::Bencher) {
        let pages = pages(HOUSEHOLDS);
        let press = press(Paper::A4);
        bencher
            .counter(divan::counter::ItemsCount::new(HOUSEHOLDS))
            .bench_local(|| black_box(press.pdf(&pages, DAY).expect("it can be set")));
    }

    #[divan::bench(sample_count = 10, sample_size = 1)]
    fn phone_picture(bencher: divan::Bencher) {
        let pages = pages(1);
        let press = press(Paper::Phone);
        bencher.bench_local(|| black_box(press.png(&pages[0]).expect("it can be set")));
    }
}
