"""The settings of a gateway: one YAML file with variables of the environment, checked whole before anything starts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from auth.entries import CredentialEntries
from auth.permissions import Grant
from gateway.blocks import document, variables
from gateway.blocks.block import SettingsModel
from gateway.blocks.credentials import CredentialsSettings
from gateway.blocks.crosschecks import credentials, identity, operation, permissions
from gateway.blocks.deployments import AssetSettings, DeploymentSettings, ImportSettings, JiraSettings
from gateway.blocks.faults import SettingsError, SettingsFault
from gateway.blocks.identity import IdentitySettings
from gateway.blocks.keys import fields_by_key
from gateway.blocks.permissions import EnterCredentialsSettings, GroupPermissions
from gateway.blocks.reading import validate
from gateway.blocks.serving import AwsSettings, DatabaseSettings, LimitSettings, SagemakerSettings, ServerSettings
from gateway.blocks.values import Omittable, Switch
from gateway.blocks.written import RawNode

__all__ = ["Settings", "SettingsError", "SettingsFault", "from_mapping", "load"]


class Settings(SettingsModel):
    """Everything that a settings file can say; docs/configuration.md describes each key.

    Attributes:
        introspection: Whether the schema may be asked for.
        explorer: Whether a browser gets GraphiQL.
    """

    server: ServerSettings = ServerSettings()
    identity: IdentitySettings = IdentitySettings()
    aws: AwsSettings = AwsSettings()
    sagemaker_credentials: CredentialsSettings = Field(default=CredentialsSettings(), alias="sagemaker-credentials")
    enter_credentials: EnterCredentialsSettings = EnterCredentialsSettings()
    permissions: tuple[GroupPermissions, ...] = ()
    sagemaker: SagemakerSettings = SagemakerSettings()
    database: DatabaseSettings = DatabaseSettings()
    imports: ImportSettings = ImportSettings()
    assets: AssetSettings = AssetSettings()
    deployments: DeploymentSettings = DeploymentSettings()
    jira: Omittable[JiraSettings] = None
    limits: LimitSettings = LimitSettings()
    introspection: Switch = True
    explorer: Switch = True

    def entries(self) -> CredentialEntries:
        """The credential entries, each list in the order of the file."""
        return self.sagemaker_credentials.entries()

    def grants(self) -> tuple[Grant, ...]:
        """The permissions, in the order of the file."""
        return tuple(entry.grant() for entry in self.permissions)


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in a file, with `${VARIABLES}` from `environ`.

    Raises:
        SettingsError: With every fault of the file.
    """
    said, faults = document.parse(_read_file(path), str(path))
    filled, unset = variables.substitute_variables(said, environ)
    return _validated(filled, [*faults, *unset])


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """The settings in a mapping that has the form of the file; a `${VARIABLE}` in it is not replaced.

    Raises:
        SettingsError: With every fault of the mapping.
    """
    return _validated(data, [])


def _read_file(path: Path) -> str:
    """The text of a file. Raises SettingsError where there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); name the settings file with --config"
    except UnicodeDecodeError:
        reason = "is not text in UTF-8; save it so"
    raise SettingsError([SettingsFault(str(path), reason)])


def _validated(raw: Mapping[str, Any], faults: Iterable[SettingsFault]) -> Settings:
    """The settings, if neither the earlier faults nor anything found here stands against them."""
    settings, found = validate(Settings, raw)
    place = RawNode(raw)
    checks = (
        identity.check_identity,
        credentials.check_credentials,
        permissions.check_permissions,
        operation.check_operation,
    )
    every = [*faults, *found, *(fault for check in checks for fault in check(place))]
    if settings is None or every:
        order = list(fields_by_key(Settings))
        raise SettingsError(sorted(every, key=lambda fault: _rank(fault, order)))
    return settings


def _rank(fault: SettingsFault, order: list[str]) -> int:
    """Where the fault's block stands among the blocks; keys that are no block come last."""
    block = fault.key.split(".")[0].split("[")[0]
    return order.index(block) if block in order else len(order)
