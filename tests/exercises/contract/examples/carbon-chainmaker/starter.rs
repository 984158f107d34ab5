use contract_sdk_rust::sim_context;
use contract_sdk_rust::sim_context::SimContext;

#[no_mangle]
pub extern "C" fn init_contract() {
    sim_context::get_sim_context().ok(b"");
}

#[no_mangle]
pub extern "C" fn upgrade() {
    sim_context::get_sim_context().ok(b"");
}

#[no_mangle]
pub extern "C" fn record() {
    sim_context::get_sim_context().error("not written yet");
}
