"""Commands in jails: what they find, what comes back, and every way in which they end."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import BoxBroken, Cause, Stopped, Unavailable, cgroups, jails, locate
from sandbox.jails import PYTHON, PYTHON_FLAGS, Finished, Jail
from tests.sandbox.jails_processes import running

pytestmark = pytest.mark.slow

PROGRAM = Jail((PYTHON, *PYTHON_FLAGS, "program.py"), mounts={})
SHELL = {"/bin": Path("/usr/bin")}
SMALL = replace(PROGRAM, memory_bytes=96 << 20, disk_bytes=1 << 20, processes=16, cpu_seconds=1)
PATIENT = 60.0
"""On a busy machine the wall clock must not be what ends a program first."""


@pytest.fixture(scope="module", autouse=True)
def _wall() -> None:
    try:
        assert jails.breaches() == []
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)


def python(program: str, jail: Jail = PROGRAM, **options: object) -> Finished:
    files = {"program.py": program.encode()}
    return jails.run(jail, **{"files": files, "wall_seconds": PATIENT, **options})  # type: ignore[arg-type]


def shell(script: str, *collect: str, jail: Jail | None = None) -> Finished:
    jail = jail or Jail(("/bin/sh", "-c", script), SHELL)
    return jails.run(jail, files={}, collect=collect, wall_seconds=PATIENT)


def test_files_go_in_and_files_come_back() -> None:
    files = {"a/b/in.bin": bytes(range(256)) * 1000, "zwei.txt": "zwölf".encode()}
    jail = Jail(("/bin/sh", "-c", "cp a/b/in.bin out && cat zwei.txt && pwd >&2 && exit 3"), SHELL)
    finished = jails.run(jail, files=files, collect=["out", "none"], wall_seconds=PATIENT)
    assert (finished.exit_code, finished.output) == (3, "zwölf/work\n")
    assert finished.files == {"out": files["a/b/in.bin"]}


NAMES = st.from_regex(r"[a-z]{1,3}(/[a-z]{1,3})?", fullmatch=True)


@settings(max_examples=8, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=3000), max_size=4))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    folders = {name.partition("/")[0] for name in files if "/" in name}
    files = {name: content for name, content in files.items() if name not in folders}
    jail = Jail((PYTHON, "-c", ""), {})
    finished = jails.run(jail, files=files, collect=[*files], wall_seconds=PATIENT)
    assert finished.files == files


def test_the_environment_is_what_was_given() -> None:
    jail = Jail(("/bin/env",), SHELL, environment={"GOPATH": "/tmp/go", "HOME": "/tmp"})
    os.environ["CHAINWRIGHT_SECRET"] = "secret"
    lines = sorted(shell("", jail=jail).output.splitlines())
    del os.environ["CHAINWRIGHT_SECRET"]
    assert lines == ["GOPATH=/tmp/go", "HOME=/tmp", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]


def test_there_is_nothing_else_inside() -> None:
    finished = python("import os; print(sorted(os.listdir('/')), sorted(os.listdir('/dev')))")
    libraries = [path.name for path in locate.system_libraries() if path.parent == Path("/")]
    root = sorted({"dev", "python", "server", "tmp", "usr", "work", *libraries})
    assert finished.output == f"{root} ['null', 'random', 'urandom', 'zero']\n"


def test_mounts_are_read_only(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "text").write_text("text")
    (tmp_path / "one").write_text("one")
    mounts = {"/opt/deep/library": tmp_path / "library", "/etc/one": tmp_path / "one", **SHELL}
    script = "cat /opt/deep/library/text /etc/one; echo > /etc/one; echo > /opt/deep/library/new"
    finished = shell("", jail=Jail(("/bin/sh", "-c", script), mounts))
    lines = finished.output.splitlines()
    assert lines[0].startswith("textone/bin/sh: 1: cannot create /etc/one: Read-only file system")
    assert (tmp_path / "one").read_text() == "one"
    assert [path.name for path in (tmp_path / "library").iterdir()] == ["text"]


def test_processes_are_seen_only_where_asked_for() -> None:
    program = "import os; print([name for name in os.listdir('/proc') if name.isdigit()])"
    assert python(program).exit_code == 1
    assert python(program, replace(PROGRAM, proc=True)).output == "['1', '2']\n"


def test_the_network_is_its_own() -> None:
    program = """
import socket, threading
server = socket.create_server(('127.0.0.1', PORT))
threading.Thread(target=lambda: server.accept()[0].sendall(b'inside')).start()
print(socket.create_connection(('127.0.0.1', PORT)).recv(9))
"""
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        assert python(program.replace("PORT", str(port))).output == "b'inside'\n"


def test_undecodable_output_is_replaced() -> None:
    finished = python(r"import os; os.write(1, b'a\xff\x00'); os.write(2, b'\xe4\xb8')")
    assert finished.output == "a�\0�"


def test_a_signal_is_an_exit_code() -> None:
    assert python("import os; os.kill(os.getpid(), 6)").exit_code == -6
    assert python("import ctypes; ctypes.string_at(1)").exit_code == -11


HOARDERS = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        hoard = b'x' * (15 << 20)
        time.sleep(60)
os.wait()
"""
SUBPROCESS = """
import os, sys
if os.fork() == 0:
    while True: pass
sys.exit(os.wait()[1] != 0)
"""
ENDINGS = [
    ("while True: pass", Cause.CPU, "more than 1 s of processor time"),
    ("while True: print('x' * 99)", Cause.OUTPUT, "printed more than 1000 bytes"),
    ("import os; os.write(2, b'x' * 1001)", Cause.OUTPUT, "printed more than 1000 bytes"),
    ("hoard = bytearray(b'x' * (200 << 20))", Cause.MEMORY, "^memory$"),
    (HOARDERS, Cause.MEMORY, "^memory$"),
    (SUBPROCESS, Cause.CPU, "more than 1 s of processor time"),
]


@pytest.mark.parametrize(("program", "cause", "detail"), ENDINGS)
def test_cause(program: str, cause: Cause, detail: str) -> None:
    with pytest.raises(Stopped, match=detail) as stopped:
        python(program, SMALL, output_bytes=1000)
    assert stopped.value.cause is cause


SLEEPERS = [
    "import time; time.sleep(60)",
    "import os, time; os.closerange(0, 99); time.sleep(60)",
    "import os, time; os.kill(os.getppid(), 9); time.sleep(60)",
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); signal.pause()",
]


@pytest.mark.parametrize("program", SLEEPERS)
def test_wall_time(program: str) -> None:
    with pytest.raises(Stopped, match=r"timeout: it took more than 0.5 s"):
        python(program, wall_seconds=0.5)


def test_output_may_be_as_long_as_allowed() -> None:
    assert python("print('x' * 999)", output_bytes=1000).output == "x" * 999 + "\n"


def test_a_command_that_is_not_there_is_our_fault() -> None:
    with pytest.raises(BoxBroken, match=r"could not start its command: .*'/no/program'"):
        jails.run(Jail(("/no/program",), {}), files={}, wall_seconds=PATIENT)


def test_files_that_do_not_fit_are_our_fault() -> None:
    jail = replace(PROGRAM, disk_bytes=1 << 16)
    with pytest.raises(BoxBroken, match="No space left on device"):
        jails.run(jail, files={"large": bytes(1 << 20)}, wall_seconds=PATIENT)


def test_a_mount_that_is_not_there_is_our_fault() -> None:
    with pytest.raises(Unavailable, match=r"the jail did not start: bwrap: .*/no/folder"):
        jails.run(Jail(("/x",), {"/x": Path("/no/folder")}), files={}, wall_seconds=PATIENT)


NO_NAMES = ["", "/etc/passwd", "../x", "a//b", "a/./b", "a/../b", "a\0b", "a\n", "x" * 201, "a/"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_names_are_relative(name: str) -> None:
    with pytest.raises(ValueError, match="is no relative file name"):
        jails.run(PROGRAM, files={name: b""}, wall_seconds=1)
    with pytest.raises(ValueError, match="is no relative file name"):
        jails.run(PROGRAM, files={}, collect=[name], wall_seconds=1)


@pytest.mark.parametrize("place", ["", "x", "/", "/a/../b", "/work", "/tmp/x", "/python", "//x"])
def test_some_places_are_taken(place: str) -> None:
    with pytest.raises(ValueError, match=r"path|nothing can be mounted"):
        jails.run(Jail(("/x",), {place: Path("/usr")}), files={}, wall_seconds=1)


def test_a_command_is_a_path() -> None:
    with pytest.raises(ValueError, match="absolute path of a program"):
        jails.run(Jail(("python3",), {}), files={}, wall_seconds=1)


def test_only_regular_files_are_collected() -> None:
    script = """
mkdir folder real; mkfifo fifo; echo x > real/file
ln -s /bin/sh link; ln -s /usr/lib away; ln -s real near; ln -s real/file nearby
echo closed > closed; chmod 0 closed; ln real/file hard
"""
    names = ["folder", "fifo", "link", "away/os-release", "near/file", "nearby", "closed", "none"]
    finished = shell(script, *names, "hard", "real/file", "real/file/x")
    assert (finished.exit_code, finished.output) == (0, "")
    assert finished.files == {"hard": b"x\n", "real/file": b"x\n"}


def test_a_socket_and_a_locked_folder_are_not_collected() -> None:
    program = """
import os, socket
socket.socket(socket.AF_UNIX).bind('socket')
open('file', 'w').close()
os.chmod('.', 0)
"""
    assert python(program, collect=["socket", "file"]).files == {}


def test_what_is_collected_is_bounded() -> None:
    program = "open('a', 'wb').write(bytes(600)); open('b', 'wb').write(bytes(LENGTH))"
    exact = python(program.replace("LENGTH", "400"), collect=["a", "b"], collect_bytes=1000)
    assert {name: len(content) for name, content in exact.files.items()} == {"a": 600, "b": 400}
    with pytest.raises(Stopped, match="output: it wrote too much into b"):
        python(program.replace("LENGTH", "401"), collect=["a", "b"], collect_bytes=1000)
    with pytest.raises(Stopped, match="output: it wrote too much into sparse"):
        python("open('sparse', 'wb').truncate(60 << 20)", collect=["sparse"])


def test_large_files_come_back() -> None:
    program = "open('large', 'wb').write(bytes(range(256)) * (60 << 10))"
    assert python(program, collect=["large"]).files == {"large": bytes(range(256)) * (60 << 10)}


def test_disk_is_bounded_by_bytes_and_by_files() -> None:
    program = """
def fill(place):
    total = 0
    try:
        while True:
            total += open(f'{place}/{total}', 'wb', buffering=0).write(bytes(1 << 16))
    except OSError as error:
        return total, error.errno
print([total <= 1 << 20 and error for total, error in map(fill, ('/work', '/tmp'))])
"""
    assert python(program, SMALL).output == "[28, 28]\n"
    program = """
made = 0
try:
    while True:
        open(f'/tmp/{made}', 'w').close()
        made += 1
except OSError as error:
    print(made < 20_000, error.errno)
"""
    assert python(program).output == "True 28\n"


FEW = replace(PROGRAM, processes=16)
FORKS = """
import os, time
for made in range(100):
    try:
        if os.fork() == 0:
            time.sleep(60)
    except OSError:
        print(made, flush=True)
        break
else:
    time.sleep(60)
"""


def test_processes_are_bounded() -> None:
    assert python(FORKS, FEW).output == "15\n"


def test_nothing_outlives_the_command() -> None:
    program = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        program = "import time; open('/work/started', 'w').close(); time.sleep(61.125)"
        os.execv(sys.executable, [sys.executable, '-c', program])
    os._exit(0)
while not os.path.exists('started'):
    pass
"""
    finished = python(program)
    assert (finished.exit_code, finished.output) == (0, "")
    assert running("time.sleep(61.125)") == []


def test_nothing_is_left_on_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def traces() -> tuple[list[Path], list[Path], int]:
        groups = list(Path("/sys/fs/cgroup").rglob(f"chainwright-{os.getpid()}-*"))
        return [*tmp_path.iterdir()], groups, len(list(Path("/proc/self/fd").iterdir()))

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(jails, "_proved", set())
    before = traces()
    assert before[0] == []
    for _ in range(3):
        python("open('/tmp/file', 'w').write('x'); open('file', 'w').write('x')", collect=["file"])
        with pytest.raises(Stopped):
            python("while True: print('x' * 999)")
        with pytest.raises(BoxBroken):
            jails.run(Jail(("/no/program",), {}), files={}, wall_seconds=PATIENT)
    assert traces() == before


def test_threads_may_run_jails() -> None:
    outputs: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: outputs.append(python(f"print({n})").output))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outputs) == ["0\n", "1\n", "2\n", "3\n"]


@pytest.fixture
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host where no control group can be made."""
    monkeypatch.setattr(cgroups, "enclose", lambda *limits: cgroups.Enclosure())


SHARED = """
import mmap
hoard = mmap.mmap(-1, 200 << 20)
while hoard.write(bytes(1 << 20)):
    pass
"""
GREEDY = [
    "hoard = bytearray(b'x' * (200 << 20)); import time; time.sleep(60)",
    SHARED,
    HOARDERS,
]


@pytest.mark.usefixtures("_watched")
@pytest.mark.parametrize("program", GREEDY)
def test_without_a_control_group_memory_is_watched(program: str) -> None:
    with pytest.raises(Stopped) as stopped:
        python(program, SMALL)
    assert stopped.value.cause is Cause.MEMORY


@pytest.mark.usefixtures("_watched")
def test_without_a_control_group_processes_are_held() -> None:
    """By the resource limit, which does not bind root, or else by the watch."""
    if os.geteuid() == 0:
        with pytest.raises(Stopped, match="crashed: it ran more than 18 tasks"):
            python(FORKS, FEW)
    else:
        assert python(FORKS, FEW).output == "15\n"
