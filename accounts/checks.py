"""Settings of accounts that cannot be right stop the start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.models import Consent


@register()
def consent_versions(app_configs: Sequence[AppConfig] | None, **rest: Any) -> list[CheckMessage]:
    """Every text has a version, and a version is the day of the text."""
    versions: dict[str, str] = settings.CONSENT_VERSIONS
    faults: list[CheckMessage] = [
        Error(f"CONSENT_VERSIONS[{document!r}] = {version!r}: say a day such as 2026-11-01.")
        for document, version in versions.items()
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", version)
    ]
    if set(versions) != set(Consent.Document.values):
        faults.append(Error(f"CONSENT_VERSIONS must name {sorted(Consent.Document.values)}."))
    return faults


@register()
def email_verification(app_configs: Sequence[AppConfig] | None, **rest: Any) -> list[CheckMessage]:
    """EMAIL_VERIFICATION is one of the words that allauth knows."""
    chosen = settings.ACCOUNT_EMAIL_VERIFICATION
    if chosen in {"mandatory", "optional", "none"}:
        return []
    return [Error(f"EMAIL_VERIFICATION={chosen!r}: say mandatory, optional or none.")]
