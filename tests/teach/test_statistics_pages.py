"""Statistics, submissions and resemblances as those see them who write the course."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import CohortInstructor, Organisation, User
from analysis.comparing import compare_waiting
from analysis.fitting import fit_course
from analysis.models import Comparison
from analysis.remarking import remark
from authoring.models import Workspace, WorkspaceMember
from chains.transcripts import to_json
from courses.models import Course, ExerciseVersion
from courses.publishing.pipeline import load, write
from exercises.types import Answer, CheckResult, Json, Outcome, Verdict
from exercises.verdicts import pack_transcripts
from grading.models import LedgerRecord, Submission
from tests.analysis.crowd import hand_in, make_learners
from tests.analysis.test_similarity import COPIED, OTHER, RENAMED
from tests.analysis.test_tallies import count_all
from tests.courses.publishing import HERE
from tests.learn.ledger_rows import call, transcript
from tests.people import make_cohort
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db

FAILS = Verdict(
    Outcome.PARTLY,
    0.5,
    (
        CheckResult("links", Outcome.WRONG, 1.0, 0.0, {"en": "Blocks are linked"}),
        CheckResult("empty", Outcome.PASSED, 1.0, 1.0, {"en": "No blocks"}),
    ),
)


def version_of(workshop: Workshop, key: str) -> ExerciseVersion:
    return ExerciseVersion.objects.get(exercise__course=workshop.course, exercise__key=key)


def answer(workshop: Workshop, key: str, answers: Sequence[Answer], language: str = "en") -> None:
    """One new learner for each answer."""
    learners = make_learners(workshop.course, len(answers), language=language)
    hand_in(
        version_of(workshop, key),
        [(learner, [given]) for learner, given in zip(learners, answers, strict=True)],
    )


def count(workshop: Workshop) -> None:
    remark(count_all().moved)
    fit_course(workshop.course)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    page = re.sub(r"<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_pages_cost_as_many_queries_for_three_as_for_three_hundred(workshop: Workshop) -> None:
    editor = workshop.client("editor")
    paths = [
        workshop.url(tail)
        for tail in (
            "statistics/",
            "statistics/what-is-a-hash/",
            "statistics/word/",
            "submissions/",
            "submissions/?exercise=word&outcome=wrong",
        )
    ]
    for language in ("en", "zh-hans"):
        answer(workshop, "what-is-a-hash", [{"option": 1}] * 10, language)
        answer(workshop, "word", [{"value": "pointer"}] * 10, language)
    count(workshop)
    few = [queries(editor, path) for path in paths]
    for language in ("en", "zh-hans"):
        answer(workshop, "what-is-a-hash", [{"option": place % 3} for place in range(90)], language)
        answer(workshop, "word", [{"value": f"word {place}"} for place in range(60)], language)
    count(workshop)
    assert [queries(editor, path) for path in paths] == few
    assert few == [8, 13, 13, 7, 7]


def test_the_list_says_first_what_asks_for_a_look(workshop: Workshop) -> None:
    answer(workshop, "what-is-a-hash", [{"option": 0}] * 3 + [{"option": 1}] * 27)
    answer(workshop, "word", [{"value": "hash"}] * 30)
    count(workshop)
    reviewer = workshop.client("reviewer")
    page = text_of(reviewer, workshop.url("statistics/"))
    assert "2 exercises of 8 ask for a look." in page
    hard, easy = page.index("What a hash is"), page.index("The word")
    assert hard < easy < page.index("Counting")
    assert "Very hard A misconception is widespread 30 10 %" in page[hard:easy]
    by_facility = text_of(reviewer, workshop.url("statistics/?sort=-facility"))
    assert by_facility.index("The word") < by_facility.index("What a hash is")
    only = text_of(reviewer, workshop.url("statistics/?flag=too_easy&kind=text&lesson=nothing"))
    assert "The word" in only
    assert "What a hash is" not in only


def test_an_exercise_tells_who_chose_what_and_keeps_small_groups_to_itself(
    workshop: Workshop,
) -> None:
    answer(workshop, "what-is-a-hash", [{"option": 0}] * 12 + [{"option": 1}] * 8)
    answer(workshop, "what-is-a-hash", [{"option": 1}] * 6, "zh-hans")
    small = make_cohort(workshop.organisation)
    four = make_learners(workshop.course, 4, cohort=small)
    hand_in(version_of(workshop, "what-is-a-hash"), [(one, [{"option": 2}]) for one in four])
    count(workshop)
    page = text_of(workshop.client("author"), workshop.url("statistics/what-is-a-hash/"))
    assert "A It has a fixed length. right 40 % 12" in page
    assert "B It can be decrypted. 47 % 14" in page
    assert "C It is as long as its input. 13 % 4" in page
    assert "English 24 50 %" in page
    assert "Simplified Chinese 6 0 %" in page
    assert workshop.organisation.name not in page  # four learners, whom the total would give away
    assert "2 groups not shown" in page
    old = version_of(workshop, "what-is-a-hash")
    assert f'href="?version={old.pk}"' not in page
    assert (
        workshop.client("author")
        .get(workshop.url("statistics/what-is-a-hash/?version=999999999999999999999999"))
        .status_code
        == 404
    )


def test_right_answers_that_are_marked_wrong_are_said(workshop: Workshop) -> None:
    version = version_of(workshop, "word")
    ExerciseVersion.objects.filter(pk=version.pk).update(
        spec={**version.spec, "normalise": ["space"]}
    )
    answer(workshop, "word", [{"value": "ＨＡＳＨ"}] * 3 + [{"value": "Hash"}] * 2)
    count(workshop)
    page = text_of(workshop.client("editor"), workshop.url("statistics/word/"))
    assert "Right answers may be marked wrong" in page
    assert page.index("ＨＡＳＨ 3 learners") < page.index("Hash 2 learners")


def test_submissions_have_no_names_but_for_who_may_see_the_cohort(workshop: Workshop) -> None:
    mine = make_cohort(workshop.organisation, "Mine")
    CohortInstructor.objects.create(cohort=mine, user=workshop.people["author"])
    version = version_of(workshop, "word")
    (known,) = make_learners(workshop.course, 1, cohort=mine)
    (unknown,) = make_learners(workshop.course, 1)
    hand_in(version, [(known, [{"value": "hash"}]), (unknown, [{"value": "pointer"}])])
    path = workshop.url("submissions/")
    seen_by_author = text_of(workshop.client("author"), path)
    assert f"{known.user.name} Mine 1 Passed" in seen_by_author
    assert unknown.user.name not in seen_by_author
    assert re.search(r"learner [0-9a-f]{6} 1 Not right yet", seen_by_author)
    seen_by_reviewer = text_of(workshop.client("reviewer"), path)
    assert known.user.name not in seen_by_reviewer
    assert len(set(re.findall(r"learner ([0-9a-f]{6})", seen_by_reviewer))) == 2
    cohort = text_of(workshop.client("author"), f"{path}?cohort={mine.uuid}")
    assert "Passed" in cohort.split("Show", 1)[1]
    assert "Not right yet" not in cohort.split("Show", 1)[1]
    # Who may not see the cohort cannot ask for it either: nothing is filtered.
    assert text_of(workshop.client("reviewer"), f"{path}?cohort={mine.uuid}") == seen_by_reviewer


def test_pages_of_submissions_follow_each_other_without_gap(workshop: Workshop) -> None:
    answer(workshop, "word", [{"value": "hash"}] * 70)
    client = workshop.client("reviewer")

    def walk(path: str, rel: str) -> tuple[list[list[str]], str]:
        pages = []
        while path:
            html = client.get(workshop.url("submissions/") + path).content.decode()
            pages.append(re.findall(r"submissions/([0-9a-f-]{36})/", html))
            last, found = path, re.search(rf'rel="{rel}" href="([^"]+)"', html)
            path = found.group(1).replace("&amp;", "&") if found else ""
        return pages, last

    newest_first = [
        str(uuid) for uuid in Submission.objects.order_by("-pk").values_list("uuid", flat=True)
    ]
    down, last = walk("?exercise=word", "next")
    assert [len(page) for page in down] == [30, 30, 10]
    assert [uuid for page in down for uuid in page] == newest_first
    up, _first = walk(last, "prev")
    assert [len(page) for page in up] == [10, 30, 30]
    assert [uuid for page in reversed(up) for uuid in page] == newest_first
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert "Nothing fits" in text_of(client, workshop.url(f"submissions/?since={tomorrow}"))
    odd = workshop.url("submissions/?before=99999999999999999999999&until=2026-02-31&outcome=x")
    assert client.get(odd).status_code == 200


def program(workshop: Workshop, texts: Sequence[str]) -> list[Submission]:
    learners = make_learners(workshop.course, len(texts))
    return hand_in(
        version_of(workshop, "build"),
        [
            (learner, [{"files": {"solution.py": text}}])
            for learner, text in zip(learners, texts, strict=True)
        ],
        verdicts=[FAILS] * len(texts),
    )


def test_programs_that_fail_together_lead_to_the_learners_own_page(workshop: Workshop) -> None:
    rows = program(workshop, [OTHER, COPIED])
    count(workshop)
    reviewer = workshop.client("reviewer")
    html = reviewer.get(workshop.url("statistics/build/")).content.decode()
    assert "Blocks are linked" in html
    (clustered,) = re.findall(r'href="([^"]+cluster=[^"]+)"', html)
    assert "Only programs that failed" in text_of(reviewer, clustered.replace("&amp;", "&"))
    path = workshop.url(f"submissions/{rows[0].uuid}/")
    assert path in html
    page = text_of(reviewer, path)
    assert "Blocks are linked" in page
    assert "largest_power_of_two_below" in page
    assert rows[0].progress.enrolment.user.name not in page
    for who in ("colleague", "administrator", "stranger"):
        assert workshop.client(who).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_resemblances_are_for_editors_who_ask(workshop: Workshop) -> None:
    rows = program(workshop, [COPIED, RENAMED, OTHER])
    path = workshop.url("statistics/build/similarity/")
    editor = workshop.client("editor")
    assert "Compare" in text_of(editor, path)
    assert editor.post(path).status_code == 302
    assert editor.post(path).status_code == 302
    assert Comparison.objects.count() == 1
    assert "Being compared" in text_of(editor, path)
    assert compare_waiting()
    page = text_of(editor, path)
    assert "3 programs, compared" in page
    assert page.count("100 %") == 1
    pair = f"{path}{rows[0].pk}/{rows[1].pk}/"
    html = editor.get(pair).content.decode()
    assert html.count('class="shared shared-a"') == 15
    assert workshop.client("author").get(pair).status_code == 404
    assert editor.get(f"{path}{rows[0].pk}/{rows[2].pk}/").status_code == 404
    assert editor.get(workshop.url("statistics/word/similarity/")).status_code == 404


def test_nothing_published_yet_is_said(workshop: Workshop) -> None:
    workshop.workspace.course_key = "not-yet"
    workshop.workspace.save()
    for tail in ("statistics/", "submissions/"):
        assert "Nothing has been published yet" in text_of(
            workshop.client("editor"), f"/teach/not-yet/{tail}"
        )


def test_a_contract_comes_with_what_happened_on_its_ledger(
    organisation: Organisation, alice: User
) -> None:
    write(load([HERE / "ledger-course"]))
    course = Course.objects.select_related("current").get(key="ledger-course")
    workspace = Workspace.objects.create(course_key=course.key, organisation=organisation)
    WorkspaceMember.objects.create(workspace=workspace, user=alice, role="reviewer")
    version = ExerciseVersion.objects.get(exercise__course=course, kind="contract")
    (learner,) = make_learners(course, 1)
    given: Answer = {"language": "python", "files": {"contract.py": "class Carbon:\n    pass\n"}}
    check = CheckResult("rule", Outcome.WRONG, 1.0, 0.0, {"en": "Keeps `kg`"})
    wrong = Verdict(Outcome.WRONG, 0.0, (check,))
    (row,) = hand_in(version, [(learner, [given])], verdicts=[wrong])
    Submission.objects.filter(pk=row.pk).update(engine="onramp/python")
    told: dict[str, Json] = {
        "scenario": "one",
        "title": {"en": "A lot"},
        "transcript": to_json(transcript(call(1))),
    }
    LedgerRecord.objects.create(submission=row, packed=pack_transcripts([told]))
    client = Client()
    client.force_login(alice)
    statistics = f"/teach/ledger-course/statistics/{version.exercise.key}/"
    page = text_of(client, f"/teach/ledger-course/submissions/{row.uuid}/")
    assert "Keeps kg" in page
    assert "A lot" in page
    assert "record" in page
    assert "class Carbon" in page
    remark(count_all().moved)
    assert "python" not in text_of(client, statistics)
    hand_in(version, [(one, [given]) for one in make_learners(course, 9)], verdicts=[wrong] * 9)
    remark(count_all().moved)
    assert "What fails together Keeps kg 10 learners" in text_of(client, statistics)
