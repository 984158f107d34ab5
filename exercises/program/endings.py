"""How a program can end before it has answered, in words for its author, the learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exercises.types import Outcome, Text
from sandbox.types import Cause, Raised, Stopped


@dataclass(frozen=True, slots=True)
class Ending:
    """Why nothing more can be asked in a check."""

    outcome: Outcome
    message: Text = field(default_factory=dict)
    file: str = ""
    line: int | None = None


NOT_RUN = Ending(Outcome.NOT_RUN)
OUTCOMES = {
    Cause.TIMEOUT: Outcome.TIME,
    Cause.CPU: Outcome.TIME,
    Cause.MEMORY: Outcome.MEMORY,
    Cause.OUTPUT: Outcome.OUTPUT,
    Cause.CRASHED: Outcome.CRASHED,
    Cause.EXITED: Outcome.EXITED,
    Cause.BAD_REPLY: Outcome.CRASHED,
}
MESSAGES: Mapping[Cause, Text] = {
    Cause.TIMEOUT: {
        "en": "Your program took too long. Is there a loop that never ends?",
        "zh-hans": "你的程序运行时间过长。是否有不会结束的循环？",
    },
    Cause.MEMORY: {
        "en": "Your program used too much memory.",
        "zh-hans": "你的程序使用了过多内存。",
    },
    Cause.OUTPUT: {
        "en": "Your program printed too much.",
        "zh-hans": "你的程序输出了过多内容。",
    },
    Cause.CRASHED: {
        "en": "Your program crashed. Is there a recursion that never ends?",
        "zh-hans": "你的程序崩溃了。是否有不会结束的递归？",
    },
    Cause.EXITED: {
        "en": "Your program ended itself. Return a value instead of leaving.",
        "zh-hans": "你的程序自行退出了。请返回值，不要退出程序。",
    },
    Cause.BAD_REPLY: {
        "en": "Your program returned something that is too large, or that is no value.",
        "zh-hans": "你的程序返回的内容过大，或者不是一个值。",
    },
}


def of_stop(stopped: Stopped) -> Ending:
    cause = Cause.TIMEOUT if stopped.cause is Cause.CPU else stopped.cause
    return Ending(OUTCOMES[cause], MESSAGES[cause])


def of_load(raised: Raised) -> Ending:
    """The program's module cannot be loaded. No check has given it anything, so all is shown."""
    message = in_both_languages(f"{raised.type_name}: {raised.message}")
    return Ending(Outcome.ERROR, message, raised.file, raised.line)


def in_both_languages(text: str) -> Text:
    """What Python itself says is the same in every language."""
    return {"en": text, "zh-hans": text}
