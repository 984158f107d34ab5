"""Attacks on jails, where a program may fork, start others and open sockets of its own.

Each is a whole program in Python, which finds what the host laid out in `bait` and prints what it
got. `python -m sandbox.jail_check` runs them; what got anywhere is found out from outside.
"""

from __future__ import annotations

from sandbox.attacks.attack import Attack

_BEGIN = """
import ctypes, json, os, resource, signal, socket, sys, threading, time
bait = json.load(open('bait.json'))
libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == 'aarch64'
BUFFER = ctypes.create_string_buffer(4096)
def call(x86, arm, *arguments):
    result = libc.syscall(ctypes.c_long(arm if ARM else x86), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), 'refused')
    return result
def tried(*ways):
    for way in ways:
        try:
            print(way(), flush=True)
        except BaseException as error:
            print(repr(error)[:80], flush=True)
"""


def _attack(name: str, tries: str, program: str) -> Attack:
    return Attack(name, tries, _BEGIN + program)


def _refused(name: str, tries: str, *calls: str) -> Attack:
    """System calls, each of which must fail."""
    ways = ", ".join(f"lambda: ({call}, bait['breach'])" for call in calls)
    return _attack(name, tries, f"tried({ways})\n")


_KERNEL = (
    _refused(
        "trace",
        "trace the first process, or be traced",
        "call(101, 117, 0, 0, 0, 0)",
        "call(101, 117, 16, 1, 0, 0)",
        "call(101, 117, 0x4206, os.getppid(), 0, 0)",
    ),
    _refused(
        "memory-of-others",
        "read and write the memory of the first process",
        "call(310, 270, 1, BUFFER, 1, BUFFER, 1, 0)",
        "call(311, 271, 1, BUFFER, 1, BUFFER, 1, 0)",
        "call(312, 272, 1, os.getpid(), 0, 0, 0)",
        "call(440, 440, os.pidfd_open(1), BUFFER, 1, 20, 0)",
    ),
    _refused(
        "descriptors-of-others",
        "take the socket of the first process",
        *[f"call(438, 438, os.pidfd_open(1), {number}, 0)" for number in range(3, 9)],
    ),
    _refused(
        "namespaces",
        "make or enter namespaces",
        *[f"call(272, 97, {flag:#x})" for flag in (0x10000000, 0x20000, 0x40000000, 0x80)],
        *[f"call(56, 220, {flag:#x} | 17, 0, 0, 0, 0)" for flag in (0x10000000, 0x10020000)],
        "call(308, 268, os.pidfd_open(1), 0x20000)",
        "call(435, 435, BUFFER, 88)",
    ),
    _refused(
        "mounts",
        "change what is mounted",
        "call(165, 40, b'tmpfs', b'/tmp', b'tmpfs', 0, 0)",
        "call(165, 40, 0, b'/', 0, 32, 0)",
        "call(165, 40, b'/work', b'/tmp', 0, 4096, 0)",
        "call(166, 39, b'/work', 2)",
        "call(155, 41, b'/tmp', b'/tmp')",
        "call(161, 51, b'/tmp')",
        "call(428, 428, -100, b'/', 1)",
        "call(429, 429, 3, b'', -100, b'/tmp', 4)",
        "call(430, 430, b'tmpfs', 0)",
        "call(442, 442, -100, b'/', 0, BUFFER, 32)",
    ),
    _refused(
        "kernel-programs",
        "load programs into the kernel or past its filter",
        "call(321, 280, 0, BUFFER, 128)",
        "call(321, 280, 5, BUFFER, 128)",
        "call(298, 241, BUFFER, 0, -1, -1, 0)",
        "call(425, 425, 8, BUFFER)",
        "call(426, 426, 3, 1, 0, 0, 0, 0)",
        "call(323, 282, 0)",
        "call(317, 277, 1, 8, BUFFER)",
        "call(313, 273, 0, b'', 0)",
        "call(246, 104, 0, 0, 0, 0)",
    ),
    _refused(
        "keys",
        "leave a note in the kernel's key rings",
        "call(250, 219, 0, -3, 1)",
        "call(248, 217, b'user', b'note', b'hello', 5, -4)",
    ),
    _refused(
        "the-machine",
        "change the machine",
        "call(169, 142, 0xfee1dead, 672274793, 0x89abcdef, 0)",
        "call(170, 161, b'mine', 4)",
        "call(227, 112, 0, BUFFER)",
        "call(164, 170, BUFFER, 0)",
        "call(167, 224, b'/tmp', 0)",
        "call(163, 89, b'/tmp/account')",
        "call(103, 116, 3, BUFFER, 4096)",
        "call(135, 92, 0x0040000)",
    ),
    _refused(
        "handles",
        "open files by handle",
        "call(304, 265, -100, BUFFER, 0)",
        "call(303, 264, -100, b'/', BUFFER, BUFFER, 0)",
        "call(300, 262, 0, 0)",
    ),
    _refused(
        "unseen-memory",
        "take memory that no watcher sees",
        "call(319, 279, b'hoard', 0)",
        "call(447, 447, 0)",
        "call(29, 194, 0, 1 << 20, 0o1600)",
        "call(240, 180, b'queue', 0o102, 0o600, 0)",
    ),
    _refused(
        "foreign-sockets",
        "make sockets that know no namespace",
        *[f"call(41, 198, {family}, 1, 0)" for family in (16, 17, 21, 29, 30, 38, 40, 44)],
        *[f"call(41, 198, {family}, 3, 0)" for family in (2, 10, 16, 17)],
        "call(53, 199, 30, 1, 0, BUFFER)",
    ),
    _attack(
        "table-of-x32",
        "call the kernel by the numbers of x32",
        "if not ARM: tried(lambda: (call(0x40000000 + 39, 0), bait['breach']))\n",
    ),
    _attack(
        "table-of-32-bits",
        "call the kernel by the numbers of 32-bit programs",
        """
import mmap
if not ARM:
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(bytes.fromhex('b814000000cd80c3'))  # getpid
    run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    print(run(), bait['breach'])
""",
    ),
)

_REACH = (
    _attack(
        "host-files",
        "read files of the host",
        """
paths = [bait['file'], bait['database'], '/etc/passwd', '/etc/shadow', '/etc/hostname']
paths += [root + bait['file'] for root in ('/proc/self/root', '/proc/1/root', '/proc/1/cwd/..')]
tried(*[lambda p=p: open(p, errors='replace').read() for p in paths])
tried(*[lambda p=p: os.listdir(p) for p in (bait['folder'], '/root', '/home', '/var', '/sys')])
""",
    ),
    _attack(
        "application",
        "read the application's own source",
        """
for top in ('/', os.path.dirname(bait['source'])):
    for folder, _, files in os.walk(top):
        if 'manage.py' in files or 'jail_wall.py' in files:
            print(folder, bait['breach'])
""",
    ),
    _attack(
        "host-network",
        "reach sockets of the host",
        """
for host in ('127.0.0.1', '::1', '0.0.0.0', 'localhost', '10.0.2.2', '169.254.169.254'):
    tried(lambda: socket.create_connection((host, bait['port']), 1).sendall(b'x'))
for address in (bait['local'], '\\0' + bait['abstract']):
    tried(lambda: socket.socket(socket.AF_UNIX).connect(address))
tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    b'x', ('127.0.0.1', bait['datagrams'])))
""",
    ),
    _attack(
        "kernel-settings",
        "write where the kernel is configured",
        """
places = ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger',
          '/proc/sys/fs/file-max', '/proc/self/oom_score_adj', '/proc/1/oom_score_adj',
          '/proc/self/uid_map', '/proc/1/mem', '/proc/kcore', '/proc/kmsg', '/proc/kallsyms',
          '/sys/kernel/uevent_helper', '/sys/fs/cgroup/cgroup.procs', '/dev/mem', '/dev/kvm']
tried(*[lambda p=p: (os.open(p, os.O_WRONLY), bait['breach'], p) for p in places])
tried(*[lambda p=p: open(p, 'rb').read(64) and bait['breach'] + p for p in (
    '/proc/kcore', '/proc/kmsg', '/proc/kallsyms', '/proc/keys', '/proc/kpagecount',
    '/proc/1/environ', '/proc/1/maps', '/proc/1/mem', '/proc/slabinfo', '/proc/vmallocinfo')])
for number in range(10):
    path = f'/proc/1/fd/{number}'
    tried(lambda: os.open(path, os.O_RDONLY) and bait['breach'],
          lambda: os.readlink(path) and bait['breach'])
""",
    ),
    _attack(
        "devices",
        "make a device",
        """
import stat
tried(*[lambda d=d: (os.mknod('/tmp/d%d' % d, 0o600 | stat.S_IFBLK, os.makedev(d, 0)),
                     bait['breach']) for d in (1, 8, 252, 254)])
tried(lambda: (os.chown('/work', 0, 0), bait['breach']), lambda: (os.setuid(0), bait['breach']),
      lambda: (os.setgroups([0]), bait['breach']))
""",
    ),
    _attack(
        "write-program",
        "execute what it wrote",
        """
import shutil
for place in ('/work/program', '/tmp/program'):
    shutil.copy(sys.executable, place)
    os.chmod(place, 0o4755)
    if os.fork() == 0:
        tried(lambda: os.execv(place, [place, '-c', 'print("%s")' % bait['breach']]))
        os._exit(1)
    os.wait()
""",
    ),
    _attack(
        "residue",
        "find or leave something for the next jail",
        """
for top in ('/', '/dev', '/dev/shm', '/var/tmp', '/run', '/python', '/server', '/usr', '/packages'):
    path = os.path.join(top, 'note-of-a-jail')
    tried(lambda: (open(path, 'w').close(), bait['breach']))
for place in ('/work', '/tmp'):
    path = os.path.join(place, 'note-of-a-jail')
    tried(lambda: bait['breach'] if os.path.exists(path) else open(path, 'w').close())
tried(lambda: (os.link('/python/bin/python3', '/tmp/link'), bait['breach']))
""",
    ),
)

_BREAK = (
    _attack(
        "first-process",
        "kill or stop the first process",
        """
if os.getppid() != 1:
    sys.exit('this would be the host')
for number in range(1, 65):
    tried(lambda: os.kill(1, number), lambda: os.kill(-1, number))
tried(*[lambda k=k: (resource.prlimit(1, k, (0, 0)), bait['breach']) for k in range(16)])
tried(lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
""",
    ),
    _attack(
        "limits",
        "raise its own limits",
        """
for kind in (resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE,
             resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_MSGQUEUE):
    _, hard = resource.getrlimit(kind)
    tried(lambda: (resource.setrlimit(kind, (hard + 1, hard + 1)), bait['breach'], kind))
""",
    ),
    _attack(
        "unreadable",
        "leave a working directory that cannot be read",
        """
open('found', 'w').write('x')
os.chmod('found', 0)
os.chmod('/work', 0)
""",
    ),
    _attack(
        "closed-streams",
        "answer after its streams are closed",
        """
for stream in range(3, 64):
    try:
        os.write(stream, b'\\0\\0\\0\\2{}')
        print(bait['breach'])
    except OSError:
        pass
os.closerange(0, 256)
time.sleep(0.1)
""",
    ),
    _attack(
        "left-behind",
        "go on after it has ended",
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try:
                socket.create_connection(('127.0.0.1', bait['port']), 1)
            except OSError:
                time.sleep(0.01)
""",
    ),
)

_EXHAUST = (
    _attack(
        "forks",
        "fork without end",
        """
while True:
    try:
        os.fork()
    except OSError:
        pass
""",
    ),
    _attack(
        "threads",
        "start threads without end",
        """
threading.stack_size(64 << 10)
started = 0
try:
    for started in range(5000):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
except RuntimeError:
    pass
print(bait['breach'] if started > 200 else started, flush=True)
os._exit(0)
""",
    ),
    _attack(
        "memory-of-many",
        "take memory in many small processes",
        """
for _ in range(30):
    if os.fork() == 0:
        hoard = b'x' * (32 << 20)
        time.sleep(20)
time.sleep(3)
print(bait['breach'])
""",
    ),
    _attack(
        "disk",
        "fill the disk",
        """
total = 0
for place in ('/work', '/tmp'):
    for number in range(1000):
        try:
            total += open(f'{place}/{number}', 'wb', buffering=0).write(bytes(1 << 20))
        except OSError:
            break
print(bait['breach'] if total > 80 << 20 else total)
""",
    ),
    _attack(
        "inodes",
        "make files without end",
        """
made = 0
try:
    for made in range(100_000):
        open(f'/tmp/{made}', 'w').close()
except OSError:
    pass
print(bait['breach'] if made > 20_000 else made)
""",
    ),
    _attack(
        "descriptors",
        "open files without end",
        """
opened = []
try:
    while True:
        opened.append(os.dup(0))
except OSError:
    print(bait['breach'] if len(opened) > 2000 else len(opened))
""",
    ),
    _attack("flood", "print without end", "while True: os.write(2, b'x' * 65536)\n"),
)

ATTACKS: tuple[Attack, ...] = (*_KERNEL, *_REACH, *_BREAK, *_EXHAUST)
