"""Attacks on the verdict: programs that want to be called right without the right answer.

The checker outside asks `answer(seed)` and holds a secret text per seed. None of these programs
can know it; each looks for a way to be believed all the same, or to put the blame on us.
"""

from __future__ import annotations

from sandbox.attacks.attack import attack

ATTACKS = (
    attack(
        "frames-hunt",
        "find the expected values in the frames that called it",
        """
import sys
def answer(seed):
    frame, seen = sys._getframe(), []
    while frame is not None:
        seen.append({k: repr(v)[:200] for k, v in {**frame.f_locals, **frame.f_globals}.items()})
        frame = frame.f_back
    texts = [v for names in seen for k, v in names.items() if 'expect' in k or 'secret' in k]
    return texts[0] if texts else str(seen)[:1000]
""",
    ),
    attack(
        "garbage-hunt",
        "find the expected values among all objects of the process",
        """
import gc, re
def answer(seed):
    found = [o for o in gc.get_objects() if isinstance(o, (dict, list, tuple))][:20_000]
    texts = {t for o in found for t in (o.values() if type(o) is dict else o) if type(t) is str}
    return sorted(t for t in texts if re.fullmatch('[0-9a-f]{24}', t))[:100]
""",
    ),
    attack(
        "memory-hunt",
        "find the host's secrets in raw memory",
        """
import ctypes, re
def attack(bait):
    found = []
    start = id(found) & ~0xFFFFF
    for page in range(start, start + (1 << 20), 4096):
        try:
            found += re.findall(rb'[0-9a-f]{24}', ctypes.string_at(page, 4096))
        except BaseException:
            break
    return [t.decode() for t in found if t.decode() not in str(bait)][:200]
""",
    ),
    attack(
        "modules-hunt",
        "find a checker among the loaded modules",
        """
import sys
def answer(seed):
    for name, module in list(sys.modules.items()):
        for key in list(getattr(module, '__dict__', {})):
            if key in ('expected', 'CHECKER', 'SECRET', 'answers'):
                return getattr(module, key)
    return None
def attack(bait):
    return [m for m in sys.modules if 'check' in m or 'grad' in m or 'test' in m]
""",
    ),
    attack(
        "patched-builtins",
        "make every comparison come out equal",
        """
import builtins
class Everything(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__
for name in ('isinstance', 'all', 'any'):
    setattr(builtins, name, lambda *a: True)
builtins.str = Everything
builtins.type = lambda *a: Everything
def answer(seed):
    return Everything('right')
""",
    ),
    attack(
        "patched-json",
        "change what is sent by changing the library that sends it",
        """
import json, struct
def lie(message, **options):
    return '{"n": 1, "ok": true, "passed": true, "verdict": "pass", "score": 1}'
json.dumps = lie
json.JSONEncoder.encode = lambda self, o: lie(o)
json.encoder.c_make_encoder = None
def answer(seed):
    return 'passed'
""",
    ),
    attack(
        "patched-wire",
        "change what is sent by changing the functions below",
        """
import os, struct, sys
real = os.write
def lie(fd, data):
    return real(fd, bytes(data).replace(b'"ok"', b'"passed"'))
os.write = lie
struct.pack = lambda *a: b'\\0\\0\\0\\0'
for module in list(sys.modules.values()):
    if getattr(module, '__name__', '').startswith('inside'):
        module.write = lie
        module.pack = lambda message: b'\\0\\0\\0\\x02{}'
def answer(seed):
    return 'passed'
""",
    ),
    attack(
        "patched-runner",
        "take over the loop that answers for it",
        """
import gc
def passes(self, request):
    return {'ok': {'passed': True}}
for thing in gc.get_objects():
    if type(thing).__name__ == 'Runner':
        type(thing)._answer = passes
        type(thing)._do = passes
def answer(seed):
    return None
""",
    ),
    attack(
        "equal-to-all",
        "answer an object that equals everything",
        """
class Equal:
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __bool__(self): return True
    def __str__(self): return 'right'
    def __getattr__(self, name): return self
    def __call__(self, *a): return self
def answer(seed):
    return Equal()
""",
    ),
    attack(
        "lying-text",
        "answer text, numbers and lists that lie about themselves",
        """
class Text(str):
    def __eq__(self, other): return True
    def __str__(self): return self
    def __len__(self): return 24
    def encode(self, *a): return self
    __hash__ = str.__hash__
class Number(int):
    def __eq__(self, other): return True
    def __index__(self): return 1
    def __int__(self): return 1
    __hash__ = int.__hash__
class List(list):
    def __eq__(self, other): return True
    def __iter__(self): return iter('right')
turn = [Text('x'), Number(3), List(['x'])]
def answer(seed):
    return turn[seed % 3]
def attack(bait):
    return [Text('x'), Number(3), {Text('a'): Number(4)}]
""",
    ),
)
