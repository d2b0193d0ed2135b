//! Columns become values here, or an error that names table, row and column.

use core::fmt::Display;

use domain::{Id, Time};
use hsm::JournalError;
use sqlx::{Decode, Row as _, Type};

use super::dialect::{Columns, Db};

/// A row of a known table with the id that errors name.
pub(crate) struct Row<'a> {
    columns: &'a Columns,
    table: &'static str,
    id: String,
}

impl<'a> Row<'a> {
    /// A row, to be read.
    pub(crate) fn new(columns: &'a Columns, table: &'static str, id: impl Display) -> Self {
        Self {
            columns,
            table,
            id: id.to_string(),
        }
    }

    /// The error about a column.
    pub(crate) fn fault(&self, column: &'static str) -> JournalError {
        JournalError::Unreadable {
            table: self.table,
            id: self.id.clone(),
            column,
        }
    }

    /// A column as it is.
    pub(crate) fn plain<T>(&self, column: &'static str) -> Result<T, JournalError>
    where
        T: for<'r> Decode<'r, Db> + Type<Db>,
    {
        self.columns.try_get(column).map_err(|_| self.fault(column))
    }

    /// A column through the parser of its type.
    pub(crate) fn parsed<T, U>(
        &self,
        column: &'static str,
        parse: impl FnOnce(T) -> Option<U>,
    ) -> Result<U, JournalError>
    where
        T: for<'r> Decode<'r, Db> + Type<Db>,
    {
        parse(self.plain(column)?).ok_or_else(|| self.fault(column))
    }

    /// A column that must not be null in this state.
    pub(crate) fn present<T>(&self, column: &'static str) -> Result<T, JournalError>
    where
        T: for<'r> Decode<'r, Db> + Type<Db>,
    {
        self.plain::<Option<T>>(column)?.ok_or_else(|| self.fault(column))
    }

    /// Bytes of a fixed length.
    pub(crate) fn bytes<const N: usize>(&self, column: &'static str) -> Result<[u8; N], JournalError> {
        self.parsed(column, |bytes: Vec<u8>| bytes.try_into().ok())
    }

    /// An id.
    pub(crate) fn id<T>(&self, column: &'static str) -> Result<Id<T>, JournalError> {
        self.bytes(column).map(Id::from_bytes)
    }

    /// A time.
    pub(crate) fn time(&self, column: &'static str) -> Result<Time, JournalError> {
        self.plain(column).map(Time::from_micros)
    }

    /// A time, if there is one.
    pub(crate) fn maybe_time(&self, column: &'static str) -> Result<Option<Time>, JournalError> {
        Ok(self.plain::<Option<i64>>(column)?.map(Time::from_micros))
    }

    /// A number that fits its type.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, JournalError> {
        self.parsed(column, |number: i64| number.try_into().ok())
    }
}
