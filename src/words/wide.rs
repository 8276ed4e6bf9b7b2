//! Loops over hours with the widest vectors that the processor has.
//!
//! The program is built for every processor of its family; the loops of a winter are built once
//! more for wide vectors, and which form runs is found out when the program starts. No form fuses
//! a product with a sum or adds in another order, so that all give the same bits.

/// Work that is built for each width of vectors.
pub(crate) trait Wide {
    /// What it gives.
    type Output;
    /// Does the work. Must be `#[inline(always)]`, and so must what it calls in its loops: only
    /// what is inlined is built for wide vectors.
    fn run(self) -> Self::Output;
}

/// Does the work with the widest vectors of this processor.
pub(crate) fn wide<W: Wide>(work: W) -> W::Output {
    pulp::Arch::new().dispatch(Widest(work))
}

struct Widest<W>(W);

impl<W: Wide> pulp::NullaryFnOnce for Widest<W> {
    type Output = W::Output;

    #[inline(always)]
    fn call(self) -> W::Output {
        self.0.run()
    }
}

pub(crate) use pulp::Simd;

/// A vector of the width of `S`.
pub(crate) type F64s<S> = <S as Simd>::f64s;
/// A truth in each lane of a vector.
pub(crate) type M64s<S> = <S as Simd>::m64s;

/// Work that is written in vectors of any width.
pub(crate) trait Vectors {
    /// Does the work. Must be `#[inline(always)]`, as [`Wide::run`].
    fn run<S: Simd>(self, simd: S);
}

/// Does the work with the widest vectors of this processor.
pub(crate) fn vectors<V: Vectors>(work: V) {
    pulp::Arch::new().dispatch(InVectors(work));
}

struct InVectors<V>(V);

impl<V: Vectors> pulp::WithSimd for InVectors<V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.0.run(simd);
    }
}

/// Entries of a table that vectors look values up in.
pub(crate) const TABLE: usize = 32;

/// The entries of a table at places that stand in the last bits of each lane.
#[inline(always)]
pub(crate) fn looked_up<S: Simd>(simd: S, table: &[f64; TABLE], places: F64s<S>) -> F64s<S> {
    let mut each = [0.0; 8];
    S::as_mut_simd_f64s(&mut each).0[0] = places;
    if let Some(found) = in_registers(simd, table, each) {
        return S::as_simd_f64s(&found).0[0];
    }
    for place in each.iter_mut().take(S::F64_LANES) {
        *place = table[place.to_bits() as usize % TABLE];
    }
    S::as_simd_f64s(&each).0[0]
}

/// The same where a vector holds eight numbers. A table of 32 fills four of them: the last four bits
/// of a place choose within two, the fifth between the pairs.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn in_registers<S: Simd>(simd: S, table: &[f64; TABLE], places: [f64; 8]) -> Option<[f64; 8]> {
    use pulp::x86::V4;
    let v4 = (&simd as &dyn std::any::Any).downcast_ref::<V4>()?;
    let rows = V4::as_simd_f64s(table).0;
    let of = |low: usize| {
        let (a, b) = (pulp::cast(rows[low]), pulp::cast(rows[low + 1]));
        let found = v4.avx512f._mm512_permutex2var_pd(a, pulp::cast(places), b);
        pulp::cast(found)
    };
    let fifth = v4.and_u64x8(pulp::cast(places), v4.splat_u64x8(16));
    let upper = v4.cmp_gt_u64x8(fifth, v4.splat_u64x8(0));
    Some(pulp::cast(v4.select_f64x8(upper, of(2), of(0))))
}

/// No other processor's vectors are as wide.
#[cfg(not(target_arch = "x86_64"))]
const fn in_registers<S: Simd>(_: S, _: &[f64; TABLE], _: [f64; 8]) -> Option<[f64; 8]> {
    None
}
