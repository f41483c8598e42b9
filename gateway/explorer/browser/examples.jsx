// A pane that lists the worked examples, so that each can be opened again after its tab was changed or closed.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

const ExamplesIcon = () => (
  <svg height="1em" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
    <path d="M4 5h16M4 12h10M4 19h7M17 14v7l5-3.5z" strokeLinejoin="round" />
  </svg>
);

const List = ({ examples, open }) => (
  <ul>
    {examples.map(example => (
      <li key={example.name}>
        <button type="button" className="graphiql-un-styled" onClick={() => open(example)}>
          <strong>{example.name}</strong>
          {example.shows}
        </button>
      </li>
    ))}
  </ul>
);

function Examples({ examples }) {
  const { addTab, stop } = useGraphiQLActions();
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
  }));
  const open = ({ query, variables, headers }) => {
    // GraphiQL lets a subscription run on behind a new tab, and shows its events there.
    stop();
    addTab();
    editors.queryEditor?.setValue(query);
    editors.variableEditor?.setValue(variables ?? '');
    editors.headerEditor?.setValue(headers ?? '');
  };
  return (
    <section aria-label="Examples" className="sagegraph-examples">
      <h2 className="graphiql-doc-explorer-title">Examples</h2>
      <List examples={examples.filter(({ tab }) => tab)} open={open} />
      <h2 className="graphiql-doc-explorer-title">As it changes</h2>
      <List examples={examples.filter(({ tab, live }) => !tab && live)} open={open} />
      <h2 className="graphiql-doc-explorer-title">Every other change</h2>
      <List examples={examples.filter(({ tab, live }) => !tab && !live)} open={open} />
    </section>
  );
}

/** The pane as a GraphiQL plugin; each example is opened in a new tab, with its own headers in the headers pane. */
export const examplesPlugin = examples => ({
  title: 'Examples',
  icon: ExamplesIcon,
  content: () => <Examples examples={examples} />,
});
