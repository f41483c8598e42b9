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
from resolvers.asset_payloads import UploadPayload
from resolvers.deployment_payloads import DeploymentPayload
from resolvers.import_payloads import ImportPayload
from schema.asset_inputs import CreateAssetUploadInput, PutAssetInput, RemoveAssetInput
from schema.asset_payloads import CreateAssetUploadPayload, PutAssetPayload, RemoveAssetPayload
from schema.changes import change
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

    import_model: ImportModelPayload | None = change(
        "importModel",
        imports.import_model,
        ImportModelInput,
        ImportPayload,
        Permission.IMPORT,
        "Brings a SageMaker model, with all that belongs to it, into the registry; again: a sync",
    )
    sync_registration: SyncRegistrationPayload | None = change(
        "syncRegistration",
        imports.sync_registration,
        SyncRegistrationInput,
        ImportPayload,
        Permission.IMPORT,
        "Looks at AWS again for an imported model: adds what is new, marks what has vanished",
    )
    update_registration: UpdateRegistrationPayload | None = change(
        "updateRegistration",
        registrations.update,
        UpdateRegistrationInput,
        registrations.RegistrationPayload,
        Permission.IMPORT,
        "Changes what people say of an imported model",
    )
    remove_registration: RemoveRegistrationPayload | None = change(
        "removeRegistration",
        registrations.remove,
        RemoveRegistrationInput,
        registrations.RemovalPayload,
        Permission.IMPORT,
        "Forgets an imported model; AWS stays as it is, and deployments keep their history",
    )
    put_asset: PutAssetPayload | None = change(
        "putAsset",
        asset_changes.put,
        PutAssetInput,
        registrations.RegistrationPayload,
        Permission.IMPORT,
        "Keeps an asset with an imported model, in the place of the one of its role and name",
    )
    remove_asset: RemoveAssetPayload | None = change(
        "removeAsset",
        asset_changes.remove,
        RemoveAssetInput,
        registrations.RegistrationPayload,
        Permission.IMPORT,
        "Forgets an asset; what it stands for in S3 stays there",
    )
    create_asset_upload: CreateAssetUploadPayload | None = change(
        "createAssetUpload",
        asset_changes.create_upload,
        CreateAssetUploadInput,
        UploadPayload,
        Permission.IMPORT,
        "Hands out a presigned S3 upload, so that a browser sends the file straight to the bucket",
    )
    create_training_job: CreateTrainingJobPayload | None = change(
        "createTrainingJob",
        job_changes.create_training_job,
        CreateTrainingJobInput,
        job_changes.TrainingJobPayload,
        Permission.CREATE_JOBS,
        "Creates a training job, one like another where that is named",
    )
    create_transform_job: CreateTransformJobPayload | None = change(
        "createTransformJob",
        job_changes.create_transform_job,
        CreateTransformJobInput,
        job_changes.TransformJobPayload,
        Permission.CREATE_JOBS,
        "Creates a transform job, which runs a model over a batch of inputs",
    )
    stop_job: StopJobPayload | None = change(
        "stopJob",
        job_changes.stop_job,
        StopJobInput,
        job_changes.StopPayload,
        Permission.CREATE_JOBS,
        "Stops a job; one that has ended stays as it is",
    )
    create_snapshot: CreateSnapshotPayload | None = change(
        "createSnapshot",
        snapshot_changes.create_snapshot,
        CreateSnapshotInput,
        snapshot_changes.SnapshotPayload,
        Permission.DEPLOY,
        "Creates a snapshot, which can then be deployed",
    )
    update_snapshot: UpdateSnapshotPayload | None = change(
        "updateSnapshot",
        snapshot_notes.update,
        UpdateSnapshotInput,
        snapshot_notes.SnapshotNotePayload,
        Permission.IMPORT,
        "Changes what a group keeps with a snapshot; AWS stays as it is",
    )
    delete_snapshot: DeleteSnapshotPayload | None = change(
        "deleteSnapshot",
        snapshot_changes.delete_snapshot,
        DeleteSnapshotInput,
        snapshot_changes.SnapshotRemovalPayload,
        Permission.DEPLOY,
        "Deletes a snapshot that no runtime uses",
    )
    create_runtime: CreateRuntimePayload | None = change(
        "createRuntime",
        runtime_changes.create_runtime,
        CreateRuntimeInput,
        runtime_changes.NewRuntimePayload,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Creates a runtime now, without anybody's approval",
    )
    update_runtime: UpdateRuntimePayload | None = change(
        "updateRuntime",
        runtime_changes.update_runtime,
        UpdateRuntimeInput,
        runtime_changes.RuntimePayload,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Moves a runtime that is in service to another snapshot, without anybody's approval",
    )
    delete_runtime: DeleteRuntimePayload | None = change(
        "deleteRuntime",
        runtime_changes.delete_runtime,
        DeleteRuntimeInput,
        runtime_changes.RuntimePayload,
        Permission.DEPLOY_WITHOUT_APPROVAL,
        "Deletes a runtime, which takes a while: it comes back as DELETING",
    )
    deploy_snapshot: DeploySnapshotPayload | None = change(
        "deploySnapshot",
        deployment_acts.deploy,
        DeploySnapshotInput,
        DeploymentPayload,
        Permission.DEPLOY,
        "Starts the deploy lifecycle for a snapshot: verified assets, a rehearsal, an approval, an endpoint",
    )
    approve_deployment: ApproveDeploymentPayload | None = change(
        "approveDeployment",
        deployment_acts.approve,
        ApproveDeploymentInput,
        DeploymentPayload,
        Permission.APPROVE,
        "Lets a deployment that awaits it go on to its launch, unless the caller has started it",
    )
    reject_deployment: RejectDeploymentPayload | None = change(
        "rejectDeployment",
        deployment_acts.reject,
        RejectDeploymentInput,
        DeploymentPayload,
        Permission.APPROVE,
        "Ends a deployment that awaits approval, unless the caller has started it",
    )
    cancel_deployment: CancelDeploymentPayload | None = change(
        "cancelDeployment",
        deployment_acts.cancel,
        CancelDeploymentInput,
        DeploymentPayload,
        Permission.DEPLOY,
        "Stops a deployment, its jobs, and the endpoint that it was creating",
    )
    retry_deployment: RetryDeploymentPayload | None = change(
        "retryDeployment",
        deployment_acts.retry,
        RetryDeploymentInput,
        DeploymentPayload,
        Permission.DEPLOY,
        "Lets a deployment begin again that is held up or has failed",
    )
