"""Two hosts share the load of one database and one Redis; one dies, or loses its cable."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from dev.hosts import network
from tests.grading.chaos.installation import Installation
from tests.grading.chaos.test_chaos import submit

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chaos")]

LEARNERS = 40
NOTE_WHENCE = """
    CREATE TABLE whence (submission_id bigint, address text);
    CREATE FUNCTION note_whence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO whence VALUES
            (NEW.submission_id, host(inet_client_addr()) || ' at ' || host(inet_server_addr()));
        RETURN NULL;
    END $$;
    CREATE TRIGGER note_whence AFTER INSERT ON grading_gradingrun
        FOR EACH ROW EXECUTE FUNCTION note_whence();
"""
"""The database itself says from which address each verdict came, and at which of its own."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with network("grader-a", "grader-b") as hosts:
        started = Installation(tmp_path_factory.mktemp("hosts"), learners=LEARNERS, network=hosts)
        try:
            started.database.execute(NOTE_WHENCE)
            yield started
        finally:
            started.stop()


@pytest.fixture
def site(installation: Installation) -> Iterator[Installation]:
    installation.reset()
    installation.database.execute("TRUNCATE whence")
    yield installation
    installation.kill_parts()


def graded_by(site: Installation) -> dict[str, int]:
    """Address → how many verdicts came from there."""
    rows = site.database.execute("SELECT address, count(*) FROM whence GROUP BY 1").fetchall()
    return dict(rows)


def test_a_host_that_dies_loses_nothing(site: Installation) -> None:
    assert site.network is not None
    doomed, _ = (site.start_worker(host=host) for host in site.network.hosts)
    site.wait(lambda: site.count("SELECT count(*) FROM grading_workerbeat") == 2, "no two hosts")
    site.start_sweeper()
    accepted = submit(site, 0, LEARNERS, "brisk")
    assert len(accepted) == LEARNERS
    site.wait(
        lambda: min(graded_by(site).values(), default=0) >= 3 and len(graded_by(site)) == 2,
        f"one host does all the work: {graded_by(site)}",
    )
    doomed.signal(signal.SIGKILL)
    assert site.states()["done"] < LEARNERS
    site.wait_for_all(LEARNERS)
    assert sum(graded_by(site).values()) == LEARNERS
    site.check()


def test_a_host_whose_cable_is_pulled_settles_nothing_that_another_one_took(
    site: Installation,
) -> None:
    assert site.network is not None
    if not site.network.are_namespaces:
        pytest.skip("needs root and network namespaces")
    cut_off, other = site.network.hosts
    site.start_worker(host=cut_off)
    accepted = submit(site, 0, 4, "slow")
    site.wait(lambda: site.states().get("running", 0) == 1, "nothing runs")
    cut_off.pull_cable()
    try:
        site.start_worker(host=other)
        site.start_sweeper()
        site.wait_for_all(len(accepted))
    finally:
        cut_off.put_cable_back()
    assert site.count("SELECT sum(losses) FROM grading_submission") == 1
    before = dict(graded_by(site))
    accepted += submit(site, 4, LEARNERS, "brisk")
    site.wait(
        lambda: all(graded_by(site).get(one, 0) > many for one, many in before.items()),
        "the host does not come back",
    )
    site.wait_for_all(len(accepted))
    site.check()
