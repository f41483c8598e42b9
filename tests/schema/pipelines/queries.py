"""The questions about pipeline executions that several tests ask."""

LIST = (
    "query($p: String!, $f: PipelineExecutionFilter, $first: Int, $after: String) {"
    " pipelineExecutions(pipelineName: $p, filter: $f, first: $first, after: $after) {"
    " nodes { name status } totalCount completeAsOf pageInfo { hasNextPage endCursor } } }"
)

STEPS = (
    'query($p: String = "churn") { pipelineExecutions(pipelineName: $p, first: 1) { nodes { id name pipelineName'
    " displayName rawStatus startTime creationTime lastModifiedTime failureReason consoleUrl"
    " steps { name status startTime endTime resourceArn resource { __typename name } } } } }"
)

JOB = (
    "query($t: JobType!, $n: String!) { job(type: $t, name: $n) {"
    " name pipelineExecutionArn pipelineExecution { name } } }"
)

OF_MODEL = (
    "query($n: String!) { model(name: $n) { pipelineExecutions { nodes { name status } totalCount unreadableCount"
    " completeAsOf } } }"
)

MODEL_JOBS = (
    "query($n: String!, $f: JobFilter) { model(name: $n) { jobs(filter: $f) {"
    " edges { match node { name } } totalCount unreadableCount completeAsOf } } }"
)
