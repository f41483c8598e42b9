import { Link } from '@tanstack/react-router'
import type { DeploymentRowFragment } from '../../graphql/graphql'
import { Panel } from '../../ui/Page'
import { Sentence } from '../../ui/Sentence'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import page from './deployment.module.css'

function DeploymentLine({ deployment }: { deployment: DeploymentRowFragment }) {
  const runtime = deployment.runtimeName ?? deployment.requestedRuntimeName
  return (
    <li className={page.line}>
      <div>
        <Link to="/deployments/$id" params={{ id: deployment.id }}>
          {deployment.snapshotName}
          {runtime ? ` → ${runtime}` : ''}
        </Link>
        <Status value={deployment.state} />
      </div>
      {deployment.reason && <p><Sentence text={deployment.reason} /></p>}
      <div className={css.quiet}>
        <span>
          asked for by {deployment.startedBy}, <Time at={deployment.startedAt} />
        </span>
        <span>
          {deployment.group} · {deployment.region}
        </span>
      </div>
    </li>
  )
}

/** A list of deployments under a title; without any it says so, or is not there. */
export function DeploymentLines({ title, deployments, empty }: { title: string; deployments: readonly DeploymentRowFragment[]; empty?: string }) {
  if (deployments.length === 0 && !empty) return null
  return (
    <Panel title={title}>
      {deployments.length === 0 ? (
        <p className={css.quiet}>{empty}</p>
      ) : (
        <ul className={page.lines}>
          {deployments.map(deployment => (
            <DeploymentLine key={deployment.id} deployment={deployment} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
