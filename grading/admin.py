"""Submissions, gradings and repairs in Django's admin: to look at, and to see why one broke."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from grading.models import AuditEntry, GradingRun, RegradeBatch, Submission, WorkerBeat


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # one class for all models
    """Shows everything, changes nothing."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    list_display = ("uuid", "state", "outcome", "score", "losses", "created_at", "settled_at")
    list_filter = ("state", "outcome", "purpose")
    search_fields = ("uuid",)


@admin.register(GradingRun)
class GradingRunAdmin(ReadOnly):
    list_display = ("submission", "outcome", "engine", "error", "finished_at")
    list_filter = ("outcome", "engine")
    list_select_related = ("submission",)


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ReadOnly):
    list_display = ("worker", "lane", "reason", "seen_at")


@admin.register(RegradeBatch)
class RegradeBatchAdmin(ReadOnly):
    list_display = ("uuid", "exercise", "state", "begun_at", "applied_at", "reason")
    list_filter = ("state",)
    list_select_related = ("exercise",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "act", "by", "facts")
    list_filter = ("act",)
