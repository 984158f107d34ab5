"""A cohort: who, when, what, and by which days."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, User
from courses.models import Course, Programme
from courses.queries import programmes
from organisations.access import Scope, teachers_of


def day_input() -> forms.DateInput:
    """A browser's own calendar; it takes and sends days as ISO 8601 writes them."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def words_of(text: dict[str, str]) -> str:
    """What the current language has of a text, or the first that there is."""
    return text.get(get_language() or "", "") or next(iter(text.values()), "")


class PersonChoices(forms.ModelMultipleChoiceField[User]):
    """People by name and address: two may have the same name."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {obj.email}" if obj.name else obj.email


class CohortForm(forms.ModelForm[Cohort]):
    """A cohort with what it studies and who teaches it."""

    programme = forms.ChoiceField(
        label=_("Programme"),
        required=False,
        help_text=_("What the cohort studies. With another programme its deadlines are gone."),
    )
    target = forms.IntegerField(
        label=_("How many are to qualify"),
        min_value=1,
        max_value=1_000_000,
        required=False,
    )
    instructors = PersonChoices(
        label=_("Instructors"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the people of this cohort and how far each has come."),
    )

    class Meta:
        model = Cohort
        fields: ClassVar = ["name", "department", "starts_on", "ends_on", "seat_limit"]
        labels: ClassVar = {"name": _("Name of the cohort"), "department": _("Department")}
        widgets: ClassVar = {"starts_on": day_input(), "ends_on": day_input()}
        help_texts: ClassVar = {
            "name": _("As people will look for it: 2026 autumn, class 3."),
            "seat_limit": _(
                "How many may be in it, places that are kept included. Empty: any number."
            ),
        }

    field_order = (
        *("name", "department", "starts_on", "ends_on"),
        *("programme", "target", "seat_limit", "instructors"),
    )

    def __init__(self, data: Any, scope: Scope, *, instance: Cohort, **rest: Any) -> None:
        super().__init__(data, instance=instance, **rest)
        self.programmes = {one.key: one for one in programmes()}
        department, people = self.fields["department"], self.fields["instructors"]
        chosen = self.fields["programme"]
        assert isinstance(department, forms.ModelChoiceField)
        assert isinstance(people, forms.ModelMultipleChoiceField)
        assert isinstance(chosen, forms.ChoiceField)
        department.queryset = scope.departments()
        department.to_field_name = "uuid"
        department.empty_label = _("none")
        if not scope.is_whole:
            department.required, department.empty_label = True, None
        if instance.department is not None:
            self.initial["department"] = instance.department.uuid
        people.queryset = teachers_of(scope)
        titles = [(key, words_of(_title(one))) for key, one in self.programmes.items()]
        chosen.choices = [("", _("none yet")), *titles]
        if instance.pk and hasattr(instance, "plan"):
            # A plan can be changed, and is never taken away: people have standings by it.
            chosen.choices = titles

    def wanted(self) -> dict[str, Any]:
        """The arguments of `save_cohort`; a programme comes with its current version."""
        return {
            "cohort": self.save(commit=False),
            "instructors": list(self.cleaned_data["instructors"]),
            "programme": self.programmes.get(self.cleaned_data["programme"]),
            "target": self.cleaned_data["target"],
        }


class DeadlinesForm(forms.Form):
    """A day for each course that the programme requires; an empty one is no deadline."""

    def __init__(
        self, data: Any, cohort: Cohort, courses: Sequence[Course], due: dict[str, datetime.date]
    ) -> None:
        super().__init__(data)
        self.cohort = cohort
        self.courses = courses
        for course in courses:
            self.fields[course.key] = forms.DateField(
                label=words_of(course.current.about["title"]) if course.current else course.key,
                required=False,
                initial=due.get(course.key),
                widget=day_input(),
            )

    def clean(self) -> dict[str, Any]:
        """A deadline lies within the dates of the cohort."""
        cleaned = super().clean() or {}
        for key, day in list(cleaned.items()):
            if day and not self.cohort.starts_on <= day <= self.cohort.ends_on:
                self.add_error(
                    key,
                    _("The cohort runs from %(first)s to %(last)s.")
                    % {"first": self.cohort.starts_on, "last": self.cohort.ends_on},
                )
        return cleaned

    def due(self) -> dict[str, datetime.date]:
        """The days that were given, by key of the course."""
        return {key: day for key, day in self.cleaned_data.items() if day}


class TargetForm(forms.Form):
    """Another cohort of the organisation."""

    target = forms.ModelChoiceField(
        label=_("Into the cohort"), queryset=Cohort.objects.none(), to_field_name="uuid"
    )

    def __init__(self, data: Any, cohorts: QuerySet[Cohort], source: Cohort) -> None:
        super().__init__(data)
        field = self.fields["target"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = cohorts.exclude(pk=source.pk)
        field.empty_label = _("Choose")


def _title(programme: Programme) -> dict[str, str]:
    assert programme.current is not None, "only published programmes are offered"
    title: dict[str, str] = programme.current.about["title"]
    return title
