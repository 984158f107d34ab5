/* The chain's side of contract.h: EasyCodec and sys_call. */
#include <contract.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(name) __attribute__((import_module("env"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("sys_call") int sys_call(const void *header, int header_len, const void *body, int body_len);
IMPORT("log_message") void log_message(const char *text, int length);

enum { KEY_SYSTEM = 0, KEY_USER = 1, VALUE_INT32 = 0, VALUE_STRING = 1, VALUE_BYTES = 2 };
enum { PAGE = 65536, HEAD = 20, MAX_ITEMS = 128 };
static const char prefix[16] = "cmecv1.0\377\377\377\377\377\377\377\377";

/* Memory: one region that only grows; a new call begins at its start. */
extern uint8_t __heap_base;
static uintptr_t next;

void abort(void) { __builtin_trap(); }

void *malloc(size_t size) {
    if (next == 0) next = (uintptr_t)&__heap_base;
    uintptr_t start = (next + 15) & ~(uintptr_t)15;
    size_t have = __builtin_wasm_memory_size(0) * (size_t)PAGE;
    if (size > (size_t)-1 - PAGE - start) abort();
    if (start + size > have) {
        size_t pages = (start + size - have + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) abort();
    }
    next = start + size;
    return (void *)start;
}

void *calloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) abort();
    return memset(malloc(total), 0, total);
}

void free(void *memory) { (void)memory; }

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    return memmove(to, from, length);
}

void *memmove(void *to, const void *from, size_t length) {
    volatile uint8_t *target = to;
    const uint8_t *source = from;
    if ((uintptr_t)to < (uintptr_t)from) {
        for (size_t i = 0; i < length; i++) target[i] = source[i];
    } else {
        for (size_t i = length; i > 0; i--) target[i - 1] = source[i - 1];
    }
    return to;
}

void *memset(void *to, int value, size_t length) {
    volatile uint8_t *target = to;
    for (size_t i = 0; i < length; i++) target[i] = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t length) {
    const uint8_t *l = left, *r = right;
    for (size_t i = 0; i < length; i++)
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    return 0;
}

size_t strlen(const char *text) {
    const volatile char *end = text;
    while (*end) end++;
    return (size_t)(end - text);
}

int strncmp(const char *left, const char *right, size_t length) {
    for (size_t i = 0; i < length; i++) {
        uint8_t l = (uint8_t)left[i], r = (uint8_t)right[i];
        if (l != r) return l < r ? -1 : 1;
        if (l == 0) return 0;
    }
    return 0;
}

int strcmp(const char *left, const char *right) { return strncmp(left, right, (size_t)-1); }

char *strchr(const char *text, int c) {
    for (;; text++) {
        if (*text == (char)c) return (char *)text;
        if (*text == 0) return NULL;
    }
}

int atoi(const char *text) {
    bool negative = *text == '-';
    unsigned number = 0;
    if (*text == '-' || *text == '+') text++;
    while (*text >= '0' && *text <= '9') number = number * 10 + (unsigned)(*text++ - '0');
    return (int)(negative ? 0 - number : number);
}

/* What the compiler calls for products of 128 bits, such as in __builtin_mul_overflow. */
__int128 __multi3(__int128 left, __int128 right) {
    uint64_t a = (uint64_t)left, b = (uint64_t)right;
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t low = a_low * b_low, crossed = a_high * b_low + (low >> 32);
    uint64_t middle = (uint32_t)crossed + a_low * b_high;
    uint64_t high = a_high * b_high + (crossed >> 32) + (middle >> 32);
    high += (uint64_t)(left >> 64) * b + a * (uint64_t)(right >> 64);
    return (__int128)((unsigned __int128)high << 64 | (middle << 32 | (uint32_t)low));
}

/* EasyCodec. */
typedef struct {
    uint8_t *data;
    size_t length;
    size_t room;
    int count;
} codec;

static void append(codec *to, const void *data, size_t length) {
    if (to->length + length > to->room) {
        size_t room = 2 * to->room + length + 64;
        to->data = memcpy(malloc(room), to->data, to->length);
        to->room = room;
    }
    memcpy(to->data + to->length, data, length);
    to->length += length;
}

static void append_int(codec *to, int number) { append(to, &number, sizeof number); }

static codec new_codec(void) {
    codec made = {malloc(256), 0, 256, 0};
    append(&made, prefix, sizeof prefix);
    append_int(&made, 0);
    return made;
}

static void add(codec *to, int key_type, const char *key, int value_type, const void *value,
                size_t length) {
    append_int(to, key_type);
    append_int(to, (int)strlen(key));
    append(to, key, strlen(key));
    append_int(to, value_type);
    append_int(to, (int)length);
    append(to, value, length);
    to->count++;
    memcpy(to->data + sizeof prefix, &to->count, sizeof to->count);
}

static void add_text(codec *to, const char *key, const char *value) {
    add(to, KEY_USER, key, VALUE_STRING, value, strlen(value));
}

static bool take(bytes *from, void *to, size_t length) {
    if (from->length < length) return false;
    memcpy(to, from->data, length);
    from->data += length;
    from->length -= length;
    return true;
}

static bool take_content(bytes *from, bytes *content) {
    int32_t length;
    if (!take(from, &length, sizeof length)) return false;
    if (length < 0 || (size_t)length > from->length) return false;
    *content = (bytes){from->data, (size_t)length};
    from->data += length;
    from->length -= (size_t)length;
    return true;
}

static bool find(bytes encoded, const char *key, bytes *value) {
    char head[16];
    int32_t count, kind;
    if (!take(&encoded, head, sizeof head) || memcmp(head, prefix, sizeof head)) return false;
    if (!take(&encoded, &count, sizeof count) || count < 0 || count > MAX_ITEMS) return false;
    for (; count > 0; count--) {
        bytes name;
        if (!take(&encoded, &kind, sizeof kind) || !take_content(&encoded, &name)) return false;
        if (!take(&encoded, &kind, sizeof kind) || !take_content(&encoded, value)) return false;
        if (name.length == strlen(key) && !memcmp(name.data, key, name.length)) return true;
    }
    return false;
}

/* One call of a method. */
static bytes parameters;

EXPORT("runtime_type") int runtime_type(void) { return 2; }

EXPORT("allocate") void *allocate(size_t size) {
    next = 0;
    parameters = (bytes){malloc(size), size};
    return (void *)parameters.data;
}

EXPORT("deallocate") void deallocate(void *memory) {
    (void)memory;
    parameters = (bytes){NULL, 0};
}

static const char *text_of(bytes value) {
    char *text = memcpy(malloc(value.length + 1), value.data, value.length);
    text[value.length] = 0;
    return text;
}

bool has_arg(const char *name) {
    bytes value;
    return find(parameters, name, &value);
}

bytes arg_bytes(const char *name) {
    bytes value;
    return find(parameters, name, &value) ? value : (bytes){parameters.data, 0};
}

const char *arg(const char *name) { return text_of(arg_bytes(name)); }

static int call(const char *method, const void *body, size_t length) {
    int context = atoi(arg("__context_ptr__"));
    codec header = new_codec();
    add(&header, KEY_SYSTEM, "ctx_ptr", VALUE_INT32, &context, sizeof context);
    add(&header, KEY_SYSTEM, "version", VALUE_STRING, "v1.2.0", 6);
    add(&header, KEY_SYSTEM, "method", VALUE_STRING, method, strlen(method));
    return sys_call(header.data, (int)header.length, body, (int)length);
}

static int call_with(const char *method, const codec *body, void *value) {
    codec whole = {memcpy(malloc(body->room), body->data, body->length), body->length, body->room,
                   body->count};
    int pointer = (int)(uintptr_t)value;
    add(&whole, KEY_USER, "value_ptr", VALUE_INT32, &pointer, sizeof pointer);
    return call(method, whole.data, whole.length);
}

static int call_number(const char *method, const codec *body, int *number) {
    volatile int answer = 0;
    int code = call_with(method, body, (void *)&answer);
    *number = answer;
    return code;
}

static int call_bytes(const char *method, const codec *body, bytes *answer) {
    int length = 0;
    *answer = (bytes){(const uint8_t *)"", 0};
    if (call_number(join(method, "Len"), body, &length)) return NOT_DONE;
    if (length <= 0) return DONE;
    uint8_t *room = malloc((size_t)length);
    if (call_with(method, body, room)) return NOT_DONE;
    *answer = (bytes){room, (size_t)length};
    return DONE;
}

int ok(const void *result, size_t length) { return call("SuccessResult", result, length); }
int ok_text(const char *result) { return ok(result, strlen(result)); }
int error(const char *reason) { return call("ErrorResult", reason, strlen(reason)); }
void log_text(const char *text) { log_message(text, (int)strlen(text)); }

static codec entry(const char *key, const char *field) {
    codec body = new_codec();
    add_text(&body, "key", key);
    add_text(&body, "field", field);
    return body;
}

bytes get_state_bytes(const char *key, const char *field) {
    codec body = entry(key, field);
    bytes value;
    call_bytes("GetState", &body, &value);
    return value;
}

const char *get_state(const char *key, const char *field) {
    return text_of(get_state_bytes(key, field));
}

int put_state_bytes(const char *key, const char *field, const void *value, size_t length) {
    codec body = entry(key, field);
    add(&body, KEY_USER, "value", VALUE_BYTES, value, length);
    return call("PutState", body.data, body.length);
}

int put_state(const char *key, const char *field, const char *value) {
    return put_state_bytes(key, field, value, strlen(value));
}

int delete_state(const char *key, const char *field) {
    codec body = entry(key, field);
    return call("DeleteState", body.data, body.length);
}

int emit_event(const char *topic, const char *const *data, size_t count) {
    codec body = new_codec();
    add_text(&body, "topic", topic);
    for (size_t i = 0; i < count; i++) add_text(&body, "data", data[i]);
    return call("EmitEvent", body.data, body.length);
}

const char *sender_org_id(void) { return arg("__sender_org_id__"); }
const char *sender_role(void) { return arg("__sender_role__"); }
const char *sender_pk(void) { return arg("__sender_pk__"); }
const char *creator_org_id(void) { return arg("__creator_org_id__"); }
const char *creator_role(void) { return arg("__creator_role__"); }
const char *creator_pk(void) { return arg("__creator_pk__"); }
const char *tx_id(void) { return arg("__tx_id__"); }
const char *tx_time_stamp(void) { return arg("__tx_time_stamp__"); }

const char *sender_address(void) {
    codec body = new_codec();
    bytes address;
    call_bytes("GetSenderAddress", &body, &address);
    return text_of(address);
}

uint64_t block_height(void) {
    uint64_t height = 0;
    parse_u64(arg("__block_height__"), &height);
    return height;
}

int call_contract(const char *contract, const char *method, const char *const *pairs,
                  size_t count, bytes *result) {
    codec args = new_codec();
    for (size_t i = 0; i + 1 < count; i += 2)
        add(&args, KEY_USER, pairs[i], VALUE_BYTES, pairs[i + 1], strlen(pairs[i + 1]));
    codec body = new_codec();
    add_text(&body, "contract_name", contract);
    add_text(&body, "method", method);
    add(&body, KEY_USER, "param", VALUE_BYTES, args.data, args.length);
    return call_bytes("CallContract", &body, result);
}

static int open_rows(const char *method, const char *const *places) {
    static const char *const names[] = {"start_key", "start_field", "limit_key", "limit_field"};
    codec body = new_codec();
    int index = -1;
    for (int i = 0; i < 4; i++) add_text(&body, names[i], places[i]);
    return call_number(method, &body, &index) ? -1 : index;
}

int iterate(const char *start_key, const char *start_field, const char *limit_key,
            const char *limit_field) {
    return open_rows("KvIterator",
                     (const char *const[]){start_key, start_field, limit_key, limit_field});
}

int iterate_prefix(const char *key, const char *field) {
    return open_rows("KvPreIterator", (const char *const[]){key, field, "", ""});
}

static codec rows_body(int iterator) {
    codec body = new_codec();
    add(&body, KEY_USER, "rs_index", VALUE_INT32, &iterator, sizeof iterator);
    return body;
}

bool next_row(int iterator, row *found) {
    codec body = rows_body(iterator);
    int more = 0;
    bytes encoded, key, field, value;
    if (call_number("KvIteratorHasNext", &body, &more) || !more) return false;
    if (call_bytes("KvIteratorNext", &body, &encoded)) return false;
    if (!find(encoded, "key", &key) || !find(encoded, "value", &value)) return false;
    if (!find(encoded, "field", &field)) field.length = 0;
    *found = (row){text_of(key), text_of(field), value};
    return true;
}

void close_rows(int iterator) {
    codec body = rows_body(iterator);
    int closed;
    call_number("KvIteratorClose", &body, &closed);
}

bool parse_u64(const char *text, uint64_t *number) {
    uint64_t parsed = 0;
    if (*text == 0) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        if (__builtin_mul_overflow(parsed, (uint64_t)10, &parsed)) return false;
        if (__builtin_add_overflow(parsed, (uint64_t)(*text - '0'), &parsed)) return false;
    }
    *number = parsed;
    return true;
}

const char *text_of_u64(uint64_t number) {
    char *end = (char *)malloc(24) + 23;
    *end = 0;
    do *--end = (char)('0' + number % 10);
    while (number /= 10);
    return end;
}

const char *join(const char *left, const char *right) {
    size_t l = strlen(left), r = strlen(right);
    char *joined = memcpy(malloc(l + r + 1), left, l);
    memcpy(joined + l, right, r + 1);
    return joined;
}
