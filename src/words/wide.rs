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
