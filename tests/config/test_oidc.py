"""OpenID Connect providers come from the environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

PROVIDER = {
    "id": "campus",
    "name": "Campus",
    "server_url": "https://id.campus.example",
    "client_id": "chainwright",
}


def test_none_by_default() -> None:
    assert env.oidc_providers("CHAINWRIGHT_NO_SUCH") == []


def test_a_secret_in_place_or_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hush\n", encoding="utf-8")
    listed = [{**PROVIDER, "secret": "hush"}, {**PROVIDER, "secret_file": str(path)}]
    monkeypatch.setenv("X", json.dumps(listed))
    expected = {
        "provider_id": "campus",
        "name": "Campus",
        "client_id": "chainwright",
        "secret": "hush",
        "settings": {"server_url": "https://id.campus.example"},
    }
    assert env.oidc_providers("X") == [expected, expected]


@pytest.mark.parametrize(
    "value",
    [
        *("{", "{}", "[1]", json.dumps([PROVIDER])),
        json.dumps([{**PROVIDER, "secret": "a", "secrte": "b"}]),
        json.dumps([{**PROVIDER, "secret_file": "/no/such"}]),
    ],
)
def test_anything_else_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=r"^X: say a JSON list"):
        env.oidc_providers("X")
