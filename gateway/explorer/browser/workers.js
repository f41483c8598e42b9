// Tells the Monaco editor where its workers are: beside this file, on the gateway itself.
const FILES = { json: JSON_WORKER, graphql: GRAPHQL_WORKER };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(FILES[label] ?? EDITOR_WORKER, import.meta.url), { type: 'module', name: label }),
};
