"""The neutral archive of a course gives back the course."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from authoring.packing import course_in, pack_files, revision_named
from interop.archives import read_archive
from tests.interop.generated import course_files


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course_files())
def test_a_round_trip_is_the_identity(files: dict[str, bytes]) -> None:
    data = pack_files(files, "generated", "chainwright revision 12")
    assert course_in(read_archive(data)) == files
    assert pack_files(files, "generated", "chainwright revision 12") == data
    assert revision_named(data) == 12
