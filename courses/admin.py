"""Content and progress in Django's admin: to look at. Courses change by publishing, never here."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from courses.models import (
    Course,
    Enrolment,
    Exercise,
    ExerciseVersion,
    Lesson,
    Programme,
    ProgrammeVersion,
    Qualification,
    Release,
    Tally,
)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's class is not generic at run time
    """Shows everything, changes nothing."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Course, Programme)
class KeyedAdmin(ReadOnly):
    list_display = ("key", "current")
    list_select_related = ("current",)
    search_fields = ("key",)


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    list_display = ("course", "number", "points", "exercise_count", "created_at")
    list_select_related = ("course",)


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(ReadOnly):
    list_display = ("programme", "number", "elective_minimum", "created_at")
    list_select_related = ("programme",)


@admin.register(Lesson)
class LessonAdmin(ReadOnly):
    list_display = ("key", "release", "position", "minutes")
    list_select_related = ("release__course",)


@admin.register(Exercise)
class ExerciseAdmin(ReadOnly):
    list_display = ("key", "course", "uuid")
    list_select_related = ("course",)
    search_fields = ("key",)


@admin.register(ExerciseVersion)
class ExerciseVersionAdmin(ReadOnly):
    list_display = ("exercise", "kind", "points", "digest")
    list_select_related = ("exercise",)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly):
    list_display = ("user", "course", "credit", "last_active_at", "completed_at")
    list_select_related = ("user", "course")
    search_fields = ("user__email",)


@admin.register(Qualification)
class QualificationAdmin(ReadOnly):
    list_display = ("user", "programme", "version", "qualified_at")
    list_select_related = ("user", "programme", "version__programme")
    search_fields = ("user__email",)


@admin.register(Tally)
class TallyAdmin(ReadOnly):
    list_display = ("metric", "day", "subject", "value")
    list_filter = ("metric",)
