"""Settings come from the environment, and a bad value stops the start with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("TRUE", True), ("yes", True), ("on", True), ("0", False), ("off", False)],
)
def test_flag_reads_the_usual_words(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    monkeypatch.setenv("X", value)
    assert env.flag("X", default=not expected) is expected


def test_flag_refuses_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"^X='maybe': say 1 or 0\.$"):
        env.flag("X")


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "")
    assert env.flag("X", default=True) is True
    assert env.text("X", "y") == "y"
    assert env.number("X", 7) == 7


@pytest.mark.parametrize(
    ("value", "message"),
    [("many", "X='many': say a whole number."), ("0", "X='0': must be at least 1.")],
)
def test_number_refuses_what_is_none(
    monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured) as caught:
        env.number("X", 3, least=1)
    assert str(caught.value) == message


def test_names_drops_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "a.example, ,b.example,")
    assert env.names("X") == ["a.example", "b.example"]


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hush\n", encoding="utf-8")
    monkeypatch.setenv("X_FILE", str(path))
    monkeypatch.setenv("X", "louder")
    assert env.secret("X", fallback=None) == "hush"


def test_a_missing_secret_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="CHAINWRIGHT_NO_SUCH"):
        env.secret("CHAINWRIGHT_NO_SUCH", fallback=None)


def test_a_file_gives_defaults_that_the_environment_overrides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "local.env"
    path.write_text("# a comment\nCW_A=file\nCW_B = file \n\nnonsense\n", encoding="utf-8")
    monkeypatch.setenv("CW_A", "environment")
    monkeypatch.setenv("CW_B", "")
    monkeypatch.delenv("CW_B")
    env.load(path)
    assert (env.text("CW_A"), env.text("CW_B")) == ("environment", "file")
    monkeypatch.delenv("CW_B")


def test_a_missing_file_is_no_fault(tmp_path: Path) -> None:
    env.load(tmp_path / "absent.env")


def test_database_url_in_full() -> None:
    found = env.database("postgres://ann:p%40ss@db.internal:6432/chain", Path("unused"))
    keys = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [found[key] for key in keys] == [
        "django.db.backends.postgresql",
        *("chain", "ann", "p@ss", "db.internal", "6432"),
    ]


def test_database_url_of_a_socket() -> None:
    found = env.database("postgres:///chain?host=/run/postgresql", Path("unused"))
    assert (found["NAME"], found["HOST"]) == ("chain", "/run/postgresql")


def test_without_a_url_it_is_sqlite(tmp_path: Path) -> None:
    found = env.database("", tmp_path / "x.sqlite3")
    assert (found["ENGINE"], found["NAME"]) == (
        "django.db.backends.sqlite3",
        tmp_path / "x.sqlite3",
    )


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="must look like postgres://"):
        env.database("mysql://x", Path("unused"))
