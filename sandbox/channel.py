"""The host's end of one box: frames to and from the program's process, and its output."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from typing import Any

from sandbox.inside.frames import HEADER, MAX_FRAME

_CHUNK = 1 << 16


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text[:20]} is not sent as a number")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_refuse_constant)


class TimedOut(Exception):
    """No answer came in time."""


class Closed(Exception):
    """The process closed its end; most often it has ended."""


class Flooded(Exception):
    """The program printed more than it may."""


class Garbled(Exception):
    """What came is no message."""


class Channel:
    """One connection. Takes ownership of both descriptors."""

    def __init__(self, connection: socket.socket, output: int) -> None:
        self.connection = connection
        self.output = output
        self.output_bytes = 0
        self.printed = bytearray()
        self._incoming = bytearray()
        self._outgoing = b""
        self._waiting_to_send = False
        self._printing = True
        connection.setblocking(False)
        os.set_blocking(output, False)
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._poll.register(output, select.POLLIN)

    def exchange(self, frame: bytes, seconds: float) -> dict[str, Any]:
        """Send `frame`, which may be empty, and return the next message.

        Waits at most `seconds` in all, and takes in what the program prints meanwhile.
        """
        deadline = time.monotonic() + seconds
        self._outgoing += frame
        self._send()
        while True:
            message = self._next_message()
            if message is not None:
                if self._outgoing:
                    raise Garbled("an answer came before the question was read")
                return message
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        """Take in what there is. What was printed before a message was sent is there with it, for
        the kernel looks at the connection before it looks at the output."""
        if self._outgoing:
            self._poll.modify(self.connection, select.POLLIN | select.POLLOUT)
            self._waiting_to_send = True
        for descriptor, event in self._poll.poll(seconds * 1000):
            if descriptor == self.output:
                self._take_output()
            elif event & select.POLLOUT:
                self._send()
            else:
                self._receive()

    def _send(self) -> None:
        try:
            while self._outgoing:
                sent = self.connection.send(self._outgoing)
                self._outgoing = self._outgoing[sent:]
            if self._waiting_to_send:
                self._poll.modify(self.connection, select.POLLIN)
                self._waiting_to_send = False
        except BlockingIOError:
            pass
        except OSError:
            self._outgoing = b""  # nobody reads any more; reading will tell

    def _receive(self) -> None:
        try:
            part = self.connection.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            raise Closed
        self._incoming += part

    def _next_message(self) -> dict[str, Any] | None:
        if len(self._incoming) < HEADER.size:
            return None
        (length,) = HEADER.unpack_from(self._incoming)
        if length > MAX_FRAME:
            raise Garbled(f"a message of {length} bytes")
        end = HEADER.size + length
        if len(self._incoming) < end:
            return None
        body = self._incoming[HEADER.size : end]
        del self._incoming[:end]
        try:
            message = _DECODER.decode(body.decode())
        except (ValueError, RecursionError):
            raise Garbled("no JSON") from None
        if not isinstance(message, dict):
            raise Garbled("no message")
        return message

    def _take_output(self) -> None:
        while self._printing:
            try:
                part = os.read(self.output, _CHUNK)
            except BlockingIOError:
                return
            if not part:
                self._printing = False
                self._poll.unregister(self.output)
                return
            room = self.output_bytes - len(self.printed)
            self.printed += part[:room]
            if len(part) > room:
                raise Flooded

    def drain(self) -> None:
        """Take in what is still in the pipe, after the process has ended."""
        with contextlib.suppress(Flooded):
            self._take_output()

    def close(self) -> None:
        self.connection.close()
        os.close(self.output)
