// The five screens, done by a client that the gateway has never seen: node screens.mjs apollo|urql|relay ARGUMENTS
// A line of JSON tells that a runtime is watched, and another what its page shows; the last line has all screens.
const [client, json] = process.argv.slice(2)
const { url, model, snapshot, runtime, unreadable, assets } = JSON.parse(json)
const { connect, extra } = await import(`./${client}.mjs`)

const MAKER = { 'X-Forwarded-User': 'demo', 'X-Forwarded-Groups': 'risk,marketing', 'X-Acting-Group': 'risk' }
const APPROVER = { 'X-Forwarded-User': 'lead', 'X-Forwarded-Groups': 'mlops' }
const schema = await (await fetch(`${url}/graphql/schema.json`)).json().then(body => body.data ?? body)
const open = headers => connect(url, headers, schema)
const say = line => console.log(JSON.stringify(line))
const nodes = connection => connection.edges.map(edge => edge.node)

async function modelsList(page) {
  const view = page.view('ModelsQuery', { first: 4 })
  let data = await view.until(data => data.models.edges.length)
  while (data.models.pageInfo.hasNextPage) {
    const before = data.models.edges.length
    await view.more()
    data = await view.until(data => data.models.edges.length > before)
  }
  return view
}

async function modelPage(page) {
  const view = page.view('ModelQuery', { name: model, jobs: 1 })
  const first = await view.until(data => data.model)
  if (first.model.jobs.pageInfo.hasNextPage) {
    await view.more()
    await view.until(data => data.model.jobs.edges.length === 2)
  }
  const shown = view.data.model
  const jobs = shown.jobs.edges.map(edge => [edge.node.type, edge.node.status, edge.match])
  const hidden = shown.containers.flatMap(container => container.environment).filter(pair => pair.redacted).length
  return { name: shown.name, runtimes: shown.runtimes.nodes.map(node => [node.name, node.status]), jobs, hidden }
}

// From the plan to the deployment that awaits approval; all that comes after a mutation is pushed.
async function importWizard(page) {
  const { importPlan, settings } = await page.view('ImportPlanQuery', { input: { modelName: model } }).until(data => data.importPlan)
  const { importModel } = await page.mutate('ImportModelMutation', { input: { modelName: model } })
  const run = await page
    .subscribe('ImportRunSubscription', { id: importModel.importRun.id })
    .until(data => data.importRunChanged.importRun.state === 'DONE')
  const { registration, deployments } = run.importRunChanged.importRun
  const deployment = deployments.find(started => started.snapshotName === snapshot)
  const course = page.subscribe('ImportDeploymentSubscription', { ids: [deployment.id] })
  await course.until(data => data.deploymentChanged.deployment.state === 'BLOCKED')
  const { putAssets } = await page.mutate('ImportAssetsMutation', { input: { registrationId: registration.id, assets } })
  const waiting = await course.until(data => data.deploymentChanged.deployment.state === 'AWAITING_APPROVAL')
  const rehearsed = waiting.deploymentChanged.deployment.steps.find(step => step.name === 'REHEARSE')
  const job = await page
    .subscribe('ModelJobSubscription', { ids: [rehearsed.job.id] })
    .until(data => data.jobChanged.job.status === 'COMPLETED')
  return {
    deployment: deployment.id,
    course,
    shown: {
      plan: [importPlan.modelName, importPlan.alreadyImported, importPlan.elements.nodes.map(node => `${node.kind} ${node.change}`)],
      missing: registration.requiredAssets.filter(asset => !asset.present).map(asset => asset.role),
      left: putAssets.registration.requiredAssets.filter(asset => !asset.present).length,
      required: settings.requiredAssets.length,
      userErrors: [...importModel.userErrors, ...putAssets.userErrors].map(error => error.code),
      snapshot: deployment.snapshotName,
      job: [job.jobChanged.job.type, job.jobChanged.job.status],
    },
  }
}

async function runtimePage(page, variables) {
  const view = page.view('RuntimeQuery', variables)
  const { runtime } = await view.until(data => data.runtime)
  const metrics = runtime.metrics.map(series => [series.variant, series.metric, series.statistic, series.points.length])
  const schedules = runtime.monitoringSchedules?.map(schedule => schedule.name) ?? null
  return { view, id: runtime.id, shown: { status: runtime.status, snapshot: runtime.snapshotName, metrics, schedules, codes: view.codes } }
}

// A runtime that goes while its page is open, one field of which is null with an error.
async function watchedPage(page) {
  const { view, id, shown } = await runtimePage(page, { name: unreadable, group: 'marketing' })
  const changes = page.subscribe('RuntimeSubscription', { ids: [id] })
  await changes.until(data => data.runtimeChanged.runtime)
  say({ watching: unreadable })
  await view.until(data => data.runtime?.status === 'DELETING')
  say({ shows: 'DELETING' })
  await changes.until(data => data.runtimeChanged.deletedId === id)
  return shown
}

const page = open(MAKER), inbox = open(APPROVER), colleague = open(APPROVER)
const filter = { state: ['AWAITING_APPROVAL'] }
inbox.subscribe('ApprovalsSubscription', { filter })
const waiting = inbox.view('ApprovalsQuery', { filter, first: 20 })
await waiting.until(data => data.deployments)

const list = await modelsList(page)
const before = nodes(list.data.models).map(node => node.name)
const aModel = await modelPage(page)
const { deployment, course, shown: wizard } = await importWizard(page)
const imported = await list.until(data => nodes(data.models).find(node => node.name === model).registration)

const own = data => nodes(data.deployments).find(node => node.id === deployment)
const row = own(await waiting.until(own))
const decided = await colleague.mutate('ApprovalsDecisionMutation', { input: { id: deployment, comment: 'Seen.' } })
await waiting.until(data => !own(data))
const { runtime: launched, state } = (await course.until(data => data.deploymentChanged.deployment.state === 'DEPLOYED'))
  .deploymentChanged.deployment
const { shown: aRuntime } = await runtimePage(page, { name: runtime })
const watched = await watchedPage(page)
const further = await extra?.(url, MAKER, schema)
for (const client of [page, inbox, colleague]) client.close()
say({
  models: { names: before, total: list.data.models.totalCount, registered: nodes(imported.models).find(node => node.name === model).registration.displayName },
  model: aModel,
  wizard,
  inbox: { state: row.state, startedBy: row.startedBy, viewerCan: row.viewerCan, passed: row.testResult.passed, userErrors: decided.approveDeployment.userErrors },
  deployed: [state, launched.status],
  runtime: aRuntime,
  watched,
  sent: { page: page.calls, inbox: inbox.calls, colleague: colleague.calls, further },
})
