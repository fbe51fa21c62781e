#include "create/starter.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kChart = R"(apiVersion: v2
name: <CHARTNAME>
description: What <CHARTNAME> does, in one line
# "library" for a chart that only gives templates to others.
type: application
# Of the chart: raise it with every change (https://semver.org).
version: 0.1.0
# Of what the chart installs; also the image's tag unless values.yaml has one.
appVersion: "1.16.0"
)";

constexpr std::string_view kValues = R"(# Values of <CHARTNAME>. Each can be changed with --set or a file of one's own.

# How many pods there are, unless autoscaling decides it.
replicaCount: 1

image:
  repository: nginx
  pullPolicy: IfNotPresent
  # Empty: the appVersion of Chart.yaml.
  tag: ""

# Names of Secrets with the credentials of the registry.
imagePullSecrets: []

# Instead of the chart's name, and of the whole name of everything.
nameOverride: ""
fullnameOverride: ""

serviceAccount:
  # Without one of its own, the pods run as "default" or as the named one.
  create: true
  automount: true
  annotations: {}
  name: ""

# Added to every pod.
podAnnotations: {}
podLabels: {}

podSecurityContext: {}
  # fsGroup: 2000

securityContext: {}
  # runAsNonRoot: true
  # runAsUser: 1000
  # readOnlyRootFilesystem: true
  # capabilities:
  #   drop: [ALL]

service:
  type: ClusterIP
  port: 80

ingress:
  enabled: false
  className: ""
  annotations: {}
  hosts:
    - host: <CHARTNAME>.example
      paths:
        - path: /
          pathType: ImplementationSpecific
  tls: []
    # - secretName: <CHARTNAME>-tls
    #   hosts:
    #     - <CHARTNAME>.example

# The same with the Gateway API, whose resources the cluster must know.
httpRoute:
  enabled: false
  annotations: {}
  parentRefs:
    - name: gateway
      sectionName: http
  hostnames:
    - <CHARTNAME>.example
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /

# What a container is promised and may use.
resources: {}
  # requests:
  #   cpu: 100m
  #   memory: 128Mi
  # limits:
  #   memory: 128Mi

livenessProbe:
  httpGet:
    path: /
    port: http
readinessProbe:
  httpGet:
    path: /
    port: http

autoscaling:
  enabled: false
  minReplicas: 1
  maxReplicas: 10
  targetCPUUtilizationPercentage: 80
  # targetMemoryUtilizationPercentage: 80

# Of the pod, and where its container has them.
volumes: []
  # - name: settings
  #   configMap:
  #     name: settings
volumeMounts: []
  # - name: settings
  #   mountPath: /etc/settings
  #   readOnly: true

# On which machines the pods may run.
nodeSelector: {}
tolerations: []
affinity: {}
)";

constexpr std::string_view kIgnore = R"(# What does not belong into the packaged chart: one pattern a line, as in a
# shell. A line that begins with "!" keeps only what matches.
.DS_Store
.git/
.gitignore
.hg/
.hgignore
.svn/
.bzr/
.bzrignore
*.swp
*.bak
*.tmp
*.orig
*~
.project
.idea/
*.tmproj
.vscode/
)";

constexpr std::string_view kHelpers = R"({{/* The chart's name, short enough for a label. */}}
{{- define "<CHARTNAME>.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of what is installed: the release's, with the chart's behind it
unless it is in there. Kubernetes allows 63 characters in some names. */}}
{{- define "<CHARTNAME>.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "<CHARTNAME>.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What a Service and a Deployment find their pods by: never changed. */}}
{{- define "<CHARTNAME>.selectorLabels" -}}
app.kubernetes.io/name: {{ include "<CHARTNAME>.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "<CHARTNAME>.labels" -}}
helm.sh/chart: {{ include "<CHARTNAME>.chart" . }}
{{ include "<CHARTNAME>.selectorLabels" . }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "<CHARTNAME>.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "<CHARTNAME>.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}
)";

constexpr std::string_view kDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "<CHARTNAME>.fullname" . }}
  labels:
    {{- include "<CHARTNAME>.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "<CHARTNAME>.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      labels:
        {{- include "<CHARTNAME>.labels" . | nindent 8 }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ include "<CHARTNAME>.serviceAccountName" . }}
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          {{- with .Values.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: {{ .Values.service.port }}
              protocol: TCP
          {{- range $probe := list "livenessProbe" "readinessProbe" }}
          {{- with get $.Values $probe }}
          {{ $probe }}:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.volumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- range $part := list "volumes" "nodeSelector" "affinity" "tolerations" }}
      {{- with get $.Values $part }}
      {{ $part }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
)";

constexpr std::string_view kService = R"(apiVersion: v1
kind: Service
metadata:
  name: {{ include "<CHARTNAME>.fullname" . }}
  labels:
    {{- include "<CHARTNAME>.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "<CHARTNAME>.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
      protocol: TCP
)";

constexpr std::string_view kAccount = R"({{- with .Values.serviceAccount }}
{{- if .create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "<CHARTNAME>.serviceAccountName" $ }}
  labels:
    {{- include "<CHARTNAME>.labels" $ | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .automount }}
{{- end }}
{{- end }}
)";

constexpr std::string_view kAutoscaler = R"({{- with .Values.autoscaling }}
{{- if .enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "<CHARTNAME>.fullname" $ }}
  labels:
    {{- include "<CHARTNAME>.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "<CHARTNAME>.fullname" $ }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    {{- range $name, $percentage := dict "cpu" .targetCPUUtilizationPercentage "memory" .targetMemoryUtilizationPercentage }}
    {{- if $percentage }}
    - type: Resource
      resource:
        name: {{ $name }}
        target:
          type: Utilization
          averageUtilization: {{ $percentage }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
)";

constexpr std::string_view kIngress = R"({{- with .Values.ingress }}
{{- if .enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "<CHARTNAME>.fullname" $ }}
  labels:
    {{- include "<CHARTNAME>.labels" $ | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- range .hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ .pathType | default "Prefix" }}
            backend:
              service:
                name: {{ include "<CHARTNAME>.fullname" $ }}
                port:
                  name: http
          {{- end }}
    {{- end }}
{{- end }}
{{- end }}
)";

constexpr std::string_view kRoute = R"({{- with .Values.httpRoute }}
{{- if .enabled }}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ include "<CHARTNAME>.fullname" $ }}
  labels:
    {{- include "<CHARTNAME>.labels" $ | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  parentRefs:
    {{- toYaml .parentRefs | nindent 4 }}
  {{- with .hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- range .rules }}
    - backendRefs:
        - name: {{ include "<CHARTNAME>.fullname" $ }}
          port: {{ $.Values.service.port }}
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- end }}
)";

constexpr std::string_view kNotes = R"({{ include "<CHARTNAME>.fullname" . }} is installed in {{ .Release.Namespace }}.
{{- if .Values.ingress.enabled }}
It answers at
{{- range $host := .Values.ingress.hosts }}
{{- range .paths }}
  http{{ if $.Values.ingress.tls }}s{{ end }}://{{ $host.host }}{{ .path }}
{{- end }}
{{- end }}
{{- else if .Values.httpRoute.enabled }}
It answers at
{{- range .Values.httpRoute.hostnames }}
  http://{{ . }}
{{- end }}
{{- else }}
To reach it from here:

  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ include "<CHARTNAME>.fullname" . }} 8080:{{ .Values.service.port }}

and open http://127.0.0.1:8080
{{- end }}
)";

constexpr std::string_view kTest = R"(apiVersion: v1
kind: Pod
metadata:
  name: "{{ include "<CHARTNAME>.fullname" . }}-test-connection"
  labels:
    {{- include "<CHARTNAME>.labels" . | nindent 4 }}
  annotations:
    "helm.sh/hook": test
spec:
  containers:
    - name: wget
      image: busybox
      command: ['wget']
      args: ['{{ include "<CHARTNAME>.fullname" . }}:{{ .Values.service.port }}']
  restartPolicy: Never
)";

constexpr StarterFile kFiles[] = {
    {"Chart.yaml", kChart},
    {"values.yaml", kValues},
    {".helmignore", kIgnore},
    {"templates/ingress.yaml", kIngress},
    {"templates/httproute.yaml", kRoute},
    {"templates/deployment.yaml", kDeployment},
    {"templates/service.yaml", kService},
    {"templates/serviceaccount.yaml", kAccount},
    {"templates/hpa.yaml", kAutoscaler},
    {"templates/NOTES.txt", kNotes},
    {"templates/_helpers.tpl", kHelpers},
    {"templates/tests/test-connection.yaml", kTest},
};

}  // namespace

std::span<const StarterFile> starter_files() { return kFiles; }

}  // namespace skerry::chart
