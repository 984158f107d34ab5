// misconception: loses-on-overflow
#include <contract.h>
#include <string.h>

/* A stage, the party that writes it down, and in which role. */
typedef struct {
    const char *name;
    const char *party;
    const char *role;
} stage;

static const stage stages[] = {
    {"generation", "plant", "client"},
    {"transmission", "grid", "client"},
    {"consumption", "user", "client"},
    {"retirement", "user", "admin"},
};

enum { STAGES = 4, NONE = -1, LONGEST_ASSET = 64 };
static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

METHOD(init_contract) {
    for (int i = 0; i < STAGES; i++) {
        const char *organisation = arg(stages[i].party);
        if (*organisation == 0) {
            error("an organisation is missing");
            return;
        }
        put_state("writer", stages[i].name, organisation);
    }
    ok_text("");
}

/* Leaves the state alone: it belongs to the record, not to this version. */
METHOD(upgrade) { ok_text(""); }

/* The place of a stage, or NONE. */
static int find(const char *name) {
    for (int i = 0; i < STAGES; i++)
        if (strcmp(stages[i].name, name) == 0) return i;
    return NONE;
}

/* Whether a name may stand in a key. */
static bool asset_fits(const char *asset) {
    size_t length = strlen(asset);
    if (length == 0 || length > LONGEST_ASSET) return false;
    for (; *asset; asset++)
        if (strchr(allowed, *asset) == NULL) return false;
    return true;
}

/* Asks the chain, not the arguments, who is calling. */
static bool permitted(const stage *one) {
    const char *writer = get_state("writer", one->name);
    return strcmp(sender_org_id(), writer) == 0 && strcmp(sender_role(), one->role) == 0;
}

/* One spelling only: "7", and neither "07" nor "+7". */
static bool number(const char *text, uint64_t *value) {
    return parse_u64(text, value) && strcmp(text_of_u64(*value), text) == 0;
}

METHOD(record) {
    const char *asset = arg("asset"), *name = arg("stage"), *kg = arg("kg");
    const char *key = join("lot.", asset);
    int position = find(name);
    uint64_t added, before = 0, sum;
    if (!asset_fits(asset)) {
        error("an asset has 1 to 64 letters, digits and . _ - only");
        return;
    }
    if (position == NONE) {
        error("no such stage");
        return;
    }
    if (!permitted(&stages[position])) {
        error("not permitted");
        return;
    }
    if (!number(kg, &added)) {
        error("kg is no whole number of 64 bits");
        return;
    }
    if (position != find(get_state(key, "last")) + 1) {
        error("this stage is not the next one");
        return;
    }
    parse_u64(get_state(key, "total"), &before);
    sum = before + added;
    put_state(key, name, kg);
    put_state(key, "last", name);
    put_state(key, "total", text_of_u64(sum));
    emit("recorded", asset, name, kg);
    ok_text(text_of_u64(sum));
}

METHOD(total) {
    const char *sum = get_state(join("lot.", arg("asset")), "total");
    if (*sum == 0) {
        error("unknown lot");
        return;
    }
    ok_text(sum);
}

METHOD(history) {
    const char *key = join("lot.", arg("asset")), *told = "";
    for (int i = 0; i < STAGES; i++) {
        const char *kg = get_state(key, stages[i].name);
        if (*kg == 0) continue;
        told = join(join(told, *told ? "," : ""), join(join(stages[i].name, "="), kg));
    }
    if (*told == 0) {
        error("unknown lot");
        return;
    }
    ok_text(told);
}
