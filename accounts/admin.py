"""People and organisations in Django's admin: for staff of the centre."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import verify_organisation
from accounts.models import Cohort, CohortMember, Consent, Membership, Organisation, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ("email", "name", "province", "is_staff", "is_national_administrator")
    list_filter = ("is_staff", "is_national_administrator", "province")
    search_fields = ("email", "name")
    readonly_fields = ("uuid", "last_login", "date_joined")
    exclude = ("password",)
    filter_horizontal = ("groups", "user_permissions")


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ("name", "kind", "province", "verified_at")
    list_filter = ("kind", "province")
    search_fields = ("name", "name_zh_hans", "key")
    readonly_fields = ("uuid", "verified_at", "created_at")
    actions = ("verify",)

    @admin.action(description=_("Verify the selected organisations"))
    def verify(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        for organisation in organisations:
            verify_organisation(organisation=organisation)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "organisation", "role")
    list_filter = ("role",)
    autocomplete_fields = ("user", "organisation")
    list_select_related = ("user", "organisation")


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
