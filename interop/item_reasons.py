"""Reasons that concern one item: one question, one page, one picture."""

from __future__ import annotations

ITEM_REASONS: dict[str, dict[str, str]] = {
    "does_not_hold": {
        "en": "What came out does not hold as an exercise: {why}",
        "zh-hans": "转换结果不是一道成立的练习：{why}",
    },
}
