"""The mutation root: one line for each change, with the permission that guards it."""

import strawberry

from auth.permissions import Permission
from resolvers import (
    asset_changes,
    deployment_acts,
    imports,
    job_changes,
    registrations,
    runtime_changes,
    snapshot_changes,
    snapshot_notes,
)
from resolvers.asset_payloads import CreateUploadResult
from resolvers.deployment_payloads import DeploymentResult
from resolvers.import_payloads import ImportResult
from schema.asset_inputs import CreateAssetUploadInput, PutAssetInput, RemoveAssetInput
from schema.asset_payloads import CreateAssetUploadPayload, PutAssetPayload, RemoveAssetPayload
from schema.changes import guarded_mutation
from schema.deployment_inputs import (
    ApproveDeploymentInput,
    CancelDeploymentInput,
    DeploySnapshotInput,
    RejectDeploymentInput,
    RetryDeploymentInput,
)
from schema.deployment_payloads import (
    ApproveDeploymentPayload,
    CancelDeploymentPayload,
    DeploySnapshotPayload,
    RejectDeploymentPayload,
    RetryDeploymentPayload,
)
from schema.job_inputs import CreateTrainingJobInput, CreateTransformJobInput, StopJobInput
from schema.job_payloads import CreateTrainingJobPayload, CreateTransformJobPayload, StopJobPayload
from schema.registration_inputs import (
    ImportModelInput,
    RemoveRegistrationInput,
    SyncRegistrationInput,
    UpdateRegistrationInput,
)
from schema.registration_payloads import (
    ImportModelPayload,
    RemoveRegistrationPayload,
    SyncRegistrationPayload,
    UpdateRegistrationPayload,
)
from schema.runtime_inputs import CreateRuntimeInput, DeleteRuntimeInput, UpdateRuntimeInput
from schema.runtime_payloads import CreateRuntimePayload, DeleteRuntimePayload, UpdateRuntimePayload
from schema.snapshot_inputs import CreateSnapshotInput, DeleteSnapshotInput
from schema.snapshot_notes import UpdateSnapshotInput, UpdateSnapshotPayload
from schema.snapshot_payloads import CreateSnapshotPayload, DeleteSnapshotPayload


@strawberry.type(description="What can be changed; each change is guarded by a permission, and audited")
class Mutation:
    """The root of every mutation."""

    import_model: ImportModelPayload | None = guarded_mutation(
        "importModel",
        imports.import_model,
        ImportModelInput,
        ImportResult,
        Permission.IMPORT,
        "Brings a SageMaker model, with all that belongs to it, into the registry; again: a sync",
    )
    sync_registration: SyncRegistrationPayload | None = guarded_mutation(
        "syncRegistration",
        imports.sync_registration,
        SyncRegistrationInput,
        ImportResult,
        Permission.IMPORT,
        "Looks at AWS again for an imported model: adds what is new, marks what has vanished",
    )
    update_registration: UpdateRegistrationPayload | None = guarded_mutation(
        "updateRegistration",
        registrations.update_registration,
        UpdateRegistrationInput,
        registrations.RegistrationResult,
        Permission.IMPORT,
        "Changes what people say of an imported model",
    )
    remove_registration: RemoveRegistrationPayload | None = guarded_mutation(
        "removeRegistration",
        registrations.remove_registration,
        RemoveRegistrationInput,
        registrations.RemoveRegistrationResult,
        Permission.IMPORT,
        "Forgets an imported model; AWS stays as it is, and deployments keep their history",
    )
    put_asset: PutAssetPayload | None = guarded_mutation(
        "putAsset",
        asset_changes.put_asset,
        PutAssetInput,
        registrations.RegistrationResult,
        Permission.IMPORT,
        "Keeps an asset with an imported model, in the place of the one of its role and name",
    )
    remove_asset: RemoveAssetPayload | None = guarded_mutation(
        "removeAsset",
        asset_changes.remove_asset,
        RemoveAssetInput,
        registrations.RegistrationResult,
        Permission.IMPORT,
        "Forgets an asset; what it stands for in S3 stays there",
    )
    create_asset_upload: CreateAssetUploadPayload | None = guarded_mutation(
        "createAssetUpload",
        asset_changes.create_asset_upload,
        CreateAssetUploadInput,
        CreateUploadResult,
        Permission.IMPORT,
        "Hands out a presigned S3 upload, so that a browser sends the file straight to the bucket",
    )
    create_training_job: CreateTrainingJobPayload | None = guarded_mutation(
        "createTrainingJob",
        job_changes.create_training_job,
        CreateTrainingJobInput,
        job_changes.TrainingJobResult,
        Permission.CREATE_JOBS,
        "Creates a training job, one like another where that is named",
    )
    create_transform_job: CreateTransformJobPayload | None = guarded_mutation(
        "createTransformJob",
        job_changes.create_transform_job,
        CreateTransformJobInput,
        job_changes.TransformJobResult,
        Permission.CREATE_JOBS,
        "Creates a transform job, which runs a model over a batch of inputs",
    )
    stop_job: StopJobPayload | None = guarded_mutation(
        "stopJob",
        job_changes.stop_job,
        StopJobInput,
        job_changes.StopJobResult,
        Permission.CREATE_JOBS,
        "Stops a job; one that has ended stays as it is",
    )
    create_snapshot: CreateSnapshotPayload | None = guarded_mutation(
        "createSnapshot",
        snapshot_changes.create_snapshot,
        CreateSnapshotInput,
        snapshot_changes.CreateSnapshotResult,
        Permission.DEPLOY,
        "Creates a snapshot, which can then be deployed",
    )
    update_snapshot: UpdateSnapshotPayload | None = guarded_mutation(
        "updateSnapshot",
        snapshot_notes.update_snapshot,
        UpdateSnapshotInput,
        snapshot_notes.UpdateSnapshotResult,
        Permission.IMPORT,
        "Changes what a group keeps with a snapshot; AWS stays as it is",
    )
    delete_snapshot: DeleteSnapshotPayload | None = guarded_mutation(
        "deleteSnapshot",
        snapshot_changes.delete_snapshot,
        DeleteSnapshotInput,
        snapshot_changes.DeleteSnapshotResult,
        Permission.DEPLOY,
        "Deletes a snapshot that no runtime uses",
    )
    create_runtime: CreateRuntimePayload | None = guarded_mutation(
        "createRuntime",
        runtime_changes.create_runtime,
        CreateRuntimeInput,
        runtime_changes.CreateRuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Creates a runtime now, without anybody's approval",
    )
    update_runtime: UpdateRuntimePayload | None = guarded_mutation(
        "updateRuntime",
        runtime_changes.update_runtime,
        UpdateRuntimeInput,
        runtime_changes.RuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Moves a runtime that is in service to another snapshot, without anybody's approval",
    )
    delete_runtime: DeleteRuntimePayload | None = guarded_mutation(
        "deleteRuntime",
        runtime_changes.delete_runtime,
        DeleteRuntimeInput,
        runtime_changes.RuntimeResult,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Deletes a runtime, which takes a while: it comes back as DELETING",
    )
    deploy_snapshot: DeploySnapshotPayload | None = guarded_mutation(
        "deploySnapshot",
        deployment_acts.deploy_snapshot,
        DeploySnapshotInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Starts the deploy lifecycle for a snapshot: verified assets, a rehearsal, an approval, an endpoint",
    )
    approve_deployment: ApproveDeploymentPayload | None = guarded_mutation(
        "approveDeployment",
        deployment_acts.approve_deployment,
        ApproveDeploymentInput,
        DeploymentResult,
        Permission.APPROVE,
        "Lets a deployment that awaits it go on to its launch, unless the caller has started it",
    )
    reject_deployment: RejectDeploymentPayload | None = guarded_mutation(
        "rejectDeployment",
        deployment_acts.reject_deployment,
        RejectDeploymentInput,
        DeploymentResult,
        Permission.APPROVE,
        "Ends a deployment that awaits approval, unless the caller has started it",
    )
    cancel_deployment: CancelDeploymentPayload | None = guarded_mutation(
        "cancelDeployment",
        deployment_acts.cancel_deployment,
        CancelDeploymentInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Stops a deployment, its jobs, and the endpoint that it was creating",
    )
    retry_deployment: RetryDeploymentPayload | None = guarded_mutation(
        "retryDeployment",
        deployment_acts.retry_deployment,
        RetryDeploymentInput,
        DeploymentResult,
        Permission.DEPLOY,
        "Lets a deployment begin again that is held up or has failed",
    )
