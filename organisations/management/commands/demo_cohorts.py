"""Give the demo cohorts something to study; `demo_people` makes them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Cohort
from accounts.types import DEMO_CODES
from courses.actions import set_plan
from courses.queries import programmes

PROGRAMME = "blockchain-foundations"
TARGET = 30


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        programme = next((one for one in programmes() if one.key == PROGRAMME), None)
        if programme is None:
            self.stdout.write(f"{PROGRAMME} is not published: the demo cohorts have no plan yet")
            return
        without = Cohort.objects.filter(join_code__in=DEMO_CODES, plan=None)
        for cohort in without.select_related("organisation"):
            set_plan(cohort=cohort, programme=programme, target=TARGET)
