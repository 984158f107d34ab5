use contract_sdk_rust::easycodec::EasyCodec;
use contract_sdk_rust::sim_context::{
    get_sim_context, log, result_code, ResultSet, SimContext, SimContextImpl,
};

fn told(ctx: &SimContextImpl, values: &[&str]) {
    ctx.ok(values.join("|").as_bytes());
}

fn text(bytes: Result<Vec<u8>, result_code>) -> String {
    String::from_utf8(bytes.unwrap()).unwrap()
}

#[no_mangle]
pub extern "C" fn init_contract() {
    let ctx = get_sim_context();
    for field in ["c", "a", "b"] {
        ctx.put_state("row", field, format!("value-{}", field).as_bytes());
    }
    ctx.put_state_from_key("single", b"alone");
    told(&ctx, &["ready"]);
}

#[no_mangle]
pub extern "C" fn upgrade() {
    told(&get_sim_context(), &["upgraded"]);
}

#[no_mangle]
pub extern "C" fn who() {
    let ctx = get_sim_context();
    told(
        &ctx,
        &[
            &ctx.get_sender_org_id(),
            &ctx.get_sender_role(),
            &ctx.get_sender_pub_key(),
            &ctx.get_sender_addr().unwrap(),
            &ctx.get_creator_org_id(),
            &ctx.get_creator_role(),
            &ctx.get_creator_pub_key(),
            &ctx.get_tx_id(),
            &ctx.get_tx_time_stamp(),
            &ctx.get_block_height().to_string(),
        ],
    );
}

fn walked(ctx: &SimContextImpl, rows: Box<dyn ResultSet>) {
    let mut found = Vec::new();
    while rows.has_next() {
        let row = rows.next_row().unwrap();
        let value = String::from_utf8(row.get_bytes("value").unwrap()).unwrap();
        let (key, field) = (row.get_string("key").unwrap(), row.get_string("field").unwrap());
        found.push(format!("{}#{}={}", key, field, value));
    }
    rows.close();
    ctx.ok(found.join("|").as_bytes());
}

#[no_mangle]
pub extern "C" fn range() {
    let ctx = get_sim_context();
    walked(&ctx, ctx.new_iterator_with_field("row", "a", "c").ok().unwrap());
}

#[no_mangle]
pub extern "C" fn prefix() {
    let ctx = get_sim_context();
    walked(&ctx, ctx.new_iterator_prefix_with_key("row").ok().unwrap());
}

#[no_mangle]
pub extern "C" fn single() {
    let ctx = get_sim_context();
    told(&ctx, &[&text(ctx.get_state_from_key("single"))]);
}

#[no_mangle]
pub extern "C" fn nothing() {
    let ctx = get_sim_context();
    let value = ctx.get_state("no", "thing");
    let found = value.is_ok();
    told(&ctx, &[&text(value), &found.to_string()]);
}

#[no_mangle]
pub extern "C" fn delete() {
    let ctx = get_sim_context();
    ctx.delete_state("row", "a");
    told(&ctx, &[&text(ctx.get_state("row", "a"))]);
}

#[no_mangle]
pub extern "C" fn emit() {
    let mut ctx = get_sim_context();
    ctx.emit_event("topic", &vec!["one".into(), "".into(), "三".into()]);
    told(&ctx, &[]);
}

#[no_mangle]
pub extern "C" fn call() {
    let ctx = get_sim_context();
    let mut param = EasyCodec::new();
    param.add_string("x", "1");
    let answer = ctx.call_contract(&ctx.arg_as_utf8_str("contract"), "single", param);
    told(&ctx, &[&text(answer)]);
}

#[no_mangle]
pub extern "C" fn log_line() {
    log("a line");
    told(&get_sim_context(), &[]);
}

#[no_mangle]
pub extern "C" fn bytes() {
    let ctx = get_sim_context();
    ctx.ok(&ctx.arg("x").unwrap());
}

#[no_mangle]
pub extern "C" fn fail() {
    let ctx = get_sim_context();
    ctx.put_state("row", "a", b"changed");
    ctx.error("a reason");
    ctx.ok(b"all the same");
}

#[no_mangle]
pub extern "C" fn trap() {
    let ctx = get_sim_context();
    let values: Vec<&str> = Vec::new();
    told(&ctx, &[values[ctx.args().len()]]);
}
