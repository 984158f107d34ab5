//! The chain as the running transaction sees it.

use crate::easycodec::*;
use std::ptr::{addr_of, addr_of_mut};

#[allow(non_camel_case_types)]
pub type result_code = i32;
pub const SUCCESS_CODE: result_code = 0;
pub const ERROR_CODE: result_code = 1;

const VERSION: &str = "v1.2.0";
const RUNTIME_TYPE: i32 = 2;

#[link(wasm_import_module = "env")]
extern "C" {
    fn sys_call(header: *const u8, header_len: usize, body: *const u8, body_len: usize) -> i32;
    fn log_message(text: *const u8, length: i32);
}

static mut PARAMETERS: Vec<u8> = Vec::new();

#[no_mangle]
pub extern "C" fn runtime_type() -> i32 {
    RUNTIME_TYPE
}

/// Room for the parameters of the next call.
#[no_mangle]
pub extern "C" fn allocate(size: usize) -> i32 {
    std::panic::set_hook(Box::new(|reason| log(&reason.to_string())));
    unsafe {
        let parameters = &mut *addr_of_mut!(PARAMETERS);
        *parameters = vec![0; size];
        parameters.as_mut_ptr() as i32
    }
}

#[no_mangle]
pub extern "C" fn deallocate(_pointer: *mut u8) {
    unsafe { *addr_of_mut!(PARAMETERS) = Vec::new() }
}

pub fn log(msg: &str) {
    unsafe { log_message(msg.as_ptr(), msg.len() as i32) }
}

/// The context of this call; cheap, and the same each time.
pub fn get_sim_context() -> SimContextImpl {
    let params = EasyCodec::unmarshal(unsafe { &*addr_of!(PARAMETERS) });
    let pointer = params.get_bytes("__context_ptr__").unwrap_or_default();
    let pointer = String::from_utf8(pointer).unwrap_or_default();
    SimContextImpl { ctx_ptr: pointer.parse().unwrap_or(0), params }
}

pub trait SimContext {
    fn call_contract(
        &self,
        contract_name: &str,
        method: &str,
        param: EasyCodec,
    ) -> Result<Vec<u8>, result_code>;
    /// Keeps what the transaction wrote; `value` is its result. Counts for nothing after `error`.
    fn ok(&self, value: &[u8]) -> result_code;
    /// Undoes what the transaction wrote; `body` is the reason.
    fn error(&self, body: &str) -> result_code;
    fn log(&self, msg: &str);
    fn arg(&self, key: &str) -> Result<Vec<u8>, String>;
    /// "" where there is no such argument, or none in UTF-8.
    fn arg_as_utf8_str(&self, key: &str) -> String;
    fn args(&self) -> &EasyCodec;
    fn get_creator_org_id(&self) -> String;
    fn get_creator_pub_key(&self) -> String;
    fn get_creator_role(&self) -> String;
    fn get_sender_org_id(&self) -> String;
    fn get_sender_pub_key(&self) -> String;
    fn get_sender_role(&self) -> String;
    /// The address of the person who signed the transaction.
    fn get_sender_addr(&self) -> Result<String, result_code>;
    fn get_block_height(&self) -> u64;
    fn get_tx_id(&self) -> String;
    /// Unix seconds of the transaction, in digits.
    fn get_tx_time_stamp(&self) -> String;
    fn emit_event(&mut self, topic: &str, data: &Vec<String>) -> result_code;

    /// Nothing there is an empty vector.
    fn get_state(&self, key: &str, field: &str) -> Result<Vec<u8>, result_code>;
    fn get_state_from_key(&self, key: &str) -> Result<Vec<u8>, result_code>;
    fn put_state(&self, key: &str, field: &str, value: &[u8]) -> result_code;
    fn put_state_from_key(&self, key: &str, value: &[u8]) -> result_code;
    fn delete_state(&self, key: &str, field: &str) -> result_code;
    fn delete_state_from_key(&self, key: &str) -> result_code;

    /// Walks over [start_key, limit_key).
    fn new_iterator(
        &self,
        start_key: &str,
        limit_key: &str,
    ) -> Result<Box<dyn ResultSet>, result_code>;
    /// Walks over [key#start_field, key#limit_field).
    fn new_iterator_with_field(
        &self,
        key: &str,
        start_field: &str,
        limit_field: &str,
    ) -> Result<Box<dyn ResultSet>, result_code>;
    /// Walks over all that begins with key#field.
    fn new_iterator_prefix_with_key_field(
        &self,
        key: &str,
        field: &str,
    ) -> Result<Box<dyn ResultSet>, result_code>;
    /// Walks over all that begins with key.
    fn new_iterator_prefix_with_key(&self, key: &str) -> Result<Box<dyn ResultSet>, result_code>;
}

/// Rows of an iterator: `key`, `field` (strings) and `value` (bytes).
pub trait ResultSet {
    fn next_row(&self) -> Result<EasyCodec, result_code>;
    fn has_next(&self) -> bool;
    fn close(&self) -> bool;
}

pub struct SimContextImpl {
    pub ctx_ptr: i32,
    params: EasyCodec,
}

fn send(ctx_ptr: i32, method: &str, body: &[u8]) -> result_code {
    let mut header = EasyCodec::new();
    let pointer = ctx_ptr.to_le_bytes().to_vec();
    header.add_val(EASY_KEY_TYPE_SYSTEM, "ctx_ptr", EASY_VALUE_TYPE_INT32, pointer);
    for (name, text) in [("version", VERSION), ("method", method)] {
        let text = text.as_bytes().to_vec();
        header.add_val(EASY_KEY_TYPE_SYSTEM, name, EASY_VALUE_TYPE_STRING, text);
    }
    let header = header.marshal();
    unsafe { sys_call(header.as_ptr(), header.len(), body.as_ptr(), body.len()) }
}

/// Asks for one number.
fn number(ctx_ptr: i32, method: &str, body: &EasyCodec) -> Result<i32, result_code> {
    let mut answer = 0i32;
    let mut body = body.clone();
    body.add_i32("value_ptr", addr_of_mut!(answer) as i32);
    match send(ctx_ptr, method, &body.marshal()) {
        SUCCESS_CODE => Ok(unsafe { addr_of!(answer).read_volatile() }),
        code => Err(code),
    }
}

/// Asks first how long the answer is and then for the answer.
fn bytes(ctx_ptr: i32, method: &str, body: EasyCodec) -> Result<Vec<u8>, result_code> {
    let size = number(ctx_ptr, &format!("{}Len", method), &body)?;
    if size <= 0 {
        return Ok(Vec::new());
    }
    let mut answer = vec![0; size as usize];
    let mut body = body;
    body.add_i32("value_ptr", answer.as_mut_ptr() as i32);
    match send(ctx_ptr, method, &body.marshal()) {
        SUCCESS_CODE => Ok(answer),
        code => Err(code),
    }
}

fn entry(key: &str, field: &str) -> EasyCodec {
    let mut body = EasyCodec::new();
    body.add_string("key", key);
    body.add_string("field", field);
    body
}

impl SimContextImpl {
    fn rows(
        &self,
        method: &str,
        start: (&str, &str),
        limit: (&str, &str),
    ) -> Result<Box<dyn ResultSet>, result_code> {
        let mut body = EasyCodec::new();
        body.add_string("start_key", start.0);
        body.add_string("start_field", start.1);
        body.add_string("limit_key", limit.0);
        body.add_string("limit_field", limit.1);
        let index = number(self.ctx_ptr, method, &body)?;
        Ok(Box::new(ResultSetKvImpl { ctx_ptr: self.ctx_ptr, index }))
    }
}

impl SimContext for SimContextImpl {
    fn call_contract(
        &self,
        contract_name: &str,
        method: &str,
        param: EasyCodec,
    ) -> Result<Vec<u8>, result_code> {
        if contract_name.is_empty() || method.is_empty() {
            return Err(ERROR_CODE);
        }
        let mut body = EasyCodec::new();
        body.add_string("contract_name", contract_name);
        body.add_string("method", method);
        body.add_bytes("param", param.marshal());
        bytes(self.ctx_ptr, "CallContract", body)
    }

    fn ok(&self, value: &[u8]) -> result_code {
        send(self.ctx_ptr, "SuccessResult", value)
    }

    fn error(&self, body: &str) -> result_code {
        send(self.ctx_ptr, "ErrorResult", body.as_bytes())
    }

    fn log(&self, msg: &str) {
        log(msg)
    }

    fn arg(&self, key: &str) -> Result<Vec<u8>, String> {
        self.params.get_bytes(key)
    }

    fn arg_as_utf8_str(&self, key: &str) -> String {
        String::from_utf8(self.arg(key).unwrap_or_default()).unwrap_or_default()
    }

    fn args(&self) -> &EasyCodec {
        &self.params
    }

    fn get_creator_org_id(&self) -> String {
        self.arg_as_utf8_str("__creator_org_id__")
    }

    fn get_creator_pub_key(&self) -> String {
        self.arg_as_utf8_str("__creator_pk__")
    }

    fn get_creator_role(&self) -> String {
        self.arg_as_utf8_str("__creator_role__")
    }

    fn get_sender_org_id(&self) -> String {
        self.arg_as_utf8_str("__sender_org_id__")
    }

    fn get_sender_pub_key(&self) -> String {
        self.arg_as_utf8_str("__sender_pk__")
    }

    fn get_sender_role(&self) -> String {
        self.arg_as_utf8_str("__sender_role__")
    }

    fn get_sender_addr(&self) -> Result<String, result_code> {
        let address = bytes(self.ctx_ptr, "GetSenderAddress", EasyCodec::new())?;
        String::from_utf8(address).map_err(|_| ERROR_CODE)
    }

    fn get_block_height(&self) -> u64 {
        self.arg_as_utf8_str("__block_height__").parse().unwrap_or(0)
    }

    fn get_tx_id(&self) -> String {
        self.arg_as_utf8_str("__tx_id__")
    }

    fn get_tx_time_stamp(&self) -> String {
        self.arg_as_utf8_str("__tx_time_stamp__")
    }

    fn emit_event(&mut self, topic: &str, data: &Vec<String>) -> result_code {
        let mut body = EasyCodec::new();
        body.add_string("topic", topic);
        for text in data {
            body.add_string("data", text);
        }
        send(self.ctx_ptr, "EmitEvent", &body.marshal())
    }

    fn get_state(&self, key: &str, field: &str) -> Result<Vec<u8>, result_code> {
        bytes(self.ctx_ptr, "GetState", entry(key, field))
    }

    fn get_state_from_key(&self, key: &str) -> Result<Vec<u8>, result_code> {
        self.get_state(key, "")
    }

    fn put_state(&self, key: &str, field: &str, value: &[u8]) -> result_code {
        let mut body = entry(key, field);
        body.add_bytes("value", value.to_vec());
        send(self.ctx_ptr, "PutState", &body.marshal())
    }

    fn put_state_from_key(&self, key: &str, value: &[u8]) -> result_code {
        self.put_state(key, "", value)
    }

    fn delete_state(&self, key: &str, field: &str) -> result_code {
        send(self.ctx_ptr, "DeleteState", &entry(key, field).marshal())
    }

    fn delete_state_from_key(&self, key: &str) -> result_code {
        self.delete_state(key, "")
    }

    fn new_iterator(
        &self,
        start_key: &str,
        limit_key: &str,
    ) -> Result<Box<dyn ResultSet>, result_code> {
        self.rows("KvIterator", (start_key, ""), (limit_key, ""))
    }

    fn new_iterator_with_field(
        &self,
        key: &str,
        start_field: &str,
        limit_field: &str,
    ) -> Result<Box<dyn ResultSet>, result_code> {
        self.rows("KvIterator", (key, start_field), (key, limit_field))
    }

    fn new_iterator_prefix_with_key_field(
        &self,
        key: &str,
        field: &str,
    ) -> Result<Box<dyn ResultSet>, result_code> {
        self.rows("KvPreIterator", (key, field), ("", ""))
    }

    fn new_iterator_prefix_with_key(&self, key: &str) -> Result<Box<dyn ResultSet>, result_code> {
        self.new_iterator_prefix_with_key_field(key, "")
    }
}

struct ResultSetKvImpl {
    ctx_ptr: i32,
    index: i32,
}

impl ResultSetKvImpl {
    fn body(&self) -> EasyCodec {
        let mut body = EasyCodec::new();
        body.add_i32("rs_index", self.index);
        body
    }
}

impl ResultSet for ResultSetKvImpl {
    fn next_row(&self) -> Result<EasyCodec, result_code> {
        let row = bytes(self.ctx_ptr, "KvIteratorNext", self.body())?;
        Ok(EasyCodec::unmarshal(&row))
    }

    fn has_next(&self) -> bool {
        number(self.ctx_ptr, "KvIteratorHasNext", &self.body()).map_or(false, |more| more != 0)
    }

    fn close(&self) -> bool {
        number(self.ctx_ptr, "KvIteratorClose", &self.body()).map_or(false, |closed| closed != 0)
    }
}
