/* What a contract of the Chang'An Chain in C knows of the chain.
 *
 *     #include <contract.h>
 *
 *     METHOD(init_contract) { ok_text("installed"); }
 *     METHOD(upgrade) { ok_text("upgraded"); }
 *     METHOD(save) { put_state("file", arg("id"), arg("hash")); ok_text(""); }
 *
 * Texts that functions return end with a zero byte and live until the method ends. Memory is never
 * freed: each transaction begins with a fresh one.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METHOD(name) __attribute__((export_name(#name))) void name(void)

enum { DONE = 0, NOT_DONE = 1 };

typedef struct {
    const uint8_t *data;
    size_t length;
} bytes;

/* The caller's arguments: "" or no bytes where there is none of that name. */
const char *arg(const char *name);
bytes arg_bytes(const char *name);
bool has_arg(const char *name);

/* An error is final: nothing that the transaction wrote is kept, and no `ok` after it counts. The
 * method itself goes on: return after it. */
int ok(const void *result, size_t length);
int ok_text(const char *result);
int error(const char *reason);

/* State. Nothing there is "" or no bytes. The field may be "". */
const char *get_state(const char *key, const char *field);
bytes get_state_bytes(const char *key, const char *field);
int put_state(const char *key, const char *field, const char *value);
int put_state_bytes(const char *key, const char *field, const void *value, size_t length);
int delete_state(const char *key, const char *field);

/* Events: at most 16 data. `emit("topic", "a", "b")` counts them itself. */
int emit_event(const char *topic, const char *const *data, size_t count);
#define emit(topic, ...)                                                                         \
    emit_event(topic, (const char *const[]){__VA_ARGS__},                                        \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* The transaction and who is behind it. */
const char *sender_org_id(void);
const char *sender_role(void);
const char *sender_pk(void);
const char *sender_address(void);
const char *creator_org_id(void);
const char *creator_role(void);
const char *creator_pk(void);
const char *tx_id(void);
const char *tx_time_stamp(void);
uint64_t block_height(void);

void log_text(const char *text);

/* Another contract, in the same transaction: names and values of its arguments in turn. */
int call_contract(const char *contract, const char *method, const char *const *pairs,
                  size_t count, bytes *result);

/* Iterators: below 0 for none. `next_row` is false at the end. */
typedef struct {
    const char *key;
    const char *field;
    bytes value;
} row;
int iterate(const char *start_key, const char *start_field, const char *limit_key,
            const char *limit_field);
int iterate_prefix(const char *key, const char *field);
bool next_row(int iterator, row *found);
void close_rows(int iterator);

/* Numbers and texts. `parse_u64` is false for what is no decimal number of 64 bits. */
bool parse_u64(const char *text, uint64_t *number);
const char *text_of_u64(uint64_t number);
const char *join(const char *left, const char *right);

#endif
