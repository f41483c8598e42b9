import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { graphql } from '../../graphql'
import type { AssetRole, DeploymentRowFragment, RegistrationFactsFragment } from '../../graphql/graphql'
import { mayDo, useViewer } from '../../shell/viewer'
import { Button } from '../../ui/Button'
import { Loading } from '../../ui/Page'
import { Status, words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import { AddForm } from './AddForm'
import page from './assets.module.css'
import { RemoveAsset } from './RemoveAsset'
import { useSuggestions, type Suggestion } from './suggestions'

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
  SCHEMA: 'What the model takes and gives, for people to read: any form will do.',
  TRAINING_DATA: 'The data that the model was made from, in S3.',
  TEST_DATA: 'The data that a rehearsal sends to the model.',
  TEST_RESULT_COMPARATOR: 'The rules by which a rehearsal passes or fails.',
  OTHER: 'Anything else that belongs to the model.',
}

interface RoleProps {
  role: AssetRole
  registration: RegistrationFactsFragment
  mayAdd: boolean
  isRequired: boolean
  suggestions: readonly Suggestion[]
}

function Role({ role, registration, mayAdd, isRequired, suggestions }: RoleProps) {
  const [isAdding, setAdding] = useState(false)
  const [wasAdded, setAdded] = useState(false)
  const item = useRef<HTMLLIElement>(null)
  const added = () => {
    setAdding(false)
    setAdded(true)
  }
  const assets = registration.assets.filter(asset => asset.role === role)
  return (
    <li className={page.role} aria-label={words(role)} ref={item} tabIndex={-1}>
      <div className={page.head}>
        <h3>{words(role)}</h3>
        {isRequired ? assets.length > 0 ? <Status value="DONE" /> : <span className={css.busy}>missing</span> : <span className={css.quiet}>optional</span>}
      </div>
      <p className={css.quiet}>{ABOUT[role]}</p>
      {assets.map(({ id, name, fingerprint, addedBy, addedAt }) => (
        <div key={id}>
          {name}{' '}
          <span className={css.quiet}>
            {fingerprint && <code title={fingerprint}>{fingerprint.slice(0, 19)}</code>} by {addedBy}, <Time at={addedAt} />
          </span>
          {mayAdd && <RemoveAsset registrationId={registration.id} role={role} name={name} onRemoved={() => item.current?.focus()} />}
        </div>
      ))}
      {mayAdd && (assets.length === 0 || isAdding) && <AddForm registrationId={registration.id} role={role} suggestions={suggestions} onAdded={added} />}
      {mayAdd && assets.length > 0 && !isAdding && (
        <div>
          <Button autoFocus={wasAdded} onPress={() => setAdding(true)} aria-label={`Replace ${words(role)}, or add another`}>
            Replace, or add another
          </Button>
        </div>
      )}
    </li>
  )
}

/** Once nothing is missing, what comes of it, where the last asset was added. */
function GoesOn({ open }: { open: readonly DeploymentRowFragment[] }) {
  if (open.length === 0) return null
  return (
    <div className={page.next} role="status">
      Nothing is missing. On its way:
      {open.map(({ id, snapshotName, state }) => (
        <span key={id}>
          <Link to="/deployments/$id" params={{ id }}>
            {snapshotName}
          </Link>{' '}
          <Status value={state} />
        </span>
      ))}
    </div>
  )
}

/** The assets of an import as a checklist: what a deployment asks for, what is there, and how to add the rest. */
export function Assets({ registration, open }: { registration: RegistrationFactsFragment; open: readonly DeploymentRowFragment[] }) {
  const viewer = useViewer()
  const mayAdd = mayDo(viewer, 'IMPORT', registration.group)
  const required = registration.requiredAssets.map(({ role }) => role)
  const others = registration.assets.map(({ role }) => role).filter(role => !required.includes(role))
  const missing = registration.requiredAssets.filter(({ present }) => !present).length
  const { modelName: name, group, region } = registration
  const suggestions = useSuggestions({ name, group, region }, mayAdd && missing > 0)
  return (
    <>
      <p>{missing === 0 ? 'All required assets are there.' : `${missing} of ${required.length} required assets ${missing === 1 ? 'is' : 'are'} missing; deployments wait for ${missing === 1 ? 'it' : 'them'}.`}</p>
      {!mayAdd && <p className={css.note}>You may not add assets: that takes the permission IMPORT for {registration.group}.</p>}
      {suggestions.isReading ? (
        <Loading lines={16} />
      ) : (
        <ul className={page.roles}>
          {[...required, ...new Set(others)].map(role => (
            <Role key={role} role={role} registration={registration} mayAdd={mayAdd} isRequired={required.includes(role)} suggestions={suggestions.of(role)} />
          ))}
        </ul>
      )}
      {missing === 0 && <GoesOn open={open} />}
    </>
  )
}
