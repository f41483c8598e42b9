// Subscribes by server-sent events: unlike a WebSocket's handshake, they carry the headers of GraphiQL's own pane.

/** True if the operation that is asked for is a subscription. */
export function isSubscription({ query, operationName }, parse) {
  try {
    return parse(query).definitions.some(
      ({ operation, name }) => operation === 'subscription' && (!operationName || name?.value === operationName),
    );
  } catch {
    return false;
  }
}

/** The responses of a subscription until it is completed; one who stops reading ends it at once. */
export function subscribe(url, params, headers) {
  const leaving = new AbortController();
  const responses = read(url, params, headers, leaving.signal);
  return {
    next: () => responses.next(),
    return: () => {
      // A generator would only return after the event that it waits for.
      leaving.abort();
      return responses.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* read(url, params, headers, signal) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, accept: 'text/event-stream' },
      body: JSON.stringify(params),
      signal,
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    for await (const { event, data } of events(response.body)) {
      if (event === 'complete') return;
      yield JSON.parse(data);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map(line => line.split(/: ?(.*)/s, 2)));
      if (fields.event) yield fields;
    }
  }
}
