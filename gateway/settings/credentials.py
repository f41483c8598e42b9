"""The `sagemaker-credentials` settings: keys and roles by group, and the checks between the entries."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import BeforeValidator

from auth import credential_entries
from gateway.settings.errors import InvalidValueError
from gateway.settings.model import SettingsModel, ValueType, WrittenAs
from gateway.settings.values import (
    REGION_PATTERN,
    AbsolutePath,
    ExternalId,
    GroupOrEveryone,
    Omittable,
    Region,
    RoleArn,
    Secret,
    Switch,
    Text,
    matching,
    one_of,
    text,
)

WEB_IDENTITY = "ASSUME_ROLE_WITH_WEB_IDENTITY"
BasicAuthentication = Annotated[Literal["BASIC"], ValueType("BASIC", one_of("BASIC"))]
WebIdentityAuthentication = Annotated[
    Literal["ASSUME_ROLE_WITH_WEB_IDENTITY"], ValueType(WEB_IDENTITY, one_of(WEB_IDENTITY))
]


REGION_VARIABLE = "AWS_REGION"
EntryRegion = Annotated[
    str,
    ValueType(
        "the name of an AWS region, such as us-east-2",
        matching(REGION_PATTERN),
        line=f"the name of an AWS region, such as `region: us-east-2`, or set {REGION_VARIABLE}",
    ),
]
ServedGroup = Annotated[
    str,
    ValueType(
        'the name of a group, or "*" for every authenticated caller',
        text,
        line='`group: "*"` for every authenticated caller, or the name of one group such as `group: risk`',
    ),
]
EntryName = Annotated[
    str, ValueType("a name for this entry", text, line="a name for this entry, such as `path: platform`")
]


class CommonEntryFields(TypedDict):
    """The fields of every entry; see auth.credential_entries.CredentialEntry.

    Attributes:
        key: The place of the entry below `sagemaker-credentials`.
        region: The default region.
        regions: All regions that a query may name, always with `region`.
        search: Whether SageMaker's Search may be used; None follows `sagemaker.search`.
        per_caller: Whether each caller has a scope of their own.
    """

    key: str
    region: str
    regions: tuple[str, ...]
    search: bool | None
    per_caller: bool


class CredentialSettings(SettingsModel):
    """Keys of every entry of `sagemaker-credentials`.

    Attributes:
        region: The group's region, unless a query names another. Without it: `AWS_REGION` of the environment.
        regions: All regions that a query may name; `region` is always one of them.
        search: Whether SageMaker's Search may be used, which can show resources that Describe would refuse; `null`
            follows `sagemaker.search`.
        per_caller: Whether each caller has a scope of their own instead of the group's shared one. Needed if a policy
            looks at the session name.
    """

    region: EntryRegion
    regions: tuple[Region, ...] = ()
    search: Switch | None = None
    per_caller: Switch = False

    def all_regions(self) -> tuple[str, ...]:
        """The regions, each once, with `region` among them: first, if the list leaves it out."""
        named = tuple(dict.fromkeys(self.regions))
        return named if self.region in named else (self.region, *named)

    def common_fields(self, key: str) -> CommonEntryFields:
        """The fields of every entry; `key` is its place in the file."""
        return CommonEntryFields(
            key=key,
            region=self.region,
            regions=self.all_regions(),
            search=self.search,
            per_caller=self.per_caller,
        )


class StoredCredential(CredentialSettings):
    """`sagemaker-credentials.storedCredentials`: long-lived keys of a group.

    Attributes:
        group: The group, or `"*"` for every authenticated caller without an entry of their own. Only one entry of all
            three lists may say `"*"`. A blank group stops the start.
        authentication_type: No other value is valid.
        access_key_id: The keys' id.
        secret_access_key: The keys' secret.
    """

    group: ServedGroup
    authentication_type: BasicAuthentication = "BASIC"
    access_key_id: Secret
    secret_access_key: Secret

    def entry(self, key: str) -> credential_entries.StoredKeys:
        """The entry as auth knows it, named by its key below `sagemaker-credentials`."""
        return credential_entries.StoredKeys(
            **self.common_fields(key),
            group=self.group,
            access_key_id=self.access_key_id.get_secret_value(),
            secret_access_key=self.secret_access_key.get_secret_value(),
        )


class EksServiceAccountCredential(CredentialSettings):
    """`sagemaker-credentials.eksServiceAccountCredentials`: a role taken with a web-identity token.

    Attributes:
        path: The entry's name, which `base: {path: …}` refers to; each only once.
        authentication_type: No other value is valid.
        role_arn: The role.
        web_identity_token_file: The absolute path of the token's file. It is read again at each refresh. `check` says
            if it is missing.
        groups: The groups that are served with this role itself; `[]` makes it a base only. `["*"]` serves every
            authenticated caller without an entry of their own.
    """

    path: EntryName
    authentication_type: WebIdentityAuthentication = "ASSUME_ROLE_WITH_WEB_IDENTITY"
    role_arn: RoleArn
    web_identity_token_file: AbsolutePath
    groups: tuple[GroupOrEveryone, ...] = ()

    def entry(self, key: str) -> credential_entries.WebIdentityRole:
        """The entry as auth knows it, named by its key below `sagemaker-credentials`."""
        return credential_entries.WebIdentityRole(
            **self.common_fields(key),
            path=self.path,
            role_arn=self.role_arn,
            token_file=self.web_identity_token_file,
            groups=self.groups,
        )


class BaseCredentialRef(SettingsModel):
    """`sagemaker-credentials.assumeRoleByGroup[].base`: the credentials that assume the role.

    Attributes:
        path: The `path` of an entry of `eksServiceAccountCredentials`.
        group: The `group` of an entry of `storedCredentials`.
    """

    path: Omittable[Text] = None
    group: Omittable[GroupOrEveryone] = None


def parse_base(raw: object) -> object:
    """Read a raw base: None for `ambient`, a mapping as it is. Raises InvalidValueError for anything else."""
    if isinstance(raw, dict):
        return raw
    if raw == "ambient":
        return None
    raise InvalidValueError("is not ambient, {path: …} or {group: …}; write one of them")


class AssumeRoleCredential(CredentialSettings):
    """`sagemaker-credentials.assumeRoleByGroup`: a role assumed for a group.

    Attributes:
        group: The group, or `"*"` for every authenticated caller without an entry of their own. Only one entry of all
            three lists may say `"*"`. A blank group stops the start.
        role_arn: The role.
        external_id: The external id that the role's trust policy asks for. Without it, none is sent.
        base: The credentials that assume the role; None for the gateway's own.
    """

    group: ServedGroup
    role_arn: RoleArn
    external_id: Omittable[ExternalId] = None
    base: Annotated[BaseCredentialRef | None, BeforeValidator(parse_base), WrittenAs("ambient")] = None

    def entry(self, key: str) -> credential_entries.AssumedRole:
        """The entry as auth knows it, named by its key below `sagemaker-credentials`."""
        return credential_entries.AssumedRole(
            **self.common_fields(key),
            group=self.group,
            role_arn=self.role_arn,
            external_id=self.external_id.get_secret_value() if self.external_id is not None else None,
            base=self._base(),
        )

    def _base(self) -> credential_entries.BaseReference:
        if self.base is not None and self.base.path is not None:
            return credential_entries.PathBase(self.base.path)
        if self.base is not None and self.base.group is not None:
            return credential_entries.GroupBase(self.base.group)
        return credential_entries.AmbientBase()


class CredentialsSettings(SettingsModel):
    """`sagemaker-credentials`: the keys or role of each group.

    Attributes:
        stored_credentials: Long-lived keys.
        eks_service_account_credentials: Roles taken with a web-identity token.
        assume_role_by_group: Roles that are assumed.
    """

    stored_credentials: tuple[StoredCredential, ...] = ()
    eks_service_account_credentials: tuple[EksServiceAccountCredential, ...] = ()
    assume_role_by_group: tuple[AssumeRoleCredential, ...] = ()

    def entries(self) -> credential_entries.CredentialEntries:
        """All entries as auth knows them, each named after its place."""
        return credential_entries.CredentialEntries(
            assumed=tuple(
                item.entry(f"assumeRoleByGroup[{number}]") for number, item in enumerate(self.assume_role_by_group)
            ),
            stored=tuple(
                item.entry(f"storedCredentials[{number}]") for number, item in enumerate(self.stored_credentials)
            ),
            web_identity=tuple(
                item.entry(f"eksServiceAccountCredentials[{number}]")
                for number, item in enumerate(self.eks_service_account_credentials)
            ),
        )


EVERYONE = "*"
_LISTS = ("storedCredentials", "eksServiceAccountCredentials", "assumeRoleByGroup")


def with_default_region(settings: Mapping[str, Any], environ: Mapping[str, str]) -> Mapping[str, Any]:
    """Give each credential entry of the raw settings without a region the `AWS_REGION` of the environment, if set."""
    block, region = settings.get("sagemaker-credentials"), environ.get(REGION_VARIABLE)
    if not isinstance(block, Mapping) or not region:
        return settings
    lists = {name: [_with_region(entry, region) for entry in block[name]] for name in _LISTS if _is_list(block, name)}
    return {**settings, "sagemaker-credentials": {**block, **lists}}


def _is_list(block: Mapping[str, Any], name: str) -> bool:
    return isinstance(block.get(name), list)


def _with_region(entry: Any, region: str) -> Any:
    return {"region": region, **entry} if isinstance(entry, Mapping) else entry
