#include <contract.h>

METHOD(init_contract) { ok_text(""); }

METHOD(upgrade) { ok_text(""); }

METHOD(record) { error("not written yet"); }
