//! A small column writer and reader over the parquet crate, without arrow.

use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

/// A column with its values.
pub(crate) struct Column {
    pub name: String,
    pub doc: String,
    pub data: Data,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Whole(Vec<i64>),
    Real(Vec<Option<f64>>),
    Text(Vec<String>),
}

impl Data {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Data::Whole(v) => v.len(),
            Data::Real(v) => v.len(),
            Data::Text(v) => v.len(),
        }
    }

    /// Appends values of another column of the same type.
    pub fn extend(&mut self, other: &Data, rows: Range<usize>) -> Result<(), ParquetError> {
        match (self, other) {
            (Data::Whole(own), Data::Whole(v)) => own.extend_from_slice(&v[rows]),
            (Data::Real(own), Data::Real(v)) => own.extend_from_slice(&v[rows]),
            (Data::Text(own), Data::Text(v)) => own.extend_from_slice(&v[rows]),
            _ => return Err(ParquetError::General("its columns are of other types".into())),
        }
        Ok(())
    }
}

impl Column {
    pub fn whole(name: &str, doc: &str, values: Vec<i64>) -> Column {
        Column::new(name, doc, Data::Whole(values))
    }
    pub fn real(name: &str, doc: &str, values: Vec<Option<f64>>) -> Column {
        Column::new(name, doc, Data::Real(values))
    }
    pub fn text(name: &str, doc: &str, values: Vec<String>) -> Column {
        Column::new(name, doc, Data::Text(values))
    }
    fn new(name: &str, doc: &str, data: Data) -> Column {
        Column {
            name: name.into(),
            doc: doc.into(),
            data,
        }
    }
}

/// A Parquet file that is written one group of rows after the other.
pub(crate) struct TableFile<W: Write + Send> {
    file: SerializedFileWriter<W>,
}

impl<W: Write + Send> TableFile<W> {
    /// Begins a file with these columns (their values are not written); column meanings and `notes` go into its metadata.
    pub fn new(out: W, columns: &[Column], notes: &[(&str, String)]) -> Result<Self, ParquetError> {
        let field = |c: &Column| match c.data {
            Data::Whole(_) => format!("REQUIRED INT64 {};", c.name),
            Data::Real(_) => format!("OPTIONAL DOUBLE {};", c.name),
            Data::Text(_) => format!("REQUIRED BYTE_ARRAY {} (UTF8);", c.name),
        };
        let schema = format!(
            "message lamplight {{ {} }}",
            columns.iter().map(field).collect::<Vec<_>>().join(" ")
        );
        let docs = columns
            .iter()
            .map(|c| KeyValue::new(format!("column.{}", c.name), c.doc.clone()));
        let notes = notes.iter().map(|(k, v)| KeyValue::new((*k).to_string(), v.clone()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("lamplight ", env!("CARGO_PKG_VERSION")).into())
            .set_key_value_metadata(Some(notes.chain(docs).collect()))
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(parse_message_type(&schema)?), Arc::new(properties))?;
        Ok(TableFile { file })
    }

    /// Begins a file with the columns and notes of another.
    pub fn like(out: W, file: &File) -> Result<Self, ParquetError> {
        let reader = SerializedFileReader::new(file.try_clone()?)?;
        let of = reader.metadata().file_metadata();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("lamplight ", env!("CARGO_PKG_VERSION")).into())
            .set_key_value_metadata(of.key_value_metadata().cloned())
            .build();
        let schema = of.schema_descr().root_schema_ptr();
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
        Ok(TableFile { file })
    }

    /// Writes a group of rows; columns have equal length and the order of the file.
    pub fn group(&mut self, columns: &[Column]) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else { break };
            match &column.data {
                Data::Whole(v) => writer.typed::<Int64Type>().write_batch(v, None, None).map(drop)?,
                Data::Real(v) => {
                    let levels: Vec<i16> = v.iter().map(|x| i16::from(x.is_some())).collect();
                    let values: Vec<f64> = v.iter().flatten().copied().collect();
                    writer
                        .typed::<DoubleType>()
                        .write_batch(&values, Some(&levels), None)
                        .map(drop)?;
                }
                Data::Text(v) => {
                    let values: Vec<ByteArray> = v.iter().map(|s| ByteArray::from(s.as_str())).collect();
                    writer
                        .typed::<ByteArrayType>()
                        .write_batch(&values, None, None)
                        .map(drop)?;
                }
            }
            writer.close()?;
        }
        group.close().map(drop)
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(self) -> Result<W, ParquetError> {
        self.file.into_inner()
    }
}

/// Writes columns of equal length as one Parquet file; column meanings and `notes` go into its metadata.
pub(crate) fn write_columns(
    out: impl Write + Send,
    columns: &[Column],
    notes: &[(&str, String)],
) -> Result<(), ParquetError> {
    let mut file = TableFile::new(out, columns, notes)?;
    file.group(columns)?;
    file.finish().map(drop)
}

/// Columns of a file, one group of rows after the other.
pub(crate) struct Groups {
    reader: SerializedFileReader<File>,
    /// Where each of the columns is.
    places: Vec<usize>,
    next: usize,
}

impl Groups {
    /// Opens a file to read these columns.
    pub fn open(file: File, names: &[&str]) -> Result<Groups, String> {
        let reader = SerializedFileReader::new(file).map_err(|e| e.to_string())?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let find = |name: &&str| {
            let at = (0..schema.num_columns()).find(|i| schema.column(*i).name() == *name);
            at.ok_or_else(|| format!("there is no column {name}"))
        };
        let places = names.iter().map(find).collect::<Result<_, _>>()?;
        Ok(Groups {
            reader,
            places,
            next: 0,
        })
    }

    /// Opens a file to read all its columns.
    pub fn open_whole(file: File) -> Result<Groups, String> {
        let reader = SerializedFileReader::new(file).map_err(|e| e.to_string())?;
        let columns = reader.metadata().file_metadata().schema_descr().num_columns();
        Ok(Groups {
            reader,
            places: (0..columns).collect(),
            next: 0,
        })
    }

    /// The columns of the next group of rows.
    pub fn next(&mut self) -> Result<Option<Vec<Data>>, String> {
        if self.next >= self.reader.num_row_groups() {
            return Ok(None);
        }
        let say = |e: ParquetError| e.to_string();
        let group = self.reader.get_row_group(self.next).map_err(say)?;
        self.next += 1;
        let read = |i: &usize| read_column(group.as_ref(), *i).map_err(say);
        self.places.iter().map(read).collect::<Result<_, _>>().map(Some)
    }
}

/// Reads columns of every group of rows of a file, one group after the other.
pub(crate) fn read_groups(
    file: File,
    names: &[&str],
    mut each: impl FnMut(Vec<Data>) -> Result<(), String>,
) -> Result<(), String> {
    let mut groups = Groups::open(file, names)?;
    while let Some(data) = groups.next()? {
        each(data)?;
    }
    Ok(())
}

fn read_column(group: &dyn RowGroupReader, i: usize) -> Result<Data, ParquetError> {
    let rows = group.metadata().num_rows() as usize;
    Ok(match group.get_column_reader(i)? {
        ColumnReader::Int64ColumnReader(mut r) => {
            let mut values = Vec::with_capacity(rows);
            r.read_records(rows, None, None, &mut values)?;
            Data::Whole(values)
        }
        ColumnReader::DoubleColumnReader(mut r) => {
            let (mut levels, mut values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
            r.read_records(rows, Some(&mut levels), None, &mut values)?;
            let mut values = values.into_iter();
            Data::Real(
                levels
                    .iter()
                    .map(|l| if *l == 1 { values.next() } else { None })
                    .collect(),
            )
        }
        ColumnReader::ByteArrayColumnReader(mut r) => {
            let mut values = Vec::with_capacity(rows);
            r.read_records(rows, None, None, &mut values)?;
            let text = |v: &ByteArray| String::from_utf8_lossy(v.data()).into_owned();
            Data::Text(values.iter().map(text).collect())
        }
        _ => return Err(ParquetError::General("a column of an unknown type".into())),
    })
}
