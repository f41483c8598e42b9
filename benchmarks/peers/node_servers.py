"""Starts the JavaScript servers that SageGraph is measured beside, and the load generator, in one npm installation."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.peers.readers import PeerError
from benchmarks.processes import ROOT

HERE = Path(__file__).parent / "node"
HOME = ROOT / "benchmarks" / ".peers" / "node"
FILES = (".npmrc", "package.json", "package-lock.json", "data.mjs", "yoga.mjs", "mercurius.mjs", "load.mjs")
INSTALL_SECONDS = 600
SERVER_CORE, LOAD_CORE = 0, 1
"""Cores of a two-core machine: one for the server that is measured, one for everything else."""


@dataclass(frozen=True)
class Load:
    """One run of the load generator.

    Attributes:
        url: The address that is asked.
        connections: Number of connections; each waits for its answer before it asks again.
        seconds: Length of the run.
        bodies: Request bodies, asked in turn; none for a GET.
        headers: Headers of each request.
        rate: Requests a second over all connections; as many as are answered unless given.
    """

    url: str
    connections: int
    seconds: float
    bodies: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    rate: int | None = None


@dataclass(frozen=True)
class LoadResult:
    """Findings of the load generator: requests a second, latencies in milliseconds, bytes of a response.

    Attributes:
        per_second: Responses a second.
        answers: Responses with a status of 2xx.
        refused: Responses with another status, broken connections, and requests that timed out.
        response_bytes: Mean size of a response on the wire, head included.
        p50: Median latency.
        p99: 99th percentile of the latency.
        longest: Longest latency.
    """

    per_second: float
    answers: int
    refused: int
    response_bytes: float
    p50: float
    p99: float
    longest: float


def install() -> None:
    """Install the locked packages from npm, unless they stand as the lock has them.

    Raises:
        PeerError: npm is missing or failed.
    """
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    mark = HOME / ".ready"
    if mark.is_file() and mark.read_text(encoding="utf-8") == digest:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise PeerError("npm was not found; it comes with Node.js 20 or newer")
    print("Installing graphql-yoga, mercurius and autocannon …", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for name in FILES:
        shutil.copy(HERE / name, HOME / name)
    done = subprocess.run(
        [npm, "ci", "--loglevel=error"], cwd=HOME, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        raise PeerError(f"npm ci failed: {done.stderr.strip()[-400:] or 'it gave no reason'}")
    mark.write_text(digest, encoding="utf-8")


@contextmanager
def start_server(name: str, answer: Path) -> Iterator[str]:
    """Run one of the servers over the committed schema and a kept answer, on its own core; give its /graphql address.

    Args:
        name: The script's name: `yoga` or `mercurius`.
        answer: The file with the `data` of an answer.

    Raises:
        PeerError: It did not come up.
    """
    port = processes.free_port()
    script = [_node(), str(HOME / f"{name}.mjs"), str(ROOT / "schema" / "schema.graphql"), str(answer), str(port)]
    with (
        on_core(SERVER_CORE),
        subprocess.Popen(script, cwd=HOME, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        try:
            # Both were asked for above.
            assert process.stdout is not None
            assert process.stderr is not None
            if process.stdout.readline().strip() != "ready":
                raise PeerError(f"{name} did not come up: {process.stderr.read()[-400:].strip()}")
            yield f"http://127.0.0.1:{port}/graphql"
        finally:
            process.kill()


def run_load(*loads: Load) -> list[LoadResult]:
    """Run the load generator, once for each load, all at the same time, on the core that no server is measured on.

    Raises:
        PeerError: It did not finish.
    """
    with on_core(LOAD_CORE):
        started = [_start_load(load) for load in loads]
    return [_load_result(process, load) for process, load in zip(started, loads, strict=True)]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Let programs that are started in the block run on one core alone; on a machine with fewer cores, on any."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _start_load(load: Load) -> "subprocess.Popen[str]":
    options = asdict(load) | {"method": "POST" if load.bodies else "GET"}
    return subprocess.Popen(
        [_node(), str(HOME / "load.mjs"), json.dumps(options)],
        cwd=HOME,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _load_result(process: "subprocess.Popen[str]", load: Load) -> LoadResult:
    try:
        out, errors = process.communicate(timeout=load.seconds + 60)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise PeerError(f"the load on {load.url} did not end") from error
    if process.returncode:
        raise PeerError(f"the load on {load.url} failed: {errors.strip()[-400:]}")
    read: dict[str, Any] = json.loads(out.splitlines()[-1])
    if not read["answers"]:
        raise PeerError(f"{load.url} answered none of {load.connections} clients in {load.seconds} seconds")
    return LoadResult(
        per_second=read["perSecond"],
        answers=read["answers"],
        refused=read["refused"],
        response_bytes=read["bytes"],
        p50=read["p50"],
        p99=read["p99"],
        longest=read["longest"],
    )


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        raise PeerError("node was not found; Node.js 20 or newer is needed")
    return node
