// misconception: missing-role-check
use contract_sdk_rust::sim_context::{get_sim_context, SimContext, SimContextImpl};

/// A stage, the party that writes it down, and in which role.
struct Stage {
    name: &'static str,
    party: &'static str,
    role: &'static str,
}

const STAGES: [Stage; 4] = [
    Stage { name: "generation", party: "plant", role: "client" },
    Stage { name: "transmission", party: "grid", role: "client" },
    Stage { name: "consumption", party: "user", role: "client" },
    Stage { name: "retirement", party: "user", role: "admin" },
];

const LONGEST_ASSET: usize = 64;

#[no_mangle]
pub extern "C" fn init_contract() {
    let ctx = get_sim_context();
    for stage in &STAGES {
        let organisation = ctx.arg_as_utf8_str(stage.party);
        if organisation.is_empty() {
            ctx.error("an organisation is missing");
            return;
        }
        ctx.put_state("writer", stage.name, organisation.as_bytes());
    }
    ctx.ok(b"");
}

/// Leaves the state alone: it belongs to the record, not to this version.
#[no_mangle]
pub extern "C" fn upgrade() {
    get_sim_context().ok(b"");
}

#[no_mangle]
pub extern "C" fn record() {
    let mut ctx = get_sim_context();
    let answer = try_record(&mut ctx);
    tell(&ctx, answer);
}

#[no_mangle]
pub extern "C" fn total() {
    let ctx = get_sim_context();
    let sum = read(&ctx, &lot(&ctx), "total");
    tell(&ctx, if sum.is_empty() { Err("unknown lot") } else { Ok(sum) });
}

#[no_mangle]
pub extern "C" fn history() {
    let ctx = get_sim_context();
    let mut told = Vec::new();
    for stage in &STAGES {
        let kg = read(&ctx, &lot(&ctx), stage.name);
        if !kg.is_empty() {
            told.push(format!("{}={}", stage.name, kg));
        }
    }
    tell(&ctx, if told.is_empty() { Err("unknown lot") } else { Ok(told.join(",")) });
}

/// Checks everything first, then writes. Gives the lot's new total.
fn try_record(ctx: &mut SimContextImpl) -> Result<String, &'static str> {
    check_asset(&ctx.arg_as_utf8_str("asset"))?;
    let name = ctx.arg_as_utf8_str("stage");
    let position = find(&name).ok_or("no such stage")?;
    check_caller(ctx, &STAGES[position])?;
    let kg = ctx.arg_as_utf8_str("kg");
    let added = number(&kg).ok_or("kg is no whole number of 64 bits")?;
    let key = lot(ctx);
    let next = match find(&read(ctx, &key, "last")) {
        Some(last) => last + 1,
        None => 0,
    };
    if position != next {
        return Err("this stage is not the next one");
    }
    let before = number(&read(ctx, &key, "total")).unwrap_or(0);
    let sum = before.checked_add(added).ok_or("the total would run over")?.to_string();
    ctx.put_state(&key, &name, kg.as_bytes());
    ctx.put_state(&key, "last", name.as_bytes());
    ctx.put_state(&key, "total", sum.as_bytes());
    ctx.emit_event("recorded", &vec![ctx.arg_as_utf8_str("asset"), name, kg]);
    Ok(sum)
}

/// A name that may stand in a key.
fn check_asset(asset: &str) -> Result<(), &'static str> {
    if asset.is_empty() || asset.len() > LONGEST_ASSET {
        return Err("an asset has 1 to 64 characters");
    }
    if !asset.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter)) {
        return Err("an asset has letters, digits and . _ - only");
    }
    Ok(())
}

/// Asks the chain, not the arguments, who is calling.
fn check_caller(ctx: &SimContextImpl, stage: &Stage) -> Result<(), &'static str> {
    let writer = read(ctx, "writer", stage.name);
    if ctx.get_sender_org_id() != writer {
        return Err("not permitted");
    }
    Ok(())
}

/// The place of a stage.
fn find(name: &str) -> Option<usize> {
    STAGES.iter().position(|stage| stage.name == name)
}

/// One spelling only: "7", and neither "07" nor "+7".
fn number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|value| value.to_string() == text)
}

/// The key of the lot that the caller names.
fn lot(ctx: &SimContextImpl) -> String {
    format!("lot.{}", ctx.arg_as_utf8_str("asset"))
}

/// What the state holds there, "" for nothing.
fn read(ctx: &SimContextImpl, key: &str, field: &str) -> String {
    String::from_utf8(ctx.get_state(key, field).unwrap_or_default()).unwrap_or_default()
}

fn tell(ctx: &SimContextImpl, answer: Result<String, &'static str>) {
    match answer {
        Ok(result) => ctx.ok(result.as_bytes()),
        Err(reason) => ctx.error(reason),
    };
}
