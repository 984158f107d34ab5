"""A draft as the learner will see it, for those who write it (docs/authoring.md).

The pages are the learner's own, made by the same functions and templates. Their addresses are
turned to this preview's, and what is answered is graded and forgotten.
"""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import check_for_language, get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.types import PersonRequest
from authoring.access import workspace_for
from authoring.models import Workspace
from authoring.queries import outline_of
from courses.models import LessonExercise
from exercises.types import Broken, Unreadable
from grading.models import Progress
from learn.drafts import DraftLesson, draft_lesson, draft_lesson_page, graded
from learn.pages import NOTHING, Page, Said, answered_page, code_page, is_code, quiz_page
from learn.posted import answer_in, form_in

TEXT = "text:"
"""Before the path of a file, in the name of a field that says what the file shall be."""


@login_required
@require_safe
def preview_course(request: PersonRequest, course_key: str) -> HttpResponse:
    """To the first lesson, or to the outline where there is none."""
    workspace = workspace_for(request.user, course_key)
    assert workspace.head is not None, "a workspace has a first revision"
    for module in outline_of(workspace.head).modules:
        for lesson in module.lessons:
            url = resolve_url("learn:preview_lesson", course_key, lesson.key)
            return redirect(f"{url}?seed={_seed(request)}")
    return redirect("teach:outline", course_key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_lesson(request: PersonRequest, course_key: str, lesson_key: str) -> HttpResponse:
    """A lesson of the draft. POST: with what stands in the editor instead of its texts, in one of
    the languages; nothing is kept of it."""
    workspace, shown = _shown(request, course_key, lesson_key)
    language = request.POST.get("language") or get_language() or "en"
    with override(language if check_for_language(language) else "en"):
        page = {**draft_lesson_page(shown), "workspace": workspace}
        return _answer(request, shown, "learn/preview_lesson.html", page)


@require_POST
@login_required
def preview_seen(request: PersonRequest, course_key: str, lesson_key: str) -> HttpResponse:
    """What a learner's page tells of itself; of a preview nothing is noted."""
    workspace_for(request.user, course_key)
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_exercise(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str
) -> HttpResponse:
    """An exercise alone. POST: an answer, which is graded here where that is quick."""
    _workspace, shown = _shown(request, course_key, lesson_key)
    placement = _placement(shown, exercise_key)
    if request.method != "POST":
        return _exercise(request, shown, placement)
    if is_code(placement):
        words = _("Programs are not run in the preview. Try them on the exercise's own page.")
        return _exercise(request, shown, placement, Said(posted=form_in(request), refused=words))
    try:
        submission = graded(shown, exercise_key, answer_in(form_in(request)))
    except Unreadable as problem:
        said = Said(posted=form_in(request), error=problem.message)
        return _exercise(request, shown, placement, said)
    except Broken as broken:
        return _exercise(request, shown, placement, Said(refused=str(broken)))
    page = answered_page(shown.enrolment, placement, submission)
    return _answer(request, shown, _template(request, placement), page)


@require_POST
@login_required
def preview_act(
    request: PersonRequest, course_key: str, lesson_key: str, exercise_key: str, act: str
) -> HttpResponse:
    """What else a learner's page sends: hints are all shown at once, other values are the next
    seed's, and of what is typed nothing is kept."""
    _workspace, shown = _shown(request, course_key, lesson_key)
    placement = _placement(shown, exercise_key)
    if act == "draft":
        return JsonResponse({"saved_at": timezone.now(), "files": {}, "language": ""})
    if act == "variant":
        shown.enrolment.seed += 1
    if act == "run":
        return preview_exercise(request, course_key, lesson_key, exercise_key)
    return _exercise(request, shown, placement, Said(hinted=act == "hint"))


def _shown(
    request: PersonRequest, course_key: str, lesson_key: str
) -> tuple[Workspace, DraftLesson]:
    """The lesson as it is in the newest revision, or as it is posted."""
    workspace = workspace_for(request.user, course_key)
    assert workspace.head is not None, "a workspace has a first revision"
    texts = {
        name.removeprefix(TEXT): str(words).replace("\r\n", "\n").encode()
        for name, words in request.POST.items()
        if name.startswith(TEXT) and name.endswith(".md")
        if name.removeprefix(TEXT) in workspace.head.tree
    }
    shown = draft_lesson(
        workspace.head, lesson_key, user=request.user, seed=_seed(request), texts=texts
    )
    if shown is None:
        raise Http404("The draft has no lesson here that can be shown.")
    return workspace, shown


def _seed(request: PersonRequest) -> int:
    words = request.GET.get("seed", "")
    return int(words) if re.fullmatch(r"[0-9]{1,15}", words) else 1


def _placement(shown: DraftLesson, key: str) -> LessonExercise:
    if key not in shown.placements:
        raise Http404("The draft has no such exercise that can be shown.")
    return shown.placements[key]


def _exercise(
    request: PersonRequest, shown: DraftLesson, placement: LessonExercise, said: Said = NOTHING
) -> HttpResponse:
    hints = len(placement.version.hints) if said.hinted else 0
    progress = Progress(
        enrolment=shown.enrolment,
        exercise=placement.version.exercise,
        version=placement.version,
        hints_used=hints,
    )
    if is_code(placement):
        page = code_page(shown.enrolment, placement, progress, [], None, said)
    else:
        page = quiz_page(shown.enrolment, placement, progress, None, said)
    return _answer(request, shown, _template(request, placement), page)


def _template(request: PersonRequest, placement: LessonExercise) -> str:
    if is_code(placement):
        return "learn/parts/result.html" if request.htmx else "learn/workspace.html"
    return "learn/parts/exercise.html" if request.htmx else "learn/exercise.html"


def _answer(request: PersonRequest, shown: DraftLesson, template: str, page: Page) -> HttpResponse:
    """The learner's page with this preview's addresses."""
    seed = shown.enrolment.seed
    context = {**page, "csrf_token": get_token(request), "seed": seed, "next_seed": seed + 1}
    html: str = render_to_string(template, context, request)
    key = shown.enrolment.course.key
    here = re.escape(resolve_url("learn:course_home", key))
    html = re.sub(
        rf'((?:href|action|hx-post|hx-get)="){here}([^"?#]*)',
        rf"\g<1>{resolve_url('learn:preview_course', key)}\g<2>?seed={seed}",
        html,
    )
    about, outline = resolve_url("learn:course", key), resolve_url("teach:outline", key)
    return HttpResponse(html.replace(f'"{about}"', f'"{outline}"'))
