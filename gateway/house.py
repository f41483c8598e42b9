"""Puts the process together: what requests and durable work share, made in order and closed in reverse."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from auth.credentials.sessions import new_data_loader
from auth.credentials.store import CredentialStore
from auth.policy import Policy
from aws.brake import Brakes
from aws.inventory.ages import Ages
from aws.inventory.inventory import Rules
from aws.scopes import Scopes
from gateway.context import Door, Reach
from gateway.entered import EnteredScopes
from gateway.groups import GroupScopes
from gateway.jira import Tickets
from gateway.neighbours import counted
from gateway.settings import Settings
from registry.database import Database
from resolvers.forgotten_acts import SECONDS, ForgottenActs
from resolvers.public_settings import ApprovalKind, PublicSettings
from resolvers.request import Limits
from resolvers.services import Services
from workflows.deployments.lifecycle import Lifecycle
from workflows.deployments.means import Means
from workflows.deployments.rules import Pace
from workflows.deployments.rules import Rules as DeploymentRules
from workflows.deployments.works import Works
from workflows.durable.engine import Engine
from workflows.imports import starting
from workflows.imports.defaults import Defaults
from workflows.imports.importing import BODY as IMPORT
from workflows.imports.importing import Importing
from workflows.imports.planning import Planning


@dataclass(frozen=True, slots=True)
class House:
    """A process that is ready.

    Attributes:
        door: What requests are let in through.
        engine: Durable work.
        wake_jira: Has Jira's decisions read before their time; None where Jira is not asked.
    """

    door: Door
    engine: Engine
    wake_jira: Callable[[], None] | None


async def open_house(settings: Settings, stack: AsyncExitStack) -> House:
    """Makes everything that lives as long as the process; the stack closes it.

    Raises:
        registry.errors.RegistryError: The database is behind, or away.
        workflows.durable.errors.DurableError: Durable work cannot begin.
    """
    url = settings.database.url.get_secret_value()
    database = await stack.enter_async_context(Database(url))
    reach = await _reach(settings, stack)
    defaults = Defaults(database, reach.policy, settings.imports.default_instance_type)
    groups = GroupScopes(reach)
    tickets = Tickets(settings, database, groups)
    await tickets.open(stack)
    rules = _rules_of_deployments(settings)
    lifecycle = Lifecycle(Means(database, reach.policy, groups, rules, Works(), tickets.keeper))
    importing = Importing(database, groups, defaults, lifecycle.starting)
    bodies = {IMPORT: importing.body, **lifecycle.bodies}
    engine = await stack.enter_async_context(Engine(url, database, bodies))
    starting.watch(engine, database)
    await stack.enter_async_context(counted(database, reach.brakes))
    lifecycle.serve(engine)
    engine.every("forgotten-acts", SECONDS, ForgottenActs(database).turn)
    wake_jira = await tickets.serve(engine, lifecycle.means, stack)
    services = Services(
        public_settings=_public_settings(settings),
        start_deployments=settings.imports.start_deployments,
        assets_bucket=settings.assets.bucket,
        database=database,
        engine=engine,
        importing=importing,
        lifecycle=lifecycle,
        planning=Planning(database, reach.policy, defaults),
        open_entered=EnteredScopes(reach).open,
    )
    limits = settings.limits
    door = Door(reach, Limits(limits.page_size, limits.seconds, limits.scan), services)
    stack.push_async_callback(door.close)
    return House(door, engine, wake_jira)


async def _reach(settings: Settings, stack: AsyncExitStack) -> Reach:
    loader, endpoint_url = new_data_loader(), settings.aws.endpoint_url
    store = CredentialStore(settings.entries(), endpoint_url=endpoint_url, data_loader=loader)
    await stack.enter_async_context(store)
    scopes = Scopes(settings.limits.scopes)
    stack.push_async_callback(scopes.close)
    return Reach(
        policy=Policy(settings.entries(), settings.grants()),
        store=store,
        scopes=scopes,
        endpoint_url=endpoint_url,
        data_loader=loader,
        brakes=Brakes(),
        rules=_rules(settings),
    )


def _public_settings(settings: Settings) -> PublicSettings:
    return PublicSettings(
        enter_credentials=settings.enter_credentials.enabled,
        approval=ApprovalKind(settings.deployments.approval),
        required_assets=settings.deployments.required_assets,
        create_default_snapshot=settings.imports.create_default_snapshot,
        max_upload_bytes=settings.assets.max_upload_bytes,
    )


def _rules_of_deployments(settings: Settings) -> DeploymentRules:
    rules = settings.deployments
    return DeploymentRules(
        required_assets=rules.required_assets,
        self_approval=rules.self_approval,
        instance_type=rules.rehearsal.instance_type,
        instance_count=rules.rehearsal.instance_count,
        output_s3_uri=rules.rehearsal.output_s3_uri,
        rehearsal_seconds=rules.rehearsal.timeout_minutes * 60,
        pace=Pace(watch=rules.watch_seconds),
    )


def _rules(settings: Settings) -> Rules:
    sagemaker = settings.sagemaker
    ages = Ages(sagemaker.fresh_seconds, sagemaker.deletion_seconds, sagemaker.authority_seconds, sagemaker.tag_seconds)
    return Rules(ages, settings.limits.scan, sagemaker.search)
