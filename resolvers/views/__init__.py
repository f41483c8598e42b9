"""Views of resources: live from the inventory, or stored in the registry."""
