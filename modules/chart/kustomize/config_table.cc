// The fields that Kustomize changes by default, and those that hold names of
// other resources. "[section" or "@Kind" begins a list; its lines are a path,
// " +" when the field is made where it is missing, and the kinds that have it
// ("*": all; "Kind.version.group" when only those).
#include "kustomize/config.h"

namespace skerry::chart::kustomize {

std::string_view default_config_table() {
  return R"([namePrefix
metadata/name: *
[nameSuffix
metadata/name: *
[commonLabels
spec/selector +: Service.v1 ReplicationController.v1
spec/selector/matchLabels +: Deployment ReplicaSet DaemonSet StatefulSet..apps
spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels: Deployment..apps StatefulSet..apps
spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels: Deployment..apps StatefulSet..apps
spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels: Deployment..apps StatefulSet..apps
spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels: Deployment..apps StatefulSet..apps
spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels: Deployment..apps StatefulSet..apps
spec/selector/matchLabels: Job..batch PodDisruptionBudget..policy
spec/jobTemplate/spec/selector/matchLabels: CronJob..batch
spec/podSelector/matchLabels: NetworkPolicy..networking.k8s.io
spec/ingress/from/podSelector/matchLabels: NetworkPolicy..networking.k8s.io
spec/egress/to/podSelector/matchLabels: NetworkPolicy..networking.k8s.io
metadata/labels +: *
spec/template/metadata/labels +: ReplicationController.v1 Deployment ReplicaSet DaemonSet StatefulSet..apps Job..batch
spec/volumeClaimTemplates[]/metadata/labels +: StatefulSet..apps
spec/jobTemplate/metadata/labels +: CronJob..batch
spec/jobTemplate/spec/template/metadata/labels +: CronJob..batch
[templateLabels
metadata/labels +: *
spec/template/metadata/labels +: ReplicationController.v1 Deployment ReplicaSet DaemonSet StatefulSet..apps Job..batch
spec/volumeClaimTemplates[]/metadata/labels +: StatefulSet..apps
spec/jobTemplate/metadata/labels +: CronJob..batch
spec/jobTemplate/spec/template/metadata/labels +: CronJob..batch
[commonAnnotations
metadata/annotations +: *
spec/template/metadata/annotations +: ReplicationController.v1 Deployment ReplicaSet DaemonSet StatefulSet Job..batch
spec/jobTemplate/metadata/annotations +: CronJob..batch
spec/jobTemplate/spec/template/metadata/annotations +: CronJob..batch
[namespace
metadata/name +: Namespace
spec/service/namespace +: APIService..apiregistration.k8s.io
spec/conversion/webhook/clientConfig/service/namespace: CustomResourceDefinition..apiextensions.k8s.io
[varReference
spec/jobTemplate/spec/template/spec/containers/args: CronJob
spec/jobTemplate/spec/template/spec/containers/command: CronJob
spec/jobTemplate/spec/template/spec/containers/env/value: CronJob
spec/jobTemplate/spec/template/spec/containers/volumeMounts/mountPath: CronJob
spec/jobTemplate/spec/template/spec/initContainers/args: CronJob
spec/jobTemplate/spec/template/spec/initContainers/command: CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/value: CronJob
spec/jobTemplate/spec/template/spec/initContainers/volumeMounts/mountPath: CronJob
spec/jobTemplate/spec/template/volumes/nfs/server: CronJob
spec/template/spec/containers/args: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/containers/command: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/containers/env/value: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/containers/volumeMounts/mountPath: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/initContainers/args: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/initContainers/command: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/initContainers/env/value: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/initContainers/volumeMounts/mountPath: DaemonSet Deployment Job ReplicaSet StatefulSet
spec/template/spec/volumes/nfs/server: DaemonSet Deployment Job ReplicaSet
spec/template/metadata/annotations: Deployment
spec/rules/host: Ingress
spec/tls/hosts: Ingress
spec/tls/secretName: Ingress
spec/containers/args: Pod
spec/containers/command: Pod
spec/containers/env/value: Pod
spec/containers/volumeMounts/mountPath: Pod
spec/initContainers/args: Pod
spec/initContainers/command: Pod
spec/initContainers/env/value: Pod
spec/initContainers/volumeMounts/mountPath: Pod
spec/volumes/nfs/server: Pod
spec/ports/port: Service
spec/ports/targetPort: Service
spec/volumeClaimTemplates/spec/nfs/server: StatefulSet
spec/nfs/server: PersistentVolume
metadata/labels: *
metadata/annotations: *
@Deployment
spec/scaleTargetRef/name: HorizontalPodAutoscaler
@ReplicationController
spec/scaleTargetRef/name: HorizontalPodAutoscaler
@ReplicaSet
spec/scaleTargetRef/name: HorizontalPodAutoscaler
@StatefulSet
spec/scaleTargetRef/name: HorizontalPodAutoscaler
@ConfigMap.v1
spec/volumes/configMap/name: Pod.v1
spec/containers/env/valueFrom/configMapKeyRef/name: Pod.v1
spec/initContainers/env/valueFrom/configMapKeyRef/name: Pod.v1
spec/containers/envFrom/configMapRef/name: Pod.v1
spec/initContainers/envFrom/configMapRef/name: Pod.v1
spec/volumes/projected/sources/configMap/name: Pod.v1
template/spec/volumes/configMap/name: PodTemplate
template/spec/containers/env/valueFrom/configMapKeyRef/name: PodTemplate
template/spec/initContainers/env/valueFrom/configMapKeyRef/name: PodTemplate
template/spec/containers/envFrom/configMapRef/name: PodTemplate
template/spec/initContainers/envFrom/configMapRef/name: PodTemplate
template/spec/volumes/projected/sources/configMap/name: PodTemplate
spec/template/spec/volumes/configMap/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/containers/env/valueFrom/configMapKeyRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/containers/envFrom/configMapRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/initContainers/envFrom/configMapRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/volumes/projected/sources/configMap/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/jobTemplate/spec/template/spec/volumes/configMap/name: CronJob
spec/jobTemplate/spec/template/spec/volumes/projected/sources/configMap/name: CronJob
spec/jobTemplate/spec/template/spec/containers/env/valueFrom/configMapKeyRef/name: CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name: CronJob
spec/jobTemplate/spec/template/spec/containers/envFrom/configMapRef/name: CronJob
spec/jobTemplate/spec/template/spec/initContainers/envFrom/configMapRef/name: CronJob
spec/configSource/configMap: Node
rules/resourceNames: Role ClusterRole
metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap: Ingress
@Secret.v1
spec/volumes/secret/secretName: Pod.v1
spec/containers/env/valueFrom/secretKeyRef/name: Pod.v1
spec/initContainers/env/valueFrom/secretKeyRef/name: Pod.v1
spec/containers/envFrom/secretRef/name: Pod.v1
spec/initContainers/envFrom/secretRef/name: Pod.v1
spec/imagePullSecrets/name: Pod.v1
spec/volumes/projected/sources/secret/name: Pod.v1
template/spec/volumes/secret/secretName: PodTemplate
template/spec/containers/env/valueFrom/secretKeyRef/name: PodTemplate
template/spec/initContainers/env/valueFrom/secretKeyRef/name: PodTemplate
template/spec/containers/envFrom/secretRef/name: PodTemplate
template/spec/initContainers/envFrom/secretRef/name: PodTemplate
template/spec/imagePullSecrets/name: PodTemplate
template/spec/volumes/projected/sources/secret/name: PodTemplate
spec/template/spec/volumes/secret/secretName: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/containers/env/valueFrom/secretKeyRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job Service.v1.serving.knative.dev
spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/containers/envFrom/secretRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/initContainers/envFrom/secretRef/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/imagePullSecrets/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/template/spec/volumes/projected/sources/secret/name: Deployment ReplicaSet DaemonSet StatefulSet Job
spec/jobTemplate/spec/template/spec/volumes/secret/secretName: CronJob
spec/jobTemplate/spec/template/spec/volumes/projected/sources/secret/name: CronJob
spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name: CronJob
spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name: CronJob
spec/jobTemplate/spec/template/spec/containers/envFrom/secretRef/name: CronJob
spec/jobTemplate/spec/template/spec/initContainers/envFrom/secretRef/name: CronJob
spec/jobTemplate/spec/template/spec/imagePullSecrets/name: CronJob
spec/tls/secretName: Ingress Ingress
metadata/annotations/ingress.kubernetes.io\/auth-secret: Ingress
metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret: Ingress
metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret: Ingress
imagePullSecrets/name: ServiceAccount
parameters/secretName: StorageClass
parameters/adminSecretName: StorageClass
parameters/userSecretName: StorageClass
parameters/secretRef: StorageClass
rules/resourceNames: Role ClusterRole
spec/azureFile/secretName: PersistentVolume
@Service.v1
spec/serviceName: StatefulSet..apps
spec/rules/http/paths/backend/serviceName: Ingress
spec/backend/serviceName: Ingress
spec/rules/http/paths/backend/service/name: Ingress
spec/defaultBackend/service/name: Ingress
spec/service/name: APIService..apiregistration.k8s.io
webhooks/clientConfig/service: ValidatingWebhookConfiguration..admissionregistration.k8s.io MutatingWebhookConfiguration..admissionregistration.k8s.io
@Role..rbac.authorization.k8s.io
roleRef/name: RoleBinding..rbac.authorization.k8s.io
@ClusterRole..rbac.authorization.k8s.io
roleRef/name: RoleBinding..rbac.authorization.k8s.io ClusterRoleBinding..rbac.authorization.k8s.io
@ServiceAccount.v1
subjects: RoleBinding..rbac.authorization.k8s.io ClusterRoleBinding..rbac.authorization.k8s.io
spec/serviceAccountName: Pod
spec/template/spec/serviceAccountName: StatefulSet Deployment ReplicationController Job DaemonSet
spec/jobTemplate/spec/template/spec/serviceAccountName: CronJob
@PersistentVolumeClaim.v1
spec/volumes/persistentVolumeClaim/claimName: Pod
spec/template/spec/volumes/persistentVolumeClaim/claimName: StatefulSet Deployment ReplicationController Job DaemonSet
spec/jobTemplate/spec/template/spec/volumes/persistentVolumeClaim/claimName: CronJob
@PersistentVolume.v1
spec/volumeName: PersistentVolumeClaim
rules/resourceNames: ClusterRole
@StorageClass.v1.storage.k8s.io
spec/storageClassName: PersistentVolume PersistentVolumeClaim
spec/volumeClaimTemplates/spec/storageClassName: StatefulSet
@PriorityClass.v1.scheduling.k8s.io
spec/priorityClassName: Pod
spec/template/spec/priorityClassName: StatefulSet Deployment ReplicationController Job DaemonSet
spec/jobTemplate/spec/template/spec/priorityClassName: CronJob
@IngressClass.v1.networking.k8s.io/v1
spec/ingressClassName: Ingress
@ValidatingAdmissionPolicy..admissionregistration.k8s.io
spec/policyName: ValidatingAdmissionPolicyBinding..admissionregistration.k8s.io
[images
spec/containers[]/image +: *
spec/initContainers[]/image +: *
spec/volumes[]/image/reference +: *
spec/template/spec/containers[]/image +: *
spec/template/spec/initContainers[]/image +: *
spec/template/spec/volumes[]/image/reference +: *
[replicas
spec/replicas +: Deployment ReplicationController ReplicaSet StatefulSet
)";
}

}  // namespace skerry::chart::kustomize
