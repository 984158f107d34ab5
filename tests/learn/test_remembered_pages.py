"""What is remembered between requests shows on no other person's page, and in no other language."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from learn.context import THEME_COOKIE
from learn.pages import _outline_lesson
from tests.courses.rows import forget_content
from tests.learn.classroom import enrolled, lesson_of, lesson_url, place, signed_in

pytestmark = pytest.mark.django_db

OWN = re.compile(r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=")[^"]+')
"""What is new in every form of every page."""
LOOKS = list(product(("en", "zh-hans"), ("light", "dark")))


def forget() -> None:
    """As in a process that has just begun."""
    forget_content()
    _outline_lesson.cache_clear()


def seen(browser: Client, url: str, language: str, theme: str) -> str:
    browser.cookies.load({"django_language": language, THEME_COOKIE: theme})
    page = browser.get(url)
    assert page.status_code == 200
    return OWN.sub(r"\1", page.content.decode())


def test_pages_are_the_same_remembered_and_anew(
    alice: User, bob: User, charlie: User, small_course: Course, unlimited: None
) -> None:
    people = {person.email: enrolled(person, small_course) for person in (alice, bob, charlie)}
    browsers = {person.email: signed_in(person) for person in (alice, bob, charlie)}
    for kind in ("choice", "numeric", "match"):
        here = place(people[alice.email], kind)
        browsers[alice.email].post(here.url(), here.right())
    wrong = place(people[bob.email], "choices")
    browsers[bob.email].post(wrong.url(), wrong.wrong())
    browsers["nobody"] = Client()
    lessons = [lesson_url(lesson_of(people[alice.email], position)) for position in (0, 1)]
    public = [reverse("learn:landing"), reverse("learn:course", args=[small_course.key])]
    pages = [
        (name, url, *look)
        for name in browsers
        for url in (public if name == "nobody" else [*public, *lessons])
        for look in LOOKS
    ]
    anew = []
    for name, *page in pages:
        forget()
        anew.append(seen(browsers[name], *page))
    remembered = [seen(browsers[name], *page) for name, *page in pages]
    assert remembered == anew
    assert len(set(anew)) == len(pages), "each page is another one"
