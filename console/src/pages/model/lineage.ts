// The lineage of a model as a graph: things, and why each belongs to the next.
import type { Relations } from './queries'

export interface Thing {
  id: string
  kind: string
  name: string
  status?: string
  raw?: string | null
  /** The page of the console that shows it, if there is one. */
  page?: 'models' | 'runtimes'
  /** Its page in the AWS console. */
  consoleUrl?: string | null
}

export interface Edge {
  from: string
  to: string
  why: string
}

export interface Lineage {
  things: Thing[]
  edges: Edge[]
  /** What the gateway knows and this does not show, as `snapshots`. */
  unread: string[]
}

type JobEdge = NonNullable<Relations['jobs']>['edges'][number]
type Runtime = NonNullable<NonNullable<Relations['snapshots']>['nodes'][number]['runtimes']>['nodes'][number]
type Served = NonNullable<NonNullable<Relations['runtimes']>['nodes'][number]['snapshot']>

const WHY: Record<string, string> = {
  MODEL_NAME: 'names the model',
  EXACT_ARTIFACT: 'wrote its artifact',
  ARTIFACT_PREFIX: 'wrote above its artifact',
  MODEL_PACKAGE: 'made its version',
  PIPELINE: 'is of its pipeline',
  LINKED: 'linked by hand',
}
const READS: Record<string, string> = { EXACT_ARTIFACT: 'reads its artifact', ARTIFACT_PREFIX: 'reads the folder of its artifact' }

/** Why a job belongs to a model; a reason that this console does not know is said in the API's word. */
export function whyOf(match: string, linkedBy?: string | null): string {
  if (linkedBy) return `linked by ${linkedBy}`
  return WHY[match] ?? match.toLowerCase().replaceAll('_', ' ')
}

class Builder {
  readonly things = new Map<string, Thing>()
  readonly edges = new Map<string, Edge>()

  thing(thing: Thing): void {
    if (!this.things.has(thing.id)) this.things.set(thing.id, thing)
  }

  edge(from: string, to: string, why: string): void {
    this.edges.set(`${from} ${to}`, { from, to, why })
  }
}

function addRuntime(builder: Builder, { id, name, status, rawStatus, consoleUrl }: Runtime): void {
  builder.thing({ id, kind: 'Runtime', name, status, raw: rawStatus, page: 'runtimes', consoleUrl })
}

/** All jobs that are known of, the newest first in each kind. */
export function jobsOf(model: Relations): JobEdge[] {
  return [...(model.jobs?.edges ?? []), ...(model.otherJobs?.edges ?? [])]
}

function readsArtifact(model: Relations, { node }: JobEdge): boolean {
  if (node.__typename !== 'ProcessingJob') return false
  const artifacts = (model.containers ?? []).flatMap(({ modelDataUrl }) => modelDataUrl ?? [])
  return (node.inputs ?? []).some(({ s3Uri }) => s3Uri && artifacts.some(artifact => artifact.startsWith(s3Uri)))
}

/** A job that uses the model comes after it; one that made it comes before, through the version that it wrote. */
function addJob(builder: Builder, model: Relations, edge: JobEdge): void {
  const { match, linkedBy, node } = edge
  const why = whyOf(match, linkedBy)
  if (node.type === 'TRANSFORM') builder.edge(model.id, node.id, why)
  else if (readsArtifact(model, edge)) builder.edge(model.id, node.id, READS[match] ?? why)
  else {
    const [version, other] = (model.modelPackages ?? []).filter(each => each !== null)
    if (match === 'MODEL_PACKAGE' && version && !other) builder.edge(node.id, version.id, why)
    else builder.edge(node.id, model.id, why)
  }
}

function addJobs(builder: Builder, model: Relations): void {
  const jobs = jobsOf(model)
  for (const { node } of jobs) {
    const kind = `${node.type.charAt(0)}${node.type.slice(1).toLowerCase()} job`
    builder.thing({ id: node.id, kind, name: node.name, status: node.status, raw: node.rawStatus, consoleUrl: node.consoleUrl })
  }
  for (const edge of jobs) {
    const { id, name, type } = edge.node
    const started = type === 'TUNING' ? jobs.filter(({ node }) => node.__typename === 'TrainingJob' && node.tunedByName === name) : []
    started.forEach(({ node }) => builder.edge(id, node.id, 'started it'))
    if (started.length === 0) addJob(builder, model, edge)
  }
}

/** Adds a snapshot if a variant of it names the model, or a shadow variant; tells whether one does. */
function addSnapshot(builder: Builder, model: Relations, { id, name, consoleUrl, variants, shadowVariants }: Served): boolean {
  const names = (list: typeof variants) => (list ?? []).some(({ modelName }) => modelName === model.name)
  const why = names(variants) ? 'a variant names it' : names(shadowVariants) ? 'its shadow variant' : undefined
  if (!why) return false
  builder.thing({ id, kind: 'Snapshot', name, consoleUrl })
  builder.edge(model.id, id, why)
  return true
}

function addServing(builder: Builder, model: Relations): void {
  for (const runtime of model.runtimes?.nodes ?? []) {
    addRuntime(builder, runtime)
    // A snapshot for inference components names no model; these lead to the runtime then.
    if (runtime.snapshot && addSnapshot(builder, model, runtime.snapshot)) builder.edge(runtime.snapshot.id, runtime.id, 'runs it now')
  }
  for (const snapshot of model.snapshots?.nodes ?? []) {
    if (!addSnapshot(builder, model, snapshot)) continue
    for (const runtime of snapshot.runtimes?.nodes ?? []) {
      addRuntime(builder, runtime)
      builder.edge(snapshot.id, runtime.id, 'runs it now')
    }
  }
}

function addComponents(builder: Builder, model: Relations): void {
  for (const { id, name, status, rawStatus, consoleUrl, runtime } of model.inferenceComponents?.nodes ?? []) {
    builder.thing({ id, kind: 'Inference component', name, status, raw: rawStatus, consoleUrl })
    builder.edge(model.id, id, 'serves it')
    if (!runtime) continue
    addRuntime(builder, runtime)
    builder.edge(id, runtime.id, 'is hosted on it')
  }
}

/** An execution comes before what its steps have made; before the model itself if none of that is here. */
function addPipelines(builder: Builder, model: Relations): void {
  const made = new Map(jobsOf(model).map(({ node }) => [node.arn, node.id]))
  for (const version of model.modelPackages ?? []) if (version) made.set(version.arn, version.id)
  for (const { id, name, displayName, pipelineName, status, rawStatus, consoleUrl, steps } of model.pipelineExecutions?.nodes ?? []) {
    builder.thing({ id, kind: 'Pipeline execution', name: `${pipelineName}: ${displayName ?? name}`, status, raw: rawStatus, consoleUrl })
    const results = (steps ?? []).flatMap(({ resourceArn }) => made.get(resourceArn ?? '') ?? [])
    results.forEach(result => builder.edge(id, result, 'a step of it'))
    if (results.length === 0) builder.edge(id, model.id, 'trained or registered it')
  }
}

function unreadOf({ snapshots, runtimes, jobs, otherJobs, inferenceComponents, pipelineExecutions }: Relations): string[] {
  const lists = { snapshots, runtimes, jobs, 'processing and tuning jobs': otherJobs, 'inference components': inferenceComponents, 'pipeline executions': pipelineExecutions }
  return Object.entries(lists).flatMap(([name, list]) => (list?.pageInfo.hasNextPage ? [name] : []))
}

/** Gives everything that made, serves or uses a model, each thing once. */
export function lineageOf(model: Relations): Lineage {
  const builder = new Builder()
  builder.thing({ id: model.id, kind: 'Model', name: model.name, consoleUrl: model.consoleUrl })
  for (const version of model.modelPackages ?? []) {
    if (!version) continue
    builder.thing({ id: version.id, kind: 'Package version', name: version.name, status: version.approvalStatus ?? undefined, consoleUrl: version.consoleUrl })
    builder.edge(version.id, model.id, 'its container is of it')
  }
  addPipelines(builder, model)
  addJobs(builder, model)
  addServing(builder, model)
  addComponents(builder, model)
  return { things: [...builder.things.values()], edges: [...builder.edges.values()], unread: unreadOf(model) }
}
