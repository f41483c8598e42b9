// Keeps only the looks of GraphiQL in the browser. Queries, variables, headers and history can hold secrets: they last as
// long as the page, and what an earlier version left is deleted.
const LOOKS = new Set([
  'graphiql:theme',
  'graphiql:visiblePlugin',
  'graphiql:docExplorerFlex',
  'graphiql:editorFlex',
  'graphiql:secondaryEditorFlex',
]);
const HISTORY = new Set(['graphiql:queries', 'graphiql:favorites']);

/** The same JSON text with every `headers` member set to `value`; text that is no JSON comes back null. */
function withHeaders(text, value) {
  try {
    return JSON.stringify(JSON.parse(text), (key, member) => (key === 'headers' ? value : member));
  } catch {
    return null;
  }
}

/** A store for GraphiQL: the looks in `store`, all else in memory; entries of the history are read with `headers`. */
export function looksStorage(store, headers) {
  const page = new Map();
  Object.keys(store)
    .filter(key => key.startsWith('graphiql:') && !LOOKS.has(key))
    .forEach(key => store.removeItem(key));
  return {
    getItem: key => {
      if (LOOKS.has(key)) return store.getItem(key);
      const text = page.get(key) ?? null;
      return text !== null && HISTORY.has(key) ? withHeaders(text, headers ?? '') : text;
    },
    setItem: (key, text) => (LOOKS.has(key) ? store.setItem(key, text) : page.set(key, text)),
    removeItem: key => (LOOKS.has(key) ? store.removeItem(key) : page.delete(key)),
    clear: () => {
      page.clear();
      LOOKS.forEach(key => store.removeItem(key));
    },
    get length() {
      return page.size + [...LOOKS].filter(key => store.getItem(key) !== null).length;
    },
  };
}
