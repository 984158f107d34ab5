from chain import Chain, Refused


class Contract:
    def init_contract(self, chain: Chain, other: str) -> None:
        chain.put_state("other", other)

    def issue(self, chain: Chain, receipt: str, kg: str) -> None:
        chain.put_state(receipt, kg, "held")

    def held(self, chain: Chain, receipt: str) -> str:
        return chain.get_state(receipt, "held")
