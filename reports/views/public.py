"""Pages that count. Public ones show no number that could point at a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.charts import step_chart
from reports.nation.maps import public_map
from reports.queries.count import national_count


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The qualified professionals of the country against the goal, with their history."""
    counted = national_count()
    chart = step_chart(
        [(point.day, point.people) for point in counted.history], timezone.localdate()
    )
    context = {"count": counted, "chart": chart, "map": public_map(counted.parts)}
    return render(request, "reports/count.html", context)
