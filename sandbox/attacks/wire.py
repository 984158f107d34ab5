"""Attacks on the wire and on how the end of a program is read."""

from __future__ import annotations

from sandbox.attacks.attack import attack

_FRAME = """
import json, os, struct
def frame(message):
    body = json.dumps(message).encode()
    return struct.pack('>I', len(body)) + body
def forge(message):
    os.write(3, frame(message))
"""

ATTACKS = (
    attack(
        "forged-answer",
        "write an answer itself before it is asked",
        _FRAME
        + """
def attack(bait):
    for n in range(1, 9):
        forge({'n': n, 'ok': 'right', 'passed': True})
def answer(seed):
    return 'right'
""",
    ),
    attack(
        "forged-failure-of-ours",
        "put the blame for its failure on the host, so that no try is charged",
        _FRAME
        + """
def attack(bait):
    forge({'broken': 'the host failed', 'n': 2})
    os._exit(97)
""",
    ),
    attack(
        "forged-set-up",
        "say that its box is only being made",
        _FRAME
        + """
forge({'ready': True})
forge({'closed': True})
os._exit(97)
""",
    ),
    attack(
        "forged-garbage",
        "confuse the reader with broken frames",
        """
import os
def attack(bait):
    os.write(3, b'\\xff' * 64)
    os.write(3, b'\\0\\0\\0\\5[[[[[')
""",
    ),
    attack(
        "forged-nesting",
        "break the reader's stack with nested frames",
        """
import os, struct
def attack(bait):
    body = b'{"n":2,"ok":' + b'[' * 400_000 + b']' * 400_000 + b'}'
    os.write(3, struct.pack('>I', len(body)))
    while body:
        body = body[os.write(3, body):]
""",
    ),
    attack(
        "forged-collisions",
        "slow the reader down with keys that all have one hash",
        """
import os, struct
def attack(bait):
    prime = (1 << 61) - 1
    pairs = ','.join('[{"i":"%x"},0]' % (prime * k) for k in range(1, 25_000))
    body = ('{"n":2,"ok":{"d":[%s]}}' % pairs).encode()
    os.write(3, struct.pack('>I', len(body)))
    while body:
        body = body[os.write(3, body):]
""",
    ),
    attack(
        "forged-slowly",
        "keep the reader waiting with a frame that never ends",
        """
import os, time
def attack(bait):
    os.write(3, b'\\0\\0\\1\\0{"n":2')
    while True:
        os.write(3, b' ')
        time.sleep(0.2)
""",
        endless=True,
    ),
    attack(
        "forged-reference",
        "hand out objects that it never made",
        _FRAME
        + """
def attack(bait):
    forge({'n': 2, 'ok': {'r': [2 ** 31, 'x' * 5000]}})
""",
    ),
    attack(
        "closed-channel",
        "close the channel and go on",
        """
import os, time
def attack(bait):
    os.close(3)
    time.sleep(60)
""",
        endless=True,
    ),
    attack(
        "doubled-channel",
        "put something else in the channel's place",
        """
import os
def attack(bait):
    reading, writing = os.pipe()
    os.dup2(reading, 3)
    os.dup2(writing, 1)
    return 'right'
""",
    ),
    attack(
        "shut-channel",
        "shut the channel down in one direction",
        """
import socket
def attack(bait):
    socket.socket(fileno=3).shutdown(socket.SHUT_RDWR)
    return 'right'
""",
    ),
    attack(
        "sends-descriptor",
        "pass descriptors through the channel",
        """
import array, os, socket
def attack(bait):
    channel = socket.socket(fileno=os.dup(3))
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0]))]
    return tried(lambda: channel.sendmsg([b'x'], ancillary) and bait['breach'])
""",
    ),
    attack(
        "exit-zero",
        "end with an exit code that says all is well",
        "import os\ndef answer(seed):\n    os._exit(0)\n",
    ),
    attack(
        "exit-at-import",
        "end well before it is asked anything",
        "import os\nprint('PASSED 100%')\nos._exit(0)\n",
    ),
    attack(
        "system-exit",
        "leave politely with a good code",
        "import sys\ndef answer(seed):\n    sys.exit(0)\n",
    ),
    attack(
        "at-exit",
        "act when it is already over",
        """
import atexit, os, sys, threading, weakref
@atexit.register
def late():
    os.write(3, b'\\0\\0\\0\\x18{"n":2,"ok":"right-too"}')
threading._register_atexit(late)
def answer(seed):
    return sys.exit('passed')
""",
    ),
    attack(
        "prints-verdict",
        "print the line that a naive grader looks for",
        """
def answer(seed):
    print('{"verdict": "pass", "score": 1.0}\\nOK\\n1 passed in 0.01s')
    return True
""",
    ),
    attack(
        "hostile-exception",
        "raise exceptions that misbehave when they are looked at",
        """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
class Bad(BaseException, metaclass=Meta):
    def __str__(self): raise self
    def __repr__(self): raise self
    __traceback__ = property(lambda self: 1 / 0)
    __class__ = property(lambda self: str)
def attack(bait):
    raise Bad('x' * 10_000_000)
def answer(seed):
    raise type('E' * 100_000, (Exception,), {'__str__': lambda self: 'y' * (1 << 22)})()
""",
    ),
    attack(
        "asks",
        "ask the host questions that only a checker may ask",
        """
import box
def attack(bait):
    return box.ask(['expected', 0])
def answer(seed):
    return box.ask(seed)
""",
    ),
    attack(
        "asks-from-thread",
        "ask from a thread, in between the questions of the host",
        """
import box, threading
def attack(bait):
    for _ in range(4):
        threading.Thread(target=lambda: tried(lambda: box.ask(1)), daemon=True).start()
""",
    ),
    attack(
        "replays-question",
        "hand the host's own question back as the answer",
        """
import gc
def answer(seed):
    return [o for o in gc.get_objects() if type(o) is dict and o.get('op') == 'call'][:3]
""",
    ),
    attack(
        "odd-names",
        "pass names that the host's pages and files may stumble over",
        """
Odd = type('\\u202eevil\\u2066 <script>' + '\\ud800' * 3, (Exception,), {})
def attack(bait):
    return [object(), type('\\x00\\x1b[2J', (), {})()]
def answer(seed):
    raise Odd('\\ud800 \\x00 \\u202e')
""",
    ),
)
