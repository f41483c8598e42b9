"""The settings of a gateway: one YAML file with variables of the environment, checked whole before anything starts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from auth.entries import Entries
from auth.permissions import Grant
from gateway.blocks import document, variables
from gateway.blocks.block import Block
from gateway.blocks.credentials import SagemakerCredentials
from gateway.blocks.crosschecks import credentials, identity, operation, permissions
from gateway.blocks.deployments import Assets, Deployments, Imports, Jira
from gateway.blocks.faults import Fault, SettingsError
from gateway.blocks.identity import Identity
from gateway.blocks.keys import fields
from gateway.blocks.permissions import EnterCredentials, GroupPermissions
from gateway.blocks.reading import read
from gateway.blocks.serving import Aws, Database, Limits, Sagemaker, Server
from gateway.blocks.values import Given, Switch
from gateway.blocks.written import Written

__all__ = ["Fault", "Settings", "SettingsError", "from_mapping", "load"]


class Settings(Block):
    """Everything that a settings file can say; docs/configuration.md describes each key.

    Attributes:
        introspection: Whether the schema may be asked for.
        explorer: Whether a browser gets GraphiQL.
    """

    server: Server = Server()
    identity: Identity = Identity()
    aws: Aws = Aws()
    sagemaker_credentials: SagemakerCredentials = Field(default=SagemakerCredentials(), alias="sagemaker-credentials")
    enter_credentials: EnterCredentials = EnterCredentials()
    permissions: tuple[GroupPermissions, ...] = ()
    sagemaker: Sagemaker = Sagemaker()
    database: Database = Database()
    imports: Imports = Imports()
    assets: Assets = Assets()
    deployments: Deployments = Deployments()
    jira: Given[Jira] = None
    limits: Limits = Limits()
    introspection: Switch = True
    explorer: Switch = True

    def entries(self) -> Entries:
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
    said, faults = document.parse(_text(path), str(path))
    filled, unset = variables.fill(said, environ)
    return _checked(filled, [*faults, *unset])


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """The settings in a mapping that has the form of the file; a `${VARIABLE}` in it is not replaced.

    Raises:
        SettingsError: With every fault of the mapping.
    """
    return _checked(data, [])


def _text(path: Path) -> str:
    """The text of a file. Raises SettingsError where there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); name the settings file with --config"
    except UnicodeDecodeError:
        reason = "is not text in UTF-8; save it so"
    raise SettingsError([Fault(str(path), reason)])


def _checked(written: Mapping[str, Any], faults: Iterable[Fault]) -> Settings:
    """The settings, if neither the earlier faults nor anything found here stands against them."""
    settings, found = read(Settings, written)
    place = Written(written)
    checks = (identity.check, credentials.check, permissions.check, operation.check)
    every = [*faults, *found, *(fault for check in checks for fault in check(place))]
    if settings is None or every:
        order = list(fields(Settings))
        raise SettingsError(sorted(every, key=lambda fault: _rank(fault, order)))
    return settings


def _rank(fault: Fault, order: list[str]) -> int:
    """Where the fault's block stands among the blocks; keys that are no block come last."""
    block = fault.key.split(".")[0].split("[")[0]
    return order.index(block) if block in order else len(order)
