//! Inputs in an S3 store: the objects below `s3://bucket/prefix`, and their bytes.
//!
//! Where the store is and who asks comes from the environment, in the variables that other S3 programs use (`AWS_REGION`,
//! `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`, …). It is the only place that goes to a network.

use futures_util::TryStreamExt as _;
use gouji::limits::Limits;
use gouji::{ErrorKind, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use std::io;
use tokio::runtime::{Builder, Runtime};

/// What an address in such a store begins with.
pub(super) const SCHEME: &str = "s3://";

/// An opened bucket.
pub(super) struct Bucket {
    name: String,
    store: AmazonS3,
    runtime: Runtime,
}

impl Bucket {
    /// Opens the bucket of an address.
    pub(super) fn open(address: &str) -> io::Result<Self> {
        let (name, _) = parts(address);
        let store = AmazonS3Builder::from_env().with_bucket_name(name).build().map_err(io::Error::other)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { name: name.to_owned(), store, runtime })
    }

    /// Whether the address is in this bucket.
    pub(super) fn holds(&self, address: &str) -> bool {
        parts(address).0 == self.name
    }

    /// Hands on the address of every object below an address; hidden ones are passed over, as in folders.
    pub(super) fn each<E>(
        &self,
        address: &str,
        mut take: impl FnMut(String) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, Failure<E>> {
        let prefix = Path::parse(parts(address).1.trim_end_matches('/')).map_err(|error| Failure::of(&error))?;
        let mut objects = self.store.list(Some(&prefix));
        let mut count = 0;
        while let Some(object) = self.runtime.block_on(objects.try_next()).map_err(|error| Failure::of(&error))? {
            if object.location.parts().any(|part| part.as_ref().starts_with('.')) {
                continue;
            }
            count += 1;
            take(format!("{SCHEME}{}/{}", self.name, object.location)).map_err(Failure::Taker)?;
        }
        Ok(count)
    }

    /// The bytes of an object, up to the limit.
    pub(super) fn bytes(&self, address: &str, limits: &Limits) -> Result<Vec<u8>> {
        let lost = |error: &dyn std::fmt::Display| ErrorKind::Io(io::Error::other(error.to_string()));
        let path = Path::parse(parts(address).1).map_err(|error| lost(&error))?;
        self.runtime.block_on(async {
            let found = self.store.get(&path).await.map_err(|error| lost(&error))?;
            Limits::check("input-bytes", found.meta.size, limits.input_bytes)?;
            Ok(found.bytes().await.map_err(|error| lost(&error))?.to_vec())
        })
    }
}

/// Why a listing ended early.
pub(super) enum Failure<E> {
    /// The store did not answer, or refused.
    Store(String),
    /// Whoever takes the addresses failed.
    Taker(E),
}

impl<E> Failure<E> {
    fn of(error: &dyn std::fmt::Display) -> Self {
        Self::Store(error.to_string())
    }
}

/// Bucket and path of an address.
fn parts(address: &str) -> (&str, &str) {
    let rest = address.strip_prefix(SCHEME).unwrap_or(address);
    rest.split_once('/').unwrap_or((rest, ""))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn an_address_has_a_bucket_and_a_path() {
        assert_eq!(parts("s3://reports/2024/a.pdf"), ("reports", "2024/a.pdf"));
        assert_eq!(parts("s3://reports"), ("reports", ""));
    }
}
