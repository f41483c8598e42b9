"""Settings of tools for models, by the Model Context Protocol."""

from gateway.settings.model import SettingsModel
from gateway.settings.values import Switch


class McpSettings(SettingsModel):
    """`mcp`: tools for models.

    Attributes:
        enabled: Whether `/mcp` serves trusted documents with a description as tools; needs the extra `mcp` (`pip
            install sagegraph[mcp]`; the image has it).
        mutations: Whether documents with mutations are tools, too. Documents that approve or reject never are.
    """

    enabled: Switch = False
    mutations: Switch = False
