"""The `sagemaker-credentials` block: which group is served with which keys or role."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from auth import entries
from gateway.blocks.block import SettingsModel
from gateway.blocks.faults import InvalidValueError
from gateway.blocks.readers import one_of
from gateway.blocks.values import (
    AbsolutePath,
    ExternalId,
    Group,
    GroupOrEveryone,
    Omittable,
    Region,
    RoleArn,
    Secret,
    Switch,
    Text,
    ValueType,
)

WEB_IDENTITY = "ASSUME_ROLE_WITH_WEB_IDENTITY"
BasicAuthentication = Annotated[Literal["BASIC"], ValueType("BASIC", one_of("BASIC"))]
WebIdentityAuthentication = Annotated[
    Literal["ASSUME_ROLE_WITH_WEB_IDENTITY"], ValueType(WEB_IDENTITY, one_of(WEB_IDENTITY))
]


class CredentialSettings(SettingsModel):
    """What every credential entry may say.

    Attributes:
        region: The region that its group works in unless a query names another.
        regions: Every region that its group may name; `region` is always one of them.
        search: Whether SageMaker's Search may be used with it; None follows `sagemaker.search`.
        per_caller: Whether each caller has a scope of their own, for roles whose policy looks at the session name.
    """

    region: Region
    regions: tuple[Region, ...] = ()
    search: Switch | None = None
    per_caller: Switch = False

    def all_regions(self) -> tuple[str, ...]:
        """The regions, each once, with `region` among them: first, if the list leaves it out."""
        named = tuple(dict.fromkeys(self.regions))
        return named if self.region in named else (self.region, *named)


class StoredCredential(CredentialSettings):
    """An item of `storedCredentials`: long-lived keys of one group.

    Attributes:
        group: The group.
        authentication_type: Always BASIC; ModelOp Center's files say it.
        access_key_id: The keys' id.
        secret_access_key: The keys' secret.
    """

    group: Group
    authentication_type: BasicAuthentication = "BASIC"
    access_key_id: Secret
    secret_access_key: Secret

    def entry(self, key: str) -> entries.StoredKeys:
        """The entry as auth knows it."""
        return entries.StoredKeys(
            key=key,
            region=self.region,
            regions=self.all_regions(),
            search=self.search,
            per_caller=self.per_caller,
            group=self.group,
            access_key_id=self.access_key_id.get_secret_value(),
            secret_access_key=self.secret_access_key.get_secret_value(),
        )


class EksServiceAccountCredential(CredentialSettings):
    """An item of `eksServiceAccountCredentials`: a role taken with a web-identity token.

    Attributes:
        path: The entry's name.
        authentication_type: Always ASSUME_ROLE_WITH_WEB_IDENTITY; ModelOp Center's files say it.
        role_arn: The role.
        web_identity_token_file: The file with the token; whether it is there is seen when it is read.
        groups: Who is served with this role itself; none makes it a base only.
    """

    path: Text
    authentication_type: WebIdentityAuthentication = "ASSUME_ROLE_WITH_WEB_IDENTITY"
    role_arn: RoleArn
    web_identity_token_file: AbsolutePath
    groups: tuple[GroupOrEveryone, ...] = ()

    def entry(self, key: str) -> entries.WebIdentityRole:
        """The entry as auth knows it."""
        return entries.WebIdentityRole(
            key=key,
            region=self.region,
            regions=self.all_regions(),
            search=self.search,
            per_caller=self.per_caller,
            path=self.path,
            role_arn=self.role_arn,
            token_file=self.web_identity_token_file,
            groups=self.groups,
        )


class BaseCredentialRef(SettingsModel):
    """The entry whose credentials assume a role: one of the two keys.

    Attributes:
        path: The `path` of an eksServiceAccountCredentials entry.
        group: The `group` of a storedCredentials entry.
    """

    path: Omittable[Text] = None
    group: Omittable[Group] = None


def parse_base(raw: object) -> object:
    """None for `ambient`, a mapping as it is. Raises RefusedValueError for anything else."""
    if isinstance(raw, dict):
        return raw
    if raw == "ambient":
        return None
    raise InvalidValueError("is not ambient, {path: …} or {group: …}; write one of them")


class AssumeRoleCredential(CredentialSettings):
    """An item of `assumeRoleByGroup`: a role assumed for one group.

    Attributes:
        group: The group.
        role_arn: The role.
        external_id: What the role's trust policy asks for, if anything.
        base: Whose credentials assume it; None means the ambient chain of AWS (written `ambient`).
    """

    group: Group
    role_arn: RoleArn
    external_id: Omittable[ExternalId] = None
    base: Annotated[BaseCredentialRef | None, BeforeValidator(parse_base)] = None

    def entry(self, key: str) -> entries.AssumedRole:
        """The entry as auth knows it."""
        return entries.AssumedRole(
            key=key,
            region=self.region,
            regions=self.all_regions(),
            search=self.search,
            per_caller=self.per_caller,
            group=self.group,
            role_arn=self.role_arn,
            external_id=self.external_id.get_secret_value() if self.external_id is not None else None,
            base=self._base(),
        )

    def _base(self) -> entries.BaseReference:
        if self.base is not None and self.base.path is not None:
            return entries.PathBase(self.base.path)
        if self.base is not None and self.base.group is not None:
            return entries.GroupBase(self.base.group)
        return entries.AmbientBase()


class CredentialsSettings(SettingsModel):
    """`sagemaker-credentials`: three lists of entries; a group stands in one of them at most."""

    stored_credentials: tuple[StoredCredential, ...] = ()
    eks_service_account_credentials: tuple[EksServiceAccountCredential, ...] = ()
    assume_role_by_group: tuple[AssumeRoleCredential, ...] = ()

    def entries(self) -> entries.CredentialEntries:
        """All entries as auth knows them, each named after its place."""
        return entries.CredentialEntries(
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
