"""One running copy, in the foreground: servers, prepared database, page, workers, clock and sample evidence.

``make demo`` and ``make run`` end here; ``background`` starts the same and returns.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from ops.application import build_application
from ops.browser_libraries import fetch_browser_libraries
from ops.folders import ROOT, Folders, check_room
from ops.leaving import Leave, deaf_to_requests, leaving_on_request
from ops.lock import CopyLock
from ops.messages import compile_messages
from ops.page import answers, is_whole
from ops.ports import choose_page_port
from ops.prepare import is_evidence_filed, make_users, note_evidence_filed, prepare
from ops.processes import ProcessId, die_with_parent, identify, spawn, stop_process
from ops.programs import list_programs
from ops.record import Users, sweep_leftovers, write_demo, write_processes
from ops.servers import Servers, check_given, environment_for, revive_servers, start_servers, stop_servers
from ops.supervisor import Supervisor, rotate_log
from ops.words import Stop, say, step

PAGE_TIMEOUT_S = 90.0
WORKERS_TIMEOUT_S = 60.0
CHECK_S = 0.2
HEALTH_S = 0.5
STOP_LINE = "Stop: make demo-down (or Ctrl-C where it runs in the foreground)."
SERVER_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for. ``port`` empty means the first free one from 8000.

    ``background``: live on after the starting command. ``development``: reloading server, no sample evidence.
    """

    host: str
    port: str
    background: bool = False
    development: bool = False


@dataclass(slots=True)
class Demo:
    """One running copy: what it consists of, and the record of it that is kept fresh."""

    folders: Folders
    servers: Servers
    users: Users
    url: str
    environment: dict[str, str]
    is_open: bool = False
    evidence: subprocess.Popen[bytes] | None = None
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.folders, self.environment, self.write_record)

    @property
    def children(self) -> dict[str, ProcessId]:
        servers = {"database": self.servers.database, "broker": self.servers.broker}
        return {name: who for name, who in servers.items() if who} | self.supervisor.processes

    def write_record(self) -> None:
        """Write down who runs; ``demo.json`` only once the page answers. A full disk is said and does not stop us."""
        try:
            self._write_record()
        except OSError as error:
            say(f"  {self.folders.demo_file} could not be written: {error.strerror}. Free some space.")

    def _write_record(self) -> None:
        write_processes(self.folders, self.children)
        if self.is_open:
            write_demo(
                self.folders,
                url=self.url,
                users=self.users,
                database_url=self.servers.database_url,
                redis_url=self.servers.redis_url,
                pids={"supervisor": os.getpid()} | {name: who.pid for name, who in self.children.items()},
            )

    def stop(self) -> None:
        """Stop the programs, then the servers they need."""
        if self.evidence and (process := identify(self.evidence.pid)):
            stop_process(process, timeout_s=5.0)
        self.supervisor.stop()
        stop_servers(self.servers)


def run(folders: Folders, wish: Wish, lock: CopyLock) -> None:
    """Start everything, keep it alive, and stop it when asked. The caller holds the lock."""
    if not wish.background:
        die_with_parent(signal.SIGTERM)
    began = time.monotonic()
    demo: Demo | None = None
    servers: Servers | None = None
    try:
        with leaving_on_request():
            folders.demo_file.unlink(missing_ok=True)
            sweep_leftovers(folders)
            check_room(folders.var, least_mb=300)
            port = choose_page_port(wish.port, host=wish.host)
            fetch_browser_libraries(folders)
            build_application(folders)
            compile_messages()
            rotate_log(folders.logs / "database.log")
            servers = start_servers(folders)
            check_given(servers)
            demo = _make_demo(folders, wish, servers, port)
            _open(demo, wish, port, began)
            _keep(demo)
    except Leave:
        say("Stopping ...")
    finally:
        with deaf_to_requests():
            if demo:
                demo.stop()
            elif servers:
                stop_servers(servers)
            folders.demo_file.unlink(missing_ok=True)
            folders.processes_file.unlink(missing_ok=True)
            lock.give_back()
    say("Stopped.")


def _make_demo(folders: Folders, wish: Wish, servers: Servers, port: int) -> Demo:
    """Prepare the database and gather what the programs need to know."""
    hosts = f"localhost,127.0.0.1,{wish.host}"
    given = {"ALLOWED_HOSTS": hosts, "DEBUG": "1" if wish.development else "0"} | dict(os.environ)
    environment = environment_for(folders, servers, base=given)
    prepare(folders, servers.database_url, environment)
    users = make_users(folders, servers.database_url, environment)
    shown = "127.0.0.1" if wish.host == "0.0.0.0" else wish.host  # noqa: S104 - compared, not bound
    return Demo(folders, servers, users, f"http://{shown}:{port}", environment)


def _open(demo: Demo, wish: Wish, port: int, began: float) -> None:
    """Start the programs; return when the page answers and the workers have reported, or were given their time."""
    web, *others = list_programs(host=wish.host, port=port, development=wish.development)
    demo.supervisor.start([web])
    with step("page starts"):
        _wait_page(demo)
    demo.is_open = True
    demo.supervisor.start(others)
    say(f"The page answers at {demo.url} after {time.monotonic() - began:.1f} s.")
    with step("workers start"):
        whole = _wait_workers(demo)
    if not whole:
        say(f"Not every part reports yet; see {demo.url}/health and {demo.folders.logs}")
    say_how_to_use(demo.url, demo.users, folders=demo.folders)
    if not wish.development and not is_evidence_filed(demo.servers.database_url):
        _file_evidence(demo)


def _wait_page(demo: Demo) -> None:
    ends = time.monotonic() + PAGE_TIMEOUT_S
    while not answers(demo.url):
        demo.supervisor.check()
        log = demo.supervisor.log_of("web")
        if demo.supervisor.deaths_of("web") >= 3:
            raise Stop(f"The web process ends as soon as it starts. See {log}")
        if time.monotonic() > ends:
            raise Stop(f"The page did not answer within {PAGE_TIMEOUT_S:.0f} s. See {log}")
        time.sleep(CHECK_S)


def _wait_workers(demo: Demo) -> bool:
    ends = time.monotonic() + WORKERS_TIMEOUT_S
    while not is_whole(demo.url):
        demo.supervisor.check()
        if time.monotonic() > ends:
            return False
        time.sleep(HEALTH_S)
    return True


def _file_evidence(demo: Demo) -> None:
    """Send the sample pictures in the background, once per database."""
    say("  sample evidence is being filed; it appears on the map within a minute or two")
    log = demo.folders.logs / "evidence.log"
    argv = [sys.executable, "-m", "ops.evidence"]
    demo.evidence = spawn(argv, log=log, env=demo.environment, cwd=ROOT)


def _keep(demo: Demo) -> None:
    """Look after everything until somebody asks us to leave."""
    while True:
        demo.supervisor.check()
        _check_evidence(demo)
        if not demo.servers.are_alive:
            _revive(demo)
        time.sleep(CHECK_S)


def _check_evidence(demo: Demo) -> None:
    if demo.evidence is None or demo.evidence.poll() is None:
        return
    if demo.evidence.returncode == 0:
        note_evidence_filed(demo.servers.database_url)
        say("  sample evidence is filed")
    else:
        say(f"  sample evidence could not be filed. See {demo.folders.logs / 'evidence.log'}")
    demo.evidence = None


def _revive(demo: Demo) -> None:
    """A server of ours died: start it again; try later when it does not start."""
    say(f"  a server has died; it is started again. See {demo.folders.logs}")
    try:
        demo.servers = revive_servers(demo.folders, demo.servers)
    except Stop as stop:
        say(f"  {stop} Tried again in {SERVER_PAUSE_S:.0f} s.")
        time.sleep(SERVER_PAUSE_S)
        return
    demo.write_record()


def say_how_to_use(url: str, users: Users, *, folders: Folders) -> None:
    """Print the address and the logins."""
    say("")
    say(f"  Viahe runs at   {url}")
    say("  A citizen needs no login. Staff sign in with:")
    for role, login in users.logins.items():
        say(f"    {role:<12}{login.username:<24}{login.password}")
    say(f"  Everything above is also in {folders.demo_file} (readable by you only). Logs: {folders.logs}")
    say(f"  {STOP_LINE}")
    say("")
