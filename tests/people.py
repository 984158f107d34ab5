"""Making people and organisations, without surprises: every value that matters is an argument."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import Cohort, Consent, Membership, Organisation, User

PASSWORD = "correct horse battery staple"


def make_person(
    name: str, *, organisation: Organisation | None = None, role: str = "learner", **fields: object
) -> User:
    """A signed-up person with e-mail NAME@example.org and consent to the texts in force."""
    user = User.objects.create_user(
        f"{name}@example.org", PASSWORD, **{"name": name.title(), "language": "en", **fields}
    )
    versions = {
        Consent.Document.TERMS: getattr(settings, "TERMS_VERSION", "1"),
        Consent.Document.PRIVACY: getattr(settings, "PRIVACY_VERSION", "1"),
    }
    for document, version in versions.items():
        Consent.objects.create(user=user, document=document, version=version)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_organisation(key: str = "lakeside", **fields: object) -> Organisation:
    """A verified university in Zhejiang."""
    return Organisation.objects.create(
        **{
            "key": key,
            "name": key.title() + " University",
            "kind": Organisation.Kind.UNIVERSITY,
            "province": "33",
            "verified_at": timezone.now(),
            **fields,
        }
    )


def make_cohort(organisation: Organisation, name: str = "Autumn", **fields: object) -> Cohort:
    """A cohort that started a month ago and ends in two."""
    today = timezone.localdate()
    return Cohort.objects.create(
        **{
            "organisation": organisation,
            "name": name,
            "starts_on": today - datetime.timedelta(days=30),
            "ends_on": today + datetime.timedelta(days=60),
            **fields,
        }
    )
