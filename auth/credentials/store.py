"""Keeps the AWS credentials of every caller in every role, and the clients that they are taken with."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Protocol, Self

from auth.caller import GATEWAY
from auth.credentials.ambient import AmbientCredentials
from auth.credentials.assumed_roles import AssumedRoleStrategy, Base
from auth.credentials.flights import Flight, Flights
from auth.credentials.identities import Identity, credential_identity
from auth.credentials.keys import Keys
from auth.credentials.refreshing import RefreshingKeys
from auth.credentials.sessions import new_data_loader, new_session
from auth.credentials.signing import CallerCredentials, SigningCredentials
from auth.credentials.stored_keys import keys_of
from auth.credentials.sts import STS, Question
from auth.credentials.web_identity import WebIdentityStrategy
from auth.entries import AmbientBase, AssumedRole, Entries, Entry, GroupBase, PathBase, StoredKeys, WebIdentityRole
from auth.errors import RoleRefusedError
from auth.policy import facts

MOST_KEPT: Final = 2000
"""Sets of keys kept at once, about 3 kB each. Whoever falls out pays one more call to STS at the next request."""


def _now() -> datetime:
    return datetime.now(UTC)


class Strategy(Protocol):
    """A way of getting keys."""

    async def fetch(self, subject: str) -> Keys:
        """Give new keys for this caller."""


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """Who AWS says that credentials belong to.

    Attributes:
        arn: The ARN of the session or the user.
        account: The account's id.
    """

    arn: str
    account: str


class CredentialStore:
    """The credentials of all callers, each taken once and renewed before it expires.

    Keys are kept per caller and per what they are taken with, so groups with the same role share them. A base under an
    assumed role is taken once, as `sagegraph`, and not once for each caller: the session that signs the calls to the
    services names the caller all the same, and so does the call to AssumeRole in the base account's CloudTrail.

    Args:
        entries: The credential entries; bases are looked up in them.
        endpoint_url: Where STS is; None for AWS itself. The default chain's own calls follow AWS_ENDPOINT_URL instead.
        data_loader: botocore's loader of service descriptions to share; None makes one.
        most_kept: How many sets of keys are kept, the least recently used going first.
        now: The time, with its zone.
    """

    def __init__(
        self,
        entries: Entries,
        *,
        endpoint_url: str | None = None,
        data_loader: Any = None,
        most_kept: int = MOST_KEPT,
        now: Callable[[], datetime] = _now,
    ) -> None:
        loader = data_loader or new_data_loader()
        self._entries = entries
        self._most_kept = most_kept
        self._now = now
        self._flights = Flights()
        self._sts = STS(endpoint_url, loader)
        self._kept: OrderedDict[Identity, RefreshingKeys] = OrderedDict()
        ambient = AmbientCredentials(new_session(loader))
        self._ambient = Base(SigningCredentials(ambient.keys), forget=lambda: None)
        self._as_gateway: dict[Identity, SigningCredentials] = {}
        self._questions: dict[Identity, Flight[WhoAmI]] = {}
        self._accounts: dict[Identity, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._flights.close()
        await self._sts.close()

    def credentials_for(self, entry: Entry) -> CallerCredentials:
        """Give the credentials for one client that serves every caller of this entry, signing as `signing_as` says."""
        return CallerCredentials(partial(self.keys, entry))

    async def keys(self, entry: Entry, subject: str) -> Keys:
        """Give the keys of one caller, good for minutes at least.

        Raises:
            CredentialsError: There are none to be had.
        """
        if isinstance(entry, StoredKeys):
            return keys_of(entry)
        return await self._refreshing(entry, subject).get()

    def forget(self, entry: Entry, subject: str) -> None:
        """Drop a caller's keys, because AWS has said that they are no longer good; the next use takes new ones."""
        kept = self._kept.get(_key(entry, subject))
        if kept is not None:
            kept.forget()

    async def account(self, entry: Entry) -> str:
        """Give the id of the account that the entry's credentials are in: from its role's ARN, else from AWS, once.

        Raises:
            CredentialsError: AWS would not say.
        """
        identity = credential_identity(entry)
        known = facts(entry)[1] or self._accounts.get(identity)
        if known is None:
            known = self._accounts[identity] = (await self.check(entry)).account
        return known

    async def check(self, entry: Entry) -> WhoAmI:
        """Take the entry's credentials as the gateway itself, and give whom AWS takes them for.

        Raises:
            CredentialsError: The role cannot be had, or AWS does not take its keys.
        """
        flight = self._questions.setdefault(
            credential_identity(entry), Flight(self._flights, partial(self._who, entry))
        )
        return await flight.join()

    async def _who(self, entry: Entry) -> WhoAmI:
        question = Question(operation="GetCallerIdentity", region=entry.region, whose=entry.key, role=facts(entry)[0])
        answer = await self._sts.ask(question, self._gateway(entry))
        return WhoAmI(arn=answer["Arn"], account=answer["Account"])

    def _gateway(self, entry: Entry) -> SigningCredentials:
        """What signs as the gateway itself with an entry's credentials; the same each time, as it has its client."""
        keys = partial(self.keys, entry, GATEWAY)
        return self._as_gateway.setdefault(credential_identity(entry), SigningCredentials(keys))

    def _refreshing(self, entry: Entry, subject: str) -> RefreshingKeys:
        key = _key(entry, subject)
        kept = self._kept.get(key)
        if kept is None:
            fetch = partial(self._strategy(entry).fetch, subject)
            kept = self._kept[key] = RefreshingKeys(self._flights, fetch, self._now)
            if len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept

    def _strategy(self, entry: Entry) -> Strategy:
        match entry:
            case WebIdentityRole():
                return WebIdentityStrategy(entry, self._sts)
            case AssumedRole():
                return AssumedRoleStrategy(entry, self._sts, self._base(entry))
            case _:
                raise TypeError(f"{type(entry).__name__} is no kind of entry that credentials can be had for.")

    def _base(self, entry: AssumedRole) -> Base:
        match entry.base:
            case AmbientBase():
                return self._ambient
            case PathBase(path=path):
                found: list[Entry] = [base for base in self._entries.web_identity if base.path == path]
            case GroupBase(group=group):
                found = [base for base in self._entries.stored if base.group == group]
        if not found:
            raise RoleRefusedError(
                f"{entry.key}.base names an entry that the settings do not have.", role=entry.role_arn
            )
        return Base(self._gateway(found[0]), partial(self.forget, found[0], GATEWAY))


def _key(entry: Entry, subject: str) -> Identity:
    return (*credential_identity(entry), subject)
