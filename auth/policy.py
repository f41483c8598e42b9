"""Authorization policy: role selection, permissions and start limits of groups, each with its reason."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from auth.caller import Caller
from auth.credential_entries import AssumedRole, CredentialEntries, CredentialEntry, StoredKeys
from auth.errors import ForbiddenError, UnknownRegionError, no_caller_error
from auth.permissions import EVERYONE, Grant, Permission

MAX_ANSWERS: Final = 1_000
MAX_ANSWER_GROUPS: Final = 20
"""The most answers of a policy that are kept, and the most groups of a caller whose answers are kept."""

_NO_GROUPS: Final = (
    "The caller has no groups, so no AWS role. The caller's identity must name a group that has a role under "
    "`sagemaker-credentials`."
)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class RoleSelection:
    """The group that a request acts for, and the credential entry that serves it.

    Attributes:
        group: The group that it acts for; None for a caller without groups.
        entry: The credential entry that serves it; None if none does, and then AWS cannot be called.
        reason: The reason for this selection, in a sentence; without an entry, also the remedy.
    """

    group: str | None
    entry: CredentialEntry | None
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of the settings: which caller may do what, with which role.

    Attributes:
        entries: The credential entries.
        grants: The permissions of the settings; everything else is forbidden.
    """

    entries: CredentialEntries
    grants: tuple[Grant, ...] = ()
    _answers: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def answer(self, caller: Caller, question: Hashable, work: Callable[[], Answer]) -> Answer:
        """Give an answer that follows from the settings and the caller's groups alone, computed once for these groups.

        Args:
            caller: The caller; the groups and the requested group are part of the key.
            question: Everything else that the answer depends on.
            work: Computes the answer; an error is not kept.
        """
        if len(caller.groups) > MAX_ANSWER_GROUPS:
            return work()
        key = caller.groups, caller.requested_group, question
        if key in self._answers:
            known: Answer = self._answers[key]
            return known
        answer = work()
        if len(self._answers) >= MAX_ANSWERS:
            self._answers.clear()
        self._answers[key] = answer
        return answer

    def select_acting_role(self, caller: Caller | None) -> RoleSelection:
        """Select the group and the role that this request of `caller` acts for.

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The request asks for a group that the caller is not in.
        """
        caller = _require_caller(caller)
        return self.answer(caller, "acting role", partial(self._select_acting_role, caller))

    def _select_acting_role(self, caller: Caller) -> RoleSelection:
        if caller.requested_group is not None:
            return self._select_named(caller, caller.requested_group, "The request asks to act for this group.")
        first = next(self._entries_serving(caller), None)
        if first is not None:
            group, entry = first
            return RoleSelection(group, entry, f"The first of the caller's groups in the settings ({entry.key}).")
        return self._select_fallback(caller, caller.groups[0] if caller.groups else None)

    def select_role_for(self, caller: Caller | None, group: str | None) -> RoleSelection:
        """Select the role for the `group` argument of a query; None selects the acting role of the request.

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The caller is not in the group.
        """
        if group is None:
            return self.select_acting_role(caller)
        return self._select_named(_require_caller(caller), group, "The query names this group.")

    def available_roles(self, caller: Caller | None) -> tuple[RoleSelection, ...]:
        """Give a selection for each group of the caller that has a role, in the default order.

        A caller without groups has one if the settings serve everyone.

        Raises:
            UnauthenticatedError: `caller` is None.
        """
        caller = _require_caller(caller)
        served = tuple(
            RoleSelection(group, entry, f"Served by {entry.key}.") for group, entry in self._entries_serving(caller)
        )
        if served:
            return served
        selections = (self._select_fallback(caller, group) for group in caller.groups or (None,))
        return tuple(selection for selection in selections if selection.entry is not None)

    def permissions(self, caller: Caller | None, group: str | None) -> frozenset[Permission]:
        """Give the permissions that the caller has in `group`: those of everyone, and those of the group (None: none).

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The caller is not in the group.
        """
        caller = _require_caller(caller)
        return self.answer(caller, ("permissions", group), partial(self._permissions, caller, group))

    def _permissions(self, caller: Caller, group: str | None) -> frozenset[Permission]:
        return frozenset(permission for grant in self.grants_for(caller, group) for permission in grant.allow)

    def grants_for(self, caller: Caller | None, group: str | None) -> tuple[Grant, ...]:
        """Give the grants that hold for the caller in `group`, in their order; without a group, those of everyone.

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The caller is not in the group.
        """
        _require_member(_require_caller(caller), group)
        return tuple(grant for grant in self.grants if grant.group in {EVERYONE, group})

    def require(self, caller: Caller | None, group: str | None, permission: Permission) -> None:
        """Return only if the caller has `permission` in `group`.

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The caller is not in the group, or does not have the permission in it.
        """
        if permission not in self.permissions(caller, group):
            subject = "A caller without a group" if group is None else f"The group `{group}`"
            raise ForbiddenError(
                f"{subject} does not have the permission {permission.value}; an administrator grants it "
                "under `permissions`."
            )

    def overseen_groups(self, caller: Caller | None, group: str | None) -> tuple[str, ...]:
        """Give the groups whose registrations and deployments `group` sees and decides for, itself first.

        Raises:
            UnauthenticatedError: `caller` is None.
            ForbiddenError: The caller is not in the group.
        """
        rest = (other for grant in self.grants_for(caller, group) for other in grant.over)
        own = () if group is None else (group,)
        return tuple(dict.fromkeys((*own, *rest)))

    def select_role(self, group: str) -> RoleSelection:
        """Select the role of a group itself: for the gateway's work in its name, and for callers who are over it.

        It needs no caller, so its users check permissions first.
        """
        return self._select_named(Caller("", (group,)), group, "The gateway acts for this group.")

    def _select_named(self, caller: Caller, group: str, reason: str) -> RoleSelection:
        _require_member(caller, group)
        entry = next((entry for served, entry in self._entries_serving(caller) if served == group), None)
        if entry is not None:
            return RoleSelection(group, entry, reason)
        if next(self._entries_serving(caller), None) is None:
            return self._select_fallback(caller, group)
        return RoleSelection(group, None, f"The group `{group}` has no AWS role. {_role_remedy(group)}")

    def _entries_serving(self, caller: Caller) -> Iterator[tuple[str, CredentialEntry]]:
        """The caller's groups that have an entry of their own, with it, in the default order."""
        groups = frozenset(caller.groups) - {EVERYONE}
        return ((group, entry) for group, entry in _groups_in_default_order(self.entries) if group in groups)

    def _select_fallback(self, caller: Caller, group: str | None) -> RoleSelection:
        """Select the role of a caller none of whose groups has an entry: everyone's entry, if there is one."""
        for served, entry in _groups_in_default_order(self.entries):
            if served == EVERYONE:
                return RoleSelection(
                    group,
                    entry,
                    f"None of the caller's groups has an AWS role of its own; {entry.key} serves everyone else.",
                )
        if not caller.groups:
            return RoleSelection(None, None, _NO_GROUPS)
        return RoleSelection(group, None, f"None of the caller's groups has an AWS role. {_role_remedy(group)}")


def select_region(selection: RoleSelection, requested: str | None) -> str:
    """Give the region to call: `requested`, or the entry's own if that is None.

    Raises:
        ForbiddenError: The selection has no role.
        UnknownRegionError: `requested` is not a region of the entry.
    """
    if selection.entry is None:
        raise ForbiddenError(selection.reason)
    if requested is None:
        return selection.entry.region
    if requested not in selection.entry.regions:
        known = ", ".join(selection.entry.regions)
        raise UnknownRegionError(
            f"The role of the group `{selection.group}` is not set up for the region `{requested}`; it is for: {known}."
        )
    return requested


def _groups_in_default_order(entries: CredentialEntries) -> Iterator[tuple[str, CredentialEntry]]:
    """Every group that the settings serve, with its entry, in the order of defaults."""
    owned: tuple[AssumedRole | StoredKeys, ...] = (*entries.assumed, *entries.stored)
    for entry in owned:
        yield entry.group, entry
    for role in entries.web_identity:
        for group in role.groups:
            yield group, role
    for keys in entries.ambient:
        yield EVERYONE, keys


def _require_caller(caller: Caller | None) -> Caller:
    if caller is None:
        raise no_caller_error()
    return caller


def _require_member(caller: Caller, group: str | None) -> None:
    if group is not None and group not in caller.groups:
        raise ForbiddenError(f"You are not in the group `{group}`. Name one of your own groups, or none.")


def _role_remedy(group: str | None) -> str:
    return f"An administrator can give `{group}` one under `sagemaker-credentials`."


@dataclass(frozen=True, slots=True)
class StartLimits:
    """Limits of the instances that may be started for a group.

    Attributes:
        instance_types: The allowed instance types; None means any.
        max_instances: The most instances at once; None means any number.
    """

    instance_types: frozenset[str] | None = None
    max_instances: int | None = None


def start_limits_of(policy: Policy, group: str) -> StartLimits:
    """Give the limits of starts for a group: the narrowest of all grants to the group or to everyone."""
    grants = [grant for grant in policy.grants if grant.group in {EVERYONE, group}]
    types = [frozenset(grant.instance_types) for grant in grants if grant.instance_types is not None]
    counts = [grant.max_instances for grant in grants if grant.max_instances is not None]
    return StartLimits(frozenset.intersection(*types) if types else None, min(counts, default=None))
