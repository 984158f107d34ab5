"""Moodle XML, GIFT, Aiken, OLX, CSV and Markdown: what becomes of each question."""

from __future__ import annotations

import base64
import io
import tarfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from interop.formats import import_file
from interop.types import Fate, Imported, Refused

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


def specs(found: Imported) -> dict[str, dict[str, Any]]:
    """Key of an exercise → its kind and `[spec]`."""
    tables = {
        path.split("/")[-2]: tomllib.loads(data.decode())
        for path, data in found.files.items()
        if path.endswith("/exercise.toml")
    }
    return {key: {"kind": table["kind"]} | table["spec"] for key, table in tables.items()}


def fates(found: Imported) -> dict[str, tuple[str, ...]]:
    """Title → the codes of what was said, and `refused` first where it was."""
    return {
        item.title: (
            *(("refused",) if item.fate is Fate.REFUSED else ()),
            *(reason.code for reason in item.said),
        )
        for item in found.items
    }


def gift(text: str) -> Imported:
    return import_file(text.encode(), "quiz.gift.txt", "en")


GIFT = r"""
// a remark
$CATEGORY: $course$/top/Chains/Links

::Two::Which is it?{ =right # yes ~wrong # no }

::Several::Which ones?{ ~%50%a ~%50%b ~%-50%c ~%-50%d }

::Short::Name it.{ =hash =digest =%50%sum =%0%cipher#Not that. }

::Pairs::Match.{ =a -> 1 =b -> 2 = -> 3 }

::Number::How many?{#4:0.5}

::Range::Between?{#1..3}

::Truth::A hash hides its input.{F#It does.#Well seen.}

::Missing word::A block names the {=digest ~colour} of the one before.

::Essay::Tell us.{}

::Escaped::Is 1 \= 1\: a \{brace\}?{T}

::Open::Which?{ =a ~b
"""


def test_gift() -> None:
    found = gift(GIFT)
    assert fates(found) == {
        "Two": (),
        "Several": (),
        "Short": ("partial_credit",),
        "Pairs": (),
        "Number": (),
        "Range": (),
        "Truth": (),
        "Missing word": (),
        "Escaped": (),
        "Essay": ("refused", "free_text"),
        "Open": ("refused", "not_finished"),
    }
    made = specs(found)
    assert made["two"] == {
        "kind": "choice",
        "shuffle": True,
        "options": [
            {"text": {"en": "right"}, "correct": True, "feedback": {"en": "yes"}},
            {"text": {"en": "wrong"}, "feedback": {"en": "no"}},
        ],
    }
    assert [one.get("correct", False) for one in made["several"]["options"]] == [
        *(True, True, False, False),
    ]
    assert made["short"] == {
        "kind": "text",
        "accept": ["hash", "digest"],
        "normalise": ["case", "space"],
        "wrong": [{"accept": ["cipher"], "feedback": {"en": "Not that."}}],
    }
    assert made["pairs"] == {
        "kind": "match",
        "pairs": [
            {"left": {"en": "a"}, "right": {"en": "1"}},
            {"left": {"en": "b"}, "right": {"en": "2"}},
        ],
        "extra": [{"right": {"en": "3"}}],
    }
    assert made["number"] == {"kind": "numeric", "answer": 4, "tolerance": {"absolute": 0.5}}
    assert made["range"] == {"kind": "numeric", "answer": 2, "tolerance": {"absolute": 1}}
    assert made["truth"]["options"] == [
        {"text": {"en": "True"}, "feedback": {"en": "It does."}},
        {"text": {"en": "False"}, "correct": True, "feedback": {"en": "Well seen."}},
    ]
    lesson = found.files["01-links/escaped/statement.en.md"].decode()
    assert lesson == "Is 1 = 1: a {brace}?\n"
    assert found.files["01-links/missing-word/statement.en.md"] == (
        rb"A block names the \_\_\_\_\_ of the one before." + b"\n"
    )


def moodle(*questions: str) -> Imported:
    xml = f'<?xml version="1.0"?><quiz>{"".join(questions)}</quiz>'
    return import_file(xml.encode(), "quiz.xml", "en")


def question(kind: str, title: str, inner: str, text: str = "Which?") -> str:
    return (
        f'<question type="{kind}"><name><text>{title}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"<defaultgrade>2</defaultgrade>{inner}</question>"
    )


def answer(words: str, fraction: float, told: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}"><text>{words}</text>{more}'
        f"<feedback><text>{told}</text></feedback></answer>"
    )


def test_moodle() -> None:
    picture = base64.b64encode(SVG.encode()).decode()
    found = moodle(
        "<question type='category'><category><text>$course$/top/Chains</text></category>"
        "</question>",
        question("multichoice", "One", answer("a", 100, "yes") + answer("b", 0)),
        question(
            "multichoice",
            "Several",
            "<single>false</single>" + answer("a", 100) + answer("b", 0),
        ),
        question("shortanswer", "Short", "<usecase>1</usecase>" + answer("Hash*", 100)),
        question("shortanswer", "Exact", "<usecase>1</usecase>" + answer("Hash", 100)),
        question("numerical", "Number", answer("7", 100, "", "<tolerance>0.1</tolerance>")),
        question(
            "matching",
            "Pairs",
            "".join(
                f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
                for left, right in (("a", "1"), ("b", "2"))
            ),
        ),
        question(
            "gapselect",
            "Gaps",
            "".join(
                f"<selectoption><text>{words}</text><group>1</group></selectoption>"
                for words in ("digest", "colour")
            ),
            "A block names the [[1]].",
        ),
        question("cloze", "Embedded", "", "It is {1:SHORTANSWER:=hash~%50%sum} or {:NM:=4:1}."),
        question(
            "description", "Words", "", '<p>Read <img src="@@PLUGINFILE@@/a.svg" alt="A"></p>'
        ).replace("</questiontext>", f'<file name="a.svg">{picture}</file></questiontext>'),
        question("calculated", "Computed", ""),
    )
    assert fates(found) == {
        "One": (),
        "Several": ("choices_scoring",),
        "Exact": (),
        "Number": (),
        "Pairs": (),
        "Gaps": (),
        "Embedded": ("partial_credit",),
        "Words": (),
        "Short": ("refused", "no_answer"),
        "Computed": ("refused", "unknown_interaction"),
    }
    made = specs(found)
    assert made["exact"] == {"kind": "text", "accept": ["Hash"], "normalise": ["space"]}
    assert made["number"] == {"kind": "numeric", "answer": 7, "tolerance": {"absolute": 0.1}}
    assert made["gaps"]["text"] == {"en": "A block names the [[gap-1]]."}
    assert made["gaps"]["gaps"] == [
        {
            "key": "gap-1",
            "kind": "choice",
            "shuffle": True,
            "options": [
                {"text": {"en": "digest"}, "correct": True},
                {"text": {"en": "colour"}},
            ],
        }
    ]
    assert made["embedded"]["text"] == {"en": "It is [[gap-1]] or [[gap-2]]."}
    assert made["embedded"]["gaps"][1] == {
        "key": "gap-2",
        "kind": "numeric",
        "answer": 4,
        "tolerance": {"absolute": 1},
    }
    assert found.files["figures/a.svg"].decode() == SVG
    assert "![A](figures/a.svg)" in found.files["01-chains/lesson.en.md"].decode()


def test_aiken_names_the_lines_that_it_refuses() -> None:
    text = "Which?\nA) one\nB. two\nANSWER: B\n\nLonely\nA) one\nANSWER: A\n\nNo end\nA) a\nB) b\n"
    found = import_file(text.encode(), "quiz.txt", "en")
    assert [(item.where, item.fate.value) for item in found.items] == [
        ("quiz.txt:1", "taken"),
        ("quiz.txt:6", "refused"),
        ("quiz.txt:10", "refused"),
    ]
    assert fates(found)["Lonely"] == ("refused", "few_options")
    assert fates(found)["No end"] == ("refused", "not_finished")


def tar(files: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return stream.getvalue()


CHOICE = (
    '<problem display_name="Choice"><p>Look.</p><multiplechoiceresponse><label>Which?</label>'
    '<choicegroup><choice correct="true">a<choicehint>Yes.</choicehint></choice>'
    '<choice correct="false">b</choice></choicegroup></multiplechoiceresponse>'
    "<demandhint><hint>Think.</hint></demandhint></problem>"
)
PROBLEMS = {
    "choice": CHOICE,
    "boxes": '<problem display_name="Boxes"><choiceresponse partial_credit="EDC">'
    '<label>Which?</label><checkboxgroup><choice correct="true">a</choice>'
    '<choice correct="true">b</choice>'
    '<choice correct="false">c</choice></checkboxgroup></choiceresponse></problem>',
    "menu": '<problem display_name="Menu"><optionresponse><label>Which?</label>'
    "<optioninput options=\"('a','b')\" correct=\"b\"/></optionresponse></problem>",
    "number": '<problem display_name="Number"><numericalresponse answer="[1,3]"><label>How many?'
    "</label><formulaequationinput/></numericalresponse></problem>",
    "near": '<problem display_name="Near"><numericalresponse answer="200"><label>How many?</label>'
    '<responseparam type="tolerance" default="5%"/><formulaequationinput/></numericalresponse>'
    "</problem>",
    "words": '<problem display_name="Words"><stringresponse answer="hash" type="cs"><label>Name it.'
    '</label><additional_answer answer="digest"/><textline/></stringresponse></problem>',
    "custom": '<problem display_name="Custom"><customresponse cfn="check"><textline/>'
    "</customresponse></problem>",
    "two": '<problem display_name="Two"><p>First.</p><numericalresponse answer="1"/><p>Second.</p>'
    '<numericalresponse answer="2"/></problem>',
}


def test_olx() -> None:
    blocks = "".join(f'<problem url_name="{name}"/>' for name in PROBLEMS)
    found = import_file(
        tar(
            {
                "course/course.xml": '<course url_name="run" org="o" course="c"/>',
                "course/course/run.xml": '<course display_name="Ledgers">'
                '<chapter url_name="c1"/></course>',
                "course/chapter/c1.xml": '<chapter display_name="One">'
                '<sequential url_name="s"/></chapter>',
                "course/sequential/s.xml": '<sequential display_name="Links">'
                '<vertical url_name="v"/><vertical url_name="gone"/></sequential>',
                "course/vertical/v.xml": f'<vertical><html url_name="h"/>{blocks}'
                '<video url_name="m"/></vertical>',
                "course/html/h.xml": '<html display_name="Words of it" filename="h"/>',
                "course/html/h.html": '<p>A <b>block</b>.</p><img src="/static/box.svg" alt="Box">',
                "course/static/box.svg": SVG,
                **{f"course/problem/{name}.xml": text for name, text in PROBLEMS.items()},
            }
        ),
        "course.tar.gz",
        "en",
    )
    assert fates(found) == {
        "Words of it": (),
        "Choice": (),
        "Boxes": ("partial_credit", "choices_scoring"),
        "Menu": (),
        "Number": (),
        "Near": (),
        "Words": (),
        "Two (1)": (),
        "Two (2)": (),
        "Custom": ("refused", "custom_interaction"),
        "m": ("refused", "unknown_interaction"),
        "gone": ("refused", "file_missing"),
    }
    made = specs(found)
    assert made["number"] == {"kind": "numeric", "answer": 2, "tolerance": {"absolute": 1}}
    assert made["near"]["tolerance"] == {"absolute": 10}
    assert made["words"] == {
        "kind": "text",
        "accept": ["hash", "digest"],
        "normalise": ["space"],
    }
    assert made["menu"]["options"][1] == {"text": {"en": "b"}, "correct": True}
    assert found.files["01-links/choice/statement.en.md"] == b"Look.\n\nWhich?\n"
    assert found.files["01-links/two-2/statement.en.md"] == b"Second.\n"
    assert found.files["figures/box.svg"].decode() == SVG
    course = tomllib.loads(found.files["course.toml"].decode())
    assert course["title"] == {"en": "Ledgers"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('question,a,b,c,answer,feedback a,points\n1+1?,1,2,,B,no,3\nEven?,1,2,4,"B,C",,\n', "en"),
        ("题目;选项A;选项B;选项C;答案;反馈A;分值\n1+1?;1;2;;B;no;3\nEven?;1;2;4;BC;;\n", "zh-hans"),
    ],
)
def test_a_list_of_choice_questions(text: str, language: str) -> None:
    found = import_file(text.encode("utf-8-sig"), "list.csv", language)
    first, second = specs(found).values()
    assert first["kind"] == "choice"
    assert first["options"] == [
        {"text": {language: "1"}, "feedback": {language: "no"}},
        {"text": {language: "2"}, "correct": True},
    ]
    assert second["kind"] == "choices"
    assert [one.get("correct", False) for one in second["options"]] == [False, True, True]


def test_a_row_that_cannot_be_taken_is_named() -> None:
    text = "question,a,b,answer\n,1,2,A\nWhich?,1,,A\nWhat?,1,2,Z\nGood?,1,2,A\n"
    found = import_file(text.encode(), "list.csv", "en")
    assert {item.where: item.said[0].code for item in found.items if item.said} == {
        "list.csv:2": "no_words",
        "list.csv:3": "few_options",
        "list.csv:4": "no_answer",
    }


def test_a_folder_of_markdown() -> None:
    data = tar(
        {
            "01-start/01-hello.md": "# Hello\n\n![box](box.svg)\n\n# Not a second title\n",
            "01-start/box.svg": SVG,
            "02-end/last_words.md": "Nothing *more*.\n",
            "02-end/empty.md": "# Empty\n",
        }
    )
    found = import_file(data, "pages.tar.gz", "en")
    assert fates(found) == {"Hello": (), "last words": (), "Empty": ("refused", "empty_page")}
    assert found.files["01-hello/lesson.en.md"].decode() == (
        "# Hello\n\n![box](figures/box.svg)\n\n## Not a second title\n"
    )
    assert found.files["02-last-words/lesson.en.md"].decode() == "# last words\n\nNothing *more*.\n"


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.md", "a.xml"])
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"{}", b"::a::", b"ANSWER: A", b"a,b\n1,2\n"])
def test_anything_else_is_refused_or_reported(name: str, data: bytes) -> None:
    try:
        found = import_file(data, name, "en")
    except Refused:
        return
    assert found.items != ()


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples lie beside the repository")
@pytest.mark.parametrize("folder", ["moodle", "olx"])
def test_every_sample_gives_a_report(folder: str) -> None:
    found = sorted((SAMPLES / folder).rglob("*"))
    files = [path for path in found if path.suffix in {".xml", ".txt"}]
    for path in files:
        assert import_file(path.read_bytes(), path.name, "en").items != (), path
