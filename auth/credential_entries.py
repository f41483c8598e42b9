"""Credential entries of the settings as values: which group gets which keys or role, in which regions."""

from dataclasses import dataclass, field
from enum import Enum


class AuthenticationType(Enum):
    """The ways to get an entry's credentials; the names are the contract's (and ModelOp Center's)."""

    BASIC = "BASIC"
    ASSUME_ROLE_WITH_WEB_IDENTITY = "ASSUME_ROLE_WITH_WEB_IDENTITY"
    ASSUME_ROLE = "ASSUME_ROLE"
    ENTERED = "ENTERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialEntry:
    """Fields of every credential entry.

    Attributes:
        key: Its place in the settings, for messages, such as `assumeRoleByGroup[0]`.
        region: The region that its group works in unless a query names another.
        regions: Every region that its group may name; always holds `region`.
        search: Whether SageMaker's Search may be used with it; None follows `sagemaker.search`.
        per_caller: True keeps one scope for each caller, for roles whose policy looks at the session name.
    """

    key: str
    region: str
    regions: tuple[str, ...]
    search: bool | None = None
    per_caller: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKeys(CredentialEntry):
    """Long-lived keys of one group (`storedCredentials`, BASIC), or keys that somebody has entered for one request.

    Attributes:
        group: The group that is served with these keys.
        access_key_id: The access key id.
        secret_access_key: The secret access key.
        session_token: The session token of temporary keys; only entered keys may have one.
    """

    group: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbientKeys(CredentialEntry):
    """The keys that the default AWS chain of the process finds, for every authenticated caller without an entry.

    No settings file can have this entry: only `explore` makes it, for the person who starts it.

    Attributes:
        profile: The profile of the AWS configuration; None for the chain's own choice.
    """

    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebIdentityRole(CredentialEntry):
    """A role taken with a web-identity token (`eksServiceAccountCredentials`).

    Attributes:
        path: The entry's name, which `base: {path: …}` refers to.
        role_arn: The ARN of the role.
        token_file: The file that holds the token. It is rotated, so it is read again at each refresh.
        groups: The groups that are served with this role itself: none (a base only), some, or `("*",)` for every
            authenticated caller without an entry.
    """

    path: str
    role_arn: str
    token_file: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmbientBase:
    """The default AWS chain of the process: environment, profile, container, instance."""


@dataclass(frozen=True, slots=True)
class PathBase:
    """A web-identity entry as the base of a role.

    Attributes:
        path: The `path` of that entry.
    """

    path: str


@dataclass(frozen=True, slots=True)
class GroupBase:
    """Stored keys as the base of a role.

    Attributes:
        group: The `group` of their entry.
    """

    group: str


BaseReference = AmbientBase | PathBase | GroupBase


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedRole(CredentialEntry):
    """A role assumed for one group on top of a base (`assumeRoleByGroup`).

    Attributes:
        group: The group that is served with this role.
        role_arn: The ARN of the role.
        external_id: The external id that its trust policy asks for; None if it asks for none.
        base: The credentials that assume the role.
    """

    group: str
    role_arn: str
    external_id: str | None = field(default=None, repr=False)
    base: BaseReference = AmbientBase()


@dataclass(frozen=True, slots=True)
class CredentialEntries:
    """All credential entries, each list in the order of the settings, which is also the order of defaults.

    Attributes:
        assumed: `assumeRoleByGroup`.
        stored: `storedCredentials`.
        web_identity: `eksServiceAccountCredentials`.
        ambient: The default AWS chain; only `explore` has it.
    """

    assumed: tuple[AssumedRole, ...] = ()
    stored: tuple[StoredKeys, ...] = ()
    web_identity: tuple[WebIdentityRole, ...] = ()
    ambient: tuple[AmbientKeys, ...] = ()

    def has(self, entry: CredentialEntry) -> bool:
        """Tell whether `entry` is one of these objects, and not only equal to one."""
        return any(entry is one for one in (*self.assumed, *self.stored, *self.web_identity))


def account_in_role_arn(role_arn: str) -> str | None:
    """The account id in `role_arn`, of any partition; None if the text is not an ARN of a role."""
    parts = role_arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4] else None


def entry_facts(entry: CredentialEntry) -> tuple[str | None, str | None, AuthenticationType]:
    """Give the facts of `entry` that need no AWS: its role's ARN, its account, and its authentication type."""
    match entry:
        case AssumedRole(role_arn=arn):
            return arn, account_in_role_arn(arn), AuthenticationType.ASSUME_ROLE
        case WebIdentityRole(role_arn=arn):
            return arn, account_in_role_arn(arn), AuthenticationType.ASSUME_ROLE_WITH_WEB_IDENTITY
        case _:
            return None, None, AuthenticationType.BASIC
