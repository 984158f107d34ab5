"""What templates need to write figures: percents, correlations, times. A dash for what is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from teach.statistics import charts

register = template.Library()
DASH = "—"


@register.filter
def percent(share: float | None) -> str:
    """A share of one, in whole percent."""
    return DASH if share is None else gettext("%(percent)s %%") % {"percent": f"{100 * share:.0f}"}


@register.filter
def whole(number: float | None) -> str:
    """A number without digits behind the point."""
    return DASH if number is None else f"{number:.0f}"


@register.filter
def one_digit(number: float | None) -> str:
    """A number with one digit behind the point."""
    return DASH if number is None else f"{number:.1f}"


@register.filter
def signed(number: float | None) -> str:
    """A correlation: +0.31, −0.08, with a true minus."""
    if number is None:
        return DASH
    text = f"{number:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


@register.filter
def short_time(seconds: float | None) -> str:
    """A time in one unit."""
    return DASH if seconds is None else charts.short_time(seconds)


@register.filter
def share_of(shares: Mapping[tuple[str, str, str], float | None], answer: Any) -> str:
    """What share of the learners of one language gave an answer first."""
    share = shares.get((answer.facet, answer.part, answer.key))
    return gettext("%(percent)s %%") % {"percent": f"{share or 0:.0f}"}
