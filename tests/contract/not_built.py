"""What the contract promises and the schema does not have yet, by the feature that will bring it.

A name is a type, or a type and a field. Whoever builds a feature takes its names off this list.
"""

from typing import Final

NOT_BUILT: Final = {
    "subscriptions": """
        Subscription ImportRunChange JobChange RuntimeChange DeploymentChange
    """,
}
