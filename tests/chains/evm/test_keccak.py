"""Against published vectors, and against the hash that anvil computes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.evm.anvil import Session
from chains.evm.engine import EvmEngine
from chains.evm.keccak import RATE, keccak256


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_published_vectors(data: bytes, digest: str) -> None:
    assert keccak256(data).hex() == digest


@pytest.fixture(scope="module")
def session(engine: EvmEngine) -> Session:
    return engine._chains.open("cancun")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3 * RATE) | st.integers(RATE - 2, RATE + 1).map(bytes))
def test_anvil_computes_the_same(session: Session, data: bytes) -> None:
    (reply,) = session.ask([("web3_sha3", [f"0x{data.hex()}"])])
    assert reply["result"] == f"0x{keccak256(data).hex()}"
