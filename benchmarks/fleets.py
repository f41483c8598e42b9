"""Gateways and workers on one database, which can be killed and paused."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import httpx

from benchmarks.processes import ROOT, StartError, environment, free_port, headers, migrate

REQUEST_SECONDS: Final = 5.0
"""Seconds after which a request is given up: its gateway may be paused."""
START_SECONDS: Final = 60.0


@dataclass
class Member:
    """One process of a fleet, which is begun again under its name after it was killed.

    Attributes:
        name: Such as `gateway-1`.
        port: The port that it serves; None for a worker.
        process: The present process; None before it is begun.
        paused_until: The time at which it is to be woken, by the monotonic clock; None while it is awake.
    """

    name: str
    port: int | None
    process: "subprocess.Popen[str] | None" = None
    paused_until: float | None = None

    @property
    def awake(self) -> bool:
        """True if it runs and is not paused."""
        return self.process is not None and self.process.poll() is None and self.paused_until is None


@dataclass
class Fleet:
    """Processes with the same settings.

    Attributes:
        file: The settings file.
        log: The log of all processes.
        members: The processes.
        kills: The number of kills so far.
        pauses: The number of pauses so far.
    """

    file: Path
    log: IO[str]
    members: list[Member]
    kills: int = field(default=0)
    pauses: int = field(default=0)

    def begin(self, member: Member) -> None:
        """Begin the process of a member, and wait for none."""
        role = ["worker"] if member.port is None else ["serve", "--port", str(member.port)]
        command = [sys.executable, "-m", "gateway", role[0], "--config", str(self.file), *role[1:]]
        member.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), text=True, stdout=subprocess.DEVNULL, stderr=self.log
        )
        member.paused_until = None

    def kill(self, member: Member) -> None:
        """Kill the process of a member, as `kill -9` does, and begin it again."""
        assert member.process is not None  # It was begun.
        member.process.kill()
        member.process.wait()
        self.kills += 1
        self.begin(member)

    def pause(self, member: Member, seconds: float) -> None:
        """Stop the process of a member; `wake_due` continues it after so many seconds."""
        self._signal(member, signal.SIGSTOP)
        member.paused_until = time.monotonic() + seconds
        self.pauses += 1

    def wake_due(self, *, everyone: bool = False) -> None:
        """Continue those whose pause is over, or everyone."""
        for member in self.members:
            if member.paused_until is not None and (everyone or time.monotonic() >= member.paused_until):
                self._signal(member, signal.SIGCONT)
                member.paused_until = None

    def wait_until_ready(self) -> None:
        """Wait until every gateway answers questions. Raises StartError."""
        deadline = time.monotonic() + START_SECONDS
        for member in self.members:
            while member.port is not None and not _is_ready(member.port):
                if time.monotonic() > deadline:
                    self.log.seek(0)
                    raise StartError(f"{member.name} did not come up; last words: {self.log.read()[-600:].strip()}")
                time.sleep(0.1)

    def ask(self, query: str, variables: Mapping[str, Any], user: str) -> dict[str, Any] | None:
        """Ask the gateways in turn until one gives an answer without errors.

        Args:
            query: The document.
            variables: Its variables.
            user: The name of the caller.

        Returns:
            The data of the answer; None if no gateway gives one now.
        """
        body = {"query": query, "variables": dict(variables)}
        for member in self.members:
            if member.port is None or not member.awake:
                continue
            url = f"http://127.0.0.1:{member.port}/graphql"
            try:
                answer = httpx.post(url, json=body, headers=headers(user), timeout=REQUEST_SECONDS).json()
            except (httpx.TransportError, ValueError):
                continue
            if "errors" not in answer:
                data: dict[str, Any] = answer["data"]
                return data
        return None

    def close(self) -> None:
        """Kill every process that was begun here."""
        for member in self.members:
            if member.process is not None:
                member.process.kill()
                member.process.wait()

    def _signal(self, member: Member, number: signal.Signals) -> None:
        assert member.process is not None  # It was begun.
        if member.process.poll() is None:
            os.kill(member.process.pid, number)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=REQUEST_SECONDS).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@contextmanager
def start_fleet(settings: Mapping[str, object], gateways: int, workers: int) -> Iterator[Fleet]:
    """Start a fleet on the database of its settings, which is migrated first; it ends with the block.

    Args:
        settings: The settings.
        gateways: The number of gateways.
        workers: The number of workers.

    Raises:
        StartError: The database could not be made, or a gateway did not come up.
    """
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("w+", encoding="utf-8") as log:
        file = Path(folder) / "sagegraph.yaml"
        file.write_text(json.dumps(settings), encoding="utf-8")
        migrate(file)
        members = [Member(f"gateway-{number}", free_port()) for number in range(1, gateways + 1)]
        members += [Member(f"worker-{number}", None) for number in range(1, workers + 1)]
        fleet = Fleet(file, log, members)
        try:
            for member in members:
                fleet.begin(member)
            fleet.wait_until_ready()
            yield fleet
        finally:
            fleet.close()
