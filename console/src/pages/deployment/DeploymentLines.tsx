import { Link } from '@tanstack/react-router'
import type { DeploymentRowFragment } from '../../graphql/graphql'
import { AssetsLink } from '../../shell/links'
import { Panel } from '../../ui/Page'
import { Sentence } from '../../ui/Sentence'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import page from './deployment.module.css'

function DeploymentLine({ deployment, hasAssets }: { deployment: DeploymentRowFragment; hasAssets?: boolean }) {
  const { group, region, registrations, state } = deployment
  const runtime = deployment.runtimeName ?? deployment.requestedRuntimeName
  const models = registrations ?? []
  return (
    <li className={page.line}>
      <div>
        <Link to="/deployments/$id" params={{ id: deployment.id }}>
          {deployment.snapshotName}
          {runtime ? ` → ${runtime}` : ''}
        </Link>
        <Status value={state} />
      </div>
      {deployment.reason && (
        <p>
          <Sentence text={deployment.reason} />
        </p>
      )}
      {state === 'BLOCKED' &&
        !hasAssets &&
        models.map(({ id, displayName, modelName }) => (
          <AssetsLink key={id} place={{ group, region }} name={modelName} displayName={displayName} />
        ))}
      <div className={css.quiet}>
        <span>
          {models.length > 0 && `of ${models.map(({ displayName }) => displayName).join(', ')}, `}
          asked for by {deployment.startedBy}, <Time at={deployment.startedAt} />
        </span>
        <span>
          {group} · {region}
        </span>
      </div>
    </li>
  )
}

interface Props {
  title: string
  deployments: readonly DeploymentRowFragment[]
  /** What to say if there are none; without it, the whole list is left out then. */
  empty?: string
  /** True if there are older ones than these. */
  hasMore?: boolean
  /** True if the page has the assets below, so that no way leads to them. */
  hasAssets?: boolean
}

/** A list of deployments under a title. */
export function DeploymentLines({ title, deployments, empty, hasMore, hasAssets }: Props) {
  if (deployments.length === 0 && !empty) return null
  return (
    <Panel title={title}>
      {deployments.length === 0 ? (
        <p className={css.quiet}>{empty}</p>
      ) : (
        <ul className={page.lines}>
          {deployments.map(deployment => (
            <DeploymentLine key={deployment.id} deployment={deployment} hasAssets={hasAssets} />
          ))}
        </ul>
      )}
      {hasMore && <p className={css.note}>There are older ones than these {deployments.length}.</p>}
    </Panel>
  )
}
