from chain import Chain, Refused

STAGES = ["generation", "transmission", "consumption"]


class Contract:
    def init_contract(self, chain: Chain) -> None:
        chain.put_state("total", "0")

    def upgrade(self, chain: Chain) -> None:
        """The state stays as it is."""

    def record(self, chain: Chain, asset: str, stage: str, kg: str) -> str:
        if chain.get_sender_role() != "client":
            raise Refused("not permitted: only a plant records")
        if not kg.isdigit() or len(kg) > 9:
            raise Refused("kg must be a number of at most 9 digits")
        done = int(chain.get_state(asset, "stages") or "0")
        if done >= len(STAGES) or stage != STAGES[done]:
            raise Refused("this stage is not the next one")
        total = int(chain.get_state("total")) + int(kg)
        chain.put_state(asset, kg, stage)
        chain.put_state(asset, str(done + 1), "stages")
        chain.put_state("total", str(total))
        chain.emit_event("recorded", [asset, stage, kg])
        return str(total)

    def total(self, chain: Chain) -> str:
        return chain.get_state("total")
