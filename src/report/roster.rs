//! What a roster gives: rows with their results, rows that were refused, and the summary.

pub mod html;
pub mod parquet;
pub mod results;
pub mod summary;
pub mod workbook;

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system said no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The rows between could not be read again.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The workbook could not be made.
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The Parquet file could not be made.
    #[error(transparent)]
    Parquet(#[from] ::parquet::errors::ParquetError),
}
