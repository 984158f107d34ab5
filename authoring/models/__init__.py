"""Rows of courses while they are written."""

from __future__ import annotations

from authoring.models.arrivals import Arrival, GitSource, UploadToken
from authoring.models.bank import BankItem, BankSharing, BankUse
from authoring.models.imports import ForeignFile
from authoring.models.publication import PolicyOverride, Publication, Remark
from authoring.models.trials import Trial
from authoring.models.workspaces import Blob, Revision, Workspace, WorkspaceMember

__all__ = [
    "Arrival",
    "BankItem",
    "BankSharing",
    "BankUse",
    "Blob",
    "ForeignFile",
    "GitSource",
    "PolicyOverride",
    "Publication",
    "Remark",
    "Revision",
    "Trial",
    "UploadToken",
    "Workspace",
    "WorkspaceMember",
]
