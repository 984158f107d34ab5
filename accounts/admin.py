"""People and organisations in Django's admin: for staff of the centre."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import sign_out_everywhere, verify_organisation
from accounts.models import Cohort, CohortMember, Consent, Membership, Organisation, User

# One door for everybody: the admin's own asks for no second factor and knows no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

POWERS = ("is_staff", "is_superuser", "is_national_administrator", "groups", "user_permissions")
"""What makes a person more than a person. Only who has all powers may give one."""


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ("email", "name", "province", "is_staff", "is_national_administrator")
    list_filter = ("is_staff", "is_national_administrator", "province")
    search_fields = ("email", "name")
    exclude = ("password",)
    filter_horizontal = ("groups", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        powers = () if request.user.is_superuser else POWERS
        return ("uuid", "last_login", "date_joined", *powers)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Whoever may change the address of a superuser may become them by a password reset.
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_delete_permission(request, obj)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ("name", "kind", "province", "verified_at")
    list_filter = ("kind", "province")
    search_fields = ("name", "name_zh_hans", "key")
    readonly_fields = ("uuid", "verified_at", "created_at")
    actions = ("verify",)

    @admin.action(description=_("Verify the selected organisations"), permissions=["change"])
    def verify(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        for organisation in organisations.filter(verified_at=None):
            verify_organisation(organisation=organisation)
            self.log_change(request, organisation, "verified")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "organisation", "role")
    list_filter = ("role",)
    autocomplete_fields = ("user", "organisation")
    list_select_related = ("user", "organisation")

    def save_model(
        self,
        request: HttpRequest,
        obj: Membership,
        form: ModelForm[Membership],
        change: bool,  # noqa: FBT001  # Django's
    ) -> None:
        """A new administrator signs in again, and is asked for a second factor on the way."""
        super().save_model(request, obj, form, change)
        if obj.role == Membership.Role.ADMINISTRATOR and obj.user != request.user:
            sign_out_everywhere(user=obj.user)


class CohortMemberInline(admin.TabularInline[CohortMember, Cohort]):
    model = CohortMember
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin[Cohort]):
    list_display = ("name", "organisation", "join_code", "starts_on", "ends_on")
    search_fields = ("name", "join_code")
    autocomplete_fields = ("organisation",)
    list_select_related = ("organisation",)
    inlines = (CohortMemberInline,)


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin[Consent]):
    list_display = ("user", "document", "version", "given_at", "withdrawn_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False
