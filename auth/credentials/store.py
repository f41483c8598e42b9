"""The AWS credentials of every caller in every role, and the clients that get them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Protocol, Self

from auth.caller import GATEWAY_SUBJECT
from auth.credential_entries import (
    AmbientBase,
    AmbientKeys,
    AssumedRole,
    CredentialEntries,
    CredentialEntry,
    GroupBase,
    PathBase,
    StoredKeys,
    WebIdentityRole,
    entry_facts,
)
from auth.credentials.ambient import AmbientCredentials
from auth.credentials.assume_role import AssumeRoleStrategy, BaseCredentials, WebIdentityStrategy
from auth.credentials.aws_keys import AwsKeys, AwsPrincipal, principal_of, stored_keys
from auth.credentials.fingerprints import CredentialFingerprint, credential_fingerprint
from auth.credentials.refreshable_keys import RefreshableKeys
from auth.credentials.signing import CallerCredentials, SigningCredentials, new_data_loader, new_session
from auth.credentials.sts import StsClient, StsRequest
from auth.errors import CredentialsUnavailableError, RoleRefusedError
from concurrency.call_observer import UNOBSERVED, CallObserver
from concurrency.single_flight import SingleFlight

MAX_KEY_SETS: Final = 2000
"""Sets of keys kept at once, about 3 kB each. A caller whose set was evicted costs one more call to STS."""


def _now() -> datetime:
    return datetime.now(UTC)


class CredentialStrategy(Protocol):
    """A way of getting keys."""

    async def fetch(self, subject: str) -> AwsKeys:
        """Give new keys for the caller `subject`."""


@dataclass(frozen=True, slots=True)
class StsIdentity:
    """The identity that AWS sees behind credentials.

    Attributes:
        arn: The ARN of the session or the user.
        account: The id of the account.
        user_id: The unique id of the user, or of the role and its session.
    """

    arn: str
    account: str
    user_id: str


class CredentialStore:
    """The credentials of all callers, each got once and renewed before it expires.

    Keys are kept by caller and credential fingerprint, so groups with the same role share them. A base under an assumed
    role is got once, as `sagegraph`, and not once for each caller: the session that signs the calls to the services
    names the caller all the same, and so does the call to AssumeRole in the base account's CloudTrail.

    Args:
        entries: The credential entries; bases are looked up in them.
        endpoint_url: The address of STS; None for AWS itself. The default chain's own calls follow AWS_ENDPOINT_URL
            instead.
        data_loader: botocore's loader of service descriptions to share; None makes one.
        max_key_sets: The most sets of keys that are kept; the least recently used is evicted first.
        now: Gives the time, with its zone.
        observer: Hears of each call to STS, for metrics.
    """

    def __init__(
        self,
        entries: CredentialEntries,
        *,
        endpoint_url: str | None = None,
        data_loader: Any = None,
        max_key_sets: int = MAX_KEY_SETS,
        now: Callable[[], datetime] = _now,
        observer: CallObserver = UNOBSERVED,
    ) -> None:
        loader = data_loader or new_data_loader()
        self._entries = entries
        self._max_key_sets = max_key_sets
        self._now = now
        self._single_flight = SingleFlight(seconds=None, closed_error=_closed_error)
        self._sts = StsClient(endpoint_url, loader, observer)
        self._key_sets: OrderedDict[CredentialFingerprint, RefreshableKeys] = OrderedDict()
        self._loader = loader
        self._ambient: dict[str | None, AmbientCredentials] = {}
        self._ambient_base = BaseCredentials(
            SigningCredentials(self._ambient_credentials(None).keys), invalidate=lambda: None
        )
        self._gateway_signers: dict[CredentialFingerprint, SigningCredentials] = {}
        self._identities: dict[CredentialFingerprint, StsIdentity] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._single_flight.close()
        await self._sts.close()

    def credentials_for(self, entry: CredentialEntry) -> CallerCredentials:
        """Give credentials for a client shared by every caller of this entry; they sign as `signing_subject` says."""
        return CallerCredentials(partial(self.keys, entry))

    async def keys(self, entry: CredentialEntry, subject: str) -> AwsKeys:
        """Give the keys of the caller `subject`, valid for minutes at least.

        Raises:
            CredentialsError: STS refuses them or cannot be reached, or the default chain has none.
        """
        if isinstance(entry, StoredKeys):
            return stored_keys(entry)
        if isinstance(entry, AmbientKeys):
            return await self._ambient_credentials(entry.profile).keys()
        return await self._refreshable_keys(entry, subject).get()

    def invalidate(self, entry: CredentialEntry, subject: str) -> None:
        """Drop the keys of the caller `subject`, because AWS rejects them; the next use gets new ones."""
        keys = self._key_sets.get(_key(entry, subject))
        if keys is not None:
            keys.invalidate()

    async def account(self, entry: CredentialEntry) -> str:
        """Give the id of the account that the entry's credentials are in: from its role's ARN, else from AWS, once.

        Raises:
            CredentialsError: There are no credentials to ask AWS with, or STS did not answer.
        """
        return entry_facts(entry)[1] or (await self._identity(entry)).account

    async def principal(self, entry: CredentialEntry, subject: str) -> AwsPrincipal | None:
        """Give the user or role behind the entry's credentials; None if STS has not named it.

        It makes no call that `account` and `keys` do not make as well.

        Raises:
            CredentialsError: STS refuses them or cannot be reached, or the default chain has none.
        """
        if isinstance(entry, StoredKeys | AmbientKeys):
            identity = await self._identity(entry)
            return principal_of(identity.arn, identity.user_id)
        return (await self.keys(entry, subject)).principal

    async def _identity(self, entry: CredentialEntry) -> StsIdentity:
        fingerprint = credential_fingerprint(entry)
        if fingerprint not in self._identities:
            self._identities[fingerprint] = await self.verify(entry)
        return self._identities[fingerprint]

    async def verify(self, entry: CredentialEntry) -> StsIdentity:
        """Get the entry's credentials for the gateway itself, and give the identity that AWS sees behind them.

        Raises:
            CredentialsError: STS refuses the role, or AWS rejects its keys.
        """
        key = ("identity", *credential_fingerprint(entry))
        return await self._single_flight.do(key, partial(self._get_caller_identity, entry))

    async def _get_caller_identity(self, entry: CredentialEntry) -> StsIdentity:
        question = StsRequest(
            operation="GetCallerIdentity", region=entry.region, credentials_name=entry.key, role=entry_facts(entry)[0]
        )
        answer = await self._sts.call(question, self._gateway_signer(entry))
        return StsIdentity(arn=answer["Arn"], account=answer["Account"], user_id=answer["UserId"])

    def _gateway_signer(self, entry: CredentialEntry) -> SigningCredentials:
        """Give the signer of the gateway itself for an entry; one for each entry, because it owns a client."""
        keys = partial(self.keys, entry, GATEWAY_SUBJECT)
        return self._gateway_signers.setdefault(credential_fingerprint(entry), SigningCredentials(keys))

    def _ambient_credentials(self, profile: str | None) -> AmbientCredentials:
        """Give the credentials of a profile's chain; one for each profile, because it renews them."""
        if profile not in self._ambient:
            self._ambient[profile] = AmbientCredentials(new_session(self._loader, profile=profile))
        return self._ambient[profile]

    def _refreshable_keys(self, entry: CredentialEntry, subject: str) -> RefreshableKeys:
        key = _key(entry, subject)
        keys = self._key_sets.get(key)
        if keys is None:
            fetch = partial(self._strategy(entry).fetch, subject)
            keys = self._key_sets[key] = RefreshableKeys(self._single_flight, fetch, self._now)
            if len(self._key_sets) > self._max_key_sets:
                self._key_sets.popitem(last=False)
        self._key_sets.move_to_end(key)
        return keys

    def _strategy(self, entry: CredentialEntry) -> CredentialStrategy:
        match entry:
            case WebIdentityRole():
                return WebIdentityStrategy(entry, self._sts)
            case AssumedRole():
                return AssumeRoleStrategy(entry, self._sts, self._base(entry))
            case _:
                raise TypeError(f"{type(entry).__name__} is not a kind of entry that has credentials.")

    def _base(self, entry: AssumedRole) -> BaseCredentials:
        match entry.base:
            case AmbientBase():
                return self._ambient_base
            case PathBase(path=path):
                entries: list[CredentialEntry] = [base for base in self._entries.web_identity if base.path == path]
            case GroupBase(group=group):
                entries = [base for base in self._entries.stored if base.group == group]
        if not entries:
            raise RoleRefusedError(
                f"{entry.key}.base names an entry that the settings do not have.", role=entry.role_arn
            )
        return BaseCredentials(self._gateway_signer(entries[0]), partial(self.invalidate, entries[0], GATEWAY_SUBJECT))


def _closed_error() -> CredentialsUnavailableError:
    return CredentialsUnavailableError("The gateway is shutting down; send the request again.")


def _key(entry: CredentialEntry, subject: str) -> CredentialFingerprint:
    return (*credential_fingerprint(entry), subject)
