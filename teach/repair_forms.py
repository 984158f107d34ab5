"""Regrades, decisions by hand, answers to requests, deadlines."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort
from courses.models import Course, Enrolment
from courses.types import china_day
from grading.models import LateRule, RegradeRequest
from grading.queries import JudgedVersion, asks_the_same

REASON = 500
WORDS = 2000
DECISIONS = (
    (RegradeRequest.Decision.REFUSED, _("Leave it as it is")),
    (RegradeRequest.Decision.OVERRIDDEN, _("Give points by hand")),
    (RegradeRequest.Decision.REGRADED, _("It has been judged again")),
)


class ReasonForm(forms.Form):
    """Why something is done, in words that its learners read."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learners whom it concerns read it."),
    )


class RegradeForm(forms.Form):
    """Which version judges, and whose tries."""

    version = forms.TypedChoiceField(
        label=_("Judged by"), coerce=int, widget=forms.RadioSelect, choices=()
    )
    judges = forms.TypedMultipleChoiceField(
        label=_("Tries that were handed in to"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
        help_text=_("A version is left out here when it asks something else than the newest."),
    )

    def __init__(self, data: Any, versions: Sequence[JudgedVersion]) -> None:
        newest = versions[0].version
        fitting = [one for one in versions if asks_the_same(one.version, newest)]
        older = [one.version.pk for one in fitting if one.version.pk != newest.pk]
        super().__init__(data, initial={"version": newest.pk, "judges": older or [newest.pk]})
        version, judges = self.fields["version"], self.fields["judges"]
        assert isinstance(version, forms.ChoiceField)
        assert isinstance(judges, forms.ChoiceField)
        version.choices = [(one.version.pk, title_of(one)) for one in versions]
        judges.choices = [(one.version.pk, title_of(one, tries=True)) for one in fitting]


def title_of(one: JudgedVersion, *, tries: bool = False) -> str:
    """A version in words: its number, the releases that show it, what was handed in to it."""
    words = _gettext("version %(number)s") % {"number": one.number}
    if one.releases:
        releases = ", ".join(map(str, one.releases))
        words += " · " + _gettext("in release %(releases)s") % {"releases": releases}
    if tries:
        words += " · " + _gettext("tries: %(tries)s") % {"tries": one.tries}
    return words


class ApplyForm(ReasonForm):
    """How a previewed regrade is applied."""

    never_lower = forms.BooleanField(
        label=_("Nobody loses points"),
        required=False,
        initial=True,
        help_text=_("A try that would earn less keeps what it has."),
    )
    field_order = ("never_lower", "reason")


class PointsField(forms.DecimalField):
    """Points with at most two decimals; `hundredths` gives them as they are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_digits=8, decimal_places=2, **options)


def hundredths(points: Decimal) -> int:
    """Points as they are kept."""
    return int((points * 100).to_integral_value(ROUND_HALF_UP))


class OverrideForm(ReasonForm):
    """How many points one try gets."""

    points = PointsField(label=_("Points"))
    field_order = ("points", "reason")


class AnswerForm(forms.Form):
    """Something to say in the thread of a request."""

    words = forms.CharField(
        label=_("Answer"), max_length=WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecideForm(forms.Form):
    """The end of a request."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    points = PointsField(
        label=_("Points"), required=False, help_text=_("When points are given by hand.")
    )
    words = forms.CharField(
        label=_("Reason"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learner reads it."),
    )


class LateRuleForm(forms.ModelForm[LateRule]):
    """What lateness costs, of a cohort or of the course."""

    class Meta:
        model = LateRule
        fields = ("cohort", "late", "percent_per_day", "floor_percent")

    def __init__(self, data: Any, cohorts: Sequence[Cohort]) -> None:
        super().__init__(data)
        cohort = self.fields["cohort"]
        assert isinstance(cohort, forms.ModelChoiceField)
        cohort.queryset = Cohort.objects.filter(pk__in=[one.pk for one in cohorts])
        cohort.label = _("Cohort")
        cohort.required = False
        cohort.empty_label = _("every cohort without a rule of its own")
        for name in ("percent_per_day", "floor_percent"):
            field = self.fields[name]
            assert isinstance(field, forms.IntegerField)
            field.required = False
            field.max_value = 100
            field.widget.attrs.update({"max": 100})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for name in ("percent_per_day", "floor_percent"):
            found[name] = found.get(name) or 0
            if found[name] > 100:
                self.add_error(name, _("At most 100."))
        if found.get("late") == LateRule.Choice.PERCENT and not found["percent_per_day"]:
            self.add_error("percent_per_day", _("Say how many percent each day costs."))
        return found

    def validate_unique(self) -> None:
        """A rule that is there is changed."""


class ExtensionForm(forms.Form):
    """A later day for a cohort or one of its learners."""

    cohort = forms.ModelChoiceField(
        label=_("Cohort"), queryset=Cohort.objects.none(), empty_label=None
    )
    email = forms.EmailField(
        label=_("E-mail address of one learner"),
        required=False,
        help_text=_("Leave it empty to give the whole cohort more time."),
    )
    due_on = forms.DateField(
        label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON,
        required=False,
        help_text=_("The learners whom it concerns read it."),
    )

    def __init__(self, data: Any, course: Course, cohorts: Sequence[Cohort]) -> None:
        super().__init__(data)
        self.course = course
        cohort = self.fields["cohort"]
        assert isinstance(cohort, forms.ModelChoiceField)
        cohort.queryset = Cohort.objects.filter(pk__in=[one.pk for one in cohorts])

    def clean_due_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["due_on"]
        if day < china_day(timezone.now()):
            raise forms.ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        """`enrolment`: of the learner who was named; None for the whole cohort."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        found["enrolment"] = None
        if found.get("email") and found.get("cohort"):
            learners = Enrolment.objects.filter(course=self.course, cohort=found["cohort"])
            found["enrolment"] = learners.filter(user__email__iexact=found["email"]).first()
            if found["enrolment"] is None:
                self.add_error("email", _("Nobody of this cohort who takes the course has it."))
        return found
