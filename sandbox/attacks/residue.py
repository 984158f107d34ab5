"""Attacks on the next learner: what one program leaves behind for another to find."""

from __future__ import annotations

from sandbox.attacks.attack import attack

ATTACKS = (
    attack(
        "files-left",
        "leave files for the next program",
        """
import os
def attack(bait):
    here = os.path.dirname(__file__)
    folders = ('/', '/tmp', '/dev', '/dev/shm', '/var/tmp', '/run', '/box', '/packages',
               '/server', '/server/inside', '/python/lib', '/usr/lib', here,
               os.path.dirname(here), bait['folder'])
    def leave(folder):
        with open(os.path.join(folder, 'left-behind'), 'w') as file:
            file.write('x')
    return tried(*[lambda f=f: leave(f) for f in folders]) and None
""",
    ),
    attack(
        "program-rewritten",
        "rewrite its own files and the interpreter's",
        """
import os, random
def attack(bait):
    def rewrite(path):
        with open(path, 'a') as file:
            file.write('\\n')
        return bait['breach']
    def replace(path):
        os.rename(path, path + '.old')
        return bait['breach']
    paths = (__file__, random.__file__)
    return tried(*[lambda p=p, w=w: w(p) for p in paths for w in (rewrite, replace, os.unlink)])
""",
    ),
    attack(
        "byte-code-left",
        "leave byte code that the next program imports",
        """
import importlib.util, py_compile, random, sys
def attack(bait):
    sys.dont_write_bytecode = False
    cached = importlib.util.cache_from_source(random.__file__)
    def compiled():
        py_compile.compile(__file__, cfile=cached, doraise=True)
        return bait['breach']
    return tried(compiled)
""",
    ),
    attack(
        "site-hooks",
        "leave hooks that Python runs by itself at the next start",
        """
import os, sys
def attack(bait):
    names = ('sitecustomize.py', 'usercustomize.py', 'evil.pth', 'pyvenv.cfg')
    def leave(folder, name):
        with open(os.path.join(folder, name), 'w') as file:
            file.write('import os')
        return bait['breach']
    return tried(*[lambda f=f, n=n: leave(f, n) for f in [*sys.path, '/python'] for n in names
                   if f != '/tmp'])
""",
    ),
    attack(
        "patched-library",
        "change the standard library for the next program",
        """
import builtins, hashlib, json, math, random, sys
def attack(bait):
    builtins.len = lambda x: 7
    hashlib.sha256 = lambda *a: None
    json.dumps = lambda *a, **k: 'poisoned'
    math.sqrt = lambda x: 0
    random.seed(0)
    sys.path.insert(0, '/tmp')
    sys.modules['decimal'] = math
""",
    ),
    attack(
        "patched-cryptography",
        "change the signature library for the next program",
        """
def attack(bait):
    from cryptography.hazmat.primitives.asymmetric import ed25519
    from cryptography.hazmat.primitives import hashes
    hashes.SHA256 = None
    ed25519.Ed25519PublicKey.from_public_bytes = classmethod(lambda cls, data: None)
""",
    ),
    attack(
        "patched-memory",
        "change objects of the interpreter in raw memory, which children share until they write",
        """
import ctypes, os
def attack(bait):
    number = 1
    ctypes.memmove(id(257 - 250) + 24, (42).to_bytes(4, 'little'), 4)
    text = os.sep
    ctypes.memset(id('ab') + 48, ord('z'), 1)
""",
    ),
    attack(
        "limits-left",
        "leave changed limits, masks and signal handlers behind",
        """
import os, resource, signal, sys
def attack(bait):
    os.umask(0o777)
    sys.setrecursionlimit(50)
    return tried(lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN) and None,
                 lambda: signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)) and None,
                 lambda: os.chdir('/tmp'),
                 lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)) or bait['breach'])
""",
    ),
    attack(
        "locks-left",
        "hold locks that the next program would wait for",
        """
import fcntl, os
def attack(bait):
    held = []
    def lock(path):
        file = os.open(path, os.O_RDONLY)
        held.append(file)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return tried(*[lambda p=p: lock(p) for p in (__file__, os.__file__, '/dev/null', '/')]) and None
""",
    ),
    attack(
        "exhausted-randomness",
        "make the next program's random numbers its own",
        """
import random
def attack(bait):
    random.seed(1)
    open('/dev/urandom', 'rb').read(1 << 20)
    return tried(lambda: open('/dev/urandom', 'wb').write(b'x') and None,
                 lambda: open('/dev/random', 'wb').write(b'x') and None) and None
""",
    ),
)
