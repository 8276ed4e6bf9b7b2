//! A roster's results as a Parquet file: text columns as strings, numbers as doubles.

use std::io::{Read, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use crate::report::roster::WriteError;
use crate::report::roster::results::Form;

/// Rows of a group: what is held at a time.
const GROUP: usize = 16_384;

/// Writes the rows of a CSV (heads in its first row) as Parquet, group by group.
///
/// # Errors
/// What cannot be read or written.
pub fn write<W: Write + Send>(rows: impl Read, forms: &[Form], to: W) -> Result<W, WriteError> {
    let mut reader = csv::Reader::from_reader(rows);
    let heads: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let schema = Arc::new(schema(&heads, forms)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("qingnuan {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut file = SerializedFileWriter::new(to, schema, Arc::new(properties))?;
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); forms.len()];
    let mut held = 0;
    for record in reader.records() {
        for (column, cell) in columns.iter_mut().zip(record?.iter()) {
            column.push(cell.to_owned());
        }
        held += 1;
        if held == GROUP {
            group(&mut columns, forms, file.next_row_group()?)?;
            held = 0;
        }
    }
    if held > 0 {
        group(&mut columns, forms, file.next_row_group()?)?;
    }
    Ok(file.into_inner()?)
}

fn schema(heads: &[String], forms: &[Form]) -> Result<Type, WriteError> {
    let mut fields = Vec::with_capacity(heads.len());
    for (i, (head, form)) in heads.iter().zip(forms).enumerate() {
        // A column needs a name, and one of its own.
        let before = heads.iter().take(i).filter(|other| *other == head).count();
        let name = match (head.as_str(), before) {
            ("", _) => format!("column_{}", i + 1),
            (head, 0) => head.to_owned(),
            (head, n) => format!("{head}_{}", n + 1),
        };
        let field = match form {
            Form::Text => Type::primitive_type_builder(&name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String)),
            Form::Number => Type::primitive_type_builder(&name, Physical::DOUBLE),
        };
        fields.push(Arc::new(
            field.with_repetition(Repetition::OPTIONAL).build()?,
        ));
    }
    Ok(Type::group_type_builder("roster")
        .with_fields(fields)
        .build()?)
}

/// Writes the columns that are held and empties them.
fn group<W: Write + Send>(
    columns: &mut [Vec<String>],
    forms: &[Form],
    mut group: SerializedRowGroupWriter<'_, W>,
) -> Result<(), WriteError> {
    for (cells, form) in columns.iter_mut().zip(forms) {
        let Some(mut column) = group.next_column()? else {
            break;
        };
        match form {
            Form::Text => {
                let levels: Vec<i16> = cells.iter().map(|it| i16::from(!it.is_empty())).collect();
                let values: Vec<ByteArray> = cells
                    .iter()
                    .filter(|it| !it.is_empty())
                    .map(|it| ByteArray::from(it.as_str()))
                    .collect();
                column
                    .typed::<ByteArrayType>()
                    .write_batch(&values, Some(&levels), None)?;
            }
            Form::Number => {
                let numbers = cells.iter().map(|it| it.parse::<f64>().ok());
                let levels: Vec<i16> = numbers.clone().map(|it| i16::from(it.is_some())).collect();
                let values: Vec<f64> = numbers.flatten().collect();
                column
                    .typed::<DoubleType>()
                    .write_batch(&values, Some(&levels), None)?;
            }
        }
        column.close()?;
        cells.clear();
    }
    group.close()?;
    Ok(())
}
