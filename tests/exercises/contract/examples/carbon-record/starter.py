from chain import Chain, Refused

STAGES = ["generation", "transmission", "consumption"]


class Contract:
    def init_contract(self, chain: Chain) -> None:
        """Nothing to prepare."""

    def upgrade(self, chain: Chain) -> None:
        """Nothing to change."""

    def record(self, chain: Chain, asset: str, stage: str, kg: str) -> str:
        """Write one stage of a lot down; the stages come in order, each once."""
        raise Refused("not written yet")

    def total(self, chain: Chain) -> str:
        """All kilograms that were recorded."""
        return "0"
