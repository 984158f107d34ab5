"""Maps of the provinces: people on the tiles, shades for every 100,000 inhabitants."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from accounts.models import Province
from courses.models import Standing
from reports.charts import Place, TileMap, tile_map
from reports.columns import DASH
from reports.nation.scopes import Asked
from reports.nation.tables import shown_figure
from reports.populations import per_hundred_thousand
from reports.queries.count import PublicParts
from reports.queries.nation import NOBODY, PROVINCE, Stages
from reports.tables import Suppressed


def province_map(asked: Asked, everywhere: Stages) -> TileMap:
    """The map of what is asked for, in all provinces; each tile leads to its own. No query."""
    scope = asked.scope
    chosen = {"kind": scope.kind, "programme": scope.programme}
    kept = "".join(f"&{key}={value}" for key, value in chosen.items() if value)
    column = everywhere.by(PROVINCE, Standing.Stage.QUALIFIED)
    places = []
    for code in Province.values:
        if scope.held_to and code != scope.held_to:
            continue
        people = shown_figure(column.figures.get(code, NOBODY))
        link = "" if scope.held_to else f"?province={code}{kept}"
        is_chosen = code == scope.province
        places.append(_place(code, people, link, is_chosen=is_chosen))
    return _map(places)


def public_map(parts: PublicParts | None) -> TileMap | None:
    """The map of the figures that the public sees; None before there are any."""
    if parts is None:
        return None
    return _map([_place(code, parts.provinces.get(code)) for code in Province.values])


def _place(
    code: str, people: int | Suppressed | None, link: str = "", *, is_chosen: bool = False
) -> Place:
    name = Province(code).label
    if not isinstance(people, int):
        words = gettext("%(province)s — nobody, or fewer people than may be shown") % {
            "province": name
        }
        return Place(code, None, DASH, words, link, is_chosen)
    density = per_hundred_thousand(people, code)
    words = gettext(
        "%(province)s %(people)s qualified, %(density)s for every 100,000 inhabitants"
    ) % {"province": name, "people": f"{people:,}", "density": f"{density:.2f}"}
    return Place(code, density, f"{people:,}", words, link, is_chosen)


def _map(places: list[Place]) -> TileMap:
    return tile_map(places, is_chinese=(get_language() or "").startswith("zh"))
