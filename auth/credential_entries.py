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
        key: Where it stands in the settings, for messages, such as `assumeRoleByGroup[0]`.
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
        session_token: What belongs to keys that do not live long; only entered ones may have it.
    """

    group: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbientKeys(CredentialEntry):
    """The keys that the default AWS chain of the process finds, for every authenticated caller without an entry.

    No settings file can say so: whoever starts `explore` is the one caller.

    Attributes:
        profile: The profile of the AWS configuration; None for the chain's own choice.
    """

    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebIdentityRole(CredentialEntry):
    """A role taken with a web-identity token (`eksServiceAccountCredentials`).

    Attributes:
        path: The entry's name, which `base: {path: …}` refers to.
        role_arn: The role.
        token_file: The file that holds the token. It is rotated, so it is read again at each refresh.
        groups: Who is served with this role itself: none (a base only), some, or `("*",)` for every
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
    """The web-identity entry of this name."""

    path: str


@dataclass(frozen=True, slots=True)
class GroupBase:
    """The stored keys of this group."""

    group: str


BaseReference = AmbientBase | PathBase | GroupBase


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedRole(CredentialEntry):
    """A role assumed for one group on top of a base (`assumeRoleByGroup`)."""

    group: str
    role_arn: str
    external_id: str | None = field(default=None, repr=False)
    base: BaseReference = AmbientBase()


@dataclass(frozen=True, slots=True)
class CredentialEntries:
    """All credential entries, each list in the order that the settings write it in, which is the default order."""

    assumed: tuple[AssumedRole, ...] = ()
    stored: tuple[StoredKeys, ...] = ()
    web_identity: tuple[WebIdentityRole, ...] = ()
    ambient: tuple[AmbientKeys, ...] = ()

    def has(self, entry: CredentialEntry) -> bool:
        """Tell whether an entry is one of these, and not only equal to one."""
        return any(entry is one for one in (*self.assumed, *self.stored, *self.web_identity))


def account_in_role_arn(role_arn: str) -> str | None:
    """The account id in a role's ARN of any partition; None if the text is no such ARN."""
    parts = role_arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4] else None


def entry_facts(entry: CredentialEntry) -> tuple[str | None, str | None, AuthenticationType]:
    """Give what the settings alone tell of an entry: its role's ARN, its account, and how it comes by credentials."""
    match entry:
        case AssumedRole(role_arn=arn):
            return arn, account_in_role_arn(arn), AuthenticationType.ASSUME_ROLE
        case WebIdentityRole(role_arn=arn):
            return arn, account_in_role_arn(arn), AuthenticationType.ASSUME_ROLE_WITH_WEB_IDENTITY
        case _:
            return None, None, AuthenticationType.BASIC
