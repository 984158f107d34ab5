"""Files that come from outside: what was sent and is not taken yet, from where, and by what key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from authoring.models.workspaces import Revision, Workspace


class Arrival(models.Model):
    """A whole course as it came, to be looked at before it is taken. Its contents are kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="arrivals")
    tree = models.JSONField()
    """Path → digest, as of a revision."""
    base = models.PositiveIntegerField()
    """Number of the revision that its writer began with."""
    origin = models.CharField(max_length=10, choices=Revision.Origin.choices)
    message = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("arrival of files")
        verbose_name_plural = _("arrivals of files")

    def __str__(self) -> str:
        return f"{self.workspace} ← {self.origin}"


class GitSource(models.Model):
    """The repository from which a workspace fetches."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, primary_key=True, related_name="git"
    )
    url = models.CharField(_("address of the repository"), max_length=500)
    branch = models.CharField(_("branch"), max_length=200, blank=True)
    """'': the one that the repository points to."""
    folder = models.CharField(_("folder of the course"), max_length=240, blank=True)
    """'': the repository's own."""
    commit = models.CharField(max_length=64, blank=True)
    """What was taken last."""
    base = models.PositiveIntegerField(default=0)
    """Number of the revision that the last taking made: what comes next was written on it. 0: none
    was taken."""

    class Meta:
        verbose_name = _("git repository")
        verbose_name_plural = _("git repositories")

    def __str__(self) -> str:
        return f"{self.workspace} ← {self.url}"


class UploadToken(models.Model):
    """By which a program sends files to one workspace in somebody's name. Only its hash is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token in hexadecimal."""
    beginning = models.CharField(max_length=16)
    """Its first signs, so that its owner knows it again."""
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("upload token")
        verbose_name_plural = _("upload tokens")
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="upload_token_list")]

    def __str__(self) -> str:
        return f"{self.workspace} {self.name}"
