"""Answers the host's questions about one program, from the program's own process.

The program can reach everything here, so nothing here is a secret or a judge: it can at most
lie about its own values.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib.machinery import FrozenImporter
from os import read, write
from types import ModuleType, TracebackType
from typing import Any

from . import values
from .frames import HEADER, FrameTooLong, pack

MAX_HANDLES = 10_000
MAX_MESSAGE = 500
_CHUNK = 1 << 14


class Inbox:
    """Messages from the host. Reading ends this process when the host is gone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.held = bytearray()

    def next(self) -> Any:
        self._hold(HEADER.size)
        (length,) = HEADER.unpack_from(self.held)
        end = HEADER.size + length
        self._hold(end)
        message = json.loads(self.held[HEADER.size : end].decode())
        del self.held[:end]
        return message

    def _hold(self, count: int) -> None:
        while len(self.held) < count:
            part = read(self.descriptor, _CHUNK)
            if not part:
                os._exit(0)
            self.held += part


def send(descriptor: int, message: object) -> None:
    frame = memoryview(pack(message))
    while frame:
        frame = frame[write(descriptor, frame) :]


class Remote:
    """An object of another program, as the opener sees it: good for asking about, no more."""

    __slots__ = ("handle", "type_name")

    def __init__(self, handle: int, type_name: str) -> None:
        self.handle = handle
        self.type_name = type_name

    def __repr__(self) -> str:
        return f"<Remote {self.type_name} {self.handle}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remote) and self.handle == other.handle

    def __hash__(self) -> int:
        return hash(self.handle)


class TooManyHandles(values.CannotReply):
    """The program gave back more objects than anybody could want."""


class Runner:
    def __init__(self, inbox: Inbox, root: str, main: str, files: list[str]) -> None:
        self.inbox = inbox
        self.channel = inbox.descriptor
        self.root = root
        self.main = main
        self.files = files
        self.module: ModuleType | None = None
        self.handles: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.asking = threading.Lock()

    def serve(self) -> None:
        """Answer until the host is gone."""
        self._make_importable()
        streams = (sys.stdout, sys.stderr)
        while True:
            request = self.inbox.next()
            answer = self._answer(request)
            for stream in streams:
                try:  # noqa: SIM105  # `suppress` takes longer than flushing
                    stream.flush()
                except BaseException:
                    pass
            try:
                send(self.channel, {"n": request["n"], **answer})
            except FrameTooLong as error:
                send(self.channel, {"n": request["n"], "stopped": "reply", "detail": str(error)})

    def _make_importable(self) -> None:
        """The program's files come before the standard library, as they do anywhere."""
        for file in self.files:
            name = file.partition("/")[0].removesuffix(".py")
            if name not in sys.builtin_module_names and FrozenImporter.find_spec(name) is None:
                sys.modules.pop(name, None)
        box = ModuleType("box")
        box.__dict__.update(ask=self.ask, Remote=Remote)
        sys.modules["box"] = box
        sys.path.insert(0, self.root)
        sys.argv = [f"{self.root}/{self.main}"]

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"ok": values.encode(self._do(request), self._refer)}
        except MemoryError as error:  # without a text it comes from the allocator
            return self._error(error) if error.args else {"stopped": "memory"}
        except values.CannotReply as error:
            return {"stopped": "reply", "detail": str(error)}
        except BaseException as error:
            return self._error(error)

    def _do(self, request: dict[str, Any]) -> object:
        if request["op"] == "load":
            self._load()
            return None
        on = request["on"]
        target: Any = self.module if on is None else self.handles[on]
        for part in request["name"].split("."):
            target = getattr(target, part)
        if request["op"] == "read":
            return target
        args: Any = values.decode(request["args"], self._resolve)
        kwargs: Any = values.decode(request["kwargs"], self._resolve)
        return target(*args, **kwargs)

    def _load(self) -> None:
        """As importing it would, without the machinery that looks for it and keeps bytecode."""
        path = f"{self.root}/{self.main}"
        name = self.main.removesuffix(".py").replace("/", ".")
        self.module = ModuleType(name)
        self.module.__file__ = path
        self.module.__package__ = name.rpartition(".")[0]
        sys.modules[name] = self.module
        with open(path, "rb") as file:  # noqa: PTH123  # each module used is memory copied
            code = compile(file.read(), path, "exec", dont_inherit=True)
        exec(code, self.module.__dict__)

    def _refer(self, value: object) -> tuple[int, str]:
        """The same object has the same handle for as long as the box lives."""
        handle = self.numbers.get(id(value))
        if handle is None:
            if len(self.handles) >= MAX_HANDLES:
                raise TooManyHandles(f"more than {MAX_HANDLES} objects were handed out")
            handle = len(self.handles)
            self.handles[handle] = value
            self.numbers[id(value)] = handle
        return handle, _name_of(type(value))

    def _resolve(self, handle: int, type_name: str) -> object:
        del type_name
        return self.handles[handle]

    def ask(self, question: object) -> object:
        """Ask the opener of this box. Questions are plain values and `Remote`s it gave.

        Raises `TypeError` for any other question.
        """
        try:
            tree = values.encode(question, _refer_to_remote)
        except values.CannotReply as error:
            raise TypeError(str(error)) from None
        with self.asking:
            send(self.channel, {"ask": tree})
            return values.decode(self.inbox.next()["answer"], Remote)

    def _error(self, error: BaseException) -> dict[str, Any]:
        try:
            message = str(error)[:MAX_MESSAGE]
        except BaseException:
            message = ""
        try:
            file, line = self._place(error)
        except BaseException:
            file, line = "", None
        message = message.encode("utf-8", "replace").decode()
        return {"error": [_name_of(type(error)), message, file, line]}

    def _place(self, error: BaseException) -> tuple[str, int | None]:
        """The program's own file and line in which it happened last."""
        if isinstance(error, SyntaxError) and self._own(error.filename):
            return self._own(error.filename), error.lineno
        file, line = "", None
        trace: TracebackType | None = sys.exc_info()[2]
        while trace is not None:
            own = self._own(trace.tb_frame.f_code.co_filename)
            if own:
                file, line = own, trace.tb_lineno
            trace = trace.tb_next
        return file, line

    def _own(self, path: str | None) -> str:
        prefix = self.root + "/"
        return path.removeprefix(prefix) if path is not None and path.startswith(prefix) else ""


def rehearse() -> None:
    """Do once what every program needs, for nothing.

    A forked child copies each page of memory when it first changes something in it. A spare
    child has the time to do that before its program comes.
    """
    names: dict[str, Any] = {}
    exec(compile("def f(x):\n    return [x]\n", "rehearsal", "exec"), names)
    tree = values.encode(names["f"]({"a": (1, 2.5, b"", {3})}), _refer_to_remote)
    values.decode(json.loads(pack(tree)[HEADER.size :].decode()), Remote)


def _refer_to_remote(value: object) -> tuple[int, str]:
    if type(value) is not Remote:
        raise values.NotPlain(f"a question cannot hold a {_name_of(type(value))}")
    return value.handle, value.type_name


def _name_of(kind: type) -> str:
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[: values.MAX_TYPE_NAME]
