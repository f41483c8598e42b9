"""gateway.commands.role_checks: what each entry's role may do, asked of AWS, with nothing changed."""

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.commands.check import run
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, assume_role_entry, credential_settings, settings_mapping

MAY = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["IMPORT", "DEPLOY", "CREATE_JOBS"]},
]
REHEARSALS = f"s3://{RISK.bucket}/rehearsals"
BELOW = f"{RISK.account}/{RISK.name}/"


@pytest.fixture
def access(tmp_path: Path, sandbox: Sandbox, estate: Estate, capsys: pytest.CaptureFixture[str]) -> Any:
    """Checks settings: the exit status, and what is said of the access of each role."""
    sandbox.enforce()

    def checked(**blocks: Any) -> tuple[int, list[str]]:
        path = tmp_path / "settings.yaml"
        blocks = {**credential_settings(assume_role_entry(RISK)), "permissions": MAY, **blocks}
        path.write_text(yaml.safe_dump(settings_mapping(sandbox.url, **blocks)))
        status = run(argparse.Namespace(config=str(path)))
        lines = capsys.readouterr().out.splitlines()
        return status, [line.replace(" group `risk`: access:", "") for line in lines if "`risk`: access: " in line]

    return checked


def test_a_role_that_may_all(access: Any, sandbox: Sandbox) -> None:
    status, lines = access(assets={"bucket": RISK.bucket}, deployments={"rehearsal": {"outputS3Uri": f"{REHEARSALS}/"}})
    assert (status, [line for line in lines if "pass" not in line]) == (
        0,
        [
            "ok     may read SageMaker",
            f"ok     may read and write s3://{RISK.bucket}/{BELOW}",
            f"ok     may read and write {REHEARSALS}/{BELOW}",
        ],
    )
    assert any(line.startswith("ok     it is not known which roles it may pass to jobs") for line in lines)
    changed = {name for name in sandbox.calls.by_operation() if name.startswith(("Create", "Update", "Delete"))}
    assert changed == set()


def test_nothing_is_written(access: Any, sandbox: Sandbox) -> None:
    access(assets={"bucket": RISK.bucket})
    assert sandbox.calls.count("PutObject") == 1
    assert not sandbox.objects.has_any(f"s3://{RISK.bucket}/{BELOW}")


def test_a_bucket_that_is_not_the_groups(access: Any) -> None:
    status, lines = access(assets={"bucket": MARKETING.bucket})
    assert status == 1
    place = f"s3://{MARKETING.bucket}/{BELOW}, and the group has IMPORT"
    assert lines[-2:] == [f"FAULT  may not read {place}", f"FAULT  may not write to {place}"]


def test_buckets_are_not_asked_for_without_the_permission(access: Any, sandbox: Sandbox) -> None:
    status, lines = access(assets={"bucket": MARKETING.bucket}, permissions=MAY[:1])
    assert (status, lines) == (0, ["ok     may read SageMaker"])
    assert sandbox.calls.count("PutObject") == 0


def test_a_role_that_may_not_list(access: Any, sandbox: Sandbox) -> None:
    sandbox.faults.refuse("ListTransformJobs")
    status, lines = access(permissions=MAY[:1])
    assert (status, lines) == (1, ["FAULT  may not sagemaker:ListTransformJobs: jobs, Model.jobs"])


@pytest.mark.parametrize("entry", [{}, {"search": "on"}])
def test_a_sample_of_search_is_compared(access: Any, sandbox: Sandbox, entry: dict[str, str]) -> None:
    blocks = {**credential_settings(assume_role_entry(RISK, **entry)), "permissions": MAY[:1]}
    if not entry:
        blocks["sagemaker"] = {"search": "on"}
    status, lines = access(**blocks)
    assert (status, lines[-1]) == (0, "ok     Search is on; the role may describe all of 9 models that it shows")
    sandbox.faults.refuse("DescribeModel", times=4)
    status, lines = access(**blocks)
    assert status == 1
    assert lines[-1].startswith("FAULT  Search shows models that the role may not describe (")


def test_no_sample_is_taken_where_search_is_off(access: Any) -> None:
    _status, lines = access(**credential_settings(assume_role_entry(RISK, search="off")), sagemaker={"search": "on"})
    assert [line for line in lines if "Search" in line] == []
