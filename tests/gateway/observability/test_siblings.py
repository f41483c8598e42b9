"""gateway.observability.siblings: each process of a socket tells the metrics of all."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.observability.siblings import Siblings, merge
from tests.scrapes import parsed, series

ONE = b"""# HELP a_total A thing
# TYPE a_total counter
a_total{kind="x {y} z"} 1.0
a_total{kind="w"} 2.0
# HELP b Nothing yet
# TYPE b gauge
# HELP c A plain one
# TYPE c gauge
c 3.0
"""
OTHER = ONE.replace(b" 3.0", b" 4.0").replace(b"# HELP b Nothing yet\n# TYPE b gauge\n", b"")


def test_families_are_joined_and_samples_labelled() -> None:
    text = merge({1: OTHER, 0: ONE}).decode()
    assert parsed(text) == {
        series("a_total", kind="x {y} z", worker="0"): 1,
        series("a_total", kind="w", worker="0"): 2,
        series("a_total", kind="x {y} z", worker="1"): 1,
        series("a_total", kind="w", worker="1"): 2,
        series("c", worker="0"): 3,
        series("c", worker="1"): 4,
    }
    assert text.count("# TYPE a_total counter") == text.count("# TYPE b gauge") == text.count("# TYPE c gauge") == 1
    assert text.index('worker="1",kind="w"') < text.index("# HELP b")


def sockets(folder: Path) -> list[Path]:
    return list(folder.glob("*.sock"))


async def own(text: bytes) -> bytes:
    return text


async def test_whoever_is_asked_asks_the_others(tmp_path: Path) -> None:
    first, second = Siblings(tmp_path), Siblings(tmp_path)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(first.answering(lambda: own(ONE)))
        async with second.answering(lambda: own(OTHER)):
            told = [parsed((await one.collect(text)).decode()) for one, text in ((first, ONE), (second, OTHER))]
            assert told[0] == told[1]
            assert told[0][series("c", worker="1")] == 4
        alone = parsed((await first.collect(ONE)).decode())
        assert {dict(labels)["worker"] for _, labels in alone} == {"0"}
        third = Siblings(tmp_path)
        await stack.enter_async_context(third.answering(lambda: own(OTHER)))
        assert parsed((await first.collect(ONE)).decode())[series("c", worker="1")] == 4
    assert sockets(tmp_path) == []


def dead(folder: Path) -> None:
    """Leave what a killed process leaves."""
    (folder / "7.sock").touch()


async def test_one_that_does_not_answer_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.observability.siblings.PATIENCE_SECONDS", 0.05)
    gate = asyncio.Event()

    async def hang() -> bytes:
        await gate.wait()
        return OTHER

    first, second = Siblings(tmp_path), Siblings(tmp_path)
    async with first.answering(lambda: own(ONE)), second.answering(hang):
        dead(tmp_path)
        told = parsed((await first.collect(ONE)).decode())
        assert {dict(labels)["worker"] for _, labels in told} == {"0"}
        gate.set()
