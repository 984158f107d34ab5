#include <contract.h>
#include <stdlib.h>
#include <string.h>

static const char *joined(const char *const *values, size_t count) {
    const char *all = "";
    for (size_t i = 0; i < count; i++) all = join(join(all, i ? "|" : ""), values[i]);
    return all;
}

#define TOLD(...)                                                                                \
    ok_text(joined((const char *const[]){__VA_ARGS__},                                           \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static const char *text(bytes value) {
    char *copy = malloc(value.length + 1);
    memcpy(copy, value.data, value.length);
    copy[value.length] = 0;
    return copy;
}

METHOD(init_contract) {
    put_state("row", "c", "value-c");
    put_state("row", "a", "value-a");
    put_state("row", "b", "value-b");
    put_state("single", "", "alone");
    TOLD("ready");
}

METHOD(upgrade) { TOLD("upgraded"); }

METHOD(who) {
    TOLD(sender_org_id(), sender_role(), sender_pk(), sender_address(), creator_org_id(),
         creator_role(), creator_pk(), tx_id(), tx_time_stamp(), text_of_u64(block_height()));
}

static void walked(int rows) {
    const char *all = "";
    row found;
    while (next_row(rows, &found)) {
        const char *place = join(join(found.key, "#"), join(found.field, "="));
        all = join(join(all, *all ? "|" : ""), join(place, text(found.value)));
    }
    close_rows(rows);
    ok_text(all);
}

METHOD(range) { walked(iterate("row", "a", "row", "c")); }
METHOD(prefix) { walked(iterate_prefix("row", "")); }
METHOD(single) { TOLD(get_state("single", "")); }
METHOD(nothing) { TOLD(get_state("no", "thing"), "true"); }

METHOD(delete) {
    delete_state("row", "a");
    TOLD(get_state("row", "a"));
}

__attribute__((export_name("emit"))) void emit_three(void) {
    emit("topic", "one", "", "三");
    ok_text("");
}

METHOD(call) {
    bytes answer;
    call_contract(arg("contract"), "single", (const char *const[]){"x", "1"}, 2, &answer);
    TOLD(text(answer));
}

METHOD(log_line) {
    log_text("a line");
    ok_text("");
}

__attribute__((export_name("bytes"))) void bytes_back(void) {
    bytes given = arg_bytes("x");
    ok(given.data, given.length);
}

METHOD(fail) {
    put_state("row", "a", "changed");
    error("a reason");
    ok_text("all the same");
}

METHOD(trap) { __builtin_trap(); }
