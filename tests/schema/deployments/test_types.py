"""schema.deployments.types: a test result with its checks."""

from resolvers.lists.connections import ListCompleteness, PageInfo, build_connection
from schema.deployments.types import Deployment, DeploymentConnection
from schema.deployments.types import TestResult as Shape
from tests.registry import samples
from tests.schema.single_field_schema import data_of


async def test_a_test_result_shows_its_record() -> None:
    selection = "{ __typename id at passed outputS3Uri checks { name passed expected actual } }"
    assert await data_of(Shape, samples.TEST_RESULT, selection) == {
        "__typename": "TestResult",
        "id": "result-1",
        "at": "2026-03-03T09:30:00+00:00",
        "passed": False,
        "outputS3Uri": "s3://example-rehearsals/1/",
        "checks": [{"name": "rows", "passed": False, "expected": "100", "actual": "99"}],
    }


PLAIN = """{
  __typename id state trigger group accountId region snapshotName runtimeName reason startedBy startedAt endedAt
  steps { name state startedAt endedAt detail }
  tickets { key url status kind }
  decision { outcome by at comment }
  testResult { id passed }
}"""


async def test_a_deployment_shows_its_record() -> None:
    monday, tuesday = "2026-03-02T09:30:00+00:00", "2026-03-03T09:30:00+00:00"
    assert await data_of(Deployment, samples.DEPLOYMENT, PLAIN) == {
        "__typename": "Deployment",
        "id": "deployment-1",
        "state": "FAILED",
        "trigger": "NEW_SNAPSHOT",
        "group": "risk",
        "accountId": "111111111111",
        "region": "us-east-2",
        "snapshotName": "churn-3",
        "runtimeName": "churn-live",
        "reason": "The rehearsal gave 99 rows instead of 100; correct the model and retry.",
        "startedBy": "ada",
        "startedAt": monday,
        "endedAt": tuesday,
        "steps": [
            {
                "name": "REHEARSE",
                "state": "FAILED",
                "startedAt": monday,
                "endedAt": tuesday,
                "detail": "A check failed",
            }
        ],
        "tickets": [
            {
                "key": "MLOPS-7",
                "url": "https://jira.example.com/browse/MLOPS-7",
                "status": "To Do",
                "kind": "NOTIFICATION",
            }
        ],
        "decision": {"outcome": "REJECTED", "by": "grace", "at": tuesday, "comment": "Not yet"},
        "testResult": {"id": "result-1", "passed": False},
    }


async def test_a_page_of_deployments() -> None:
    page = build_connection(
        [samples.DEPLOYMENT], ["c1"], PageInfo(False, False, ["c1"]), ListCompleteness(total_count=1)
    )
    selection = "{ edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor } totalCount }"
    assert await data_of(DeploymentConnection, page, selection) == {
        "edges": [{"cursor": "c1", "node": {"id": "deployment-1"}}],
        "nodes": [{"id": "deployment-1"}],
        "pageInfo": {"hasNextPage": False, "endCursor": "c1"},
        "totalCount": 1,
    }
