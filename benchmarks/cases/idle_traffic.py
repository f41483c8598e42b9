"""Transactions in PostgreSQL of a gateway that nobody asks anything, and of two side by side."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from benchmarks import processes
from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, database
from benchmarks.figures import BenchmarkResult, Goal, Table

REGION = "us-east-2"
ESTATE = "hundred-models"
GATEWAYS = (1, 2)
# DBOS asks for schedules more often in its first minute.
SETTLING_SECONDS, WINDOW_SECONDS = 15.0, 60.0
GOAL = 3.0

Counted = Mapping[int, Sequence[float]]
"""Transactions a second in each window, by the number of gateways on the database."""


@dataclass(frozen=True)
class PostgresServer:
    """A server whose transactions are counted, by a connection to another database than the gateways'.

    Attributes:
        url: The address of that other database, with its password.
    """

    url: str

    @contextmanager
    def connected(self) -> Iterator["psycopg.Connection[Any]"]:
        """Connect to the other database while the block runs."""
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            yield connection

    def create_database(self) -> tuple[str, str]:
        """Make a database, and give its name and its address."""
        name = f"traffic_{uuid4().hex}"
        with self.connected() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return name, make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def transactions(self, name: str) -> int:
        """Count the transactions of a database, by its name, since it was made, reads included."""
        counted = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s"
        with self.connected() as connection:
            row = connection.execute(counted, [name]).fetchone()
        assert row is not None  # It was made above.
        return int(row[0])


def measure(options: RunOptions) -> BenchmarkResult:
    """Count the transactions of one gateway, and of two on one database, in windows by the options' rounds."""
    with processes.start_sandbox({REGION: ESTATE}) as aws, database(POSTGRES) as url:
        return result({count: _count(aws.url, PostgresServer(url), count, options.rounds) for count in GATEWAYS})


def _count(aws_url: str, server: PostgresServer, gateways: int, rounds: int) -> Sequence[float]:
    name, url = server.create_database()
    with ExitStack() as stack:
        for _ in range(gateways):
            stack.enter_context(processes.start_gateway(aws_url, REGION, database={"url": url}))
        time.sleep(SETTLING_SECONDS)
        counts = []
        for _ in range(rounds):
            before, begun = server.transactions(name), time.monotonic()
            time.sleep(WINDOW_SECONDS)
            counts.append((server.transactions(name) - before) / (time.monotonic() - begun))
        print(f"  {gateways}: " + ", ".join(f"{count:.2f}" for count in counts), flush=True)
        return counts


def result(counted: Counted) -> BenchmarkResult:
    """Sum up the counted transactions of the windows."""
    rows = [
        [str(gateways), f"{min(counts):.2f}", f"{max(counts):.2f}", f"{max(counts) / gateways:.2f}"]
        for gateways, counts in counted.items()
    ]
    worst = max(max(counts) / gateways for gateways, counts in counted.items())
    goal = Goal(f"at most {GOAL:g} transactions a second for each gateway", f"{worst:.2f}", worst <= GOAL)
    table = Table(["gateways", "least a second", "most a second", "most for each"], rows)
    return BenchmarkResult([table], [goal], {str(gateways): list(counts) for gateways, counts in counted.items()})


CASE = BenchmarkCase(
    "traffic",
    "One gateway, and two, on PostgreSQL, that nobody asks anything: the transactions a second that the server counts.",
    "A lease is renewed each 10 s, one for the process and one for each loop that it leads; running things are "
    "looked at each 5 s, work that was left each 10 s, and the queue of durable work each 2 s: two a second for the "
    "first gateway, and half of that for the second, which leads nothing.",
    measure,
)
