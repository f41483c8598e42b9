// Asks one address for so many seconds and writes what came back as one line of JSON: node load.mjs '{"url": …}'
import autocannon from 'autocannon'

const { url, headers, bodies, method, connections, seconds, rate } = JSON.parse(process.argv[2])
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  headers,
  // Each connection goes round the bodies, so that neighbouring requests differ in their variables.
  requests: bodies.length ? bodies.map((body) => ({ method, body })) : [{ method }],
  ...(rate ? { overallRate: rate } : {}),
})
console.log(
  JSON.stringify({
    perSecond: result.requests.total / result.duration,
    answers: result['2xx'],
    refused: result.non2xx + result.errors + result.timeouts,
    bytes: result.throughput.total / Math.max(1, result.requests.total),
    p50: result.latency.p50,
    p99: result.latency.p99,
    longest: result.latency.max,
  }),
)
