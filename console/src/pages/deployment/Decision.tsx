import { useState, type ReactNode } from 'react'
import { Label, TextArea, TextField } from 'react-aria-components'
import { useMutation } from 'urql'
import { faultsOf, problemsOf, type Problem } from '../../api/problems'
import { graphql } from '../../graphql'
import type { DeploymentPageQuery } from '../../graphql/graphql'
import { settings } from '../../settings'
import { RuntimeLink } from '../../shell/links'
import { useViewer } from '../../shell/viewer'
import { Button } from '../../ui/Button'
import { Problems } from '../../ui/Problems'
import { Sentence } from '../../ui/Sentence'
import { Status } from '../../ui/Status'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import page from './deployment.module.css'
import { TicketLink } from './Evidence'
import { cost, rolloutText, variantLines } from './figures'

export type Deployment = NonNullable<DeploymentPageQuery['deployment']>
export type Action = 'APPROVE' | 'REJECT' | 'CANCEL' | 'RETRY'

// One document for all four: the variables say which of them is sent.
const act = graphql(`
  mutation Act($id: ID!, $comment: String, $approve: Boolean!, $reject: Boolean!, $cancel: Boolean!, $retry: Boolean!) {
    approveDeployment(input: { id: $id, comment: $comment }) @include(if: $approve) {
      deployment {
        ...DeploymentFacts
      }
      userErrors {
        code
        message
      }
    }
    rejectDeployment(input: { id: $id, comment: $comment }) @include(if: $reject) {
      deployment {
        ...DeploymentFacts
      }
      userErrors {
        code
        message
      }
    }
    cancelDeployment(input: { id: $id, comment: $comment }) @include(if: $cancel) {
      deployment {
        ...DeploymentFacts
      }
      userErrors {
        code
        message
      }
    }
    retryDeployment(input: { id: $id, comment: $comment }) @include(if: $retry) {
      deployment {
        ...DeploymentFacts
      }
      userErrors {
        code
        message
      }
    }
  }
`)

/** Carries out an action; gives the problems that it met, none if it is done. */
function useAction(id: string): [(action: Action, comment: string) => Promise<Problem[]>, boolean] {
  const [{ fetching }, send] = useMutation(act)
  const run = async (action: Action, comment: string): Promise<Problem[]> => {
    const chosen = { approve: action === 'APPROVE', reject: action === 'REJECT', cancel: action === 'CANCEL', retry: action === 'RETRY' }
    const { data, error } = await send({ id, comment: comment || null, ...chosen })
    const payload = data?.approveDeployment ?? data?.rejectDeployment ?? data?.cancelDeployment ?? data?.retryDeployment
    return [...problemsOf(error), ...faultsOf(payload)]
  }
  return [run, fetching]
}

function Side({ title, name, variants, price }: { title: ReactNode; name: string; variants: string[]; price: string | undefined }) {
  return (
    <div className={page.side}>
      <span className={css.quiet}>{title}</span>
      <strong>{name}</strong>
      {variants.map(line => (
        <span key={line}>{line}</span>
      ))}
      {price && <span>{price}</span>}
    </div>
  )
}

/** The runtime that a deployment has become, with its state. */
function Live({ deployment: { group, region, runtime } }: { deployment: Deployment }) {
  if (!runtime) return <>Runs now</>
  return (
    <>
      Runs on <RuntimeLink place={{ group, region }} name={runtime.name} /> <Status value={runtime.status} raw={runtime.rawStatus} />
    </>
  )
}

/** What runs now beside what would replace it; once it is deployed, what ran before beside what runs. */
function Change({ deployment }: { deployment: Deployment }) {
  const { replaces, replacesName, requestedRuntimeName, snapshot, snapshotName, state } = deployment
  const isDone = state === 'DEPLOYED'
  const nothing = requestedRuntimeName ? 'not known yet' : 'nothing: a new endpoint'
  const before = isDone ? 'Ran before' : requestedRuntimeName ? `Runs on ${requestedRuntimeName}` : 'Runs now'
  return (
    <div className={page.change}>
      <Side title={before} name={replacesName ?? nothing} variants={variantLines(replaces)} price={cost(replaces?.hourlyCost)} />
      <span className={page.arrow} aria-label="is replaced by">
        →
      </span>
      <Side title={isDone ? <Live deployment={deployment} /> : 'Comes'} name={snapshotName} variants={variantLines(snapshot)} price={cost(snapshot?.hourlyCost)} />
    </div>
  )
}

const LABELS: Record<Action, string> = { APPROVE: 'Approve', REJECT: 'Reject', CANCEL: 'Cancel the deployment', RETRY: 'Try again' }
const LOOKS = { APPROVE: 'primary', REJECT: 'danger', CANCEL: undefined, RETRY: 'primary' } as const

const DENIALS: Record<Action, string> = { APPROVE: 'You cannot approve it', REJECT: 'You cannot reject it', CANCEL: 'You cannot cancel it', RETRY: 'You cannot let it try again' }

/** The ticket that decides, where Jira does. */
function InJira({ tickets }: { tickets: Deployment['tickets'] }) {
  const ticket = tickets.findLast(({ kind }) => kind === 'APPROVAL')
  return (
    <p className={css.note}>
      Jira decides about it: {ticket ? <TicketLink ticket={ticket} /> : 'its ticket is being filed.'}
    </p>
  )
}

/** Why this person cannot do what others could do now. */
function Denied({ deployment }: { deployment: Deployment }) {
  const { state, tickets, viewerCan, viewerCannot } = deployment
  const viewer = useViewer()
  if (state === 'AWAITING_APPROVAL' && viewer.settings.approval === 'JIRA') return <InJira tickets={tickets} />
  const open = state === 'AWAITING_APPROVAL' ? 'APPROVE' : state === 'FAILED' || state === 'BLOCKED' ? 'RETRY' : undefined
  const denied = (viewerCannot ?? []).filter(({ action, code }) => action === open && code !== 'STATE')
  const isDemo = settings.people && !viewerCan?.includes('APPROVE')
  return denied.map(({ action, message }) => (
    <p key={action} className={css.note}>
      {DENIALS[action as Action]}: <Sentence text={message} />
      {isDemo && action === 'APPROVE' && ' In the demo, become another person at the top.'}
    </p>
  ))
}

/** Who asked, what runs, what comes, and what may be done about it: all that a decision needs, in one place. */
export function Decision({ deployment }: { deployment: Deployment }) {
  const [comment, setComment] = useState('')
  const [problems, setProblems] = useState<Problem[]>([])
  const [run, isBusy] = useAction(deployment.id)
  const actions = (deployment.viewerCan ?? []) as Action[]
  const act = async (action: Action) => {
    const met = await run(action, comment)
    setProblems(met)
    if (met.length === 0) setComment('')
  }
  return (
    <section className={page.decision} aria-label="Decision">
      <p>
        Asked for by <strong>{deployment.startedBy}</strong> of {deployment.group}, <Time at={deployment.startedAt} />
      </p>
      <Change deployment={deployment} />
      {deployment.rollout && <p>Rollout: {rolloutText(deployment.rollout)}</p>}
      {actions.length > 0 && (
        <>
          <TextField className={css.field} value={comment} onChange={setComment}>
            <Label>Comment (kept with the decision)</Label>
            <TextArea className={css.input} rows={1} />
          </TextField>
          <div className={page.actions}>
            {(['APPROVE', 'RETRY', 'REJECT', 'CANCEL'] as const)
              .filter(action => actions.includes(action))
              .map(action => (
                <Button key={action} look={LOOKS[action]} isDisabled={isBusy} onPress={() => void act(action)}>
                  {LABELS[action]}
                </Button>
              ))}
          </div>
        </>
      )}
      <Denied deployment={deployment} />
      <Problems problems={problems} />
    </section>
  )
}
