"""Decides for which group a request acts, with which entry's role, and what it may do; and can say why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auth.caller import Caller
from auth.entries import AssumedRole, AuthenticationType, Entries, Entry, StoredKeys, WebIdentityRole, account_of
from auth.errors import ForbiddenError, UnauthenticatedError, UnknownRegionError
from auth.permissions import Grant, Permission

EVERYONE: Final = "*"
"""In the settings: every authenticated caller."""


@dataclass(frozen=True, slots=True)
class Seat:
    """For whom a request acts, and with what.

    Attributes:
        group: The group that it acts for; None for a caller without any.
        entry: The credential entry that serves it; None where there is none, and then nothing in AWS can be asked.
        why: How this came about, in a sentence; where there is no entry, also what would help.
    """

    group: str | None
    entry: Entry | None
    why: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings' answer to who may do what with which role.

    Attributes:
        entries: The credential entries.
        grants: The permissions that are written down; what is not written is not allowed.
    """

    entries: Entries
    grants: tuple[Grant, ...] = ()

    def acting(self, caller: Caller | None) -> Seat:
        """Give the seat that this request acts from.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The request asks for a group that the caller is not in.
        """
        caller = _known(caller)
        if caller.asked_group is not None:
            return self._asked(caller, caller.asked_group, "The request asks to act for this group.")
        first = next(self._served(caller), None)
        if first is not None:
            group, entry = first
            return Seat(group, entry, f"The first of the caller's groups in the settings ({entry.key}).")
        return self._unserved(caller, caller.groups[0] if caller.groups else None)

    def seat(self, caller: Caller | None, group: str | None) -> Seat:
        """Give the seat for a `group` argument; without one, the seat that the request acts from.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The caller is not in the group.
        """
        if group is None:
            return self.acting(caller)
        return self._asked(_known(caller), group, "The query names this group.")

    def seats(self, caller: Caller | None) -> tuple[Seat, ...]:
        """Give one seat for each group of the caller that has a role, in the default order.

        A caller without groups has one where everyone is served.

        Raises:
            UnauthenticatedError: Nobody is asking.
        """
        caller = _known(caller)
        served = tuple(Seat(group, entry, f"Served by {entry.key}.") for group, entry in self._served(caller))
        if served:
            return served
        seats = (self._unserved(caller, group) for group in caller.groups or (None,))
        return tuple(seat for seat in seats if seat.entry is not None)

    def permissions(self, caller: Caller | None, group: str | None) -> frozenset[Permission]:
        """Give what the caller may do for a group: what everyone may, and what the group may.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The caller is not in the group.
        """
        return frozenset(permission for grant in self.granted(caller, group) for permission in grant.allow)

    def granted(self, caller: Caller | None, group: str | None) -> tuple[Grant, ...]:
        """Give the grants that hold for the caller in a group, as written; without a group, those of everyone.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The caller is not in the group.
        """
        _check_member(_known(caller), group)
        return tuple(grant for grant in self.grants if grant.group in {EVERYONE, group})

    def require(self, caller: Caller | None, group: str | None, permission: Permission) -> None:
        """Return only if the caller may do this for the group.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The caller is not in the group, or may not do this for it.
        """
        if permission not in self.permissions(caller, group):
            whose = "A caller without a group" if group is None else f"The group `{group}`"
            raise ForbiddenError(
                f"{whose} does not have the permission {permission.value}; `permissions` would grant it."
            )

    def over(self, caller: Caller | None, group: str | None) -> tuple[str, ...]:
        """Give the groups whose registrations and deployments this group sees and decides for, itself first.

        Raises:
            UnauthenticatedError: Nobody is asking.
            ForbiddenError: The caller is not in the group.
        """
        others = (other for grant in self.granted(caller, group) for other in grant.over)
        own = () if group is None else (group,)
        return tuple(dict.fromkeys((*own, *others)))

    def seat_of(self, group: str) -> Seat:
        """Give the seat of a group itself: for what the gateway does in its name, and for whoever is over it.

        It asks for no caller, so whoever uses it has looked at permissions first.
        """
        return self._asked(Caller("", (group,)), group, "The gateway acts for this group.")

    def _asked(self, caller: Caller, group: str, why: str) -> Seat:
        _check_member(caller, group)
        entry = next((entry for served, entry in self._served(caller) if served == group), None)
        if entry is not None:
            return Seat(group, entry, why)
        if next(self._served(caller), None) is None:
            return self._unserved(caller, group)
        return Seat(group, None, f"{why} {_remedy(group)}")

    def _served(self, caller: Caller) -> Iterator[tuple[str, Entry]]:
        """The caller's groups that have an entry of their own, with it, in the default order."""
        groups = frozenset(caller.groups) - {EVERYONE}
        return ((group, entry) for group, entry in _in_order(self.entries) if group in groups)

    def _unserved(self, caller: Caller, group: str | None) -> Seat:
        """The seat of a caller none of whose groups has an entry: everyone's entry, where there is one."""
        for entry in self.entries.web_identity:
            if EVERYONE in entry.groups:
                return Seat(
                    group, entry, f"None of the caller's groups has an entry; {entry.key} serves everyone else."
                )
        if not caller.groups:
            return Seat(None, None, "The identity has no groups, so no role; a group with an entry is needed.")
        return Seat(group, None, f"None of the caller's groups has an entry. {_remedy(group)}")


def region(seat: Seat, asked: str | None) -> str:
    """Give the region to ask: the one that the query names, or the entry's own.

    Raises:
        ForbiddenError: The seat has no role.
        UnknownRegionError: The entry does not name this region.
    """
    if seat.entry is None:
        raise ForbiddenError(seat.why)
    if asked is None:
        return seat.entry.region
    if asked not in seat.entry.regions:
        known = ", ".join(seat.entry.regions)
        raise UnknownRegionError(
            f"The role of the group `{seat.group}` is not set up for the region `{asked}`; it is for: {known}."
        )
    return asked


def facts(entry: Entry) -> tuple[str | None, str | None, AuthenticationType]:
    """Give what the settings alone tell of an entry: its role's ARN, its account, and how it comes by credentials."""
    match entry:
        case AssumedRole(role_arn=arn):
            return arn, account_of(arn), AuthenticationType.ASSUME_ROLE
        case WebIdentityRole(role_arn=arn):
            return arn, account_of(arn), AuthenticationType.ASSUME_ROLE_WITH_WEB_IDENTITY
        case _:
            return None, None, AuthenticationType.BASIC


def _in_order(entries: Entries) -> Iterator[tuple[str, Entry]]:
    """Every group that the settings serve, with its entry, in the order in which a default is looked for."""
    owned: tuple[AssumedRole | StoredKeys, ...] = (*entries.assumed, *entries.stored)
    for entry in owned:
        yield entry.group, entry
    for role in entries.web_identity:
        for group in role.groups:
            yield group, role


def _known(caller: Caller | None) -> Caller:
    if caller is None:
        raise UnauthenticatedError("This needs a caller, and the request carries no identity.")
    return caller


def _check_member(caller: Caller, group: str | None) -> None:
    if group is not None and group not in caller.groups:
        raise ForbiddenError(f"You are not in the group `{group}`; name one of your own, or none.")


def _remedy(group: str | None) -> str:
    return f"The group `{group}` has no role; an entry for it under `sagemaker-credentials` would give it one."
