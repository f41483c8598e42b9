# syntax=docker/dockerfile:1
# SageGraph in a container: non-root, with a read-only file system, and nothing in it but what serving takes.
#
#   docker build -t sagegraph .
#   docker run --read-only -p 8000:8000 -v ./sagegraph.yaml:/etc/sagegraph.yaml:ro sagegraph
#
# With the laptop's AWS in it, for a look: docker build --target demo -t sagegraph:demo . && docker run --rm -p 8000:8000 sagegraph:demo
#
# The settings must say `server: {host: 0.0.0.0}`, or nothing outside the container reaches it.
# The base images are pinned by the digest of their index, which covers all platforms. For a newer one, take what
# `docker buildx imagetools inspect python:3.13-slim` names, here or as --build-arg PYTHON_IMAGE=….
ARG PYTHON_IMAGE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
ARG NODE_IMAGE=node:22-slim@sha256:c3de60bf2f9dd0ac6370e6117950ff62d6e339527e7472301c9c78a017978392

# GraphiQL's assets, made from the locked npm packages; nothing else of Node.js gets further than this stage.
FROM ${NODE_IMAGE} AS explorer
WORKDIR /build
COPY gateway/explorer/package.json gateway/explorer/package-lock.json gateway/explorer/.npmrc ./
RUN npm ci --omit=dev --loglevel=error
COPY gateway/explorer/build.mjs ./
COPY gateway/explorer/browser ./browser
RUN npm run --silent build

# The console, likewise.
FROM ${NODE_IMAGE} AS console
WORKDIR /build
COPY console/package.json console/package-lock.json console/.npmrc ./
RUN npm ci --omit=dev --loglevel=error
COPY console/vite.config.ts console/tsconfig.json ./
COPY console/src ./src
RUN npm run --silent build

# The locked requirements, every file of them checked against its hash.
FROM ${PYTHON_IMAGE} AS requirements
WORKDIR /build
COPY requirements/run.lock ./
RUN python -m venv /opt/sagegraph/.venv \
    && /opt/sagegraph/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r run.lock

FROM requirements AS demo-requirements
COPY requirements/demo.lock ./
RUN /opt/sagegraph/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r demo.lock

FROM ${PYTHON_IMAGE} AS gateway
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/sagegraph/.venv/bin:$PATH
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin sagegraph
WORKDIR /opt/sagegraph
COPY --from=requirements /opt/sagegraph/.venv .venv
COPY concurrency concurrency
COPY auth auth
COPY aws aws
COPY registry registry
COPY workflows workflows
COPY resolvers resolvers
COPY schema schema
COPY gateway gateway
COPY --from=explorer /build/assets gateway/explorer/assets
COPY --from=console /build/assets gateway/console/assets
USER 10001
EXPOSE 8000
# Asks /readyz at whatever port the command listens: that of `serve`, or of the probes of `worker`.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-m", "gateway.container_health"]
ENTRYPOINT ["python", "-m", "gateway"]
CMD ["serve", "--config", "/etc/sagegraph.yaml"]

# The laptop's AWS, filled, and the gateway on it. It believes the identity headers of private networks; publish it nowhere.
FROM gateway AS demo
COPY --from=demo-requirements /opt/sagegraph/.venv .venv
COPY sandbox sandbox
# Its AWS listens, too, and has no such route.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["demo", "--host", "0.0.0.0"]

# The image that is built where no target is named.
FROM gateway
