//! EasyCodec, the encoding of parameters between a chain and its contracts: "cmec" "v1.0", eight
//! bytes 0xff, the number of items, and of each item the kind of its key, the key with its length,
//! the kind of its value and the value with its length; numbers are little-endian, 32 bits wide.

pub type EasyKeyType = i32;
pub type EasyValueType = i32;

pub const EASY_KEY_TYPE_SYSTEM: EasyKeyType = 0;
pub const EASY_KEY_TYPE_USER: EasyKeyType = 1;
pub const EASY_VALUE_TYPE_INT32: EasyValueType = 0;
pub const EASY_VALUE_TYPE_STRING: EasyValueType = 1;
pub const EASY_VALUE_TYPE_BYTES: EasyValueType = 2;

const PREFIX: [u8; 16] = *b"cmecv1.0\xff\xff\xff\xff\xff\xff\xff\xff";
const MAX_ITEMS: usize = 128;

#[derive(Clone, Debug, PartialEq)]
pub struct EasyCodecItem {
    pub key_type: EasyKeyType,
    pub key: String,
    pub value_type: EasyValueType,
    pub value: Vec<u8>,
}

impl EasyCodecItem {
    pub fn get_int(&self) -> Result<i32, String> {
        if self.value_type != EASY_VALUE_TYPE_INT32 || self.value.len() != 4 {
            return Err(format!("{} is not an int32", self.key));
        }
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.value);
        Ok(i32::from_le_bytes(bytes))
    }

    pub fn get_string(&self) -> Result<String, String> {
        if self.value_type != EASY_VALUE_TYPE_STRING {
            return Err(format!("{} is not a string", self.key));
        }
        String::from_utf8(self.value.clone()).map_err(|_| format!("{} is not UTF-8", self.key))
    }

    pub fn get_bytes(&self) -> Result<Vec<u8>, String> {
        if self.value_type != EASY_VALUE_TYPE_BYTES {
            return Err(format!("{} is not bytes", self.key));
        }
        Ok(self.value.clone())
    }
}

/// A list of pairs in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EasyCodec {
    items: Vec<EasyCodecItem>,
}

impl EasyCodec {
    pub fn new() -> EasyCodec {
        EasyCodec::default()
    }

    pub fn new_with(data: Vec<EasyCodecItem>) -> EasyCodec {
        EasyCodec { items: data }
    }

    /// Holds nothing when the bytes are not EasyCodec.
    pub fn new_with_bytes(data: &Vec<u8>) -> EasyCodec {
        EasyCodec::unmarshal(data)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn get_items(&self) -> &Vec<EasyCodecItem> {
        &self.items
    }

    pub fn put_item(&mut self, item: EasyCodecItem) {
        self.items.push(item);
    }

    pub fn add_i32(&mut self, key: &str, val: i32) {
        let bytes = val.to_le_bytes().to_vec();
        self.add_val(EASY_KEY_TYPE_USER, key, EASY_VALUE_TYPE_INT32, bytes);
    }

    pub fn add_string(&mut self, key: &str, val: &str) {
        let bytes = val.as_bytes().to_vec();
        self.add_val(EASY_KEY_TYPE_USER, key, EASY_VALUE_TYPE_STRING, bytes);
    }

    pub fn add_bytes(&mut self, key: &str, val: Vec<u8>) {
        self.add_val(EASY_KEY_TYPE_USER, key, EASY_VALUE_TYPE_BYTES, val);
    }

    pub fn add_val(
        &mut self,
        key_type: EasyKeyType,
        key: &str,
        value_type: EasyValueType,
        value: Vec<u8>,
    ) {
        let key = key.to_string();
        self.items.push(EasyCodecItem { key_type, key, value_type, value });
    }

    fn find(&self, key: &str) -> Result<&EasyCodecItem, String> {
        let found = self.items.iter().find(|item| item.key == key);
        found.ok_or_else(|| "not found".to_string())
    }

    pub fn get_i32(&self, key: &str) -> Result<i32, String> {
        self.find(key)?.get_int()
    }

    pub fn get_string(&self, key: &str) -> Result<String, String> {
        self.find(key)?.get_string()
    }

    pub fn get_bytes(&self, key: &str) -> Result<Vec<u8>, String> {
        self.find(key)?.get_bytes()
    }

    pub fn remove(&mut self, key: &str) {
        if let Some(at) = self.items.iter().position(|item| item.key == key) {
            self.items.remove(at);
        }
    }

    pub fn marshal(&self) -> Vec<u8> {
        let mut out = PREFIX.to_vec();
        let number = |out: &mut Vec<u8>, value: i32| out.extend(value.to_le_bytes());
        number(&mut out, self.items.len() as i32);
        for item in &self.items {
            number(&mut out, item.key_type);
            number(&mut out, item.key.len() as i32);
            out.extend(item.key.as_bytes());
            number(&mut out, item.value_type);
            number(&mut out, item.value.len() as i32);
            out.extend(&item.value);
        }
        out
    }

    /// Nothing when the bytes are not EasyCodec.
    pub fn unmarshal(data: &[u8]) -> EasyCodec {
        EasyCodec { items: Reader { data, at: 0 }.items().unwrap_or_default() }
    }

    /// An object with numbers, strings, and bytes as text.
    pub fn to_json(&self) -> String {
        let mut parts = Vec::new();
        for item in &self.items {
            let value = match item.get_int() {
                Ok(number) => number.to_string(),
                Err(_) => quoted(&String::from_utf8_lossy(&item.value)),
            };
            parts.push(format!("{}:{}", quoted(&item.key), value));
        }
        format!("{{{}}}", parts.join(","))
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, length: usize) -> Option<&[u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.data.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<i32> {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(self.take(4)?);
        Some(i32::from_le_bytes(bytes))
    }

    fn content(&mut self) -> Option<Vec<u8>> {
        let length = self.number()?;
        if length < 0 {
            return None;
        }
        Some(self.take(length as usize)?.to_vec())
    }

    fn items(&mut self) -> Option<Vec<EasyCodecItem>> {
        if self.take(PREFIX.len())? != PREFIX {
            return None;
        }
        let count = self.number()? as usize;
        if count > MAX_ITEMS {
            return None;
        }
        let mut items = Vec::new();
        for _ in 0..count {
            let key_type = self.number()?;
            let key = String::from_utf8(self.content()?).ok()?;
            let value_type = self.number()?;
            let value = self.content()?;
            items.push(EasyCodecItem { key_type, key, value_type, value });
        }
        Some(items)
    }
}
