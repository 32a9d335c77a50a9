//! The one place where a panic of a foreign reader is caught and turned into an error.

use crate::error::{ErrorKind, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a foreign reader; its panic becomes [`ErrorKind::Reader`].
pub(crate) fn run<T>(format: &'static str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|payload| {
        let detail = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("internal failure")
            .to_owned();
        Err(ErrorKind::Reader { format, detail }.into())
    })
}
