"""What another system's file was turned into, to be looked at before it is applied."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from authoring.models.workspaces import Workspace


class ForeignFile(models.Model):
    """A file of another system as a course in the neutral format, and what became of its items.
    Its contents are kept, and nothing of it is in the course before it is applied."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="foreign_files")
    name = models.CharField(_("name of the file"), max_length=200)
    tree = models.JSONField()
    """Path → digest, as of a revision: the files of the imported course."""
    report = models.JSONField()
    """For each item {"where", "title", "fate", "path", "said": [{"code", "text"}]}, in order."""
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of another system")
        verbose_name_plural = _("files of other systems")
        indexes: ClassVar = [models.Index(fields=["created_at"], name="foreign_file_age")]

    def __str__(self) -> str:
        return f"{self.workspace} ← {self.name}"
