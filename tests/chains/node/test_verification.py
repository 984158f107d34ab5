"""Whether a contract and transactions on a chain are a learner's."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.node import refusals
from chains.node import wire_pb2 as wire
from chains.node.__main__ import main
from chains.node.client import Connection
from chains.node.members import member
from chains.node.verification import Problem, Reason, verify_contract
from tests.chains.node.authorities import Pair, key_pem
from tests.chains.node.conftest import MODULE, Site, World


def saved(connection: Connection, key: str, contract: str = "notes") -> str:
    return connection.invoke(contract, "save", {"key": key, "value": "1"}).tx_id


def problems(
    connection: Connection,
    *transactions: str,
    contract: str = "notes",
    organisation: str = "grid.example",
    name: str = "",
) -> tuple[Problem, ...]:
    found = verify_contract(
        connection,
        contract=contract,
        organisation=organisation,
        transactions=transactions,
        name=name,
    )
    assert found.passed == (not found.problems)
    return found.problems


def test_their_contract_and_their_transactions(installed: Connection) -> None:
    ids = [saved(installed, "a"), saved(installed, "b")]
    found = verify_contract(
        installed,
        contract="notes",
        organisation="grid.example",
        transactions=ids,
        name="client1",
    )
    assert found.passed
    assert found.contract == installed.contract("notes")
    assert found.receipts == tuple(installed.transaction(tx_id) for tx_id in ids)


def test_it_writes_nothing(site: Site, installed: Connection) -> None:
    tx_id = saved(installed, "a")
    before = len(site.node.blocks)
    assert problems(installed, tx_id) == ()
    assert (len(site.node.blocks), site.node.pool) == (before, [])


def test_no_contract(connection: Connection) -> None:
    assert problems(connection) == (Problem(Reason.NO_CONTRACT),)


def test_somebody_elses_contract(installed: Connection) -> None:
    assert problems(installed, organisation="plant.example") == (
        Problem(Reason.OTHER_INSTALLER, found="grid.example"),
    )


@pytest.mark.parametrize(("status", "state"), [(1, "frozen"), (2, "revoked"), (9, "unknown")])
def test_a_contract_that_cannot_be_called(
    site: Site, installed: Connection, status: int, state: str
) -> None:
    site.node.contracts["notes"]["status"] = status
    assert problems(installed) == (Problem(Reason.NOT_NORMAL, found=state),)


def test_transactions_that_are_not_theirs(site: Site, installed: Connection) -> None:
    installed.create_contract("other", MODULE, endorsers=site.world.admins)
    mine, elsewhere = saved(installed, "a"), saved(installed, "a", "other")
    with Connection(site.network(site.world.users["plant.example"])) as other:
        strange = saved(other, "b")
    with pytest.raises(refusals.ContractFailed) as failed:
        saved(installed, "a")
    missing = "0" * 64
    ids = (mine, mine, elsewhere, strange, failed.value.tx_id, missing)
    assert problems(installed, *ids) == (
        Problem(Reason.REPEATED, mine),
        Problem(Reason.OTHER_CONTRACT, elsewhere, "other"),
        Problem(Reason.OTHER_SENDER, strange, "client1 (plant.example)"),
        Problem(Reason.FAILED, failed.value.tx_id, "authentication failed for a: taken"),
        Problem(Reason.NO_TRANSACTION, missing),
    )


def test_a_repeated_transaction_counts_once(installed: Connection) -> None:
    tx_id = saved(installed, "a")
    found = verify_contract(
        installed, contract="notes", organisation="grid.example", transactions=[tx_id, tx_id]
    )
    assert [receipt.tx_id for receipt in found.receipts] == [tx_id]
    assert not found.passed


def test_a_colleague_of_the_learner(installed: Connection) -> None:
    tx_id = saved(installed, "a")
    assert problems(installed, tx_id, name="client2") == (
        Problem(Reason.OTHER_SENDER, tx_id, "client1 (grid.example)"),
    )


def test_a_node_that_changes_what_was_signed(site: Site, installed: Connection) -> None:
    tx_id = saved(installed, "a")

    def tamper(transaction: wire.Transaction) -> None:
        transaction.payload.parameters[1].value = b"1000000"

    site.node.tampered = tamper
    assert problems(installed, tx_id) == (Problem(Reason.NOT_SIGNED, tx_id),)


def test_a_node_that_names_another_sender(site: Site, installed: Connection) -> None:
    with Connection(site.network(site.world.users["plant.example"])) as other:
        tx_id = saved(other, "a")

    def tamper(transaction: wire.Transaction) -> None:
        signer = transaction.sender.signer
        signer.org_id = "grid.example"
        signer.member_info = site.world.users["grid.example"].certificate

    site.node.tampered = tamper
    assert problems(installed, tx_id) == (Problem(Reason.NOT_SIGNED, tx_id),)


def test_members_without_certificates_have_signed_nothing(
    site: Site, installed: Connection
) -> None:
    tx_id = saved(installed, "a")

    def tamper(transaction: wire.Transaction) -> None:
        transaction.sender.signer.member_type = wire.PUBLIC_KEY

    site.node.tampered = tamper
    assert problems(installed, tx_id) == (Problem(Reason.NOT_SIGNED, tx_id),)


def test_a_node_that_cannot_be_asked_is_no_verdict(site: Site, installed: Connection) -> None:
    site.node.stop()
    with pytest.raises(refusals.Unreachable):
        problems(installed)


# --- the command ---


@pytest.fixture
def network_file(site: Site, tmp_path: Path) -> Path:
    world = site.world
    user = world.users["grid.example"]
    assert not isinstance(user.key, int)
    files = {
        "user.crt": user.certificate,
        "user.key": key_pem(user.key),
        "tls.crt": world.tls.certificate,
        "tls.key": world.tls.key,
        **{f"{name}.ca": authority.pem for name, authority in world.authorities.items()},
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    path = tmp_path / "network.toml"
    path.write_text(
        f"""\
address = "127.0.0.1:{site.port}"
chain = "chain1"
certificate = "user.crt"
key = "user.key"

[tls]
authorities = {[f"{name}.ca" for name in world.authorities]}
certificate = "tls.crt"
key = "tls.key"
"""
    )
    return path


def test_the_command_says_whether_the_node_is_there(
    site: Site, network_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(network_file), "version"]) == 0
    assert capsys.readouterr().out == "v2.3.7, block 0\n"
    site.node.stop()
    assert main([str(network_file), "version"]) == 2
    assert "cannot be reached" in capsys.readouterr().err


def test_the_command_verifies(
    installed: Connection, network_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tx_id = saved(installed, "a")
    given = [str(network_file), "verify", "notes", "--transaction", tx_id, "--organisation"]
    assert main([*given, "grid.example"]) == 0
    assert capsys.readouterr().out == (
        f"notes 1.0: grid.example, normal\n{tx_id} block 2 save: SUCCESS\n"
    )
    assert main([*given, "plant.example"]) == 1
    assert capsys.readouterr().out.splitlines()[2:] == [
        "other-installer grid.example",
        f"other-sender {tx_id} client1 (grid.example)",
    ]


def test_keys_have_to_belong_to_certificates(world: World) -> None:
    pairs = [world.authorities["grid.example"].issue("client1", "client") for _ in range(2)]
    crossed = Pair(pairs[0].certificate, pairs[1].key)
    with pytest.raises(ValueError, match="does not belong"):
        member(crossed.certificate, crossed.key)
