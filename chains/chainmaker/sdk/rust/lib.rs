//! What a contract of the Chang'An Chain in Rust knows of the chain.
//!
//! A contract is a file with `#[no_mangle] pub extern "C" fn` without arguments: `init_contract`,
//! `upgrade` and one function for each method.

pub mod easycodec;
pub mod sim_context;
