"""The client and a stand-in node over real sockets. Never against a real node: see the docs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes

from chains.node import refusals
from chains.node.client import Connection, transaction_id
from chains.node.members import Signer, member
from chains.node.network import Network
from chains.node.receipts import Contract, Event, Receipt
from tests.chains.node.authorities import Authority, Sm2Authority
from tests.chains.node.conftest import MODULE, Site, World, tls_of
from tests.chains.node.standin import Notebook, Standin


def waited_for(site: Site, tx_id: str, times: int) -> None:
    """Until the node was asked for this transaction so many times."""
    with site.node.lock:
        assert site.node.lock.wait_for(lambda: site.node.asked_for.count(tx_id) >= times, 10)


def sent(pool: ThreadPoolExecutor, connection: Connection, tx_id: str) -> Future[Receipt]:
    return pool.submit(
        connection.invoke, "notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id, wait_seconds=10
    )


def test_says_its_version(connection: Connection) -> None:
    assert connection.version() == "v2.3.7"


# --- installing ---


def test_three_of_four_organisations_install(site: Site, connection: Connection) -> None:
    receipt = connection.create_contract("notes", MODULE, endorsers=site.world.admins[:3])
    assert (receipt.ok, receipt.code, receipt.result) == (True, "SUCCESS", b"init_contract ok")
    assert receipt.endorsers == tuple(
        Signer(name, "admin1", "admin")
        for name in ("centre.example", "grid.example", "plant.example")
    )
    assert receipt.args["CONTRACT_BYTECODE"] == MODULE
    assert connection.contract("notes") == Contract("notes", "1.0", "normal", "grid.example")


def test_two_of_four_organisations_do_not(site: Site, connection: Connection) -> None:
    with pytest.raises(
        refusals.NotPermitted, match="3 valid endorsements required, 2 valid endorsements received"
    ):
        connection.create_contract("notes", MODULE, endorsers=site.world.admins[:2])
    with pytest.raises(refusals.NotFound):
        connection.contract("notes")
    assert len(site.node.blocks) == 1


def test_an_organisation_counts_once(site: Site, connection: Connection) -> None:
    other = site.world.authorities["centre.example"].issue("admin2", "admin")
    twice = [*site.world.admins[:2], site.world.admins[0], member(other.certificate, other.key)]
    with pytest.raises(refusals.NotPermitted, match="2 valid endorsements received"):
        connection.create_contract("notes", MODULE, endorsers=twice)


def test_only_administrators_endorse(site: Site, connection: Connection) -> None:
    with pytest.raises(refusals.NotPermitted, match="0 valid endorsements received"):
        connection.create_contract("notes", MODULE, endorsers=list(site.world.users.values()))


def test_what_is_no_contract_is_not_installed(site: Site, connection: Connection) -> None:
    with pytest.raises(refusals.ContractFailed, match="not a module"):
        connection.create_contract("notes", b"#!", endorsers=site.world.admins)
    with pytest.raises(refusals.NotFound):
        connection.contract("notes")


def test_arguments_of_init_do_not_replace_what_is_installed(
    site: Site, connection: Connection
) -> None:
    connection.create_contract(
        "notes", MODULE, endorsers=site.world.admins, args={"CONTRACT_NAME": "other", "unit": "kg"}
    )
    assert connection.contract("notes").name == "notes"


# --- transactions ---


def test_invokes_and_fetches_the_transaction_and_its_block(installed: Connection) -> None:
    receipt = installed.invoke("notes", "save", {"key": "a", "value": b"\xff\x00"})
    assert installed.query("notes", "find", {"key": "a"}) == b"\xff\x00"
    assert installed.transaction(receipt.tx_id) == receipt
    assert receipt == Receipt(
        tx_id=receipt.tx_id,
        contract="notes",
        method="save",
        args={"key": b"a", "value": b"\xff\x00"},
        sender=Signer("grid.example", "client1", "client"),
        is_signed=True,
        endorsers=(),
        code="SUCCESS",
        result=b"ok",
        message="",
        gas=7,
        events=(Event("notes", "saved", ("a", "grid.example"), receipt.tx_id, 2),),
        block=2,
        time=receipt.time,
        ok=True,
    )
    block = installed.block(2)
    assert (block.height, block.tx_ids) == (2, (receipt.tx_id,))
    assert block == installed.block()
    assert block.previous == installed.block(1).hash != ""


def test_a_query_writes_nothing(site: Site, installed: Connection) -> None:
    assert installed.query("notes", "save", {"key": "a", "value": "1"}) == b"ok"
    assert installed.query("notes", "find", {"key": "a"}) == b""
    assert len(site.node.blocks) == 2


def test_a_failed_contract_is_on_the_chain_with_its_reason(installed: Connection) -> None:
    installed.invoke("notes", "save", {"key": "a", "value": "1"})
    tx_id = transaction_id("second")
    # The contract's words look like a node's refusal: they are still the contract's.
    with pytest.raises(refusals.ContractFailed, match="authentication failed for a: taken") as said:
        installed.invoke("notes", "save", {"key": "a", "value": "2"}, tx_id=tx_id)
    assert said.value.tx_id == tx_id
    receipt = installed.transaction(tx_id)
    assert (receipt.ok, receipt.code, receipt.events) == (False, "CONTRACT_FAIL", ())
    with pytest.raises(refusals.ContractFailed, match="authentication failed for a: taken"):
        installed.query("notes", "save", {"key": "a", "value": "2"})


def test_what_is_not_there_is_not_found(connection: Connection) -> None:
    with pytest.raises(refusals.NotFound, match="no such transaction") as said:
        connection.transaction("0" * 64)
    assert said.value.tx_id == "0" * 64
    with pytest.raises(refusals.NotFound, match="no such block"):
        connection.block(7)
    with pytest.raises(refusals.ContractFailed, match="contract not exist"):
        connection.query("nobody", "find")


def test_another_chain_is_refused(site: Site) -> None:
    with (
        Connection(replace(site.network(), chain="chain9")) as connection,
        pytest.raises(refusals.Refused, match="chain id"),
    ):
        connection.invoke("notes", "save")


def test_ids_are_functions_of_what_they_say() -> None:
    assert transaction_id("a", "b") == transaction_id("a", "b")
    assert len({transaction_id("a", "b"), transaction_id("ab"), transaction_id("a", 1)}) == 3
    assert len(transaction_id("a")) == 64


def test_a_transaction_that_is_sent_twice_happens_once(site: Site, installed: Connection) -> None:
    tx_id = transaction_id("once")
    first = installed.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id)
    assert installed.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id) == first
    assert len(site.node.blocks) == 3


@pytest.mark.parametrize(
    ("method", "args"), [("save", {"key": "b", "value": "1"}), ("find", {"key": "a", "value": "1"})]
)
def test_an_id_is_not_used_for_something_else(
    installed: Connection, method: str, args: dict[str, str]
) -> None:
    tx_id = transaction_id("once")
    installed.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id)
    with pytest.raises(refusals.Refused, match="belongs to another transaction"):
        installed.invoke("notes", method, args, tx_id=tx_id)


def test_an_id_is_not_taken_over_from_another_member(site: Site, installed: Connection) -> None:
    tx_id = transaction_id("once")
    installed.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id)
    with (
        Connection(site.network(site.world.users["plant.example"])) as other,
        pytest.raises(refusals.Refused, match="belongs to another transaction"),
    ):
        other.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id)


# --- who is let in ---


def test_a_forged_key_is_refused(site: Site) -> None:
    honest = site.world.users["grid.example"]
    other = site.world.users["plant.example"]
    with (
        Connection(site.network(replace(honest, key=other.key))) as connection,
        pytest.raises(refusals.NotAuthentic, match="authentication failed"),
    ):
        connection.invoke("notes", "save")


def test_a_certificate_of_a_strange_authority_is_refused(site: Site) -> None:
    pair = Authority("grid.example").issue("client1", "client")
    with (
        Connection(site.network(member(pair.certificate, pair.key))) as connection,
        pytest.raises(refusals.NotAuthentic),
    ):
        connection.query("notes", "find")


def test_a_certificate_for_another_organisation_is_refused(site: Site) -> None:
    pair = site.world.authorities["grid.example"].issue(
        "client1", "client", organisation="centre.example"
    )
    with (
        Connection(site.network(member(pair.certificate, pair.key))) as connection,
        pytest.raises(refusals.NotAuthentic),
    ):
        connection.query("notes", "find")


def test_an_expired_certificate_is_refused(site: Site) -> None:
    pair = site.world.authorities["grid.example"].issue("client1", "client", days=(-2, -1))
    with (
        Connection(site.network(member(pair.certificate, pair.key))) as connection,
        pytest.raises(refusals.NotAuthentic, match="expired"),
    ):
        connection.invoke("notes", "save")
    with (
        Connection(site.network(member(pair.certificate, pair.key))) as connection,
        pytest.raises(refusals.NotAuthentic, match="expired"),
    ):
        list(connection.events("notes", seconds=5))


def test_an_expired_tls_certificate_is_refused(site: Site) -> None:
    world = site.world
    pair = world.authorities["grid.example"].issue("client1", "client", days=(-2, -1))
    with (
        Connection(site.network(tls=tls_of(world.authorities, pair))) as connection,
        pytest.raises(refusals.Unreachable),
    ):
        connection.version()


def test_a_client_without_a_tls_certificate_is_refused(site: Site) -> None:
    tls = replace(site.world.tls, certificate=b"", key=b"")
    with (
        Connection(site.network(tls=tls)) as connection,
        pytest.raises(refusals.Unreachable, match="check the authorities"),
    ):
        connection.version()
    with (
        Connection(replace(site.network(), tls=None)) as connection,
        pytest.raises(refusals.Unreachable, match="check the authorities"),
    ):
        connection.version()


def test_a_node_of_a_strange_authority_is_not_spoken_to(site: Site) -> None:
    stranger = Authority("grid.example")
    for tls in (
        replace(site.world.tls, authorities=stranger.pem),
        replace(site.world.tls, host_name="elsewhere.example"),
    ):
        with (
            Connection(site.network(tls=tls)) as connection,
            pytest.raises(refusals.Unreachable, match="check the authorities"),
        ):
            connection.version()


def test_the_hash_is_that_of_the_certificate(site: Site, installed: Connection) -> None:
    pair = site.world.authorities["grid.example"].issue(
        "client2", "client", hash_algorithm=hashes.SHA384()
    )
    with Connection(site.network(member(pair.certificate, pair.key))) as connection:
        receipt = connection.invoke("notes", "save", {"key": "a", "value": "1"})
    assert receipt.is_signed


def test_sm2_members_sign_and_endorse(world: World) -> None:
    authorities = [Sm2Authority(f"org{number}.example") for number in range(4)]
    pems = {authority.organisation: authority.pem for authority in authorities}
    node = Standin(pems, Notebook())
    admins = [
        member(pair.certificate, pair.key)
        for pair in (authority.issue("admin1", "admin") for authority in authorities)
    ]
    user = authorities[0].issue("client1", "client")
    who = member(user.certificate, user.key)
    address = f"127.0.0.1:{node.serve(None)}"
    try:
        with Connection(Network(address, "chain1", who, tls=None)) as connection:
            connection.create_contract("notes", MODULE, endorsers=admins[:3])
            receipt = connection.invoke("notes", "save", {"key": "a", "value": "1"})
        assert (receipt.sender, receipt.is_signed) == (
            Signer("org0.example", "client1", "client"),
            True,
        )
        forged = replace(who, key=admins[0].key)
        with (
            Connection(Network(address, "chain1", forged, tls=None)) as connection,
            pytest.raises(refusals.NotAuthentic, match="invalid signature"),
        ):
            connection.query("notes", "find")
    finally:
        node.stop()


# --- events ---


def test_hears_past_events_and_then_new_ones(installed: Connection) -> None:
    past = installed.invoke("notes", "save", {"key": "a", "value": "1"})
    heard = installed.events("notes", first_block=1, seconds=10)
    assert next(heard) == past.events[0]
    new = installed.invoke("notes", "save", {"key": "b", "value": "1"})
    assert next(heard) == new.events[0]
    heard.close()


def test_hears_of_the_blocks_and_the_topic_that_it_asked_for(installed: Connection) -> None:
    receipts = [
        installed.invoke("notes", "save", {"key": key, "value": "1"}) for key in ("a", "b", "c")
    ]
    events = [receipt.events[0] for receipt in receipts]
    assert [event.block for event in events] == [2, 3, 4]
    assert list(installed.events("notes", first_block=1, last_block=3, seconds=10)) == events[:2]
    assert (
        list(installed.events("notes", "saved", first_block=3, last_block=4, seconds=10))
        == (events[1:])
    )
    assert list(installed.events("notes", "lost", first_block=1, last_block=4, seconds=10)) == []
    assert list(installed.events("other", first_block=1, last_block=4, seconds=10)) == []


def test_asks_for_the_blocks_that_it_wants(site: Site, installed: Connection) -> None:
    site.node.endless = True
    receipts = [
        installed.invoke("notes", "save", {"key": key, "value": "1"}) for key in ("a", "b", "c")
    ]
    heard = installed.events("notes", first_block=2, last_block=3, seconds=60)
    assert list(heard) == [receipt.events[0] for receipt in receipts[:2]]
    assert site.node.ranges == [(2, 3)]


def test_hears_only_what_is_new(site: Site, installed: Connection) -> None:
    installed.invoke("notes", "save", {"key": "a", "value": "1"})
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(lambda: next(iter(installed.events("notes", seconds=10))))
        with site.node.lock:
            assert site.node.lock.wait_for(lambda: site.node.subscribers == 1, 10)
        new = installed.invoke("notes", "save", {"key": "b", "value": "1"})
        assert heard.result(10) == new.events[0]


def test_stops_listening_when_the_time_is_over(site: Site, installed: Connection) -> None:
    assert list(installed.events("notes", seconds=0.2)) == []
    assert site.node.ranges == [(-1, -1)]


# --- when things break ---


def test_a_transaction_without_a_block_times_out_and_can_be_waited_for(
    site: Site, installed: Connection
) -> None:
    site.node.held = True
    tx_id = transaction_id("held")
    with pytest.raises(refusals.TimedOut, match="no block has the transaction") as said:
        installed.invoke("notes", "save", {"key": "a", "value": "1"}, tx_id=tx_id, wait_seconds=0.2)
    assert said.value.tx_id == tx_id
    with ThreadPoolExecutor(1) as pool:
        again = sent(pool, installed, tx_id)
        waited_for(site, tx_id, site.node.asked_for.count(tx_id) + 1)
        site.node.commit()
        receipt = again.result(10)
    assert receipt == installed.wait(tx_id, seconds=1)
    assert len(site.node.blocks) == 3


def test_a_node_that_dies_while_it_is_polled(site: Site, installed: Connection) -> None:
    site.node.held = True
    tx_id = transaction_id("dying")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            installed.invoke,
            "notes",
            "save",
            {"key": "a", "value": "1"},
            tx_id=tx_id,
            wait_seconds=2,
        )
        waited_for(site, tx_id, 1)
        site.node.stop()
        with pytest.raises(refusals.Unreachable) as said:
            waiting.result(10)
    assert said.value.tx_id == tx_id


def test_a_node_that_comes_back_while_it_is_polled(site: Site, installed: Connection) -> None:
    site.node.held = True
    tx_id = transaction_id("dying")
    with ThreadPoolExecutor(1) as pool:
        waiting = sent(pool, installed, tx_id)
        waited_for(site, tx_id, 1)
        site.node.stop()
        site.node.commit()
        time.sleep(0.3)  # long enough to be missed
        site.restart()
        assert waiting.result(10).ok


def test_a_node_that_comes_back_without_the_transaction(site: Site, installed: Connection) -> None:
    site.node.held = True
    tx_id = transaction_id("dying")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(installed.wait, tx_id, seconds=3)
        waited_for(site, tx_id, 1)
        site.node.stop()
        time.sleep(0.3)
        site.restart()
        waited_for(site, tx_id, site.node.asked_for.count(tx_id) + 1)
        with pytest.raises(refusals.TimedOut):
            waiting.result(10)


def test_a_node_that_dies_while_it_is_listened_to(site: Site, installed: Connection) -> None:
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(lambda: list(installed.events("notes", seconds=10)))
        with site.node.lock:
            assert site.node.lock.wait_for(lambda: site.node.subscribers == 1, 10)
        site.node.stop()
        with pytest.raises(refusals.Unreachable):
            heard.result(10)


def test_a_slow_node_runs_into_the_deadline(site: Site) -> None:
    site.node.slow_seconds = 0.5
    tx_id = transaction_id("slow")
    with Connection(site.network(), call_seconds=0.1) as connection:
        with pytest.raises(refusals.TimedOut, match="did not answer in time") as said:
            connection.query("notes", "find")
        assert said.value.tx_id == ""
        with pytest.raises(refusals.TimedOut) as said:
            connection.invoke("notes", "save", tx_id=tx_id)
        assert said.value.tx_id == tx_id


def test_nobody_there(site: Site) -> None:
    site.node.stop()
    with Connection(site.network()) as connection:
        with pytest.raises(refusals.Unreachable, match="cannot be reached"):
            connection.version()
        with pytest.raises(refusals.Unreachable) as said:
            connection.invoke("notes", "save", tx_id="1")
    assert said.value.tx_id == "1"


def test_threads_share_a_connection(installed: Connection) -> None:
    barrier = threading.Barrier(4)

    def save(key: str) -> bool:
        barrier.wait()
        return installed.invoke("notes", "save", {"key": key, "value": key}).ok

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(save, "abcd")) == [True] * 4
    assert [installed.query("notes", "find", {"key": key}) for key in "abcd"] == [
        b"a",
        b"b",
        b"c",
        b"d",
    ]
