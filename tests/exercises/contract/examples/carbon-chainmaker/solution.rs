use contract_sdk_rust::sim_context;
use contract_sdk_rust::sim_context::SimContext;

const STAGES: [&str; 3] = ["generation", "transmission", "consumption"];

#[no_mangle]
pub extern "C" fn init_contract() {
    let ctx = sim_context::get_sim_context();
    ctx.put_state_from_key("total", b"0");
    ctx.ok(b"");
}

#[no_mangle]
pub extern "C" fn upgrade() {
    sim_context::get_sim_context().ok(b"");
}

#[no_mangle]
pub extern "C" fn total() {
    let ctx = sim_context::get_sim_context();
    ctx.ok(&ctx.get_state_from_key("total").unwrap_or_default());
}

fn number(text: &[u8]) -> u64 {
    String::from_utf8_lossy(text).parse().unwrap_or_default()
}

#[no_mangle]
pub extern "C" fn record() {
    let ctx = &mut sim_context::get_sim_context();
    let asset = ctx.arg_as_utf8_str("asset");
    let stage = ctx.arg_as_utf8_str("stage");
    let kg = ctx.arg_as_utf8_str("kg");
    if ctx.get_sender_role() != "client" {
        ctx.error("not permitted: only a plant records");
        return;
    }
    let parsed: Result<u64, _> = kg.parse();
    if parsed.is_err() || kg.len() > 9 {
        ctx.error("kg must be a number of at most 9 digits");
        return;
    }
    let done = number(&ctx.get_state(&asset, "stages").unwrap_or_default()) as usize;
    if done >= STAGES.len() || stage != STAGES[done] {
        ctx.error("this stage is not the next one");
        return;
    }
    let sum = number(&ctx.get_state_from_key("total").unwrap_or_default()) + number(kg.as_bytes());
    ctx.put_state(&asset, &stage, kg.as_bytes());
    ctx.put_state(&asset, "stages", (done + 1).to_string().as_bytes());
    ctx.put_state_from_key("total", sum.to_string().as_bytes());
    ctx.emit_event("recorded", &vec![asset, stage, kg]);
    ctx.ok(sum.to_string().as_bytes());
}
