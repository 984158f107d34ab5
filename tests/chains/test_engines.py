"""The one door to the ledger engines, and what each says of itself on this host."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from chains.engines import MAKERS, Engines, open_engines
from chains.types import Engine, Health
from grading.management.commands.engines import line
from sandbox.boxes import open_boxes


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    boxes = open_boxes()
    engines = open_engines(boxes)
    yield engines
    engines.close()
    boxes.close()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_an_engine_is_opened_once_and_knows_its_name(engines: Engines, name: str) -> None:
    engine: Engine = engines.engine(name)
    assert engines.engine(name) is engine
    assert engine.name == name
    assert engine.languages


def test_an_engine_that_there_is_none_of_is_no_engine(engines: Engines) -> None:
    with pytest.raises(KeyError):
        engines.engine("fabric")


def test_each_language_has_a_row_with_versions_or_a_reason(
    engines: Engines, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `manage.py engines` prints them for machines; its exit code tells whether all work."""
    missing = False
    try:
        call_command("engines", "--json")
    except SystemExit as end:
        missing = end.code == 1
    rows = [Health(**row) for row in json.loads(capsys.readouterr().out)]
    wanted = [(name, language) for name in MAKERS for language in engines.engine(name).languages]
    assert [(row.engine, row.language) for row in rows] == wanted
    assert [row for row in rows if row.available and not row.versions] == []
    assert [row for row in rows if not row.available and not row.reason] == []
    assert missing == any(not row.available for row in rows)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            Health("chainmaker", "go", available=True, versions={"wasmtime": "50", "go": "1.27"}),
            "chainmaker  go        works    wasmtime 50, go 1.27",
        ),
        (
            Health("evm", "", available=False, versions={}, reason="no anvil"),
            "evm         -         missing  no anvil",
        ),
    ],
)
def test_a_row_is_a_line_for_people(row: Health, expected: str) -> None:
    assert line(row) == expected


def test_closed_engines_open_again(engines: Engines) -> None:
    first = engines.engine("chainmaker")
    engines.close()
    assert engines.engine("chainmaker") is not first
