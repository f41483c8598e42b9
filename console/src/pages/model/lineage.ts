// The lineage of a model as a graph: things, and why each belongs to the next.
import type { Model } from './queries'

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
}

const WHY: Record<string, string> = {
  MODEL_NAME: 'names the model',
  EXACT_ARTIFACT: 'wrote its artifact',
  ARTIFACT_PREFIX: 'wrote above its artifact',
  MODEL_PACKAGE: 'made its version',
  PIPELINE: 'of its pipeline',
  LINKED: 'linked by hand',
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

type Runtime = NonNullable<NonNullable<Model['snapshots']>['nodes'][number]['runtimes']>['nodes'][number]

function addRuntime(builder: Builder, { id, name, status, rawStatus, consoleUrl }: Runtime): void {
  builder.thing({ id, kind: 'Runtime', name, status, raw: rawStatus, page: 'runtimes', consoleUrl })
}

function addJobs(builder: Builder, model: Model): void {
  for (const { match, node } of model.jobs?.edges ?? []) {
    const kind = `${node.type.charAt(0)}${node.type.slice(1).toLowerCase()} job`
    builder.thing({ id: node.id, kind, name: node.name, status: node.status, raw: node.rawStatus, consoleUrl: node.consoleUrl })
    const why = WHY[match] ?? match
    // A transform job uses the model; every other kind comes before it.
    if (node.type === 'TRANSFORM') builder.edge(model.id, node.id, why)
    else builder.edge(node.id, model.id, why)
  }
}

function addServing(builder: Builder, model: Model): void {
  for (const snapshot of model.snapshots?.nodes ?? []) {
    builder.thing({ id: snapshot.id, kind: 'Snapshot', name: snapshot.name, consoleUrl: snapshot.consoleUrl })
    builder.edge(model.id, snapshot.id, 'a variant names it')
    for (const runtime of snapshot.runtimes?.nodes ?? []) {
      addRuntime(builder, runtime)
      builder.edge(snapshot.id, runtime.id, 'runs it now')
    }
  }
  for (const component of model.inferenceComponents?.nodes ?? []) {
    const { id, name, status, rawStatus, consoleUrl, runtime } = component
    builder.thing({ id, kind: 'Inference component', name, status, raw: rawStatus, consoleUrl })
    builder.edge(model.id, id, 'serves it')
    if (!runtime) continue
    addRuntime(builder, runtime)
    builder.edge(id, runtime.id, 'is hosted on it')
  }
}

function addPipelines(builder: Builder, model: Model): void {
  for (const { id, name, displayName, pipelineName, status, rawStatus, consoleUrl } of model.pipelineExecutions?.nodes ?? []) {
    builder.thing({ id, kind: 'Pipeline execution', name: `${pipelineName}: ${displayName ?? name}`, status, raw: rawStatus, consoleUrl })
    builder.edge(id, model.id, 'trained or registered it')
  }
}

/** Gives everything that made, serves or uses a model, each thing once. */
export function lineageOf(model: Model): Lineage {
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
  return { things: [...builder.things.values()], edges: [...builder.edges.values()] }
}
