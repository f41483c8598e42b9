import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { askOnce } from '../../api/once'
import { faultsOf, problemsOf, type Problem } from '../../api/problems'
import { graphql } from '../../graphql'
import type { ImportPlanQuery } from '../../graphql/graphql'
import { mayDo, scopeOf, titleOf, useViewer, type Place } from '../../shell/viewer'
import { Button } from '../../ui/Button'
import { Empty, Loading, Panel } from '../../ui/Page'
import { Problems } from '../../ui/Problems'
import { words } from '../../ui/Status'
import css from '../../ui/ui.module.css'
import { whyOf } from '../model/lineage'
import { CredentialsForm, NO_CREDENTIALS } from './Credentials'
import page from './import.module.css'

const planQuery = graphql(`
  query ImportPlan($input: ImportPlanInput!) {
    importPlan(input: $input) {
      modelName
      exists
      alreadyImported
      willCreateSnapshot
      elements(first: 50) {
        nodes {
          kind
          name
          arn
          change
          match
        }
        pageInfo {
          hasNextPage
        }
        totalCount
      }
      problems {
        kind
        code
        message
        count
      }
    }
  }
`)

const importModel = graphql(`
  mutation ImportModel($input: ImportModelInput!) {
    importModel(input: $input) {
      importRun {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`)

type PlanOf = NonNullable<ImportPlanQuery['importPlan']>

function Elements({ elements }: { elements: PlanOf['elements'] }) {
  return (
    <div className={css.scroll}>
      <table className={`${css.table} ${css.stack}`}>
        <caption className={css.hidden}>What the import brings</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Name</th>
            <th scope="col">Change</th>
            <th scope="col">Belongs by</th>
          </tr>
        </thead>
        <tbody>
          {elements.nodes.map(({ kind, name, arn, change, match }) => (
            <tr key={arn}>
              <td data-label="Kind">{words(kind)}</td>
              <td data-label="Name">{name}</td>
              <td data-label="Change">{words(change)}</td>
              <td data-label="Belongs by">{match ? whyOf(match) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {elements.pageInfo.hasNextPage && <p className={css.note}>and {(elements.totalCount ?? 0) - elements.nodes.length} more</p>}
    </div>
  )
}

interface Options {
  createDefaultSnapshot: boolean
  startDeployments: boolean
}

function OptionBox({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label className={page.check}>
      <input type="checkbox" checked={value} onChange={event => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

/** What an import would bring and create, and the button that does it. */
export function Plan({ name, place, onStarted }: { name: string; place: Place; onStarted: (runId: string) => void }) {
  const viewer = useViewer()
  const [options, setOptions] = useState<Options>({ createDefaultSnapshot: viewer.settings.createDefaultSnapshot, startDeployments: true })
  const [credentials, setCredentials] = useState(NO_CREDENTIALS)
  const [problems, setProblems] = useState<Problem[]>([])
  const variables = useMemo(() => ({ input: { modelName: name, ...scopeOf(place), ...options } }), [name, place.group, place.region, options])
  const [{ data, error, fetching }, ask] = useQuery({ query: planQuery, variables, requestPolicy: 'network-only' })
  const [isStarting, setStarting] = useState(false)
  const plan = data?.importPlan
  const assets = viewer.settings.requiredAssets.length

  const run = async () => {
    const entered = credentials.accessKeyId ? { ...credentials, sessionToken: credentials.sessionToken || null } : undefined
    setStarting(true)
    const result = await askOnce(importModel, { input: { ...variables.input, credentials: entered } })
    setStarting(false)
    const payload = result.data?.importModel
    setProblems([...problemsOf(result.error), ...faultsOf(payload)])
    if (payload?.importRun) onStarted(payload.importRun.id)
  }

  if (!plan) return error ? <Problems problems={problemsOf(error)} retry={() => ask()} /> : <Loading lines={fetching ? 6 : 3} />
  const mayEnter = viewer.settings.enterCredentials && mayDo(viewer, 'ENTER_CREDENTIALS', place.group)
  if (!plan.exists && !mayEnter) {
    return (
      <Empty>
        <span>
          There is no model {name} for {titleOf(place)}. Check the name, or choose another group and region above.
        </span>
        <Link to="/at/$group/$region/models" params={{ ...place }} search={{ name }}>
          Models whose name contains {name}
        </Link>
      </Empty>
    )
  }
  return (
    <>
      <Panel title={plan.alreadyImported ? 'It is imported already: this looks again' : 'What the import brings'}>
        <Elements elements={plan.elements} />
        {plan.willCreateSnapshot && (
          <p>
            It has no snapshot; the import creates <strong>{plan.willCreateSnapshot}</strong>.
          </p>
        )}
        <Problems partial problems={plan.problems.map(({ code, message }) => ({ code, message, path: '' }))} />
        <div className={page.options}>
          <OptionBox label="Create a snapshot if there is none" value={options.createDefaultSnapshot} onChange={createDefaultSnapshot => setOptions({ ...options, createDefaultSnapshot })} />
          <OptionBox label="Start deployments of snapshots that do not run" value={options.startDeployments} onChange={startDeployments => setOptions({ ...options, startDeployments })} />
        </div>
        {options.startDeployments && (
          <p className={css.quiet}>
            Then each snapshot that does not run yet {assets > 0 ? 'waits for the model’s assets, which you add on the next page, ' : ''}is rehearsed, approved
            {viewer.settings.approval === 'JIRA' ? ' in Jira' : ' by somebody else'}, and launched.
          </p>
        )}
      </Panel>
      {mayEnter && <CredentialsForm value={credentials} onChange={setCredentials} />}
      <Problems problems={problems} />
      <div>
        <Button look="primary" isDisabled={isStarting || !mayDo(viewer, 'IMPORT', place.group)} onPress={() => void run()}>
          {plan.alreadyImported ? `Look again at ${name}` : `Import ${name}`}
        </Button>
      </div>
    </>
  )
}
