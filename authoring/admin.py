"""Workspaces in the administration: who writes a course, when no editor is left to say so."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from authoring.models import Workspace, WorkspaceMember


class MemberInline(admin.TabularInline[WorkspaceMember, Workspace]):
    model = WorkspaceMember
    extra = 0
    autocomplete_fields: ClassVar = ["user"]


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ("course_key", "organisation", "needs_review", "created_at")
    search_fields = ("course_key",)
    fields = ("organisation", "needs_review")
    inlines: ClassVar = [MemberInline]

    def has_add_permission(self, request: object) -> bool:
        """A workspace begins with a revision: manage.py adopt, or the pages for teachers."""
        return False

    def has_delete_permission(self, request: object, obj: Workspace | None = None) -> bool:
        """Learners may study what it published."""
        return False
