"""One engine for all tests of this folder: its daemons are started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chains.evm.engine import EvmEngine
from sandbox import jails


@pytest.fixture(scope="session")
def engine() -> Iterator[EvmEngine]:
    assert jails.breaches() == []
    engine = EvmEngine()
    yield engine
    engine.close()
