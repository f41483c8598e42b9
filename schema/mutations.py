"""The mutation root: one line for each change, with the permission that guards it."""

import strawberry

from auth.permissions import Permission
from resolvers import jobs, model_packages, runtimes, snapshots
from resolvers.assets import changes
from resolvers.assets.inputs import CreateUploadResult
from resolvers.deployments import actions
from resolvers.deployments.actions import DeploymentResult
from resolvers.imports import start
from resolvers.imports.results import ImportResult
from resolvers.registrations import job_links, updates
from schema.assets.mutations import (
    CreateAssetUploadInput,
    CreateAssetUploadPayload,
    PutAssetInput,
    PutAssetPayload,
    PutAssetsInput,
    PutAssetsPayload,
    RemoveAssetInput,
    RemoveAssetPayload,
)
from schema.deployments.mutations import (
    ApproveDeploymentInput,
    ApproveDeploymentPayload,
    CancelDeploymentInput,
    CancelDeploymentPayload,
    DeploySnapshotInput,
    DeploySnapshotPayload,
    RejectDeploymentInput,
    RejectDeploymentPayload,
    RetryDeploymentInput,
    RetryDeploymentPayload,
)
from schema.fields import guarded_mutation
from schema.imports.mutations import ImportModelInput, ImportModelPayload
from schema.jobs.mutations import (
    CreateTrainingJobInput,
    CreateTrainingJobPayload,
    CreateTransformJobInput,
    CreateTransformJobPayload,
    StopJobInput,
    StopJobPayload,
)
from schema.model_packages import UpdateModelPackageInput, UpdateModelPackagePayload
from schema.registrations.mutations import (
    LinkJobInput,
    LinkJobPayload,
    RemoveRegistrationInput,
    RemoveRegistrationPayload,
    SyncRegistrationInput,
    SyncRegistrationPayload,
    UnlinkJobInput,
    UnlinkJobPayload,
    UpdateRegistrationInput,
    UpdateRegistrationPayload,
)
from schema.runtimes import (
    CreateRuntimeInput,
    CreateRuntimePayload,
    DeleteRuntimeInput,
    DeleteRuntimePayload,
    UpdateRuntimeInput,
    UpdateRuntimePayload,
    UpdateRuntimeVariantsInput,
    UpdateRuntimeVariantsPayload,
)
from schema.snapshots.mutations import (
    CreateSnapshotInput,
    CreateSnapshotPayload,
    DeleteSnapshotInput,
    DeleteSnapshotPayload,
    UpdateSnapshotInput,
    UpdateSnapshotPayload,
)


@strawberry.type(description="The changes that can be made. Each needs READ and its own permission, and is audited")
class Mutation:
    """The root of every mutation."""

    import_model: ImportModelPayload | None = guarded_mutation(
        "importModel",
        start.import_model,
        ImportModelInput,
        ImportResult,
        Permission.IMPORT,
        "Imports a SageMaker model with its snapshots, runtimes, jobs and versions; a repeated import is a sync",
    )
    sync_registration: SyncRegistrationPayload | None = guarded_mutation(
        "syncRegistration",
        start.sync_registration,
        SyncRegistrationInput,
        ImportResult,
        Permission.IMPORT,
        "Reads an imported model from AWS again, adds new elements, and marks vanished ones",
    )
    update_registration: UpdateRegistrationPayload | None = guarded_mutation(
        "updateRegistration",
        updates.update_registration,
        UpdateRegistrationInput,
        updates.RegistrationResult,
        Permission.IMPORT,
        "Changes the display name, description or custom metadata of an imported model",
    )
    remove_registration: RemoveRegistrationPayload | None = guarded_mutation(
        "removeRegistration",
        updates.remove_registration,
        RemoveRegistrationInput,
        updates.RemoveRegistrationResult,
        Permission.IMPORT,
        "Removes an imported model from the registry; AWS is unchanged, and deployments keep their history",
    )
    put_asset: PutAssetPayload | None = guarded_mutation(
        "putAsset",
        changes.put_asset,
        PutAssetInput,
        updates.RegistrationResult,
        Permission.IMPORT,
        "Keeps an asset with an imported model; it replaces the asset of the same role and name",
    )
    put_assets: PutAssetsPayload | None = guarded_mutation(
        "putAssets",
        changes.put_assets,
        PutAssetsInput,
        updates.RegistrationResult,
        Permission.IMPORT,
        "Keeps several assets with an imported model, all or none",
    )
    link_job: LinkJobPayload | None = guarded_mutation(
        "linkJob",
        job_links.link_job,
        LinkJobInput,
        job_links.JobLinkResult,
        Permission.IMPORT,
        "Links a job to an imported model by hand, for an artifact that was repacked or "
        "copied; only the registration's group sees the link",
    )
    unlink_job: UnlinkJobPayload | None = guarded_mutation(
        "unlinkJob",
        job_links.unlink_job,
        UnlinkJobInput,
        job_links.JobLinkResult,
        Permission.IMPORT,
        "Removes a link that was made by hand; a job that belongs to the model for another reason stays",
    )
    remove_asset: RemoveAssetPayload | None = guarded_mutation(
        "removeAsset",
        changes.remove_asset,
        RemoveAssetInput,
        updates.RegistrationResult,
        Permission.IMPORT,
        "Removes an asset from an imported model; its object in S3 stays",
    )
    create_asset_upload: CreateAssetUploadPayload | None = guarded_mutation(
        "createAssetUpload",
        changes.create_asset_upload,
        CreateAssetUploadInput,
        CreateUploadResult,
        Permission.IMPORT,
        "Prepares a presigned S3 upload, so that a browser sends the file straight to the bucket",
    )
    create_training_job: CreateTrainingJobPayload | None = guarded_mutation(
        "createTrainingJob",
        jobs.create_training_job,
        CreateTrainingJobInput,
        jobs.TrainingJobResult,
        Permission.CREATE_JOBS,
        "Creates a training job, from scratch or like another one",
    )
    create_transform_job: CreateTransformJobPayload | None = guarded_mutation(
        "createTransformJob",
        jobs.create_transform_job,
        CreateTransformJobInput,
        jobs.TransformJobResult,
        Permission.CREATE_JOBS,
        "Creates a transform job, which runs a model over a batch of inputs",
    )
    stop_job: StopJobPayload | None = guarded_mutation(
        "stopJob",
        jobs.stop_job,
        StopJobInput,
        jobs.StopJobResult,
        Permission.CREATE_JOBS,
        "Stops a training or transform job; a job that has ended stays as it is",
    )
    create_snapshot: CreateSnapshotPayload | None = guarded_mutation(
        "createSnapshot",
        snapshots.create_snapshot,
        CreateSnapshotInput,
        snapshots.CreateSnapshotResult,
        Permission.DEPLOY,
        "Creates a snapshot, which can then be deployed",
    )
    update_snapshot: UpdateSnapshotPayload | None = guarded_mutation(
        "updateSnapshot",
        snapshots.update_snapshot,
        UpdateSnapshotInput,
        snapshots.UpdateSnapshotResult,
        Permission.IMPORT,
        "Changes the custom metadata that a group keeps with a snapshot; AWS is unchanged",
    )
    delete_snapshot: DeleteSnapshotPayload | None = guarded_mutation(
        "deleteSnapshot",
        snapshots.delete_snapshot,
        DeleteSnapshotInput,
        snapshots.DeleteSnapshotResult,
        Permission.DEPLOY,
        "Deletes a snapshot that no runtime uses",
    )
    create_runtime: CreateRuntimePayload | None = guarded_mutation(
        "createRuntime",
        runtimes.create_runtime,
        CreateRuntimeInput,
        runtimes.CreateRuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Creates a runtime at once, without approval",
    )
    update_runtime: UpdateRuntimePayload | None = guarded_mutation(
        "updateRuntime",
        runtimes.update_runtime,
        UpdateRuntimeInput,
        runtimes.RuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Moves a runtime that is in service to another snapshot, without approval",
    )
    update_runtime_variants: UpdateRuntimeVariantsPayload | None = guarded_mutation(
        "updateRuntimeVariants",
        runtimes.update_runtime_variants,
        UpdateRuntimeVariantsInput,
        runtimes.RuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Changes weights and instance counts of a runtime that is in service, without approval",
    )
    delete_runtime: DeleteRuntimePayload | None = guarded_mutation(
        "deleteRuntime",
        runtimes.delete_runtime,
        DeleteRuntimeInput,
        runtimes.RuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Begins to delete a runtime, and returns it in the status DELETING",
    )
    update_model_package: UpdateModelPackagePayload | None = guarded_mutation(
        "updateModelPackage",
        model_packages.update_model_package,
        UpdateModelPackageInput,
        model_packages.ModelPackageResult,
        Permission.APPROVE,
        "Approves or rejects a version in SageMaker's model registry, or returns it to "
        "PENDING. Not for the caller who created or changed the version, unless "
        "`deployments.selfApproval` is on",
    )
    deploy_snapshot: DeploySnapshotPayload | None = guarded_mutation(
        "deploySnapshot",
        actions.deploy_snapshot,
        DeploySnapshotInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Starts the deployment of a snapshot: verified assets, a rehearsal, an approval, an endpoint",
    )
    approve_deployment: ApproveDeploymentPayload | None = guarded_mutation(
        "approveDeployment",
        actions.approve_deployment,
        ApproveDeploymentInput,
        DeploymentResult,
        Permission.APPROVE,
        "Approves a deployment that awaits approval, so that it launches. Not for the caller "
        "who started it, unless `deployments.selfApproval` is on",
    )
    reject_deployment: RejectDeploymentPayload | None = guarded_mutation(
        "rejectDeployment",
        actions.reject_deployment,
        RejectDeploymentInput,
        DeploymentResult,
        Permission.APPROVE,
        "Rejects a deployment that awaits approval, which ends it. Not for the caller who "
        "started it, unless `deployments.selfApproval` is on",
    )
    cancel_deployment: CancelDeploymentPayload | None = guarded_mutation(
        "cancelDeployment",
        actions.cancel_deployment,
        CancelDeploymentInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Stops a deployment, its jobs, and the endpoint that it is creating",
    )
    retry_deployment: RetryDeploymentPayload | None = guarded_mutation(
        "retryDeployment",
        actions.retry_deployment,
        RetryDeploymentInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Restarts a deployment that is BLOCKED or has FAILED",
    )
