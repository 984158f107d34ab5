#include <contract.h>

METHOD(init_contract) {
    put_state("counter", "total", "0");
    ok_text("installed");
}

METHOD(upgrade) { ok_text("upgraded"); }

METHOD(total) { ok_text(get_state("counter", "total")); }

METHOD(add) {
    uint64_t before, amount, after;
    if (!parse_u64(get_state("counter", "total"), &before)) {
        error("no total");
        return;
    }
    if (!parse_u64(arg("amount"), &amount)) {
        error("amount is no number");
        return;
    }
    if (__builtin_add_overflow(before, amount, &after)) {
        error("too much");
        return;
    }
    const char *text = text_of_u64(after);
    put_state("counter", "total", text);
    emit("added", text, sender_org_id());
    ok_text(text);
}
