"""Every string of the interface is there in Chinese."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message

from dev.messages import LOCALE, collect, read

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return read(LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po")


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def translated(catalogue: Catalog, message: Message) -> bool:
    found = catalogue.get(message.id, message.context)
    return found is not None and not found.fuzzy and bool(found.string) and all(forms(found.string))


def test_every_string_is_translated(chinese: Catalog) -> None:
    messages = [message for message in collect() if message.id]
    assert len(messages) > 100
    assert [message.id for message in messages if not translated(chinese, message)] == []


def test_no_translation_is_left_over(chinese: Catalog) -> None:
    wanted = {(str(message.id), message.context) for message in collect()}
    left = [message.id for message in chinese if (str(message.id), message.context) not in wanted]
    assert left == []


def test_translations_keep_their_placeholders(chinese: Catalog) -> None:
    faults = []
    for message in chinese:
        if not message.id:
            continue
        source, target = forms(message.id)[-1], forms(message.string)[-1]
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(target)):
            faults.append(source)
    assert faults == []
