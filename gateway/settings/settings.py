"""Load the settings file, validate it against the models, and collect every fault before the process starts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from auth.credential_entries import AmbientKeys, CredentialEntries
from gateway.settings import (
    credential_checks,
    credentials,
    deployments,
    document,
    documents,
    identity,
    notifications,
    permissions,
    server,
)
from gateway.settings.credentials import CredentialsSettings
from gateway.settings.deployments import AssetSettings, DeploymentSettings, ImportSettings, JiraSettings
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.documents import DocumentsSettings
from gateway.settings.errors import InvalidValueError, SettingsError, SettingsFault, YamlPath, format_path
from gateway.settings.identity import IdentitySettings
from gateway.settings.indentation import IndentationFault, lost_indentation
from gateway.settings.mcp import McpSettings
from gateway.settings.model import SettingsModel, fields_by_key, missing_remedy, suggested_key
from gateway.settings.notifications import NotificationSettings
from gateway.settings.observability import ObservabilitySettings
from gateway.settings.permissions import EnterCredentialsSettings, GroupPermissions
from gateway.settings.prices import Prices, PriceTable
from gateway.settings.server import (
    AwsSettings,
    DatabaseSettings,
    LimitSettings,
    RetentionSettings,
    SagemakerSettings,
    ServerSettings,
    SubscriptionSettings,
)
from gateway.settings.values import Omittable, Switch
from gateway.version import VERSION
from workflows.approvals.backend import ApprovalKind

__all__ = ["Settings", "SettingsError", "SettingsFault", "ambient_settings", "from_mapping", "load"]


class Settings(SettingsModel):
    """All keys of the settings file; docs/configuration.md describes each.

    Attributes:
        server: The socket and its bounds.
        documents: Trusted documents.
        subscriptions: Bounds of subscriptions.
        identity: The source of a caller's name and groups.
        aws: The address of AWS.
        sagemaker_credentials: The keys or role of each group.
        enter_credentials: Credentials that come with an import.
        permissions: The permissions of each group.
        sagemaker: Ages and use of SageMaker's answers.
        database: The registry.
        prices: The price of an hour of an instance by its type, such as `{currency: USD, ml.m5.large: 0.115}`.
            `Runtime.hourlyCost` and `Snapshot.hourlyCost` are null if a variant's type has no price, and for serverless
            variants.
        retention: Days for which records are kept.
        imports: Imports of models.
        assets: The assets of models.
        deployments: The way of a snapshot to an endpoint.
        jira: The tickets of `deployments.approval: jira`; None without the block.
        mcp: Tools for models.
        notifications: Events for other systems.
        limits: The size of one request.
        observability: Logs, metrics and traces.
        introspection: Whether queries may read the schema. While it is off, errors suggest no names of fields or
            arguments.
        explorer: Whether a browser at `/graphql` gets GraphiQL.
        console: Whether a browser at `/console` gets the console.
    """

    server: ServerSettings = ServerSettings()
    documents: DocumentsSettings = DocumentsSettings()
    subscriptions: SubscriptionSettings = SubscriptionSettings()
    identity: IdentitySettings = IdentitySettings()
    aws: AwsSettings = AwsSettings()
    sagemaker_credentials: CredentialsSettings = Field(default=CredentialsSettings(), alias="sagemaker-credentials")
    enter_credentials: EnterCredentialsSettings = EnterCredentialsSettings()
    permissions: tuple[GroupPermissions, ...] = ()
    sagemaker: SagemakerSettings = SagemakerSettings()
    database: DatabaseSettings = DatabaseSettings()
    prices: PriceTable = Prices()
    retention: RetentionSettings = RetentionSettings()
    imports: ImportSettings = ImportSettings()
    assets: AssetSettings = AssetSettings()
    deployments: DeploymentSettings = DeploymentSettings()
    jira: Omittable[JiraSettings] = None
    mcp: McpSettings = McpSettings()
    notifications: NotificationSettings = NotificationSettings()
    limits: LimitSettings = LimitSettings()
    observability: ObservabilitySettings = ObservabilitySettings()
    introspection: Switch = True
    explorer: Switch = True
    console: Switch = True
    _ambient: AmbientKeys | None = PrivateAttr(default=None)

    def entries(self) -> CredentialEntries:
        """The credential entries, each list in the order of the file."""
        entries = self.sagemaker_credentials.entries()
        return entries if self._ambient is None else replace(entries, ambient=(self._ambient,))

    @property
    def version(self) -> str:
        """The version of this gateway."""
        return VERSION

    @property
    def approval_config(self) -> JiraSettings | None:
        """The settings of the approval backend in use; None for the built-in one, which has none."""
        return self.jira if self.deployments.approval is ApprovalKind.JIRA else None


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Load the settings of a file.

    Args:
        path: The file, in YAML.
        environ: The environment, for `${VARIABLES}` and the default region.

    Raises:
        SettingsError: With every fault of the file.
    """
    data, faults = document.parse(_read_file(path), str(path))
    faults = [*lost_indentation(Settings, data, str(path)), *faults]
    filled, unset = document.substitute_variables(data, environ)
    return _validated(credentials.with_default_region(filled, environ), [*faults, *unset])


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """Validate data in the form of the file; a `${VARIABLE}` in it is not replaced.

    Raises:
        SettingsError: With every fault of the mapping.
    """
    return _validated(data, [])


def ambient_settings(data: Mapping[str, Any], ambient: AmbientKeys) -> Settings:
    """Validate data as `from_mapping` does, and serve every group without an entry with ambient keys.

    Args:
        data: The settings in the form of the file.
        ambient: The entry of the keys that the environment has.

    Raises:
        SettingsError: With every fault of the mapping.
    """
    settings = from_mapping(data)
    settings._ambient = ambient
    return settings


def _read_file(path: Path) -> str:
    """Read the text of a file. Raises SettingsError if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); name the settings file with --config"
    except UnicodeDecodeError:
        reason = "is not text in UTF-8; save it so"
    raise SettingsError([SettingsFault(str(path), reason)])


def _validated(raw: Mapping[str, Any], faults: Iterable[SettingsFault]) -> Settings:
    """Validate the settings. Raises SettingsError with the earlier faults and those of the validation."""
    settings, model_faults = validate(Settings, raw)
    place = RawNode(raw)
    checks = (
        documents.check_documents,
        server.check_database,
        identity.check_identity,
        credential_checks.check_credentials,
        permissions.check_permissions,
        deployments.check_operation,
        notifications.check_notifications,
    )
    every = [*faults, *model_faults, *(fault for check in checks for fault in check(place))]
    if settings is None or every:
        order = list(fields_by_key(Settings))
        raise SettingsError(sorted(every, key=lambda fault: _rank(fault, order)))
    return settings


def _rank(fault: SettingsFault, order: list[str]) -> int:
    """Rank a fault: lost indentation first, then by block in the order of the blocks; other keys come last."""
    if isinstance(fault, IndentationFault):
        return -1
    block = fault.key.split(".")[0].split("[")[0]
    return order.index(block) if block in order else len(order)


ModelT = TypeVar("ModelT", bound=SettingsModel)


def validate(model: type[ModelT], raw: Mapping[str, Any]) -> tuple[ModelT | None, list[SettingsFault]]:
    """Parse a raw block: the block, or None and its faults. Values whose variable is not set have no fault.

    Args:
        model: The model of the block.
        raw: Its mapping, variables replaced.
    """
    try:
        return model.model_validate(dict(raw)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    unknown = _unknown_paths(raw)
    relevant = (detail for detail in details if not _is_inside(detail["loc"], unknown))
    return None, [SettingsFault(format_path(detail["loc"]), _message(model, detail)) for detail in relevant]


def _message(block: type[SettingsModel], detail: ErrorDetails) -> str:
    """Describe the fault and the remedy in our words: pydantic's may repeat the value."""
    reason = detail.get("ctx", {}).get("error")
    if isinstance(reason, InvalidValueError):
        return str(reason)
    if detail["type"] == "missing":
        return f"is missing; {missing_remedy(block, detail['loc'])}"
    if detail["type"] == "extra_forbidden":
        known = suggested_key(block, detail["loc"])
        return "is not a key here; " + (f"did you mean {known}?" if known else "take it out")
    if detail["input"] is None:
        return "is empty; give it a value, or remove the line"
    shapes = {"tuple_type": "a list", "model_type": "a mapping of keys"}
    return f"is not {shapes.get(detail['type'], 'of the right kind')}; see docs/configuration.md for its form"


def _unknown_paths(raw: Any, place: YamlPath = ()) -> set[YamlPath]:
    if raw is UNKNOWN:
        return {place}
    if isinstance(raw, Mapping):
        return {path for key, value in raw.items() for path in _unknown_paths(value, (*place, key))}
    if isinstance(raw, list):
        return {
            unknown_path for number, value in enumerate(raw) for unknown_path in _unknown_paths(value, (*place, number))
        }
    return set()


def _is_inside(place: YamlPath, places: Collection[YamlPath]) -> bool:
    return any(place[: len(other)] == other for other in places)
