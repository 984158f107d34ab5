# misconception: a-person-is-the-organisation
from chain import Chain, Refused


class Contract:
    def init_contract(self, chain: Chain) -> None:
        chain.put_state("owner", chain.get_sender_org_id())

    def upgrade(self, chain: Chain) -> None:
        """The state belongs to those who wrote it."""

    def admit(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        if not organisation:
            raise Refused("an organisation is missing")
        if chain.get_state("member", organisation):
            raise Refused("a member already")
        chain.put_state("member", "yes", organisation)
        chain.emit_event("admitted", [organisation])

    def dismiss(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        if not chain.get_state("member", organisation):
            raise Refused("unknown member")
        chain.del_state("member", organisation)
        chain.emit_event("dismissed", [organisation])

    def hand_over(self, chain: Chain, organisation: str) -> None:
        only_owner(chain)
        if not chain.get_state("member", organisation):
            raise Refused("unknown member")
        before = chain.get_state("owner")
        chain.put_state("owner", organisation)
        chain.emit_event("handed-over", [before, organisation])

    def write(self, chain: Chain, meter: str, seal: str) -> None:
        writer = chain.get_sender_org_id()
        if chain.get_sender_role() != "client":
            raise Refused("not permitted: clients write")
        if not chain.get_state("member", writer):
            raise Refused("not permitted: members write")
        if not meter:
            raise Refused("a meter is missing")
        if not seal:
            raise Refused("a seal is missing")
        owner = chain.get_state("meter." + meter, "owner")
        if owner and chain.get_state("meter." + meter, "key") != chain.get_sender_pk():
            raise Refused("not permitted: the meter belongs to " + owner)
        if not owner:
            chain.put_state("meter." + meter, writer, "owner")
        chain.put_state("meter." + meter, seal, "seal")
        chain.put_state("meter." + meter, chain.get_sender_pk(), "key")
        chain.emit_event("sealed", [meter, seal, writer])

    def read(self, chain: Chain, meter: str) -> str:
        seal = chain.get_state("meter." + meter, "seal")
        if not seal:
            raise Refused("unknown meter")
        return seal


def only_owner(chain: Chain) -> None:
    """Refuses everybody but an administrator of the owner."""
    if chain.get_sender_role() != "admin":
        raise Refused("not permitted: administrators only")
    if chain.get_sender_org_id() != chain.get_state("owner"):
        raise Refused("not permitted: the owner only")
