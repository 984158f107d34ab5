from chain import Chain, Refused

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
HEX = "0123456789abcdef"


class Contract:
    def init_contract(self, chain: Chain) -> None:
        """Nothing to prepare."""

    def record(self, chain: Chain, item: str, digest: str) -> str:
        """Write down what was shown to the chain, and when."""
        if not 1 <= len(item) <= 32 or not all(letter in LETTERS for letter in item):
            raise Refused("an item has 1 to 32 of a-z, 0-9 and -")
        if len(digest) != 64 or not all(letter in HEX for letter in digest):
            raise Refused("a digest has 64 of 0-9 and a-f")
        if chain.get_state(item, "digest"):
            raise Refused("there is a record of this already")
        now = chain.get_tx_time_stamp()
        chain.put_state(item, digest, "digest")
        chain.put_state(item, now, "time")
        chain.emit_event("recorded", [item, digest])
        return now

    def when(self, chain: Chain, item: str) -> str:
        """The time of the record."""
        return recorded(chain, item, "time")

    def check(self, chain: Chain, item: str, digest: str) -> str:
        """`same` or `different`."""
        return "same" if digest == recorded(chain, item, "digest") else "different"


def recorded(chain: Chain, item: str, field: str) -> str:
    value = chain.get_state(item, field)
    if not value:
        raise Refused("unknown item")
    return value
