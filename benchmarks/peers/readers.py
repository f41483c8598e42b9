"""Runs the peers against a sandbox, each as a process of its own; DataHub in an environment made for it alone."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.locked_environments import LockedEnvironmentError, locked_environment
from benchmarks.processes import ROOT, environment

HERE = Path(__file__).parent
LOCK = HERE / "datahub.lock"
HOME = HERE.parent / ".peers" / "datahub"
READ_SECONDS = 900


class PeerError(Exception):
    """A peer could not be installed or did not finish; the message says which and why."""


@dataclass(frozen=True)
class PeerReading:
    """The reading of a peer.

    Attributes:
        report: The line of JSON that it wrote.
        process_seconds: The seconds of its whole process, start and imports included.
    """

    report: dict[str, Any]
    process_seconds: float

    @property
    def seconds(self) -> float:
        """The seconds of reading alone."""
        return float(self.report["seconds"])


def install_datahub() -> None:
    """Make DataHub's environment from its lock, unless it stands as the lock has it.

    Raises:
        PeerError: The packages could not be fetched.
    """
    try:
        locked_environment(LOCK, HOME)
    except LockedEnvironmentError as error:
        raise PeerError(str(error)) from error


def read_with_datahub(url: str, region: str) -> PeerReading:
    """Ingest a region of the sandbox at this address with DataHub's SageMaker source, into a file.

    Raises:
        PeerError: It did not finish, or reported a failure.
    """
    with TemporaryDirectory() as folder:
        script = [str(HOME / "bin" / "python"), str(HERE / "datahub_read.py")]
        # A home of its own: DataHub keeps a configuration and an id there.
        more = {"HOME": folder, "DATAHUB_TELEMETRY_ENABLED": "false"}
        reading = _read([*script, region, f"{folder}/records.json"], "DataHub", url, more)
    if reading.report["failures"]:
        raise PeerError(f"DataHub reported {reading.report['failures'][0]}")
    return reading


def read_with_boto3(url: str, region: str) -> PeerReading:
    """Read a region of the sandbox at this address with the plain script.

    Raises:
        PeerError: It did not finish.
    """
    return _read([sys.executable, str(HERE / "boto3_read.py"), region], "the boto3 script", url, {})


def _read(command: list[str], name: str, url: str, more: dict[str, str]) -> PeerReading:
    keys = {"AWS_ACCESS_KEY_ID": "AKIABENCHMARKPEERS00", "AWS_SECRET_ACCESS_KEY": "any"}
    begun = time.perf_counter()
    text = _run(command, name, environment(**keys, AWS_ENDPOINT_URL=url, AWS_EC2_METADATA_DISABLED="true", **more))
    return PeerReading(json.loads(text.splitlines()[-1]), time.perf_counter() - begun)


def _run(command: list[str], name: str, env: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=READ_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"{name} took longer than {READ_SECONDS} seconds") from error
    except OSError as error:
        raise PeerError(f"{name} could not be started ({error.strerror})") from error
    if done.returncode:
        raise PeerError(f"{name} failed: {done.stderr.strip()[-400:] or 'it gave no reason'}")
    return done.stdout
