"""Rehearsals: what came of running a snapshot's models over test data."""

from datetime import datetime

import strawberry

from registry import records
from resolvers import connections, deployment_relations
from schema.fields import attribute, backed_by, registry_relation
from schema.interfaces import Node
from schema.jobs import TransformJob
from schema.pages import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection


@backed_by(records.TestCheck)
@strawberry.type(description="One comparison of a rehearsal")
class TestCheck:
    """See registry.records.TestCheck."""

    name: str = attribute("What was compared")
    passed: bool = attribute("True where it was as expected")
    expected: str | None = attribute("What was expected")
    actual: str | None = attribute("What came")


@backed_by(records.TestResult)
@strawberry.type(description="The outcome of a rehearsal")
class TestResult(Node):
    """See registry.records.TestResult."""

    at: datetime = attribute("When it was found")
    passed: bool = attribute("True where every check passed")
    job: TransformJob | None = registry_relation(
        deployment_relations.transform_jobs_of_records, "The transform job that it rests on; null where that is gone"
    )
    output_s3_uri: str | None = attribute("Where that job wrote in S3")
    checks: list[TestCheck] = attribute("Each comparison")


@backed_by(connections.Edge)
@strawberry.type(description="A test result and its place in a list")
class TestResultEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: TestResult = attribute("The test result")


@backed_by(connections.Connection)
@strawberry.type(description="A page of test results")
class TestResultConnection(RegistryConnection):
    """A connection."""

    edges: list[TestResultEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[TestResult] = attribute(NODES_DESCRIPTION)
