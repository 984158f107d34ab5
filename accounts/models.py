"""People, the organisations that they belong to, and what they agreed to. Identity only."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.managers import UserManager
from accounts.provinces import Province

JOIN_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O and no 1/I: a code is read aloud in class rooms."""


def new_join_code() -> str:
    """A random cohort code of 8 characters, about 40 bits."""
    return "".join(secrets.choice(JOIN_CODE_ALPHABET) for _ in range(8))


class User(AbstractUser):
    """A person. Known to the outside by `uuid`, to themselves by e-mail."""

    username = None  # type: ignore[assignment]  # AbstractUser's field is removed, as its docs say
    first_name = None  # type: ignore[assignment]  # one name field: family names come first in China
    last_name = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("preferred language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    province = models.CharField(_("province"), max_length=2, choices=Province.choices, blank=True)
    is_national_administrator = models.BooleanField(
        _("national administrator"),
        default=False,
        help_text=_("Sees the count of the whole country, and no row of a single person."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            # Sign-in looks a person up without regard to case.
            models.UniqueConstraint(Lower("email"), name="user_email_ci_unique"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Organisation(models.Model):
    """A partner that trains people. Counted nationally once the centre has verified it."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("national centre")
        UNIVERSITY = "university", _("university")
        FIRM = "firm", _("technology firm")
        INSTITUTE = "institute", _("research institute")
        AGENCY = "agency", _("public agency")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh_hans = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    province = models.CharField(_("province"), max_length=2, choices=Province.choices)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one organisation. A person may hold several."""

    class Role(models.TextChoices):
        LEARNER = "learner", _("learner")
        INSTRUCTOR = "instructor", _("instructor")
        REVIEWER = "reviewer", _("reviewer")
        ADMINISTRATOR = "administrator", _("organisation administrator")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="membership_unique"
            ),
        ]
        indexes: ClassVar = [
            # An organisation's people of one role, its page of people.
            models.Index(fields=["organisation", "role"], name="membership_org_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.role}"


class Cohort(models.Model):
    """A group of an organisation that studies together between two dates."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=200)
    join_code = models.CharField(_("join code"), max_length=8, unique=True, default=new_join_code)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering: ClassVar = ["-starts_on", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="cohort_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("A cohort cannot end before it starts.")})


class CohortMember(models.Model):
    """A person in a cohort."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cohort_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cohort member")
        verbose_name_plural = _("cohort members")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cohort", "user"], name="cohort_member_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"


class Consent(models.Model):
    """That a person agreed to one version of one document, and when they took it back.

    Who agrees again after taking it back gets a row of its own: nothing that happened is rewritten.
    """

    class Document(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PRIVACY = "privacy", _("privacy notice")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=16, choices=Document.choices)
    version = models.CharField(max_length=16, help_text=_("The date of the text: 2026-11-01"))
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "document", "version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_in_force_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.document} {self.version}"
