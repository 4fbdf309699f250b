//! Tells the linker how a Node addon is linked on this platform.
//! Runs at build time only; without the `node` feature there is nothing to do.

fn main() {
    if std::env::var_os("CARGO_FEATURE_NODE").is_some() {
        napi_build::setup();
    }
}
