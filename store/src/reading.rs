//! Reads on whichever engine the store has, each within a time.

use core::time::Duration;

/// How long a read may take; beyond the engine's own limits, so that only a dead network meets it.
pub(crate) const LIMIT: Duration = Duration::from_secs(12);

/// Calls a function of an aggregate on a connection that is not used again if it does not answer.
macro_rules! read {
    ($store:ident, $module:ident::$function:ident($($argument:expr),*)) => {
        match &$store.readers {
            $crate::store::Pool::Sqlite(pool) => {
                $crate::reading::read!(pool, sqlite::$module::$function($($argument),*))
            }
            $crate::store::Pool::Postgres(pool) => {
                $crate::reading::read!(pool, postgres::$module::$function($($argument),*))
            }
        }
    };
    ($pool:ident, $engine:ident::$module:ident::$function:ident($($argument:expr),*)) => {{
        let mut connection = $pool
            .acquire()
            .await
            .map_err(|error| $crate::fault::meaning(&error))?;
        let reading = $crate::$engine::$module::$function(&mut connection, $($argument),*);
        match tokio::time::timeout($crate::reading::LIMIT, reading).await {
            Ok(read) => read,
            Err(_) => {
                connection.close_on_drop();
                Err(hsm::JournalError::Database("the database does not answer".to_owned()))
            }
        }
    }};
}

pub(crate) use read;
