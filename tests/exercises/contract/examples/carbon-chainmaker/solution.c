#include <contract.h>
#include <string.h>

static const char *const STAGES[] = {"generation", "transmission", "consumption"};

METHOD(init_contract) {
    put_state("total", "", "0");
    ok_text("");
}

METHOD(upgrade) { ok_text(""); }

METHOD(total) { ok_text(get_state("total", "")); }

METHOD(record) {
    const char *asset = arg("asset"), *stage = arg("stage"), *kg = arg("kg");
    uint64_t amount = 0, done = 0, sum = 0;
    if (strcmp(sender_role(), "client") != 0) {
        error("not permitted: only a plant records");
        return;
    }
    if (!parse_u64(kg, &amount) || strlen(kg) > 9) {
        error("kg must be a number of at most 9 digits");
        return;
    }
    parse_u64(get_state(asset, "stages"), &done);
    if (done >= 3 || strcmp(stage, STAGES[done]) != 0) {
        error("this stage is not the next one");
        return;
    }
    parse_u64(get_state("total", ""), &sum);
    const char *total = text_of_u64(sum + amount);
    put_state(asset, stage, kg);
    put_state(asset, "stages", text_of_u64(done + 1));
    put_state("total", "", total);
    emit("recorded", asset, stage, kg);
    ok_text(total);
}
