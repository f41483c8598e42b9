"""gateway.commands.check: the database, each group's role, whether it can be had, and what is missing."""

import argparse
import gc
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.commands.check import run
from sandbox.estate import Estate
from sandbox.estate.groups import ESTATE
from sandbox.server import Sandbox
from tests.gateway_client import (
    GATEWAY_KEYS,
    MARKETING,
    RISK,
    assume_role_entry,
    credential_settings,
    settings_mapping,
)


@pytest.fixture
def check(tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Any:
    """Checks settings: gives the exit status and the lines of the report, but for the database's, which comes first,
    and those of what roles may do (test_role_checks.py).
    """

    def checked(**blocks: Any) -> tuple[int, list[str]]:
        path = tmp_path / "settings.yaml"
        path.write_text(yaml.safe_dump(settings_mapping(sandbox.url, **blocks)))
        status = run(argparse.Namespace(config=str(path)))
        first, *lines = capsys.readouterr().out.splitlines()
        assert first == "ok     database: has the tables that this gateway works with"
        return status, [line for line in lines if ": access: " not in line]

    return checked


def session(group: Any) -> str:
    return f"arn:aws:sts::{group.account}:assumed-role/{group.name}/sagegraph"


USER = f"arn:aws:iam::{ESTATE.account}:user/{ESTATE.user}"
GOOD = [
    f"ok     group `risk`: {RISK.role_arn} (ASSUME_ROLE, eu-west-1): works, as {session(RISK)}",
    f"ok     group `marketing`: {MARKETING.role_arn} (ASSUME_ROLE, us-east-2): works, as {session(MARKETING)}",
    f"ok     group `gateway`: stored keys (BASIC, us-east-2): works, as {USER}",
]


def test_a_good_file(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    sandbox.enforce()
    assert check() == (0, [*GOOD, "0 faults."])
    counts = sandbox.calls.by_operation()
    assert (counts["AssumeRole"], counts["GetCallerIdentity"]) == (2, 4)


def test_tools_for_models_are_counted(check: Any, estate: Estate, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "mine.graphql").write_text('"""Mine""" query mine { me { subject } }')
    documents = {"mode": "allow", "path": str(tmp_path / "documents")}
    status, lines = check(mcp={"enabled": True}, documents=documents)
    assert (status, lines[-2]) == (0, "ok     mcp: 11 tools")
    monkeypatch.setattr("gateway.mcp.switch.is_mcp_installed", lambda: False)
    status, lines = check(mcp={"enabled": True})
    assert status == 1
    assert "sagegraph[mcp]" in lines[-2]


def test_a_role_that_is_refused(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    """Its trust policy wants another external id."""
    sandbox.enforce()
    status, lines = check(
        **credential_settings(assume_role_entry(RISK, externalId="wrong"), assume_role_entry(MARKETING))
    )
    assert status == 1
    assert lines[0].startswith(f"FAULT  group `risk`: {RISK.role_arn} (ASSUME_ROLE, eu-west-1): ")
    assert "STS refused AssumeRole" in lines[0]
    assert "wrong" not in lines[0]
    assert lines[1:] == [*GOOD[1:], "1 fault."]


def test_keys_that_are_wrong_take_their_roles_with_them(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    sandbox.enforce()
    block = credential_settings(assume_role_entry(RISK))
    block["sagemaker-credentials"]["storedCredentials"] = [{**GATEWAY_KEYS, "secretAccessKey": "wrong-secret"}]
    status, lines = check(**block, permissions=[{"group": "*", "allow": ["READ"]}])
    assert status == 1
    assert [line[:6] for line in lines] == ["FAULT ", "FAULT ", "2 faul"]
    assert "wrong-secret" not in "".join(lines)


def test_a_token_file_that_is_missing(check: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    entry = {
        "path": "platform",
        "authenticationType": "ASSUME_ROLE_WITH_WEB_IDENTITY",
        "roleArn": ESTATE.gateway_role_arn,
        "webIdentityTokenFile": str(tmp_path / "token"),
        "region": "us-east-2",
    }
    block = {
        "eksServiceAccountCredentials": [entry],
        "assumeRoleByGroup": [assume_role_entry(RISK, base={"path": "platform"})],
    }
    status, lines = check(**{"sagemaker-credentials": block})
    assert status == 1
    item = f"{ESTATE.gateway_role_arn} (ASSUME_ROLE_WITH_WEB_IDENTITY, us-east-2)"
    assert lines[-2].startswith(f"FAULT  base `platform`: {item}: ")
    assert str(tmp_path / "token") in lines[-2]
    assert lines[0].startswith("FAULT  group `risk`: ")
    assert lines[-1] == "2 faults."
    assert sandbox.calls.count() == 0


def test_a_role_without_read(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    allowed = [{"group": name, "allow": ["READ"]} for name in ("marketing", "gateway")]
    status, lines = check(permissions=allowed)
    assert (status, lines[-2:]) == (
        1,
        ["FAULT  group `risk` has a role and no READ; add it under `permissions`", "1 fault."],
    )


def test_permissions_without_a_role_are_no_fault(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    allowed = [{"group": "*", "allow": ["READ"]}, {"group": "auditors", "allow": ["AUDIT"]}]
    status, lines = check(permissions=allowed)
    assert (status, lines[-2:]) == (
        0,
        ["ok     group `auditors` has permissions and no role; it sees only what the gateway keeps", "0 faults."],
    )


@pytest.mark.parametrize(("place", "faults"), [(None, 1), ("s3://bucket1/rehearsals/", 0)])
def test_deployments_need_a_place_for_rehearsals(
    check: Any, sandbox: Sandbox, estate: Estate, place: str | None, faults: int
) -> None:
    allowed = [{"group": "*", "allow": ["READ", "DEPLOY"]}]
    status, lines = check(
        permissions=allowed, deployments={"rehearsal": {} if place is None else {"outputS3Uri": place}}
    )
    text = [line for line in lines if "outputS3Uri" in line]
    assert len(text) == faults
    assert status == 1 or place is not None


def test_a_region_that_does_not_exist(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    status, lines = check(**credential_settings(assume_role_entry(RISK, region="eu-wset-1", regions=["eu-west-1"])))
    assert (status, lines[0]) == (
        1,
        "FAULT  assumeRoleByGroup[0]: `eu-wset-1` is not a region of SageMaker; did you mean eu-west-1?",
    )
    # Calls of the check that outlive the first failed one leave no client open; a leak is a warning, which fails.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.collect()


def test_a_region_that_may_be_new(check: Any, sandbox: Sandbox, estate: Estate) -> None:
    status, lines = check(**credential_settings(assume_role_entry(RISK, regions=["eu-west-1", "xx-moon-9"])))
    assert (status, lines[0]) == (
        0,
        "ok     assumeRoleByGroup[0]: the region `xx-moon-9` is unknown to this gateway's botocore",
    )


def test_nobody_has_a_role(check: Any, sandbox: Sandbox) -> None:
    status, lines = check(**{"sagemaker-credentials": {}})
    assert (status, lines) == (
        1,
        ["FAULT  sagemaker-credentials: no group has a role, so nobody can ask AWS anything", "1 fault."],
    )
    assert sandbox.calls.count() == 0


def test_sts_is_down(check: Any, sandbox: Sandbox) -> None:
    sandbox.faults.drop("*")
    status, lines = check()
    assert status == 1
    assert [line[:6] for line in lines[:-1]] == ["FAULT "] * 3


def test_a_database_without_tables(tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    path, missing = tmp_path / "settings.yaml", tmp_path / "var" / "registry.db"
    path.write_text(yaml.safe_dump(settings_mapping(sandbox.url, database={"url": f"sqlite+aiosqlite:///{missing}"})))
    assert run(argparse.Namespace(config=str(path))) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "FAULT  database: The registry (SQLite) has no tables yet; run `python -m gateway migrate --config FILE` first."
    )
    assert not missing.parent.exists()


def test_a_wrong_file(tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("limits: {dept: 5}\n")
    assert run(argparse.Namespace(config=str(path))) == 1
    text = capsys.readouterr()
    assert text.out == ""
    assert "limits.dept" in text.err
    assert sandbox.calls.count() == 0
