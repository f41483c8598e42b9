"""workflows.deployments.resource_names: names are made of deployment, attempt and model, and are names in SageMaker."""

from dataclasses import replace

import pytest

from aws.ids import NAME_PATTERN
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW
from workflows.deployments.resource_names import job_name, output_prefix, runtime_name

LONG = "a" * 63


def test_a_job_is_of_one_attempt_and_one_model() -> None:
    """A step that runs twice makes the same name; anything else makes another one."""
    name = job_name(DEPLOYMENT_ROW, LONG)
    assert name == job_name(replace(DEPLOYMENT_ROW, snapshot_name="other"), LONG)
    assert name.startswith("sagegraph-6789abcdef-1-")
    rest = {
        job_name(DEPLOYMENT_ROW, "b"),
        job_name(replace(DEPLOYMENT_ROW, attempt=2), LONG),
        job_name(replace(DEPLOYMENT_ROW, key="0123456789abcdeg"), LONG),
    }
    assert len(rest | {name}) == 4
    assert all(NAME_PATTERN.fullmatch(item) for item in rest | {name})


@pytest.mark.parametrize(
    ("snapshot", "attempt", "name"),
    [
        ("churn-1", 1, "churn-1-6789abcdef-1"),
        (LONG, 1, "a" * 50 + "-6789abcdef-1"),
        (LONG, 10, "a" * 49 + "-6789abcdef-10"),
        # Where it is cut amid hyphens, none of them is doubled.
        ("a" * 49 + "--" + "b" * 12, 1, "a" * 49 + "-6789abcdef-1"),
    ],
)
def test_an_endpoint_is_named_after_its_snapshot(snapshot: str, attempt: int, name: str) -> None:
    result = runtime_name(replace(DEPLOYMENT_ROW, snapshot_name=snapshot, attempt=attempt))
    assert result == name
    assert NAME_PATTERN.fullmatch(result)


def test_the_endpoint_that_was_asked_for_has_its_name_in_every_attempt() -> None:
    assert {runtime_name(replace(DEPLOYMENT_ROW, runtime_wish="live", attempt=attempt)) for attempt in (1, 2)} == {
        "live"
    }


@pytest.mark.parametrize("prefix", ["s3://b/p", "s3://b/p/", "s3://b/p//"])
def test_an_output_has_a_folder_of_its_own(prefix: str) -> None:
    assert output_prefix(DEPLOYMENT_ROW, prefix, "churn") == "s3://b/p/111111111111/risk/0123456789abcdef/1/churn/"
