import { AssetsLink, ModelLink, RuntimeLink } from '../../shell/links'
import { Panel } from '../../ui/Page'
import { Sentence } from '../../ui/Sentence'
import { Status, words } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import type { Deployment } from './Decision'
import page from './deployment.module.css'

/** The state's reason, with the way to its remedy: a missing asset, a failure, a rollback. */
export function Reason({ deployment }: { deployment: Deployment }) {
  const { group, region, reason, registrations, state } = deployment
  if (!reason) return null
  return (
    <div className={state === 'FAILED' ? `${page.reason} ${page.failed}` : page.reason}>
      <p>
        <Sentence text={reason} />
      </p>
      {state === 'BLOCKED' &&
        (registrations ?? []).map(({ id, displayName, modelName }) => (
          <AssetsLink key={id} place={{ group, region }} name={modelName} displayName={displayName} />
        ))}
    </div>
  )
}

/** The steps of the lifecycle, with their states and times. */
export function Steps({ deployment }: { deployment: Deployment }) {
  return (
    <Panel title="Steps">
      <ol className={page.steps}>
        {deployment.steps.map(({ name, state, startedAt, endedAt, detail, job }) => (
          <li key={name}>
            <span>{words(name)}</span>
            <span>
              <Status value={name === 'APPROVE' && state === 'RUNNING' ? 'WAITING' : state} /> {(endedAt ?? startedAt) && <Time at={endedAt ?? startedAt} />}
              {detail && (
                <p className={css.quiet}>
                  <Sentence text={detail} />
                </p>
              )}
              {job && (
                <p>
                  {job.consoleUrl ? (
                    <a href={job.consoleUrl} target="_blank" rel="noreferrer">
                      {job.name}
                    </a>
                  ) : (
                    job.name
                  )}{' '}
                  <Status value={job.status} raw={job.rawStatus} />
                </p>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** The rehearsal's result against the comparator. */
export function TestResult({ result }: { result: Deployment['testResult'] }) {
  if (!result) return null
  return (
    <Panel title="Rehearsal" beside={<Status value={result.passed ? 'PASSED' : 'FAILED'} />}>
      <div className={css.scroll}>
        <table className={`${css.table} ${css.stack} ${page.checks}`}>
          <caption className={css.hidden}>Checks of the rehearsal</caption>
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Expected</th>
              <th scope="col">Actual</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {result.checks.map(({ name, passed, expected, actual }) => (
              <tr key={name}>
                <td data-label="Check">{name}</td>
                <td data-label="Expected">{expected ?? '–'}</td>
                <td data-label="Actual">{actual ?? '–'}</td>
                <td data-label="Result">
                  <Status value={passed ? 'PASSED' : 'FAILED'} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {result.outputS3Uri && (
        <p className={css.quiet}>
          Output: <code>{result.outputS3Uri}</code>
        </p>
      )}
    </Panel>
  )
}

/** The assets as they were verified; a deployment does not launch on others. */
export function VerifiedAssets({ assets }: { assets: Deployment['assets'] }) {
  if (!assets || assets.length === 0) return null
  return (
    <Panel title="Verified assets">
      <div className={css.scroll}>
        <table className={`${css.table} ${css.stack}`}>
          <caption className={css.hidden}>Assets with their fingerprints</caption>
          <thead>
            <tr>
              <th scope="col">Role</th>
              <th scope="col">Name</th>
              <th scope="col">Fingerprint</th>
            </tr>
          </thead>
          <tbody>
            {assets.map(({ role, name, fingerprint }) => (
              <tr key={role + name}>
                <td data-label="Role">{words(role)}</td>
                <td data-label="Name">{name}</td>
                <td data-label="Fingerprint">{fingerprint ? <code title={fingerprint}>{fingerprint.slice(0, 19)}</code> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** A ticket, with its status; a link where it has a page. */
export function TicketLink({ ticket: { key, url, status } }: { ticket: Deployment['tickets'][number] }) {
  return (
    <>
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          {key}
        </a>
      ) : (
        key
      )}{' '}
      ({status})
    </>
  )
}

/** The decision that was made, and the tickets of it. */
export function Decided({ deployment }: { deployment: Deployment }) {
  const { decision, tickets } = deployment
  if (!decision && tickets.length === 0) return null
  return (
    <Panel title="Approval">
      {decision && (
        <p>
          <Status value={decision.outcome} /> by {decision.by}, <Time at={decision.at} />
          {decision.comment ? `: “${decision.comment}”` : ''}
        </p>
      )}
      {tickets.map(ticket => (
        <p key={ticket.key}>
          {words(ticket.kind)}: <TicketLink ticket={ticket} />
        </p>
      ))}
    </Panel>
  )
}

/** The models that it deploys, and the runtime that it has become. */
export function Related({ deployment }: { deployment: Deployment }) {
  const { group, region, registrations, runtime } = deployment
  return (
    <Panel title="Belongs to">
      {(registrations ?? []).map(({ id, displayName, modelName }) => (
        <p key={id}>
          Model <ModelLink place={{ group, region }} name={modelName} displayName={displayName} />
        </p>
      ))}
      {runtime && (
        <p>
          Runtime <RuntimeLink place={{ group, region }} name={runtime.name} /> <Status value={runtime.status} raw={runtime.rawStatus} />
        </p>
      )}
    </Panel>
  )
}
