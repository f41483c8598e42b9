"""gateway.commands.audit_export: every event of the time once, as a line of JSON, the oldest first."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from gateway.__main__ import main
from registry import audit
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from tests.registry.factories import NOON


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> str:
    asyncio.run(append(sqlite_url))
    path = tmp_path / "settings.yaml"
    path.write_text(yaml.safe_dump({"database": {"url": sqlite_url}}))
    return str(path)


async def append(url: str) -> None:
    async with Database(url) as database, database.writing() as connection:
        for hours in (30, 0, 24, 12):
            event = NewAuditEvent(
                at=NOON + timedelta(hours=hours),
                actor="ann",
                group="risk",
                role_arn="arn:aws:iam::1:role/risk",
                action="importModel",
                target=f"Model {hours}\u2028\n",
                outcome=AuditOutcome.REFUSED,
                aws_request_ids=["a", "b"],
            )
            await audit.append(connection, event)


def exported(capsys: pytest.CaptureFixture[str], config: str, *options: str) -> list[str]:
    assert main(["audit-export", "--config", config, *options]) == 0
    text = capsys.readouterr()
    assert text.err == ""
    return [json.loads(line)["target"].strip() for line in text.out.split("\n")[:-1]]


def test_every_event_is_a_line(
    config: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commands.audit_export._BATCH", 2)
    assert main(["audit-export", "--config", config]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 5
    first = json.loads(lines[0])
    assert {key: first[key] for key in first if key != "id"} == {
        "at": "2026-03-02T12:00:00+00:00",
        "actor": "ann",
        "group": "risk",
        "roleArn": "arn:aws:iam::1:role/risk",
        "action": "importModel",
        "target": "Model 0\u2028\n",
        "outcome": "REFUSED",
        "detail": None,
        "requestId": None,
        "awsRequestIds": ["a", "b"],
    }


def test_days_that_do_not_overlap_have_each_event_once(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exported(capsys, config, "--until", "2026-03-03") == ["Model 0"]
    assert exported(capsys, config, "--since", "2026-03-03", "--until", "2026-03-03T12:00:00Z") == ["Model 12"]
    assert exported(capsys, config, "--since", "2026-03-03T13:00:00+01:00") == ["Model 24", "Model 30"]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_what_is_no_moment(config: str, capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit):
        main(["audit-export", "--config", config, "--since", text])
    assert "expected a day or a moment" in capsys.readouterr().err


def test_a_database_that_is_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("database: {url: 'postgresql+psycopg://me:what-nobody-should-see@127.0.0.1:1/x'}\n")
    assert main(["audit-export", "--config", str(path)]) == 1
    text = capsys.readouterr()
    assert (text.out, "what-nobody-should-see" in text.err) == ("", False)
    assert text.err.startswith("The registry (PostgreSQL) does not answer: ")
