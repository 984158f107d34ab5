"""The warehouse: every row once, nobody by name, and a run that was ended goes on."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation, User
from courses.models import Programme, StageTally, Standing, Tally
from courses.types import CHINA
from reports.warehouse import export as exporting
from reports.warehouse.datasets import DATASETS, Pseudonyms, month_of
from reports.warehouse.export import Unusable, export
from tests.people import make_cohort, make_person

pytestmark = pytest.mark.django_db

KEY = b"k" * 32


def moment(year: int, month: int, day: int = 1, hour: int = 0) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, tzinfo=CHINA)


@pytest.fixture
def nation(organisation: Organisation) -> list[User]:
    """Five people who began in four months, one of them erased; a place that nobody has taken."""
    programme = Programme.objects.create(key="small-programme")
    cohort = make_cohort(organisation)
    people = [make_person(name) for name in ("alice", "bob", "charlie", "dora", "erin")]
    begun = [moment(2026, 1), moment(2026, 1, 31, 23), moment(2026, 2), moment(2026, 12, 31, 23)]
    begun.append(moment(2027, 1))
    for person, started in zip(people, begun, strict=True):
        Standing.objects.create(
            programme=programme,
            user=person,
            organisation=organisation,
            cohort=cohort,
            province="33",
            kind="university",
            stage=4,
            registered_at=started,
            active_at=started + datetime.timedelta(days=3),
            active_months=1,
        )
    Standing.objects.create(programme=programme, stage=1, invited_at=moment(2026, 2, 3))
    User.objects.filter(pk=people[2].pk).update(erased_at=moment(2026, 3))
    for slot in (0, 1):
        day = datetime.date(2026, 2, 2)
        Tally.objects.create(
            metric="completions", day=day, subject="hashes-and-blocks", slot=slot, value=2
        )
        for of, period in ((0, 202602), (organisation.pk, 202602), (organisation.pk, 0)):
            StageTally.objects.create(
                stage=4,
                period=period,
                programme=programme,
                province="33",
                kind="university",
                organisation=of,
                slot=slot,
                value=1,
            )
    return people


def rows(directory: Path, dataset: str) -> list[dict[str, Any]]:
    """The rows of a dataset, month by month, with the month that the folder names."""
    found = []
    for path in sorted((directory / dataset).glob("month=*/*.parquet")):
        month = path.parent.name.removeprefix("month=")
        table = pq.ParquetFile(path).read()
        found += [{"month": month, **row} for row in table.to_pylist()]
    return found


def test_every_standing_is_there_once_under_its_month(nation: list[User], tmp_path: Path) -> None:
    manifest = export(tmp_path / "out", KEY, print)
    people = Pseudonyms(KEY)
    found = rows(tmp_path / "out", "standings")
    assert [(row["month"], row["person"]) for row in found] == [
        ("2026-01", people.of(nation[0].uuid)),
        ("2026-01", people.of(nation[1].uuid)),
        ("2026-02", None),  # Charlie, who is forgotten
        ("2026-02", None),  # who was invited
        ("2026-12", people.of(nation[3].uuid)),
        ("2027-01", people.of(nation[4].uuid)),
    ]
    assert found[0]["organisation"] == "lakeside"
    assert found[0]["registered_on"] == datetime.date(2026, 1, 1)
    assert (found[0]["active_on"], found[0]["stage"]) == (datetime.date(2026, 1, 4), 4)
    assert [file.rows for file in manifest.files if file.dataset == "standings"] == [2, 2, 1, 1]


def test_tallies_are_summed_over_their_slots(nation: list[User], tmp_path: Path) -> None:
    export(tmp_path / "out", KEY, print)
    assert [row["value"] for row in rows(tmp_path / "out", "tallies")] == [4]
    found = rows(tmp_path / "out", "stage_tallies")
    assert [(row["organisation"], row["value"]) for row in found] in (
        [(None, 2), ("lakeside", 2)],  # SQLite sorts null first
        [("lakeside", 2), (None, 2)],
    )


def test_nobody_is_named(nation: list[User], tmp_path: Path) -> None:
    export(tmp_path / "out", KEY, print)
    said = json.dumps([rows(tmp_path / "out", each.name) for each in DATASETS], default=str)
    for person in nation:
        for word in (person.name, person.email, str(person.uuid), person.uuid.hex):
            assert word.lower() not in said.lower()
    for each in DATASETS:
        assert not {"name", "email", "user", "uuid"} & set(each.fields)


def test_pseudonyms_are_the_same_with_the_same_key_alone(alice: User) -> None:
    one = Pseudonyms(KEY)
    assert one.of(alice.uuid) == Pseudonyms(KEY).of(alice.uuid)
    assert one.of(alice.uuid) != Pseudonyms(b"l" * 32).of(alice.uuid)
    assert one.check != Pseudonyms(b"l" * 32).check


def test_the_manifest_names_every_file_by_its_bytes(nation: list[User], tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(out, KEY, print)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["finished_at"] is not None
    assert manifest["datasets"]["standings"]["columns"]["stage"].startswith("1 invited")
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*.parquet")}
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }
    sums = [f"{file['sha256']}  {file['path']}" for file in manifest["files"]]
    assert (out / "SHA256SUMS").read_text().splitlines() == sums
    assert list(out.rglob("*.partial")) == []


@pytest.mark.parametrize("whole", [0, 1, 2, 3, 4, 5])
def test_a_run_that_was_ended_goes_on_and_writes_nothing_twice(
    nation: list[User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    export(tmp_path / "at-once", KEY, print)
    out = tmp_path / "out"
    write = exporting._write_file
    written: list[Path] = []

    def until(path: Path, *rest: Any) -> int:
        if len(written) == whole:
            path.parent.mkdir(parents=True)
            path.with_suffix(".partial").write_bytes(b"half a file")
            raise KeyboardInterrupt
        written.append(path)
        return write(path, *rest)

    monkeypatch.setattr(exporting, "_write_file", until)
    with pytest.raises(KeyboardInterrupt):
        export(out, KEY, print)
    monkeypatch.setattr(exporting, "_write_file", write)
    assert not (out / "SHA256SUMS").exists()
    before = {path: path.stat().st_mtime_ns for path in written}
    with pytest.raises(Unusable, match="another key"):
        export(out, b"l" * 32, print)
    export(out, KEY, print)
    assert {path: path.stat().st_mtime_ns for path in written} == before
    for dataset in DATASETS:
        assert rows(out, dataset.name) == rows(tmp_path / "at-once", dataset.name)
    assert list(out.rglob("*.partial")) == []


def test_a_directory_that_is_finished_or_another_s_is_left_alone(
    nation: list[User], tmp_path: Path
) -> None:
    export(tmp_path / "out", KEY, print)
    with pytest.raises(Unusable, match="is finished"):
        export(tmp_path / "out", KEY, print)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("Dear Alice")
    with pytest.raises(Unusable, match="something else"):
        export(tmp_path / "letters", KEY, print)


def test_the_command_asks_for_a_long_key(nation: list[User], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short\n")
    out, key = str(tmp_path / "out"), str(tmp_path / "key")
    with pytest.raises(CommandError, match="5 signs"):
        call_command("export_warehouse", out, "--key-file", key)
    (tmp_path / "key").write_bytes(KEY + b"\n")
    call_command("export_warehouse", out, "--key-file", key)
    assert len(rows(tmp_path / "out", "standings")) == 6
    assert (tmp_path / "out" / "manifest.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("when", "month"),
    [
        (datetime.datetime(2026, 1, 31, 16, tzinfo=datetime.UTC), datetime.date(2026, 2, 1)),
        (datetime.date(2026, 1, 31), datetime.date(2026, 1, 1)),
        (202612, datetime.date(2026, 12, 1)),
    ],
)
def test_a_month_is_one_in_china(when: Any, month: datetime.date) -> None:
    assert month_of(when) == month
