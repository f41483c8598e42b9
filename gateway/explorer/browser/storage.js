// Keeps what GraphiQL remembers in the browser, but never a header: they say who is asking, and may be secrets.
const WITH_HEADERS = new Set(['graphiql:queries', 'graphiql:favorites', 'graphiql:tabState']);
const HISTORY = new Set(['graphiql:queries', 'graphiql:favorites']);

/** The same JSON text with every `headers` member set to `value`; text that is no JSON comes back null. */
function withHeaders(text, value) {
  try {
    return JSON.stringify(JSON.parse(text), (key, member) => (key === 'headers' ? value : member));
  } catch {
    return null;
  }
}

/** A store for GraphiQL over `store`: headers are dropped on the way in, and history gets `headers` on the way out. */
export function headerlessStorage(store, headers) {
  const kept = key => key.startsWith('graphiql:');
  return {
    getItem: key => {
      const text = store.getItem(key);
      return text !== null && HISTORY.has(key) ? withHeaders(text, headers ?? '') : text;
    },
    setItem: (key, text) => {
      if (key === 'graphiql:headers') return;
      const value = WITH_HEADERS.has(key) ? withHeaders(text, null) : text;
      if (value !== null) store.setItem(key, value);
    },
    removeItem: key => store.removeItem(key),
    clear: () => Object.keys(store).filter(kept).forEach(key => store.removeItem(key)),
    get length() {
      return Object.keys(store).filter(kept).length;
    },
  };
}
