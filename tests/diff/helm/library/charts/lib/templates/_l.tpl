{{- define "lib.cm" }}kind: ConfigMap
name: {{ .Release.Name }}{{ end }}