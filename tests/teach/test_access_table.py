"""Who gets what at every address of the pages for teachers, whatever the method."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern

from teach.urls import urlpatterns
from tests.teach.planted import plant
from tests.teach.repairs import plant_repairs
from tests.teach.workshop import CAST, Workshop

pytestmark = pytest.mark.django_db

EVERYBODY = (200,) * 6
MEMBERS = (200, 200, 200, 404, 404, 404)
WRITERS = (200, 200, 404, 404, 404, 404)
EDITORS = (200, 404, 404, 404, 404, 404)
TEACHERS = (200, 200, 404, 200, 200, 404)
"""Who may begin a course for an organisation."""
NOBODY = (404,) * 6
ONE = "/teach/small-course/"

TABLE: dict[str, tuple[str, tuple[int, ...]]] = {
    "workspaces": ("/teach/", EVERYBODY),
    "workspace_new": ("/teach/new/", TEACHERS),
    "members": (ONE + "members/", MEMBERS),
    "outline": (ONE, MEMBERS),
    "faults": (ONE + "faults/", MEMBERS),
    "module_new": (ONE + "modules/", WRITERS),
    "module": (ONE + "modules/first/", WRITERS),
    "lesson_new": (ONE + "modules/first/lessons/", WRITERS),
    "lesson": (ONE + "lessons/01-blocks/", MEMBERS),
    "lesson_removed": (ONE + "lessons/02-chains/remove/", WRITERS),
    "exercises": (ONE + "exercises/", MEMBERS),
    "exercise_new": (ONE + "lessons/01-blocks/new-exercise/", WRITERS),
    "exercise": (ONE + "lessons/01-blocks/exercises/bits/", MEMBERS),
    "exercise_source": (ONE + "lessons/01-blocks/exercises/bits/source/", MEMBERS),
    "exercise_removed": (ONE + "lessons/01-blocks/exercises/bits/remove/", WRITERS),
    "exercise_trials": (ONE + "lessons/01-blocks/exercises/bits/trials/", MEMBERS),
    "exercise_trial_state": (ONE + "lessons/01-blocks/exercises/bits/trials/state/", MEMBERS),
    "about": (ONE + "about/", WRITERS),
    "course_file": (ONE + "course/", MEMBERS),
    "figures": (ONE + "figures/", WRITERS),
    "history": (ONE + "history/", MEMBERS),
    "comparison": (ONE + "history/compare/?new=1", MEMBERS),
    "publication": (ONE + "publish/", MEMBERS),
    "proof_state": (ONE + "publish/proof/state/", MEMBERS),
    "files": (ONE + "files/", MEMBERS),
    "archive": (ONE + "files/archive/", MEMBERS),
    "arrival": (ONE + "files/{arrival}/", WRITERS),
    "imports": (ONE + "import/", WRITERS),
    "foreign_file": (ONE + "import/{imported}/", WRITERS),
    "export": (ONE + "export/", MEMBERS),
    "export_sent": (ONE + "export/file/?format=qti3&language=en", MEMBERS),
    "bank": (ONE + "bank/", MEMBERS),
    "statistics": (ONE + "statistics/", MEMBERS),
    "exercise_statistics": (ONE + "statistics/bits/", MEMBERS),
    "similarity": (ONE + "statistics/build/similarity/", EDITORS),
    # Of two programs that were compared: tests/teach/test_statistics_pages.py.
    "similarity_pair": (ONE + "statistics/build/similarity/1/2/", NOBODY),
    "submissions": (ONE + "submissions/", MEMBERS),
    "repair": (ONE + "repair/", MEMBERS),
    "regrade_new": (ONE + "repair/exercises/bits/", WRITERS),
    "regrade": (ONE + "repair/regrades/{regrade}/", MEMBERS),
    "override": (ONE + "repair/tries/{try}/", MEMBERS),
    "requests": (ONE + "repair/requests/", MEMBERS),
    "request": (ONE + "repair/requests/{request}/", MEMBERS),
    "deadlines": (ONE + "repair/deadlines/", MEMBERS),
    "bank_item": (ONE + "bank/{item}/", MEMBERS),
}
"""What a GET answers to each of the cast: editor, author, reviewer, colleague, administrator,
stranger."""
POSTED: dict[str, tuple[str, tuple[int, ...]]] = {
    "member_role": (ONE + "members/{author_place}/", EDITORS),
    "member_removed": (ONE + "members/{editor_place}/out/", EDITORS),
    "module_moved": (ONE + "modules/first/move/", WRITERS),
    "module_removed": (ONE + "modules/first/remove/", WRITERS),
    "lesson_moved": (ONE + "lessons/01-blocks/move/", WRITERS),
    "exercise_moved": (ONE + "lessons/01-blocks/exercises/bits/move/", WRITERS),
    "taken_back": (ONE + "history/1/back/", WRITERS),
    "proof": (ONE + "publish/proof/", WRITERS),
    "notes": (ONE + "publish/notes/", EDITORS),
    "remarked": (ONE + "publish/remark/", MEMBERS),
    "overridden": (ONE + "publish/override/", (200, 404, 200, 404, 404, 404)),
    "released": (ONE + "publish/release/", EDITORS),
    "uploaded": (ONE + "files/upload/", WRITERS),
    "arrival_dropped": (ONE + "files/{arrival}/drop/", WRITERS),
    "foreign_file_dropped": (ONE + "import/{imported}/drop/", WRITERS),
    "git_connected": (ONE + "files/git/", EDITORS),
    "git_fetched": (ONE + "files/git/fetch/", WRITERS),
    "token_made": (ONE + "files/tokens/", WRITERS),
    "token_revoked": (ONE + "files/tokens/{token}/revoke/", EDITORS),
    "regrade_applied": (ONE + "repair/regrades/{regrade}/apply/", EDITORS),
    "regrade_abandoned": (ONE + "repair/regrades/{regrade}/abandon/", WRITERS),
    "override_withdrawn": (ONE + "repair/tries/{try}/withdraw/", EDITORS),
    "request_decided": (ONE + "repair/requests/{request}/decide/", EDITORS),
    "extension_new": (ONE + "repair/extensions/", EDITORS),
    "extension_withdrawn": (ONE + "repair/extensions/{extension}/withdraw/", EDITORS),
    # Who administers the organisation too: tests/teach/test_bank_pages.py.
    "bank_shared": (ONE + "bank/share/", NOBODY),
}
"""Addresses that take only POST: 200 says that it is open to them, whatever comes of an empty
form."""
REFUSED = {404, 405}
OPEN = {200, 302, 303, 400, 409, 422}


def words(workshop: Workshop) -> dict[str, str]:
    """What stands in the paths."""
    places = dict(workshop.workspace.members.values_list("role", "pk"))
    return (
        {f"{role}_place": str(pk) for role, pk in places.items()}
        | plant(workshop)
        | plant_repairs(workshop)
    )


def test_every_address_is_in_a_table() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == {*TABLE, *POSTED}


def test_each_page_opens_to_whom_it_concerns_and_takes_no_form_of_others(
    workshop: Workshop,
) -> None:
    """A form that is sent to a closed page is refused as the page is, and changes nothing."""
    clients, put = {who: workshop.client(who) for who in CAST}, words(workshop)
    found = {}
    for name, (written, _) in TABLE.items():
        path = written.format(**put)
        found[name] = tuple(clients[who].get(path).status_code for who in CAST)
        for who, status in zip(CAST, found[name], strict=True):
            if status == 404:
                assert clients[who].post(path, {"name": "Mine"}).status_code in REFUSED, name
        assert Client().get(path).status_code == 302, name
    assert found == {name: statuses for name, (_, statuses) in TABLE.items()}


def test_each_act_is_refused_to_whom_it_does_not_concern(workshop: Workshop) -> None:
    clients, put = {who: workshop.client(who) for who in CAST}, words(workshop)
    for name, (written, statuses) in POSTED.items():
        path = written.format(**put)
        allowed = dict(zip(CAST, statuses, strict=True))
        for who in reversed(CAST):  # who may do it comes last: it may be done then
            expected = OPEN if allowed[who] == 200 else {404}
            assert clients[who].post(path).status_code in expected, (name, who)
        assert clients["editor"].get(path).status_code == 405, name
