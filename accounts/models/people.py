"""A person, and what they agreed to. Identity only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.managers import UserManager
from accounts.provinces import Province


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

    administers_province = models.CharField(
        _("administers the province"),
        max_length=2,
        choices=Province.choices,
        blank=True,
        help_text=_("Sees the count of one province, and no row of a single person."),
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the person had themselves erased: the row keeps what was counted, and no name."""

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
