"""resolvers.views.stored_reader: AWS first, else what was kept; and the reason where neither answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from auth.errors import AuthError, CredentialsUnavailableError, ForbiddenError
from aws.client.errors import AccessDeniedError, AWSError, UnavailableError
from aws.inventory.search import ArtifactQuery
from aws.kinds import resource as aws_resource
from aws.kinds import snapshots as aws_snapshots
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.metrics import MetricWindow
from registry import elements
from registry.database import Database
from registry.elements import ElementCriteria, SeenElement
from registry.enums import ElementKind
from registry.records import ImportedElement
from resolvers.views.identity_map import IdentityMap
from resolvers.views.stored_reader import StoredReader, StoredScope
from tests.registry.factories import NOON, create_registration_key, minutes_after_noon
from tests.schema.snapshot_row import SNAPSHOT_ROW
from workflows.imports.stored_copies import stored_copy

DOWN = UnavailableError("AWS is down.", operation="Anything")
ARN = "arn:aws:sagemaker:us-east-2:111111111111:endpoint-config"


def snapshot(name: str, **changed: Any) -> aws_snapshots.Snapshot:
    """A described snapshot, as AWS tells of it."""
    detail = aws_snapshots.SnapshotDetail(
        variants=(),
        shadow_variants=(),
        model_names=("churn",),
        kms_key_id=None,
        execution_role_arn=None,
        network=aws_resource.Network(isolated=False, subnets=(), security_group_ids=()),
        data_capture=None,
        async_inference=None,
    )
    return replace(
        SNAPSHOT_ROW, name=name, arn=f"{ARN}/{name}", scope="live", creation_time=NOON, detail=detail, **changed
    )


class Aws:
    """Answers with what it was given, by name; whatever else is asked fails as AWS does when it is down."""

    def __init__(self, result: Mapping[str, Any] | None = None) -> None:
        self.found = result or {}
        self.asked: list[Sequence[str]] = []

    async def describe(self, _kind: Kind, names: Any) -> Mapping[str, Any]:
        self.asked.append(tuple(names))
        return {name: self.found.get(name, DOWN) for name in self.asked[-1]}

    async def tags(self, arns: Any) -> Mapping[str, Any]:
        return {arn: (Tag("from", "aws"),) for arn in arns}

    def __getattr__(self, _name: str) -> Any:
        async def fail(*_anything: Any) -> Any:
            raise DOWN

        return fail


STORED_VIEW: Any = object()


class Kept:
    """A registration with the snapshots `there`, `anew` (twice) and `gone`, and readers of it."""

    def __init__(self, database: Database, key: str, elements: Mapping[str, ImportedElement]) -> None:
        self.database = database
        self.key = key
        self.elements = elements
        self.settled = IdentityMap()
        self.settled.stored_views["copies"] = STORED_VIEW

    def reader(self, live: Any, key: str = "copies") -> StoredReader:
        keeping = StoredScope(
            key=key,
            registration_key=self.key,
            view_key="live",
            database=self.database,
            identity_map=self.settled,
            bound=100,
        )
        return StoredReader(keeping, live)


@pytest.fixture
async def kept(database: Database) -> Kept:
    key = await create_registration_key(database)
    seen = [_seen("there"), _seen("anew"), _seen("anew", minutes_after_noon(5)), _seen("gone")]
    async with database.writing() as connection:
        await elements.upsert(connection, key, seen, NOON)
        known = {element.name: element for element in await elements.known_elements(connection, key)}
        await elements.mark_vanished(connection, key, [known["gone"].key], NOON)
        page = await elements.page(connection, ElementCriteria(key), 100)
    imported_elements = {
        record.name: record for record in page.records if record.name != "anew" or record.created_at == NOON
    }
    return Kept(database, key, imported_elements)


def _seen(name: str, at: Any = NOON) -> SeenElement:
    copied = replace(snapshot(name), creation_time=at)
    return SeenElement(
        kind=ElementKind.SNAPSHOT,
        name=name,
        arn=copied.arn,
        created_at=at,
        stored=stored_copy(copied, [Tag("from", "copy")]),
    )


async def shown(stored: Kept, reader: StoredReader, *names: str) -> Sequence[AnyResource]:
    """What the elements of these names are shown as."""
    resources = await reader.resources([stored.elements[name] for name in names])
    return [resources[stored.elements[name].id] for name in names]


async def test_what_aws_tells_is_shown(kept: Kept) -> None:
    aws = Aws({"there": snapshot("there")})
    assert await shown(kept, kept.reader(aws), "there") == [snapshot("there")]
    assert aws.asked == [("there",)]


@pytest.mark.parametrize("item", [None, DOWN, AccessDeniedError("No.", operation="DescribeEndpointConfig")])
async def test_what_aws_does_not_tell_is_shown_as_it_was(kept: Kept, item: Any) -> None:
    (resource,) = await shown(kept, kept.reader(Aws({"there": item})), "there")
    assert (resource.scope, resource.name, resource.as_of, resource.detail is None) == ("copies", "there", NOON, False)


async def test_what_was_made_anew_is_another(kept: Kept) -> None:
    aws = Aws({"there": replace(snapshot("there"), creation_time=minutes_after_noon(1))})
    (resource,) = await shown(kept, kept.reader(aws), "there")
    assert (resource.scope, resource.creation_time) == ("copies", NOON)


async def test_what_was_shown_first_holds(kept: Kept) -> None:
    """Also for another registration's reader that has the same eyes, and when AWS answers again."""
    (first,) = await shown(kept, kept.reader(Aws()), "there")
    answering = Aws({"there": snapshot("there")})
    assert await shown(kept, kept.reader(answering, "others"), "there") == [first]
    assert await kept.reader(answering).describe(Kind.SNAPSHOT, ["there"]) == {"there": first}
    (live,) = await shown(kept, kept.reader(Aws({"gone": snapshot("gone")})), "gone")
    assert live.scope == "live"
    assert await shown(kept, kept.reader(Aws()), "gone") == [live]


async def test_names_are_asked_of_aws_first(kept: Kept) -> None:
    """Of two with one name the later is meant; what is gone is gone; what was never imported is an error."""
    resources = await kept.reader(Aws({"gone": None})).describe(Kind.SNAPSHOT, ["gone", "anew", "other"])
    assert resources["gone"] is None
    assert isinstance(resources["anew"], aws_snapshots.Snapshot)
    assert (resources["anew"].scope, resources["anew"].creation_time) == ("copies", minutes_after_noon(5))
    assert resources["other"] is DOWN


async def test_a_scan_of_what_was_kept_is_never_complete(kept: Kept) -> None:
    """What has vanished is not in it."""
    scan = await kept.reader(Aws()).scan(Kind.SNAPSHOT)
    assert (scan.refused, scan.complete_as_of, scan.looked_back_to) == ((), None, None)
    assert scan.resources[0].creation_time == minutes_after_noon(5)
    assert sorted(resource.name for resource in scan.resources) == ["anew", "anew", "there"]
    jobs = await kept.reader(Aws()).training_jobs(ArtifactQuery((), (), ()))
    assert (jobs.resources, jobs.complete_as_of) == ((), None)


async def test_tags_of_copies_are_the_copies(kept: Kept) -> None:
    reader = kept.reader(Aws())
    await shown(kept, reader, "there")
    other = f"{ARN}/other"
    assert await reader.tags([f"{ARN}/there", other]) == {
        f"{ARN}/there": (Tag("from", "copy"),),
        other: (Tag("from", "aws"),),
    }


async def test_packages_are_not_kept(kept: Kept) -> None:
    """That is no error: what is shown instead never claims to be all."""
    assert await kept.reader(Aws()).packages(["p"]) == {"p": None}


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        (ForbiddenError("No role."), AccessDeniedError),
        (CredentialsUnavailableError("STS is away."), UnavailableError),
    ],
)
async def test_where_nobody_can_ask(kept: Kept, why: AuthError, kind: type[AWSError]) -> None:
    reader = kept.reader(why)
    text = f"What is kept in the registry is shown, because AWS cannot be asked: {why}"
    resource = (await reader.describe(Kind.SNAPSHOT, ["other"]))["other"]
    assert (type(resource), str(resource)) == (kind, text)
    window = MetricWindow(NOON, minutes_after_noon(60), 60)
    for ask in (reader.schedules(), reader.executions(["s"]), reader.metrics([], window)):
        with pytest.raises(kind, match="What is kept in the registry is shown"):
            await ask
    labels = await reader.tags([f"{ARN}/other"])
    assert isinstance(labels[f"{ARN}/other"], kind)
