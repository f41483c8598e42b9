import { useState } from 'react'
import { DropZone, FileTrigger, Input, Label, TextField, type FileDropItem } from 'react-aria-components'
import { graphql } from '../../graphql'
import type { AssetRole, RegistrationFactsFragment } from '../../graphql/graphql'
import { mayDo, useViewer } from '../../shell/viewer'
import { Button } from '../../ui/Button'
import { Problems } from '../../ui/Problems'
import { Status, words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import page from './assets.module.css'
import { useAddAsset } from './useAddAsset'

graphql(`
  fragment RegistrationFacts on Registration {
    id
    displayName
    group
    region
    modelName
    requiredAssets {
      role
      present
    }
    assets {
      id
      role
      name
      fingerprint
      sizeBytes
      addedBy
      addedAt
    }
  }
`)

const ABOUT: Record<string, string> = {
  DOCUMENTATION: 'What the model is for, how it was made, and where it must not be used.',
  SCHEMA: 'What the model takes and gives.',
  TRAINING_DATA: 'The data that the model was made from, in S3.',
  TEST_DATA: 'The data that a rehearsal sends to the model, in S3.',
  TEST_RESULT_COMPARATOR: 'The rules by which a rehearsal passes or fails.',
  OTHER: 'Anything else that belongs to the model.',
}

function AddForm({ registrationId, role }: { registrationId: string; role: AssetRole }) {
  const { isBusy, problems, addFile, addAddress } = useAddAsset(registrationId, role)
  const [address, setAddress] = useState('')
  const drop = async (items: readonly { kind: string }[]) => {
    for (const item of items) if (item.kind === 'file') await addFile(await (item as FileDropItem).getFile())
  }
  const choose = async (files: FileList | null) => {
    for (const file of files ?? []) await addFile(file)
  }
  return (
    <>
      <DropZone className={page.drop} onDrop={({ items }) => void drop(items)} aria-label={`Drop a file for ${words(role)}`}>
        <FileTrigger onSelect={files => void choose(files)}>
          <Button isDisabled={isBusy}>Choose a file</Button>
        </FileTrigger>
        <span className={css.quiet}>or drop it here, or</span>
        <div className={page.address}>
          <TextField className={css.field} value={address} onChange={setAddress}>
            <Label>name its address in S3</Label>
            <Input className={css.input} placeholder="s3://bucket/folder/" />
          </TextField>
          <Button isDisabled={isBusy || !address.startsWith('s3://')} onPress={() => void addAddress(address).then(() => setAddress(''))}>
            Add
          </Button>
        </div>
        {isBusy && <span role="status">Sending …</span>}
      </DropZone>
      <Problems problems={problems} />
    </>
  )
}

function Role({ role, registration, mayAdd, isRequired }: { role: AssetRole; registration: RegistrationFactsFragment; mayAdd: boolean; isRequired: boolean }) {
  const assets = registration.assets.filter(asset => asset.role === role)
  return (
    <li className={page.role} aria-label={words(role)}>
      <div className={page.head}>
        <h3>{words(role)}</h3>
        {isRequired ? assets.length > 0 ? <Status value="DONE" /> : <span className={css.busy}>missing</span> : <span className={css.quiet}>optional</span>}
      </div>
      <p className={css.quiet}>{ABOUT[role]}</p>
      {assets.map(({ id, name, fingerprint, addedBy, addedAt }) => (
        <p key={id}>
          {name}{' '}
          <span className={css.quiet}>
            {fingerprint && <code title={fingerprint}>{fingerprint.slice(0, 19)}</code>} by {addedBy}, <Time at={addedAt} />
          </span>
        </p>
      ))}
      {mayAdd && <AddForm registrationId={registration.id} role={role} />}
    </li>
  )
}

/** The assets of an import as a checklist: what a deployment asks for, what is there, and how to add the rest. */
export function Assets({ registration }: { registration: RegistrationFactsFragment }) {
  const viewer = useViewer()
  const mayAdd = mayDo(viewer, 'IMPORT', registration.group)
  const required = registration.requiredAssets.map(({ role }) => role)
  const others = registration.assets.map(({ role }) => role).filter(role => !required.includes(role))
  const missing = registration.requiredAssets.filter(({ present }) => !present).length
  return (
    <>
      <p>{missing === 0 ? 'All required assets are there.' : `${missing} of ${required.length} required assets are missing; deployments wait for them.`}</p>
      {!mayAdd && <p className={css.note}>You may not add assets: that takes the permission IMPORT for {registration.group}.</p>}
      <ul className={page.roles}>
        {[...required, ...new Set(others)].map(role => (
          <Role key={role} role={role} registration={registration} mayAdd={mayAdd} isRequired={required.includes(role)} />
        ))}
      </ul>
    </>
  )
}
