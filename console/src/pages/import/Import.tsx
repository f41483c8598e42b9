import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { mayDo, titleOf, useViewer } from '../../shell/viewer'
import { Button } from '../../ui/Button'
import { Empty, PageHead } from '../../ui/Page'
import css from '../../ui/ui.module.css'
import page from './import.module.css'
import { Plan } from './Plan'
import { Run } from './Run'

const route = getRouteApi('/at/$group/$region/import')

/** A model's way from its import to an endpoint. */
function Way() {
  const { settings } = useViewer()
  const assets = settings.requiredAssets.length
  const steps = ['Import', assets > 0 && `${assets} ${assets === 1 ? 'asset' : 'assets'}, which you add`, 'Rehearsal', `Approval ${settings.approval === 'JIRA' ? 'in Jira' : 'by somebody else'}`, 'Live on an endpoint']
  return (
    <ol className={page.way} aria-label="The way to an endpoint">
      {steps.map(step => step && <li key={step}>{step}</li>)}
    </ol>
  )
}

/** Takes a model into the gateway's keeping: its name, a plan, the import, its assets, and what happens next. */
export function Import() {
  const place = route.useParams()
  const { name, run } = route.useSearch()
  const navigate = route.useNavigate()
  const viewer = useViewer()
  const [text, setText] = useState(name ?? '')
  if (run) return <Run id={run} place={place} />
  const look = () => void navigate({ search: { name: text.trim() || undefined } })
  return (
    <>
      <PageHead title={`Import a model of ${titleOf(place)}`} />
      {!mayDo(viewer, 'IMPORT', place.group) && (
        <p className={css.note}>You can look at the plan, but not import: that takes the permission IMPORT for {place.group}.</p>
      )}
      <form
        className={page.form}
        onSubmit={event => {
          event.preventDefault()
          look()
        }}
      >
        <TextField className={css.field} value={text} onChange={setText}>
          <Label>Name of the model in SageMaker</Label>
          <Input className={css.input} autoComplete="off" spellCheck={false} />
        </TextField>
        <Button type="submit" look={name ? undefined : 'primary'} isDisabled={!text.trim()}>
          Show the plan
        </Button>
      </form>
      {!name && (
        <Empty>
          <span>The plan shows all that the import brings and creates; nothing changes before you say so.</span>
          <Way />
          <Link to="/at/$group/$region/models" params={place} search={{ live: 'no' }}>
            Choose from the models that are not live
          </Link>
        </Empty>
      )}
      {name && <Plan name={name} place={place} onStarted={id => void navigate({ search: { name, run: id } })} />}
    </>
  )
}
