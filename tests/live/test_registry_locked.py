"""While the registry answers but takes no writes, nothing is begun that could not be audited, and nothing is waited for
beyond the request's time; it all works again by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from aws.client.operations import WRITE_OPERATIONS
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import OpenGateway, fresh_database
from tests.live.mutation_bench import MODEL, NEW_SNAPSHOT, MutationBench, mutation_bench_on

pytestmark = pytest.mark.usefixtures("sqlite_threads")

SHORT = {"seconds": 1}


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else writes to the database for as long as the block runs."""
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def made(bench: MutationBench, name: str) -> bool:
    return bool((await bench.do("createSnapshot", {**NEW_SNAPSHOT.wanted, "name": name}, "created"))["created"])


async def test_nothing_is_done_where_it_could_not_be_audited(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    url = fresh_database()
    async with mutation_bench_on(open_gateway, sandbox, database={"url": url}, limits=SHORT) as bench:
        with locked(url):
            answer = await bench.ask("createSnapshot", {**NEW_SNAPSHOT.wanted, "name": "late"}, "created")
            assert answer.codes == ["TIMEOUT"]
        # It waits in line behind the one whose time was up.
        assert await made(bench, "after") is True
        assert bench.asked() == {"CreateEndpointConfig": 1, "DescribeEndpointConfig": 1}
        assert [event.target for event in await bench.events()] == ["Snapshot after"]
        assert "late" not in NEW_SNAPSHOT.names(sandbox)


async def test_changes_of_one_document_do_not_overtake_each_other(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate
) -> None:
    """The first outlasts the request; what comes behind it would delete what is not there yet, and never does."""
    variants = f'[{{modelName: "{MODEL}", instanceType: "ml.m5.large"}}]'
    document = f"""mutation {{
        first: createSnapshot(input: {{name: "one", variants: {variants}}}) {{ created }}
        second: deleteSnapshot(input: {{name: "one"}}) {{ deletedSnapshotId }}
        third: createSnapshot(input: {{name: "two", variants: {variants}}}) {{ created }} }}"""
    url = fresh_database()
    hold = sandbox.faults.block("CreateEndpointConfig")
    async with mutation_bench_on(open_gateway, sandbox, database={"url": url}, limits=SHORT) as bench:
        answer = await bench.gateway.ask(document)
        begun = "The request's time was up before this had begun; nothing was done."
        assert [error["message"] for error in answer.errors] == [
            "The request's time was up before this was done, and it goes on. Read its outcome before you send it "
            "again.",
            begun,
            begun,
        ]
        hold.release()
        assert await made(bench, "three") is True
        written = {name: count for name, count in bench.asked().items() if name in WRITE_OPERATIONS}
        assert written == {"CreateEndpointConfig": 2}
        assert sorted(str(event.target) for event in await bench.events()) == ["Snapshot one", "Snapshot three"]
