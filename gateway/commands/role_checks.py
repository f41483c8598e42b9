"""Checks of each entry's role: reading SageMaker, passing roles, using the buckets, and the results of Search."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from auth.caller import GATEWAY_SUBJECT
from auth.credential_entries import CredentialEntry, entry_facts
from auth.credentials.signing import new_data_loader, sign_as
from auth.credentials.store import CredentialStore
from auth.errors import AuthError
from auth.permissions import EVERYONE, Permission
from auth.policy import Policy
from aws.client.call_stats import collect_call_stats
from aws.client.errors import AWSError
from aws.client.operations import READ_OPERATIONS
from aws.client.rate_limit import RateLimiters
from aws.iam_policy import OPTIONAL_OPERATIONS
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import InventoryConfig
from aws.kinds.kind import Kind
from aws.scopes import OpenScope, ScopePool
from aws.storage import Readability
from gateway.scope_opener import ScopeDeps, ScopeOpener
from gateway.settings.settings import Settings

_NEEDED = frozenset(
    operation.action for operation in READ_OPERATIONS.values() if operation.name not in OPTIONAL_OPERATIONS
)
_SAMPLE = 10


@dataclass(frozen=True, slots=True)
class AccessFinding:
    """One thing that a role may or may not do.

    Attributes:
        line: A description for the report.
        fault: True if the command fails because of it.
    """

    line: str
    fault: bool


class RoleChecks:
    """Asks AWS as each entry, and changes nothing.

    Args:
        settings: The settings.
        store: The entries' credentials.
    """

    def __init__(self, settings: Settings, store: CredentialStore) -> None:
        self._settings = settings
        loader = new_data_loader()
        config = InventoryConfig(settings.sagemaker, settings.limits.scan, settings.sagemaker.search)
        self._policy = Policy(settings.entries(), settings.permissions)
        self._deps = ScopeDeps(
            self._policy, store, ScopePool(0), settings.aws.endpoint_url, loader, RateLimiters(), config
        )

    async def findings(self, entry: CredentialEntry, groups: tuple[str, ...]) -> list[AccessFinding]:
        """Check one entry for the groups that it serves. Errors of AWS are findings.

        Args:
            entry: The credential entry.
            groups: The groups that it serves; `*` stands for everyone else.
        """
        try:
            async with self._scope(entry) as scope:
                findings = [*await self._check_sagemaker(scope, entry, groups), *await self._check_search(scope, entry)]
                for prefix, permission in self._prefixes(scope, groups):
                    findings += await self._check_prefix(scope, prefix, permission)
        except (AWSError, AuthError) as error:
            return [AccessFinding(f"cannot be checked: {error}", fault=True)]
        return findings

    @asynccontextmanager
    async def _scope(self, entry: CredentialEntry) -> AsyncIterator[OpenScope]:
        horizon = horizon_at(self._deps.inventory_config.ages, self._deps.inventory_config.now())
        async with AsyncExitStack() as stack:
            with sign_as(GATEWAY_SUBJECT), collect_call_stats():
                yield await ScopeOpener(self._deps, horizon, None, stack).open(entry, entry.region)

    async def _check_sagemaker(
        self, scope: OpenScope, entry: CredentialEntry, groups: tuple[str, ...]
    ) -> list[AccessFinding]:
        access = await scope.reader.check_access(entry_facts(entry)[0])
        refused = [
            operation for operation in access.operations if operation.allowed is False and operation.action in _NEEDED
        ]
        findings = [
            AccessFinding(f"may not {operation_access.action}: {', '.join(operation_access.needed_for)}", fault=True)
            for operation_access in refused
        ]
        if not refused:
            findings.append(AccessFinding("may read SageMaker", fault=False))
        passing = next((item for item in access.operations if item.action == "iam:PassRole"), None)
        if passing is not None and self._may(groups, Permission.CREATE_JOBS):
            known: dict[bool | None, str] = {
                True: "may pass roles to jobs",
                False: "may not pass any role, so no training job starts",
            }
            line = known.get(passing.allowed, f"it is not known which roles it may pass to jobs: {passing.detail}")
            findings.append(AccessFinding(line, fault=passing.allowed is False))
        return findings

    async def _check_search(self, scope: OpenScope, entry: CredentialEntry) -> list[AccessFinding]:
        """Compare a sample: Search may show models that Describe refuses."""
        allowed = self._settings.sagemaker.search if entry.search is None else entry.search
        if not allowed:
            return []
        shown, refused = await scope.reader.compare_search(Kind.MODEL, _SAMPLE)
        if refused:
            line = f"Search shows models that the role may not describe ({refused} of {shown}); turn search off"
            return [AccessFinding(line, fault=True)]
        return [AccessFinding(f"Search is on; the role may describe all of {shown} models that it shows", fault=False)]

    def _prefixes(self, scope: OpenScope, groups: tuple[str, ...]) -> Iterator[tuple[str, Permission]]:
        """The prefixes below which the entry's groups keep assets and rehearsals."""
        bucket, rehearsals = self._settings.assets.bucket, self._settings.deployments.rehearsal.output_s3_uri
        for group in groups:
            below = f"{scope.account_id}/" if group == EVERYONE else f"{scope.account_id}/{group}/"
            if bucket is not None and self._may((group,), Permission.IMPORT):
                yield f"s3://{bucket}/{below}", Permission.IMPORT
            if rehearsals is not None and self._may((group,), Permission.DEPLOY):
                yield f"{rehearsals.rstrip('/')}/{below}", Permission.DEPLOY

    async def _check_prefix(self, scope: OpenScope, prefix: str, permission: Permission) -> list[AccessFinding]:
        storage, reason = scope.writer.storage, f"the group has {permission.value}"
        findings = []
        if await storage.readability(prefix) is Readability.DENIED:
            findings.append(AccessFinding(f"may not read {prefix}, and {reason}", fault=True))
        if not await storage.is_writable(prefix):
            findings.append(AccessFinding(f"may not write to {prefix}, and {reason}", fault=True))
        return findings or [AccessFinding(f"may read and write {prefix}", fault=False)]

    def _may(self, groups: tuple[str, ...], permission: Permission) -> bool:
        grants = self._settings.permissions
        return any(permission in grant.allow for grant in grants if grant.group in {EVERYONE, *groups})
