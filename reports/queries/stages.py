"""How far the people of one organisation, or of one cohort, have come: tallies alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum

from courses.models import Programme, StageTally


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many have reached a stage of a programme. `title` is a text: language → words."""

    programme: str
    title: Mapping[str, str]
    stage: int
    people: int
    started: int
    """Those who have reached any stage of the programme."""

    @property
    def key(self) -> str:
        """What programs know it by."""
        return f"{self.programme}:{self.stage}"


def stages_of_organisation(organisation_id: int) -> list[StageCount]:
    """Of every standing that the organisation counts, by programme and stage. 2 queries."""
    return _counts(organisation=organisation_id, cohort=0)


def stages_of_cohort(organisation_id: int, cohort_id: int) -> list[StageCount]:
    """Of the people of one cohort. 2 queries."""
    return _counts(organisation=organisation_id, cohort=cohort_id)


def _counts(**where: int) -> list[StageCount]:
    # Uses index: stage_tally_unique, by its first columns.
    rows = StageTally.objects.filter(**where, period=0).values_list("programme", "stage")
    sums = {(programme, stage): total for programme, stage, total in rows.annotate(Sum("value"))}
    keys = {programme for programme, _stage in sums}
    programmes = Programme.objects.filter(pk__in=keys).select_related("current").order_by("key")
    counts = []
    for programme in programmes:
        reached = {stage: sums.get((programme.pk, stage), 0) for stage in range(1, 8)}
        counts += [
            StageCount(programme.key, _title(programme), stage, people, reached[1])
            for stage, people in reached.items()
        ]
    return counts


def _title(programme: Programme) -> Mapping[str, str]:
    title: Mapping[str, str] = (
        programme.current.about["title"] if programme.current else {"en": programme.key}
    )
    return title
