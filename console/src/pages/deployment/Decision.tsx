import { useState } from 'react'
import { Label, TextArea, TextField } from 'react-aria-components'
import { useMutation } from 'urql'
import { problemsOf, type Problem } from '../../api/problems'
import { graphql } from '../../graphql'
import type { DeploymentPageQuery } from '../../graphql/graphql'
import { Button } from '../../ui/Button'
import { Problems } from '../../ui/Problems'
import { Time } from '../../ui/Time'
import css from '../../ui/ui.module.css'
import page from './deployment.module.css'
import { cost, variantLines } from './figures'

export type Deployment = NonNullable<DeploymentPageQuery['deployment']>
export type Action = 'APPROVE' | 'REJECT' | 'CANCEL' | 'RETRY'

const approve = graphql(`
  mutation Approve($id: ID!, $comment: String) {
    approveDeployment(input: { id: $id, comment: $comment }) {
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
const reject = graphql(`
  mutation Reject($id: ID!, $comment: String) {
    rejectDeployment(input: { id: $id, comment: $comment }) {
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
const cancel = graphql(`
  mutation Cancel($id: ID!, $comment: String) {
    cancelDeployment(input: { id: $id, comment: $comment }) {
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
const retry = graphql(`
  mutation Retry($id: ID!, $comment: String) {
    retryDeployment(input: { id: $id, comment: $comment }) {
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
  const [approving, runApprove] = useMutation(approve)
  const [rejecting, runReject] = useMutation(reject)
  const [cancelling, runCancel] = useMutation(cancel)
  const [retrying, runRetry] = useMutation(retry)
  const run = async (action: Action, text: string): Promise<Problem[]> => {
    const variables = { id, comment: text || null }
    const runs = { APPROVE: runApprove, REJECT: runReject, CANCEL: runCancel, RETRY: runRetry }
    const { data, error } = await runs[action](variables)
    const [payload] = Object.values(data ?? {})
    const faults = (payload && typeof payload === 'object' && 'userErrors' in payload ? payload.userErrors : []) as { code: string; message: string }[]
    return [...problemsOf(error), ...faults.map(({ code, message }) => ({ code, message, path: '' }))]
  }
  return [run, approving.fetching || rejecting.fetching || cancelling.fetching || retrying.fetching]
}

function Side({ title, name, variants, price }: { title: string; name: string; variants: string[]; price: string | undefined }) {
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

/** What runs now beside what would replace it. */
function Change({ deployment }: { deployment: Deployment }) {
  const { replaces, replacesName, requestedRuntimeName, snapshot, snapshotName } = deployment
  const nothing = requestedRuntimeName ? 'not known yet' : 'nothing: a new endpoint'
  return (
    <div className={page.change}>
      <Side title={requestedRuntimeName ? `Runs on ${requestedRuntimeName}` : 'Runs now'} name={replacesName ?? nothing} variants={variantLines(replaces)} price={cost(replaces?.hourlyCost)} />
      <span className={page.arrow} aria-label="is replaced by">
        →
      </span>
      <Side title="Comes" name={snapshotName} variants={variantLines(snapshot)} price={cost(snapshot?.hourlyCost)} />
    </div>
  )
}

const LABELS: Record<Action, string> = { APPROVE: 'Approve', REJECT: 'Reject', CANCEL: 'Cancel', RETRY: 'Try again' }
const LOOKS = { APPROVE: 'primary', REJECT: 'danger', CANCEL: undefined, RETRY: 'primary' } as const

/** Who asked, what runs, what comes, and what may be done about it: all that a decision needs, in one place. */
export function Decision({ deployment }: { deployment: Deployment }) {
  const [comment, setComment] = useState('')
  const [problems, setProblems] = useState<Problem[]>([])
  const [run, isBusy] = useAction(deployment.id)
  const actions = (deployment.viewerCan ?? []) as Action[]
  const denied = (deployment.viewerCannot ?? []).filter(({ action, code }) => code !== 'STATE' && (action === 'APPROVE' || actions.length === 0))
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
      {denied.map(({ action, message }) => (
        <p key={action} className={css.note}>
          You cannot {LABELS[action as Action].toLowerCase()} it: {message}
        </p>
      ))}
      <Problems problems={problems} />
    </section>
  )
}
