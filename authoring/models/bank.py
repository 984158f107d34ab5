"""The item bank: exercises that are published, to be found and copied by those who write."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from authoring.models.workspaces import Revision, Workspace


class BankSharing(models.Model):
    """That an organisation lets everybody who writes courses find its exercises."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("sharing of exercises")
        verbose_name_plural = _("sharing of exercises")

    def __str__(self) -> str:
        return str(self.organisation)


class BankItem(models.Model):
    """One version of an exercise as a release published it. Written at publication."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="bank_items")
    exercise_key = models.SlugField(max_length=64)
    digest = models.CharField(max_length=64)
    """Of the version, as `courses.models.ExerciseVersion.digest`."""
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    """Whose files it is made of."""
    folder = models.CharField(max_length=240)
    """Of the exercise in that revision."""
    kind = models.CharField(max_length=16)
    title = models.JSONField()
    competencies = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    search_text = models.TextField()
    is_current = models.BooleanField(default=True)
    """Whether the course's current release has it."""
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("item of the bank")
        verbose_name_plural = _("items of the bank")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "exercise_key", "digest"], name="bank_item_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How a copy names it in `origin`: course/exercise@version."""
        return f"{self.workspace.course_key}/{self.exercise_key}@{self.digest[:12]}"


class BankUse(models.Model):
    """That an item was copied into a workspace. Copying it twice counts once."""

    item = models.ForeignKey(BankItem, on_delete=models.CASCADE, related_name="uses")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("use of an item")
        verbose_name_plural = _("uses of items")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "workspace"], name="bank_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} ← {self.item_id}"
