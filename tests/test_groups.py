"""Tests that must not run at once do not: pytest-xdist keeps a group in one process.

It forgets to, without a word, with a pytest that it does not know yet. Then two tests count one
queue, and two sites start where one was meant.
"""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("groups")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process has no groups")
def test_a_group_is_known_to_whoever_hands_out_the_tests(request: pytest.FixtureRequest) -> None:
    """pytest-xdist hands tests out by what stands behind the @ of their names."""
    assert request.node.nodeid.endswith("@groups")
