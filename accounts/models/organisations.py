"""Organisations that train people, their parts, and who belongs to them in which role."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.provinces import Province

JOIN_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O and no 1/I: a code is read aloud in class rooms."""


def new_join_code() -> str:
    """A random cohort code of 8 characters, about 40 bits."""
    return "".join(secrets.choice(JOIN_CODE_ALPHABET) for _ in range(8))


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
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    """统一社会信用代码, 18 signs with a check sign: GB 32100-2015."""
    contact = models.CharField(_("how to reach it"), max_length=200, blank=True)
    registered_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Who asked for it; they administer it from the moment at which the centre verifies it."""
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    seat_limit = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    """How many learners it may have, invited ones included; null: as many as it likes."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A part of an organisation that has cohorts and people of its own."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="departments"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="department_unique"),
        ]

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
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    """The part of the organisation to which the role is limited; null: the whole."""
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
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts"
    )
    name = models.CharField(_("name"), max_length=200)
    join_code = models.CharField(_("join code"), max_length=8, unique=True, default=new_join_code)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    seat_limit = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    """The cohort that took its people over; null while it has people of its own."""
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


class CohortInstructor(models.Model):
    """Who teaches a cohort. They hold a role in its organisation."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="instructors")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="taught_cohorts")

    class Meta:
        verbose_name = _("instructor of a cohort")
        verbose_name_plural = _("instructors of cohorts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cohort", "user"], name="cohort_instructor_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"
