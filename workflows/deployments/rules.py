"""What the settings say of deployments."""

from dataclasses import dataclass

from registry.words import AssetRole


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentIntervals:
    """How often deployments are looked after, and how patiently, in seconds.

    Attributes:
        poll: Between two looks at running jobs and endpoints.
        sweep: Between two looks for deployments whose work was never begun.
        watch: Between two looks for new snapshots of imported models.
        verify: How long a verification may take, which waits for AWS and the registry where they do not answer.
        launch: How long an endpoint may take.
    """

    poll: float = 5
    sweep: float = 30
    watch: float = 60
    verify: float = 3600
    launch: float = 3 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentConfig:
    """The rules that hold for every deployment.

    Attributes:
        required_assets: What must be there before one goes on.
        self_approval: Whether the one who started it may approve it.
        instance_type: What rehearsals run on.
        instance_count: On how many of them.
        output_s3_uri: Where rehearsals write, below this prefix; None where there is no place for them.
        rehearsal_seconds: After how many seconds a rehearsal has failed.
        intervals: How often they are looked after.
    """

    required_assets: tuple[AssetRole, ...] = ()
    self_approval: bool = False
    instance_type: str = "ml.m5.large"
    instance_count: int = 1
    output_s3_uri: str | None = None
    rehearsal_seconds: float = 7200
    intervals: DeploymentIntervals = DeploymentIntervals()
