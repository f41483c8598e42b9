// Reads the question that the page's address brings along, as GraphiQL's links have it: ?query=…&variables=…
// It only fills the editors. A link may ask, but never change anything, nor say who asks: nothing else of it is taken.

/** The query and variables in `search`; undefined where there is none, or where it is anything but queries. */
export function linkedTab(search, parse) {
  const given = new URLSearchParams(search);
  const query = given.get('query');
  if (!query || !asksOnly(query, parse)) return undefined;
  return { query, variables: given.get('variables') ?? '' };
}

function asksOnly(text, parse) {
  try {
    return parse(text).definitions.every(({ kind, operation }) => kind === 'FragmentDefinition' || operation === 'query');
  } catch {
    return false;
  }
}
