"""Who may have to do with a group's registration, and a gateway with one: for tests of permissions."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from registry import assets, audit, elements, import_runs, job_links, registrations, tables
from registry.assets import NewAsset
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Database
from registry.elements import SeenElement
from registry.enums import AssetRole, AuditOutcome, ElementKind
from registry.ids import key_of
from registry.import_runs import NewImportRun
from registry.job_links import LinkOwner, NewJobLink
from registry.registrations import NewRegistration
from sandbox.server import Sandbox
from tests.gateway_client import (
    RISK,
    GatewayClient,
    GraphQLResponse,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    fresh_database,
)
from tests.sagemaker_builder import START, building

# `owner` has the registration; `lead` is over it with every permission that is asked for here, `plain` with READ alone;
# `importer` has nothing to do with it; `outsider` has none of those permissions.
PERMISSIONS = [
    {"group": "owner", "allow": ["READ", "IMPORT", "AUDIT"]},
    {"group": "plain", "allow": ["READ"], "over": ["owner"]},
    {"group": "lead", "allow": ["READ", "IMPORT", "AUDIT"], "over": ["owner"]},
    {"group": "importer", "allow": ["READ", "IMPORT", "AUDIT"]},
    {"group": "outsider", "allow": ["CREATE_JOBS"]},
]
# Those with a role; the others only ever see through the eyes of the groups that they are over.
SERVED = ("owner", "importer", "outsider")


@dataclass(frozen=True)
class Actor:
    """Who asks."""

    groups: tuple[str, ...] = ()
    user: str | None = "ann"
    acting: str | None = None


ANONYMOUS = Actor(user=None)
WITHOUT_GROUPS = Actor()
# An identity in a group of the name that stands for everybody in the settings is not let in.
STARRED = Actor(("*",))
WRONG_GROUP = Actor(("importer",))
NO_PERMISSION = Actor(("outsider",))
OWNER = Actor(("owner",))
OVER_WITHOUT = Actor(("plain",))
OVER = Actor(("lead",))
NARROWED = Actor(("owner", "outsider"), acting="outsider")
NARROWED_TO_OTHERS = Actor(("owner", "importer"), acting="importer")
NOT_A_MEMBER = Actor(("importer",), acting="owner")

PEOPLE = {
    "anonymous": ANONYMOUS,
    "without groups": WITHOUT_GROUPS,
    "in a group called *": STARRED,
    "of another group": WRONG_GROUP,
    "without any permission": NO_PERMISSION,
    "of the owning group": OWNER,
    "over it, with READ alone": OVER_WITHOUT,
    "over it": OVER,
    "of the owning group, acting for one without permission": NARROWED,
    "of the owning group, acting for another": NARROWED_TO_OTHERS,
    "acting for a group that they are not in": NOT_A_MEMBER,
}


@dataclass(frozen=True)
class PermissionBench:
    """A gateway, its database, and the registration that everything is about."""

    gateway: GatewayClient
    database: Database
    registration: str

    async def ask(self, actor: Actor, query: str, variables: Mapping[str, Any] | None = None) -> GraphQLResponse:
        """Asks as somebody."""
        return await self.gateway.ask(query, variables, user=actor.user, groups=actor.groups, acting=actor.acting)

    async def rows(self) -> dict[str, Any]:
        """All that the registry holds, but for the audit."""
        result = {}
        async with self.database.reading() as connection:
            for name, table in tables.metadata.tables.items():
                if name not in {"audit_events", "leases", "alembic_version"}:
                    result[name] = [
                        tuple(row) for row in await connection.execute(select(table).order_by(*table.c[:1]))
                    ]
        return result

    async def audited(self) -> list[tuple[str, str, str | None]]:
        """Who did what, and what came of it."""
        async with self.database.reading() as connection:
            page = await audit.page(connection, AuditCriteria(groups=None), 100)
        return [(event.action, event.outcome.value, event.actor) for event in page.records]


@asynccontextmanager
async def permission_bench(open_working: OpenGateway, sandbox: Sandbox) -> AsyncIterator[PermissionBench]:
    """The stage, with models in AWS too."""
    with building(sandbox) as things:
        things.model("churn")
        things.model("other")
        things.snapshot("other-1", "other")
        things.training("unlinked", at=START)
        things.training("linked", at=START)
    url = fresh_database()
    served = credential_settings(*(assume_role_entry(RISK, group) for group in SERVED))
    async with (
        open_working(**served, permissions=PERMISSIONS, database={"url": url}) as gateway,
        Database(url) as database,
    ):
        yield PermissionBench(gateway, database, await _registered(database))


async def _registered(database: Database) -> str:
    new = NewRegistration(
        group="owner",
        account_id=RISK.account,
        region=RISK.region,
        model_name="churn",
        model_arn=RISK.arn("model", "churn"),
        model_created_at=START,
        imported_by="bob",
        imported_at=datetime.now(UTC),
    )
    async with database.writing() as connection:
        made, _ = await registrations.find_or_create(connection, new, ())
        link = NewJobLink(
            registration_key=str(key_of(made.id, "Registration")),
            kind=ElementKind.TRAINING_JOB,
            name="linked",
            job_created_at=START,
            linked_by="bob",
            linked_at=START,
        )
        assert await job_links.save(connection, LinkOwner(new.group, new.account_id, new.region), link)
    return made.id


async def owners_things(stage: PermissionBench) -> dict[str, str]:
    """The ids of all sorts of things that the owner has."""
    key = str(key_of(stage.registration, "Registration"))
    seen = SeenElement(
        kind=ElementKind.MODEL, name="churn", arn=RISK.arn("model", "churn"), created_at=START, stored={}
    )
    asset = NewAsset(role=AssetRole.SCHEMA, name="schema.json", content="{}", added_by="bob", added_at=START)
    run = NewImportRun(
        group="owner",
        account_id=RISK.account,
        region=RISK.region,
        model_name="churn",
        phase="Looking",
        started_by="bob",
        started_at=START,
    )
    event = NewAuditEvent(at=START, actor="bob", group="owner", action="importModel", outcome=AuditOutcome.SUCCEEDED)
    async with stage.database.writing() as connection:
        await elements.upsert(connection, key, [seen], START)
        page = await elements.page(connection, elements.ElementCriteria(key), 1)
        return {
            "registration": stage.registration,
            "element": page.records[0].id,
            "asset": (await assets.upsert(connection, key, asset)).id,
            "run": (await import_runs.start(connection, run))[0].id,
            "event": (await audit.append(connection, event)).id,
        }
