"""`check`: tells of a settings file what would go wrong: its database, keys, each group's role, and what is missing."""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from auth.credentials.store import CredentialStore
from auth.entries import AssumedRole, Entries, Entry, StoredKeys, WebIdentityRole
from auth.errors import CredentialsError, KeysUnavailableError
from auth.permissions import Permission
from auth.policy import EVERYONE, facts
from gateway.commands.databases import fault
from gateway.commands.settings_file import settings_of
from gateway.identities import token_identity
from gateway.jira import desk_of
from gateway.settings import Settings
from workflows.jira.checks import faults
from workflows.jira.client import JiraClient


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `fault` makes the command fail."""

    line: str
    fault: bool


def run(given: argparse.Namespace) -> int:
    """Prints the report; 1 where there is any fault."""
    settings = settings_of(given)
    if settings is None:
        return 1
    findings = asyncio.run(report(settings))
    for finding in findings:
        print(f"{'FAULT' if finding.fault else 'ok   '}  {finding.line}")
    faults = sum(finding.fault for finding in findings)
    print(f"{faults} fault{'' if faults == 1 else 's'}.")
    return 1 if faults else 0


async def report(settings: Settings) -> list[Finding]:
    """Looks at the database, asks for the keys of tokens, and asks AWS whose each entry's credentials are.

    It changes nothing.
    """
    entries = settings.entries()
    async with CredentialStore(entries, endpoint_url=settings.aws.endpoint_url) as store:
        checked = [await _entry(store, entry, groups) for groups, entry in _served(entries)]
    first, last = [await _database(settings), *await _keys(settings)], _missing(settings, entries)
    return [*first, *checked, *await _jira(settings), *last]


async def _database(settings: Settings) -> Finding:
    wrong = await fault(settings)
    return Finding(f"database: {wrong or 'has the tables that this gateway works with'}", fault=wrong is not None)


async def _keys(settings: Settings) -> list[Finding]:
    """Whether the keys that tokens are checked with can be had; nothing where headers say who is asking."""
    identity = token_identity(settings.identity)
    if identity is None:
        return []
    whose = f"identity.mode `{settings.identity.mode}`"
    async with identity:
        try:
            return [Finding(f"{whose}: {await identity.check()}", fault=False)]
        except KeysUnavailableError as error:
            return [Finding(f"{whose}: {error}", fault=True)]


async def _jira(settings: Settings) -> list[Finding]:
    """What would keep tickets from being filed or decided; nothing where no tickets are filed."""
    if settings.jira is None or settings.deployments.approval != "jira":
        return []
    async with JiraClient(desk_of(settings.jira)) as client:
        found = await faults(client)
    works = Finding(f"jira: works, in project `{settings.jira.project}`", fault=False)
    return [Finding(f"jira: {fault}", fault=True) for fault in found] or [works]


def _served(entries: Entries) -> Iterator[tuple[tuple[str, ...], Entry]]:
    every: tuple[AssumedRole | StoredKeys, ...] = (*entries.assumed, *entries.stored)
    yield from (((entry.group,), entry) for entry in every)
    yield from ((role.groups, role) for role in entries.web_identity)


async def _entry(store: CredentialStore, entry: Entry, groups: tuple[str, ...]) -> Finding:
    whose = _whose(entry, groups)
    role, _, kind = facts(entry)
    what = f"{role or 'stored keys'} ({kind.value}, {', '.join(entry.regions)})"
    try:
        found = await store.check(entry)
    except CredentialsError as error:
        return Finding(f"{whose}: {what}: {error}", fault=True)
    return Finding(f"{whose}: {what}: works, as {found.arn}", fault=False)


def _whose(entry: Entry, groups: tuple[str, ...]) -> str:
    if not groups and isinstance(entry, WebIdentityRole):
        return f"base `{entry.path}`"
    named = ", ".join("everyone else" if group == EVERYONE else f"`{group}`" for group in groups)
    return f"group {named}" if EVERYONE not in groups else named


def _missing(settings: Settings, entries: Entries) -> Iterator[Finding]:
    """Groups with a role that may do nothing, and groups that may do something and have no role to do it with."""
    grants = settings.grants()
    allowed = {grant.group: grant.allow for grant in grants}
    everyone = allowed.get(EVERYONE, frozenset())
    served = {group for groups, _ in _served(entries) for group in groups}
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
