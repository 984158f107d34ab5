use contract_sdk_rust::sim_context;
use contract_sdk_rust::sim_context::SimContext;

#[no_mangle]
pub extern "C" fn init_contract() {
    let ctx = sim_context::get_sim_context();
    ctx.put_state("counter", "total", b"0");
    ctx.ok(b"installed");
}

#[no_mangle]
pub extern "C" fn upgrade() {
    sim_context::get_sim_context().ok(b"upgraded");
}

#[no_mangle]
pub extern "C" fn total() {
    let ctx = sim_context::get_sim_context();
    match ctx.get_state("counter", "total") {
        Ok(total) => ctx.ok(&total),
        Err(_) => ctx.error("no total"),
    };
}

#[no_mangle]
pub extern "C" fn add() {
    let ctx = &mut sim_context::get_sim_context();
    let before = ctx.get_state("counter", "total").unwrap_or_default();
    let before: u64 = match String::from_utf8_lossy(&before).parse() {
        Ok(number) => number,
        Err(_) => {
            ctx.error("no total");
            return;
        }
    };
    let amount: u64 = match ctx.arg_as_utf8_str("amount").parse() {
        Ok(number) => number,
        Err(_) => {
            ctx.error("amount is no number");
            return;
        }
    };
    let after = match before.checked_add(amount) {
        Some(sum) => sum.to_string(),
        None => {
            ctx.error("too much");
            return;
        }
    };
    ctx.put_state("counter", "total", after.as_bytes());
    let org = ctx.get_sender_org_id();
    ctx.emit_event("added", &vec![after.clone(), org]);
    ctx.ok(after.as_bytes());
}
