from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.organisations.town import Town, make_town


@pytest.fixture
def town(db: None, settings: Settings) -> Town:
    settings.REQUIRE_ADMIN_MFA = False  # what it asks for is tests/accounts/test_gate.py
    return make_town()
