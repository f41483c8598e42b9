"""`check`: reports the faults of a settings file: its database, keys, each group's role, and missing parts."""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from auth.credential_entries import (
    AssumedRole,
    CredentialEntries,
    CredentialEntry,
    GroupBase,
    StoredKeys,
    WebIdentityRole,
    entry_facts,
)
from auth.credentials.store import CredentialStore
from auth.errors import CredentialsError, VerificationKeysUnavailableError
from auth.permissions import EVERYONE, Permission
from aws.regions import known_regions, nearest_region
from gateway.commands.database_check import database_fault
from gateway.commands.role_checks import RoleChecks
from gateway.commands.settings_file import load_settings
from gateway.identity_provider import create_token_identity
from gateway.mcp.switch import mcp_fault
from gateway.mcp.tools import Toolbox, shipped_documents
from gateway.settings.settings import Settings
from gateway.trusted_documents import documents_fault, trusted_document_files
from schema.build import build_schema
from workflows.approvals.service import BACKENDS


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        line: The line, without a mark for faults.
        fault: True if the command fails because of it.
    """

    line: str
    fault: bool


def run(arguments: argparse.Namespace) -> int:
    """Check the settings file of the arguments and print the report; give 1 if it has a fault."""
    settings = load_settings(arguments)
    if settings is None:
        return 1
    findings = asyncio.run(report(settings))
    for finding in findings:
        print(f"{'FAULT' if finding.fault else 'ok   '}  {finding.line}")
    faults = sum(finding.fault for finding in findings)
    print(f"{faults} fault{'' if faults == 1 else 's'}.")
    return 1 if faults else 0


async def report(settings: Settings) -> list[Finding]:
    """Check the settings against the database, the keys of tokens, and AWS, which is asked for each entry's identity.

    It changes nothing.
    """
    entries = settings.entries()
    checked: list[Finding] = []
    async with CredentialStore(entries, endpoint_url=settings.aws.endpoint_url) as store:
        roles = RoleChecks(settings, store)
        for groups, entry in _served_groups(entries):
            checked.append(await _check_entry(store, entry, groups))
            if groups and not checked[-1].fault:
                checked += await _check_access(roles, entry, groups, is_base=_is_base(entry, entries))
    first = [await _check_database(settings), *_check_regions(settings), *await _check_token_keys(settings)]
    return [
        *first,
        *checked,
        *_check_documents(settings),
        *_check_tools(settings),
        *await _check_approvals(settings),
        *_check_rehearsals(settings),
        *_check_permissions(settings, entries),
    ]


async def _check_database(settings: Settings) -> Finding:
    wrong = await database_fault(settings)
    return Finding(f"database: {wrong or 'has the tables that this gateway works with'}", fault=wrong is not None)


def _check_regions(settings: Settings) -> Iterator[Finding]:
    """Find regions that SageMaker is not known to have: a fault if another one was probably meant."""
    named = {region: entry.key for _, entry in _served_groups(settings.entries()) for region in entry.regions}
    if settings.identity.alb is not None:
        named.setdefault(settings.identity.alb.region, "identity.alb")
    known = known_regions()
    for region, place in named.items():
        if region not in known and (meant := nearest_region(region, known)) is not None:
            yield Finding(f"{place}: `{region}` is not a region of SageMaker; did you mean {meant}?", fault=True)
        elif region not in known:
            yield Finding(f"{place}: the region `{region}` is unknown to this gateway's botocore", fault=False)


async def _check_token_keys(settings: Settings) -> list[Finding]:
    """Check that the keys of token issuers can be fetched; nothing in mode `headers`."""
    identity = create_token_identity(settings.identity)
    if identity is None:
        return []
    subject = f"identity.mode `{settings.identity.mode}`"
    async with identity:
        try:
            return [Finding(f"{subject}: {await identity.check()}", fault=False)]
        except VerificationKeysUnavailableError as error:
            return [Finding(f"{subject}: {error}", fault=True)]


async def _check_approvals(settings: Settings) -> list[Finding]:
    """Find faults that would keep tickets from being filed or decided; nothing with the built-in backend."""
    name, config = settings.deployments.approval.value, settings.approval_config
    if config is None:
        return []
    success = Finding(f"{name}: works, in project `{config.project}`", fault=False)
    return [Finding(f"{name}: {fault}", fault=True) for fault in await BACKENDS[name].find_faults(config)] or [success]


def _check_documents(settings: Settings) -> Iterator[Finding]:
    """Read the trusted documents and hold them against the schema; nothing if they are off."""
    if settings.documents.mode == "disabled":
        return
    schema = build_schema()
    if (files := trusted_document_files(settings.documents, schema)) is not None:
        fault = documents_fault(files)
        yield Finding(f"documents: {fault or f'{len(schema.trusted)} fit the schema'}", fault=fault is not None)


def _check_tools(settings: Settings) -> Iterator[Finding]:
    """Read the tools for models, as `/mcp` shows them to a caller with every permission; nothing if it is off."""
    if not settings.mcp.enabled:
        return
    schema = build_schema()
    schema.trusted.ship(shipped_documents(schema))
    if (files := trusted_document_files(settings.documents, schema)) is not None and documents_fault(files) is not None:
        return
    fault = mcp_fault(settings)
    count = len(Toolbox(schema, mutations=settings.mcp.mutations).tools())
    yield Finding(f"mcp: {fault or f'{count} tools'}", fault=fault is not None)


def _check_rehearsals(settings: Settings) -> Iterator[Finding]:
    """Require a place for rehearsals to write, which every deployment of a model with test data needs."""
    deploys = any(Permission.DEPLOY in grant.allow for grant in settings.permissions)
    if deploys and settings.deployments.rehearsal.output_s3_uri is None:
        reason = "is not set, so a deployment of a model with TEST_DATA is held up; set it"
        yield Finding(f"deployments.rehearsal.outputS3Uri {reason}", fault=True)


def _served_groups(entries: CredentialEntries) -> Iterator[tuple[tuple[str, ...], CredentialEntry]]:
    every: tuple[AssumedRole | StoredKeys, ...] = (*entries.assumed, *entries.stored)
    yield from (((entry.group,), entry) for entry in every)
    yield from ((role.groups, role) for role in entries.web_identity)


async def _check_entry(store: CredentialStore, entry: CredentialEntry, groups: tuple[str, ...]) -> Finding:
    subject = _owner(entry, groups)
    role, _, kind = entry_facts(entry)
    description = f"{role or 'stored keys'} ({kind.value}, {', '.join(entry.regions)})"
    try:
        result = await store.verify(entry)
    except CredentialsError as error:
        return Finding(f"{subject}: {description}: {error}", fault=True)
    return Finding(f"{subject}: {description}: works, as {result.arn}", fault=False)


async def _check_access(
    roles: RoleChecks, entry: CredentialEntry, groups: tuple[str, ...], *, is_base: bool
) -> list[Finding]:
    """Check the permissions of the entry's role. Keys that only assume other roles need no further ones."""
    subject = _owner(entry, groups)
    return [
        Finding(f"{subject}: access: {finding.line}", fault=finding.fault and not is_base)
        for finding in await roles.findings(entry, groups)
    ]


def _is_base(entry: CredentialEntry, entries: CredentialEntries) -> bool:
    return isinstance(entry, StoredKeys) and any(role.base == GroupBase(entry.group) for role in entries.assumed)


def _owner(entry: CredentialEntry, groups: tuple[str, ...]) -> str:
    if not groups and isinstance(entry, WebIdentityRole):
        return f"base `{entry.path}`"
    named = ", ".join("everyone else" if group == EVERYONE else f"`{group}`" for group in groups)
    return f"group {named}" if EVERYONE not in groups else named


def _check_permissions(settings: Settings, entries: CredentialEntries) -> Iterator[Finding]:
    """Find groups with a role and no READ, and groups with permissions and no role."""
    grants = settings.permissions
    allowed = {grant.group: frozenset(grant.allow) for grant in grants}
    everyone = allowed.get(EVERYONE, frozenset())
    served = {group for groups, _ in _served_groups(entries) for group in groups}
    if not served:
        yield Finding("sagemaker-credentials: no group has a role, so nobody can ask AWS anything", fault=True)
    for group in sorted(served - {EVERYONE}):
        if Permission.READ not in everyone | allowed.get(group, frozenset()):
            yield Finding(f"group `{group}` has a role and no READ; add it under `permissions`", fault=True)
    if EVERYONE not in served:
        for group in sorted(set(allowed) - served - {EVERYONE}):
            yield Finding(
                f"group `{group}` has permissions and no role; it sees only what the gateway keeps", fault=False
            )
