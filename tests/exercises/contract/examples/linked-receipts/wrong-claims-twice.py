# misconception: a-proof-is-used-up
import hashlib
import json

from chain import Chain, Refused

EXPIRY_SECONDS = 600


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def header_hash(header: dict) -> str:
    own = {name: value for name, value in header.items() if name != "hash"}
    text = json.dumps(own, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sm3(text.encode()).hex()


def root_of(proof: dict) -> str:
    found = sm3(b"\x00" + proof["leaf"].encode())
    for step in proof["path"]:
        neighbour = bytes.fromhex(step["hash"])
        pair = neighbour + found if step["side"] == "left" else found + neighbour
        found = sm3(b"\x01" + pair)
    return found.hex()


class Contract:
    def init_contract(self, chain: Chain, other: str) -> None:
        chain.put_state("other", other)

    def issue(self, chain: Chain, receipt: str, kg: str) -> None:
        if chain.get_sender_role() != "client":
            raise Refused("not permitted")
        if chain.get_state(receipt, "held") or chain.get_state(receipt, "locked"):
            raise Refused("there is such a receipt")
        chain.put_state(receipt, kg, "held")

    def lock(self, chain: Chain, receipt: str) -> None:
        kg = chain.get_state(receipt, "held")
        if not kg:
            raise Refused("there is no such receipt here")
        expiry = str(int(chain.get_tx_time_stamp()) + EXPIRY_SECONDS)
        chain.del_state(receipt, "held")
        chain.put_state(receipt, f"{kg} {expiry}", "locked")
        chain.emit_event("locked", [receipt, expiry, kg])

    def sync(self, chain: Chain, header: str) -> None:
        if chain.get_sender_role() != "common":
            raise Refused("not permitted")
        found = json.loads(header)
        if header_hash(found) != found["hash"]:
            raise Refused("the header does not have this hash")
        chain.put_state("root", found["transaction_root"], str(found["height"]))

    def claim(self, chain: Chain, proof: str) -> None:
        found = json.loads(proof)
        if found["ledger"] != chain.get_state("other"):
            raise Refused("a proof of another ledger")
        if root_of(found) != chain.get_state("root", str(found["height"])):
            raise Refused("the proof is forged, or its header is not known")
        leaf = json.loads(found["leaf"])
        told = [one["data"] for one in leaf["events"] if one["topic"] == "locked"]
        if leaf["status"] != "ok" or leaf["contract"] != "receipts" or len(told) != 1:
            raise Refused("the proof is of something else")
        receipt, expiry, kg = told[0]
        if int(chain.get_tx_time_stamp()) >= int(expiry):
            raise Refused("too late")
        if False:
            raise Refused("claimed before")
        chain.put_state(leaf["id"], "1", "claimed")
        chain.put_state(receipt, kg, "held")
        chain.emit_event("claimed", [receipt, kg])

    def cancel(self, chain: Chain, receipt: str) -> None:
        locked = chain.get_state(receipt, "locked")
        if not locked:
            raise Refused("nothing is locked")
        kg, expiry = locked.split(" ")
        if int(chain.get_tx_time_stamp()) < int(expiry):
            raise Refused("too early")
        chain.del_state(receipt, "locked")
        chain.put_state(receipt, kg, "held")

    def held(self, chain: Chain, receipt: str) -> str:
        return chain.get_state(receipt, "held")
