"""Kinds that the release before does not know: it reads a registration that has some, and sees the others alone."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from registry import elements, import_runs
from registry.database import Database
from registry.enums import ElementChange, ElementKind
from registry.records import ImportChange
from tests.processes.starting import PIPE, ROOT
from tests.registry.factories import NOON, create_registration_key, key_in_id, new_run, seen_element
from tests.upgrades.previous_release import unpack

READER = Path(__file__).with_name("element_reader.py")
JOB, COMPONENT = ElementKind.TRAINING_JOB, ElementKind.INFERENCE_COMPONENT


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: what is read is the same."""
    return sqlite_url


async def read_by(code: Path, *arguments: str) -> Any:
    """What the release in a folder reads."""
    environment = {**os.environ, "PYTHONPATH": str(code)}
    command = (sys.executable, str(READER), *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=code, env=environment, stdout=PIPE, stderr=PIPE)
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


async def test_the_release_before_reads_what_it_knows(database: Database, database_url: str, tmp_path: Path) -> None:
    registration = await create_registration_key(database)
    async with database.writing() as connection:
        run = key_in_id((await import_runs.start(connection, new_run()))[0].id, "ImportRun")
        seen = [seen_element(1), seen_element(2, kind=COMPONENT, name="component", arn="arn:component")]
        await elements.upsert(connection, registration, seen, NOON)
        changes = [ImportChange(kind, "one", "arn", ElementChange.ADDED, None) for kind in (COMPONENT, JOB)]
        await import_runs.replace_changes(connection, run, changes)
    both, job = [COMPONENT.value, JOB.value], [JOB.value]
    page, first, known, changed, _ = await read_by(ROOT, database_url, registration, run)
    assert (page, first, sorted(known), changed) == (both, both, both, both)
    await asyncio.to_thread(unpack, tmp_path)
    assert (await read_by(tmp_path, database_url, registration, run))[:4] == [job, job, job, job]
