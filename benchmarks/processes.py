"""Starts and ends the processes that a measurement needs: the sandbox, and a gateway with its own settings file."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.estates import ACCOUNT

ROOT = Path(__file__).parent.parent
TIMEOUT_SECONDS = 120.0
GROUP = "readers"
IMPORTING: Mapping[str, Any] = {
    "permissions": [{"group": GROUP, "allow": ["READ", "IMPORT"]}],
    "imports": {"startDeployments": False, "createDefaultSnapshot": False},
}
"""Blocks of settings under which the readers import, and no deployment or snapshot follows."""


class StartError(Exception):
    """A process did not come up; the message names it, and has its last words."""


@dataclass(frozen=True)
class SandboxProcess:
    """A sandbox in a process of its own, spoken to over its control side.

    Attributes:
        url: Its address.
    """

    url: str

    def calls(self) -> dict[str, int]:
        """The calls since they were last forgotten, by operation; refused and throttled ones count too."""
        counts: dict[str, int] = httpx.get(f"{self.url}/sandbox/calls").raise_for_status().json()["byOperation"]
        return counts

    def forget_calls(self) -> None:
        """Count from nought."""
        httpx.delete(f"{self.url}/sandbox/calls").raise_for_status()

    def degrade(self, *, latency: float = 0.0, lists_per_second: float | None = None) -> None:
        """Let each call take so many seconds longer, and each List operation be allowed so often; nothing else."""
        httpx.delete(f"{self.url}/sandbox/trouble").raise_for_status()
        if latency:
            self._make({"kind": "delay", "operation": "*", "seconds": latency})
        if lists_per_second:
            self._make({"kind": "limit", "operation": "List*", "per_second": lists_per_second})

    def _make(self, trouble: Mapping[str, object]) -> None:
        httpx.post(f"{self.url}/sandbox/trouble", json=trouble).raise_for_status()


@dataclass(frozen=True)
class GatewayProcess:
    """A gateway that serves, and has not been asked anything.

    Attributes:
        url: Its address.
        pid: The id of its process.
    """

    url: str
    pid: int

    def ask(
        self, query: str, variables: Mapping[str, object] | None = None, *, patience: float | None = None
    ) -> "TimedResponse":
        """Send one request as `ana` of the readers' group.

        Args:
            query: The document.
            variables: Its variables; None without any.
            patience: The seconds of silence after which the answer is an error; None waits without end.
        """
        body = {"query": query, "variables": variables or {}}
        # A client reads certificates when it is made, for 25 ms that are none of the gateway's.
        with httpx.Client(headers=headers("ana"), timeout=patience) as client:
            begun = time.perf_counter()
            try:
                answer: dict[str, Any] = client.post(f"{self.url}/graphql", json=body).json()
            except httpx.ReadTimeout:
                answer = {"errors": [{"message": f"no answer within {patience} seconds"}]}
            return TimedResponse(time.perf_counter() - begun, answer)


@dataclass(frozen=True)
class TimedResponse:
    """A response and its time.

    Attributes:
        seconds: The time until it was there.
        body: Its JSON.
    """

    seconds: float
    body: dict[str, Any]

    @property
    def errors(self) -> list[str]:
        """The messages of its errors."""
        return [str(error["message"]) for error in self.body.get("errors", ())]


def headers(user: str) -> dict[str, str]:
    """The identity headers of a user of the readers' group."""
    return {"X-Forwarded-User": user, "X-Forwarded-Groups": GROUP}


@contextmanager
def start_sandbox(regions: Mapping[str, str]) -> Iterator[SandboxProcess]:
    """Run a sandbox with an estate in each region, while the block runs.

    Args:
        regions: The name of each region's estate, as in estates.SIZES.

    Raises:
        StartError: It did not come up.
    """
    command = [sys.executable, "-m", "benchmarks.sandbox_process", json.dumps(dict(regions))]
    with _running(command, "the sandbox", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # It was asked for above.
        line = process.stdout.readline()
        if not line:
            raise StartError("The sandbox ended before it said where it is; run benchmarks.sandbox_process to see why.")
        yield SandboxProcess(json.loads(line)["url"])


@contextmanager
def start_gateway(endpoint_url: str, region: str, **blocks: Mapping[str, object]) -> Iterator[GatewayProcess]:
    """Run a gateway whose readers take a role in a region, while the block runs.

    Args:
        endpoint_url: The address of the sandbox.
        region: The region.
        blocks: Further blocks of its settings file.

    Raises:
        StartError: It did not come up.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sagegraph.yaml"
        # YAML reads JSON, and the gateway's reader takes every plain value as its key means it.
        database = {"database": {"url": f"sqlite+aiosqlite:///{folder}/sagegraph.db"}}
        # Nobody asks a gateway that is to stop: it need not go on serving meanwhile.
        server = {"server": {"port": port, "drainSeconds": 0, **blocks.get("server", {})}}
        whole = settings(endpoint_url, region, port) | database | blocks | server
        file.write_text(json.dumps(whole), encoding="utf-8")
        migrate(file)
        with (Path(folder) / "log").open("w+") as log:
            command = [sys.executable, "-m", "gateway", "serve", "--config", str(file)]
            with _running(command, "the gateway", stdout=subprocess.DEVNULL, stderr=log) as process:
                _wait_until_ready(url, process, log)
                yield GatewayProcess(url, process.pid)


def settings(endpoint_url: str, region: str, port: int) -> dict[str, object]:
    """Give the settings file of a measured gateway: its own keys, and a role to assume for the readers.

    Args:
        endpoint_url: The address of the sandbox.
        region: The region of the keys and the role.
        port: The port to serve; 0 takes a free one.
    """
    keys = {
        "group": "gateway",
        "authenticationType": "BASIC",
        "accessKeyId": "AKIABENCHMARKGATEWAY",
        "secretAccessKey": "any",
        "region": region,
    }
    role = {
        "group": GROUP,
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{GROUP}",
        "region": region,
        "base": {"group": "gateway"},
    }
    return {
        "server": {"port": port},
        "aws": {"endpointUrl": endpoint_url},
        "sagemaker-credentials": {"storedCredentials": [keys], "assumeRoleByGroup": [role]},
        "permissions": [{"group": GROUP, "allow": ["READ"]}],
    }


def environment(**more: str) -> dict[str, str]:
    """This process's environment without AWS's variables, so that no program finds keys there, and more variables."""
    return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")} | more


def migrate(file: Path) -> None:
    """Make the tables of the database of a settings file. Raises StartError."""
    command = [sys.executable, "-m", "gateway", "migrate", "--config", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), text=True, capture_output=True, check=False)
    if done.returncode:
        raise StartError(f"The gateway's database could not be made: {done.stderr[-600:].strip() or 'no word of why'}")


@contextmanager
def _running(command: list[str], name: str, **streams: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run a process while the block runs; then terminate it, and kill it after 15 seconds."""
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **streams)
    except OSError as error:
        raise StartError(f"{name} could not be started ({error.strerror})") from error
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(url: str, process: "subprocess.Popen[str]", log: Any) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    log.seek(0)
    raise StartError(f"The gateway did not come up; its last words: {log.read()[-600:].strip() or 'none'}")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
