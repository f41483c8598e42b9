{{- define "sagegraph.name" -}}
{{- if contains "sagegraph" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-sagegraph" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "sagegraph.labels" -}}
app.kubernetes.io/name: sagegraph
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sagegraph.serviceAccount" -}}
{{- default (ternary (include "sagegraph.name" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{/* The settings with what a container needs beneath them. */}}
{{- define "sagegraph.settings" -}}
{{- $defaults := dict "server" (dict "host" "0.0.0.0" "port" 8000 "probes" (dict "port" 8001)) }}
{{- mustMergeOverwrite $defaults (deepCopy .Values.settings) | toYaml }}
{{- end }}

{{/* Seconds that a process needs to end: it still serves, then ends its requests, with a few to spare. */}}
{{- define "sagegraph.graceSeconds" -}}
{{- $server := .Values.settings.server | default dict }}
{{- $limits := .Values.settings.limits | default dict }}
{{- $drain := 10 }}{{- if hasKey $server "drainSeconds" }}{{ $drain = $server.drainSeconds }}{{ end }}
{{- add (ceil $drain) (ceil (default 30 $limits.seconds)) 7 }}
{{- end }}

{{- define "sagegraph.environment" -}}
{{- with .Values.env }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What both kinds of pods have; `command` is the gateway's, `port` the one that the probes ask. */}}
{{- define "sagegraph.pod" -}}
{{- $top := .top }}
{{- $values := $top.Values }}
metadata:
  labels:
    {{- include "sagegraph.labels" $top | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/settings: {{ include "sagegraph.settings" $top | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "sagegraph.serviceAccount" $top }}
  terminationGracePeriodSeconds: {{ include "sagegraph.graceSeconds" $top }}
  securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $values.migrate.enabled }}
  initContainers:
    - name: migrate
      {{- include "sagegraph.container" $top | nindent 6 }}
      args: [migrate, --config, /etc/sagegraph/sagegraph.yaml]
      {{- include "sagegraph.environment" $top | nindent 6 }}
      {{- with default $values.secretName $values.migrate.secretName }}
      envFrom: [{secretRef: {name: {{ . }}}}]
      {{- end }}
  {{- end }}
  containers:
    - name: {{ .component }}
      {{- include "sagegraph.container" $top | nindent 6 }}
      args: [{{ .command }}, --config, /etc/sagegraph/sagegraph.yaml]
      {{- include "sagegraph.environment" $top | nindent 6 }}
      {{- with $values.secretName }}
      envFrom: [{secretRef: {name: {{ . }}}}]
      {{- end }}
      ports:
        - {name: http, containerPort: {{ .port }}}
      startupProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 60}
      readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 3, timeoutSeconds: 2}
      livenessProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
  volumes:
    - name: settings
      configMap: {name: {{ include "sagegraph.name" $top }}}
    - name: tmp
      emptyDir: {}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $values.affinity }}
  affinity:
    {{- toYaml $values.affinity | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {app.kubernetes.io/instance: {{ $top.Release.Name }}, app.kubernetes.io/component: {{ .component }}}
{{- end }}

{{- define "sagegraph.container" -}}
image: "{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
volumeMounts:
  - {name: settings, mountPath: /etc/sagegraph, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- end }}
