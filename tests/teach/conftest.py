from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.teach.workshop import Workshop, make_workshop


@pytest.fixture
def workshop(db: None, settings: Settings) -> Workshop:
    settings.REQUIRE_ADMIN_MFA = False  # what it asks for is tests/accounts/test_gate.py
    return make_workshop()
