"""Settings of tools for models, by the Model Context Protocol."""

from gateway.settings.model import SettingsModel
from gateway.settings.values import Switch


class McpSettings(SettingsModel):
    """`mcp`: trusted documents with a description, served as tools at `/mcp`.

    Attributes:
        enabled: Whether `/mcp` is served; it takes the extra `mcp`.
        mutations: Whether documents with mutations become tools, too; those that approve or reject never do.
    """

    enabled: Switch = False
    mutations: Switch = False
