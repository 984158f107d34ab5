from chain import Chain, Refused


class Contract:
    def init_contract(self, chain: Chain) -> None:
        """Write down who owns the register."""

    def upgrade(self, chain: Chain) -> None:
        """What may a new version change?"""

    def admit(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        raise Refused("not written yet")

    def dismiss(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        raise Refused("not written yet")

    def hand_over(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        raise Refused("not written yet")

    def write(self, chain: Chain, meter: str, seal: str) -> None:
        # Role, membership, arguments, ownership: first ask, then write.
        raise Refused("not written yet")

    def read(self, chain: Chain, meter: str) -> str:
        raise Refused("not written yet")


def only_owner(chain: Chain) -> None:
    """Refuses everybody but an administrator of the owner."""
