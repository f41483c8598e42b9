// Relay: its compiler's artifacts by their id, the store's connections, subscriptions over a WebSocket.
import { createRequire } from 'node:module'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { identified, recordingFetch, socketAddress, View } from './observed.mjs'

const require = createRequire(import.meta.url)
const runtime = require('relay-runtime')
const artifact = name => require(`./generated/relay/${name}.graphql`)
// The paged fragment of each screen that has one: where its parent is, its connection, and the field.
const PAGED = {
  ModelsQuery: { fragment: 'Models_list', parent: data => data, page: 'ModelsPageQuery', field: data => data.models },
  ModelQuery: { fragment: 'Model_jobs', parent: data => data.model, page: 'ModelJobsPageQuery', field: data => data.model.jobs },
  ApprovalsQuery: { fragment: 'Approvals_inbox', parent: data => data, page: 'ApprovalsPageQuery', field: data => data.deployments },
}

export function connect(url, headers) {
  const calls = []
  const send = recordingFetch(calls)
  const socket = createClient({ url: socketAddress(url), webSocketImpl: identified(WebSocket, headers), retryAttempts: 5 })
  const post = async (request, variables) => {
    const body = JSON.stringify({ operationName: request.name, documentId: request.id, variables })
    const sent = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', ...headers }
    return (await send(`${url}/graphql`, { method: 'POST', headers: sent, body })).json()
  }
  const listen = (request, variables) =>
    runtime.Observable.create(sink => socket.subscribe({ operationName: request.name, documentId: request.id, query: '', variables }, sink))
  const environment = new runtime.Environment({
    network: runtime.Network.create(post, listen),
    store: new runtime.Store(new runtime.RecordSource()),
  })
  return {
    calls,
    view: (name, variables) => new RelayView(environment, name, variables),
    mutate: (name, variables) =>
      new Promise((onCompleted, onError) =>
        runtime.commitMutation(environment, { mutation: artifact(name), variables, onCompleted, onError }),
      ),
    subscribe(name, variables) {
      const view = new View()
      const updater = name === 'ApprovalsSubscription' ? fileInInbox : undefined
      runtime.requestSubscription(environment, {
        subscription: artifact(name),
        variables,
        updater,
        onNext: data => view.show(data),
        onError: error => view.show(null, [error]),
      })
      return view
    },
    close: () => socket.dispose(),
  }
}

class RelayView extends View {
  constructor(environment, name, variables) {
    super()
    this.environment = environment
    this.paged = PAGED[name]
    this.operation = runtime.createOperationDescriptor(artifact(name), variables)
    environment.retain(this.operation)
    this.execute(this.operation).then(errors => {
      const snapshot = environment.lookup(this.operation.fragment)
      const look = () => this.show(this.read(), errors)
      environment.subscribe(snapshot, look)
      if (this.paged) environment.subscribe(environment.lookup(this.selector(snapshot.data)), look)
      look()
    })
  }

  // The errors of the response, of which Relay's store keeps only that a field is null.
  execute(operation) {
    let errors
    return new Promise((resolve, reject) =>
      this.environment.execute({ operation }).subscribe({ next: response => (errors = response.errors), complete: () => resolve(errors), error: reject }),
    )
  }

  selector(data) {
    return runtime.getSelector(artifact(this.paged.fragment), this.paged.parent(data))
  }

  read() {
    const { data } = this.environment.lookup(this.operation.fragment)
    if (!this.paged) return data
    const paged = this.environment.lookup(this.selector(data)).data
    return data.model ? { ...data, model: { ...data.model, ...paged } } : paged
  }

  // What usePaginationFragment's loadNext does: the refetch query with the cursor, into the same connection.
  async more() {
    const { variables } = this.operation.request
    const after = this.paged.field(this.data).pageInfo.endCursor
    const more = { ...variables, id: this.data.model?.id, first: variables.first ?? variables.jobs, after }
    await this.execute(runtime.createOperationDescriptor(artifact(this.paged.page), more))
  }
}

// What came in or left is no update of a thing that is shown: the list has to be told.
function fileInInbox(store) {
  const change = store.getRootField('deploymentsChanged')
  const inbox = runtime.ConnectionHandler.getConnection(store.getRoot(), 'Approvals_deployments')
  const deployment = change?.getLinkedRecord('deployment')
  if (!inbox || !deployment) return
  runtime.ConnectionHandler.deleteNode(inbox, deployment.getDataID())
  if (!change.getValue('matches')) return
  runtime.ConnectionHandler.insertEdgeBefore(inbox, runtime.ConnectionHandler.createEdge(store, inbox, deployment, 'DeploymentEdge'))
}
