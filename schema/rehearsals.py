"""Rehearsals: what came of running a snapshot's models over test data."""

from datetime import datetime

import strawberry

from registry import records
from resolvers import connections, deployment_relations
from schema.fields import own_relation, shown, shows
from schema.interfaces import Node
from schema.jobs import TransformJob
from schema.pages import CURSOR, EDGES, NODES, RegistryPage


@shows(records.TestCheck)
@strawberry.type(description="One comparison of a rehearsal")
class TestCheck:
    """See registry.records.TestCheck."""

    name: str = shown("What was compared")
    passed: bool = shown("True where it was as expected")
    expected: str | None = shown("What was expected")
    actual: str | None = shown("What came")


@shows(records.TestResult)
@strawberry.type(description="The outcome of a rehearsal")
class TestResult(Node):
    """See registry.records.TestResult."""

    at: datetime = shown("When it was found")
    passed: bool = shown("True where every check passed")
    job: TransformJob | None = own_relation(
        deployment_relations.jobs, "The transform job that it rests on; null where that is gone"
    )
    output_s3_uri: str | None = shown("Where that job wrote in S3")
    checks: list[TestCheck] = shown("Each comparison")


@shows(connections.Edge)
@strawberry.type(description="A test result and its place in a list")
class TestResultEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: TestResult = shown("The test result")


@shows(connections.Connection)
@strawberry.type(description="A page of test results")
class TestResultConnection(RegistryPage):
    """A connection."""

    edges: list[TestResultEdge] = shown(EDGES)
    nodes: list[TestResult] = shown(NODES)
