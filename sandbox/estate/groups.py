"""The groups of the demo estate: accounts, roles and keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A group of people, and the role in its own account that it works with.

    Attributes:
        name: Name of the group, its role and its bucket's beginning.
        account: Twelve digits.
        region: Region of its SageMaker resources.
        external_id: The external id that the role's trust policy requires; None for none.
    """

    name: str
    account: str
    region: str
    external_id: str | None = None

    @property
    def role_arn(self) -> str:
        """ARN of the role that the group acts with."""
        return f"arn:aws:iam::{self.account}:role/{self.name}"

    @property
    def execution_role_arn(self) -> str:
        """ARN of the role that the group's models and jobs run with."""
        return f"arn:aws:iam::{self.account}:role/sagemaker-execution"

    @property
    def bucket(self) -> str:
        """Name of the bucket with artifacts, inputs and outputs."""
        return f"{self.name}-ml-{self.account}"

    def arn(self, kind: str, name: str) -> str:
        """The ARN of the group's resource of a kind, such as ``model``, ``endpoint-config``, ``training-job``."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name.lower()}"


@dataclass(frozen=True)
class Estate:
    """The accounts, names and keys of the estate.

    Attributes:
        account: The gateway's own account, in which its user and its role live.
        user: Name of the gateway's user.
        access_key_id: Key of that user.
        secret_access_key: Secret of that key.
        gateway_role_arn: A role that the gateway may take with a web identity token, and with which it may assume the
            groups' roles.
        risk: The group ``risk``.
        marketing: The group ``marketing``.
    """

    account: str
    user: str
    access_key_id: str
    secret_access_key: str
    gateway_role_arn: str
    risk: Group
    marketing: Group

    @property
    def groups(self) -> tuple[Group, Group]:
        """Both groups."""
        return (self.risk, self.marketing)


ESTATE = Estate(
    account="111111111111",
    user="sagegraph-gateway",
    access_key_id="AKIASANDBOXGATEWAY01",
    secret_access_key="sandbox-only-not-a-secret-of-anything-40",  # noqa: S106 - it opens nothing but the sandbox
    gateway_role_arn="arn:aws:iam::111111111111:role/gateway",
    risk=Group("risk", "222222222222", "eu-west-1", external_id="sagegraph-risk-7f3a"),
    marketing=Group("marketing", "333333333333", "us-east-2"),
)
