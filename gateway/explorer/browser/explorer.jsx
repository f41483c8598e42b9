// Draws GraphiQL from what the page's own JSON says: the endpoint, the worked examples, the headers to begin with;
// and opens a tab for the question that a link to the page brings along.
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './explorer.css';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { parse } from 'graphql';
import { createRoot } from 'react-dom/client';
import { examplesPlugin } from './examples.jsx';
import { linkedTab } from './linked.js';
import { looksStorage } from './storage.js';
import { isSubscription, subscribe } from './subscribe.js';
import './workers.js';

const { endpoint, schemaUrl, examples, headers } = JSON.parse(document.getElementById('explorer-settings').textContent);

const linked = linkedTab(location.search, parse);
const tabs = examples.filter(({ tab }) => tab).map(({ query, variables, headers }) => ({ query, variables, headers }));

const ask = createGraphiQLFetcher({
  url: endpoint,
  // Off, it asks for GraphQL's own media type, and so gets its status codes; the gateway defers nothing.
  enableIncrementalDelivery: false,
});

/** Asks the gateway. GraphiQL reads the schema before its headers pane is there; that one gets the headers from here. */
const fetcher = (params, options = {}) => {
  if (isSubscription(params, parse)) return subscribe(endpoint, params, options.headers);
  return params.operationName === 'IntrospectionQuery' && headers && !options.headers
    ? ask(params, { ...options, headers: JSON.parse(headers) })
    : ask(params, options);
};

createRoot(document.getElementById('explorer')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={linked ? [{ ...linked, headers }, ...tabs] : tabs}
    initialQuery={linked?.query}
    initialVariables={linked?.variables}
    initialHeaders={headers ?? undefined}
    defaultHeaders={headers ?? undefined}
    defaultQuery=""
    defaultEditorToolsVisibility={headers ? 'headers' : 'variables'}
    shouldPersistHeaders={false}
    storage={looksStorage(localStorage, headers)}
    inputValueDeprecation
    schemaDescription
    plugins={[examplesPlugin(examples), HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })]}
  >
    <GraphiQL.Logo>
      SageGraph
      <a className="sagegraph-schema" href={schemaUrl}>
        schema.graphql
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
