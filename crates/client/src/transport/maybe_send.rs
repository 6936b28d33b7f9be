//! What can cross threads, except in WebAssembly: there is one thread, and what its host hands out cannot leave it.
//!
//! This is the only place that knows the difference.

use std::{future::Future, pin::Pin};

use futures_core::Stream;

#[cfg(not(target_arch = "wasm32"))]
pub use std::marker::{Send as MaybeSend, Sync as MaybeSync};

/// A boxed future; `Send` except in WebAssembly.
///
/// ```
/// use workers_ai_client::transport::BoxFuture;
///
/// fn later(number: u32) -> BoxFuture<'static, u32> {
///     Box::pin(async move { number })
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(later(42).await, 42);
/// # }
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed stream; `Send` except in WebAssembly.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use futures_util::{StreamExt, stream};
/// use workers_ai_client::transport::BoxStream;
///
/// let words: BoxStream<&str> = Box::pin(stream::iter(["sea", "sky"]));
/// assert_eq!(words.collect::<Vec<_>>().await, ["sea", "sky"]);
/// # }
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// `Send`, except in WebAssembly, where nothing is asked.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}

#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSend for T {}

/// `Sync`, except in WebAssembly, where nothing is asked.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSync {}

#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSync for T {}

/// A boxed future; `Send` except in WebAssembly.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A boxed stream; `Send` except in WebAssembly.
#[cfg(target_arch = "wasm32")]
pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T>>>;
