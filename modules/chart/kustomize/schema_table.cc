// Written by make_schema_table.py; do not edit.
#include "kustomize/schema_table.h"

namespace skerry::chart::kustomize {

const char* const kSchemaLines[] = {
    "Affinity podAffinity:PodAffinity podAntiAffinity:PodAffinity",
    "AggregationRule clusterRoleSelectors[:LabelSelector",
    "CSINode metadata:ObjectMeta spec:CSINodeSpec",
    "CSINodeSpec drivers[*name",
    "CSIStorageCapacity metadata:ObjectMeta nodeTopology:LabelSelector",
    "ClusterRole aggregationRule:AggregationRule metadata:ObjectMeta",
    "ComponentStatus conditions[*type metadata:ObjectMeta",
    "Container env[*name ports[*containerPort,protocol "
    "volumeDevices[*devicePath volumeMounts[*mountPath",
    "ControllerRevision metadata:ObjectMeta",
    "CronJob metadata:ObjectMeta spec:CronJobSpec",
    "CronJobSpec jobTemplate:JobTemplateSpec",
    "DaemonSet metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus",
    "DaemonSetSpec selector:LabelSelector template:PodTemplateSpec",
    "DaemonSetStatus conditions[*type",
    "EphemeralContainer env[*name volumeDevices[*devicePath "
    "volumeMounts[*mountPath",
    "EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate",
    "ExternalMetricSource metricSelector:LabelSelector",
    "ExternalMetricStatus metric:ObjectMetricSource",
    "HorizontalPodAutoscaler metadata:ObjectMeta "
    "spec:HorizontalPodAutoscalerSpec status:HorizontalPodAutoscalerStatus",
    "HorizontalPodAutoscalerSpec metrics[:MetricSpec",
    "HorizontalPodAutoscalerStatus currentMetrics[:MetricSpec",
    "JobTemplateSpec metadata:ObjectMeta spec:DaemonSetSpec",
    "Kustomization configMapGenerator[*name secretGenerator[*name",
    "LabelSelector matchExpressions[:LabelSelectorRequirement",
    "LabelSelectorRequirement key*key",
    "MetricSpec external:ExternalMetricSource object:ObjectMetricSource "
    "pods:ObjectMetricSource",
    "MetricStatus external:ExternalMetricStatus object:ExternalMetricStatus "
    "pods:ExternalMetricStatus",
    "MutatingWebhook namespaceSelector:LabelSelector "
    "objectSelector:LabelSelector",
    "MutatingWebhookConfiguration metadata:ObjectMeta "
    "webhooks[*name:MutatingWebhook",
    "Namespace metadata:ObjectMeta status:DaemonSetStatus",
    "NetworkPolicy metadata:ObjectMeta spec:NetworkPolicySpec",
    "NetworkPolicyEgressRule to[:NetworkPolicyPeer",
    "NetworkPolicyIngressRule from[:NetworkPolicyPeer",
    "NetworkPolicyPeer namespaceSelector:LabelSelector "
    "podSelector:LabelSelector",
    "NetworkPolicySpec egress[:NetworkPolicyEgressRule "
    "ingress[:NetworkPolicyIngressRule podSelector:LabelSelector",
    "Node metadata:ObjectMeta spec:NodeSpec status:NodeStatus",
    "NodeSpec podCIDRs[*",
    "NodeStatus addresses[*type conditions[*type",
    "ObjectMeta finalizers[* ownerReferences[*uid",
    "ObjectMetricSource selector:LabelSelector",
    "PersistentVolumeClaim metadata:ObjectMeta spec:ObjectMetricSource "
    "status:DaemonSetStatus",
    "PersistentVolumeClaimTemplate metadata:ObjectMeta "
    "spec:ObjectMetricSource",
    "Pod metadata:ObjectMeta spec:PodSpec status:PodStatus",
    "PodAffinity "
    "preferredDuringSchedulingIgnoredDuringExecution[:WeightedPodAffinityTerm "
    "requiredDuringSchedulingIgnoredDuringExecution[:PodAffinityTerm",
    "PodAffinityTerm labelSelector:LabelSelector "
    "namespaceSelector:LabelSelector",
    "PodSpec affinity:Affinity containers[*name:Container "
    "ephemeralContainers[*name:EphemeralContainer hostAliases[*ip "
    "imagePullSecrets[*name initContainers[*name:Container "
    "topologySpreadConstraints[*topologyKey,whenUnsatisfiable:TopologySpreadConstraint "
    "volumes[*name:Volume",
    "PodStatus conditions[*type podIPs[*ip",
    "PodTemplate metadata:ObjectMeta template:PodTemplateSpec",
    "PodTemplateSpec metadata:ObjectMeta spec:PodSpec",
    "ReplicationController metadata:ObjectMeta "
    "spec:ReplicationControllerSpec status:DaemonSetStatus",
    "ReplicationControllerSpec template:PodTemplateSpec",
    "Service metadata:ObjectMeta spec:ServiceSpec status:DaemonSetStatus",
    "ServiceAccount metadata:ObjectMeta secrets[*name",
    "ServiceSpec ports[*port,protocol",
    "StatefulSet metadata:ObjectMeta spec:StatefulSetSpec "
    "status:DaemonSetStatus",
    "StatefulSetSpec selector:LabelSelector template:PodTemplateSpec "
    "volumeClaimTemplates[:PersistentVolumeClaim",
    "TopologySpreadConstraint labelSelector:LabelSelector",
    "Volume ephemeral:EphemeralVolumeSource",
    "WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm",
    "autoscalingv2beta2HorizontalPodAutoscaler metadata:ObjectMeta "
    "spec:autoscalingv2beta2HorizontalPodAutoscalerSpec "
    "status:autoscalingv2beta2HorizontalPodAutoscalerStatus",
    "autoscalingv2beta2HorizontalPodAutoscalerSpec metrics[:MetricStatus",
    "autoscalingv2beta2HorizontalPodAutoscalerStatus "
    "currentMetrics[:MetricStatus",
    "@admissionregistration.k8s.io/v1 MutatingWebhookConfiguration "
    "ValidatingWebhookConfiguration:MutatingWebhookConfiguration",
    "@admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration "
    "ValidatingWebhookConfiguration:MutatingWebhookConfiguration",
    "@apiextensions.k8s.io/v1 CustomResourceDefinition:ControllerRevision",
    "@apiextensions.k8s.io/v1beta1 "
    "CustomResourceDefinition:ControllerRevision",
    "@apiregistration.k8s.io/v1 APIService:Namespace",
    "@apiregistration.k8s.io/v1beta1 APIService:Namespace",
    "@apps/v1 ControllerRevision DaemonSet Deployment:DaemonSet "
    "ReplicaSet:DaemonSet StatefulSet",
    "@authentication.k8s.io/v1 TokenRequest:ControllerRevision "
    "TokenReview:ControllerRevision",
    "@authentication.k8s.io/v1beta1 TokenReview:ControllerRevision",
    "@authorization.k8s.io/v1 LocalSubjectAccessReview:ControllerRevision "
    "SelfSubjectAccessReview:ControllerRevision "
    "SelfSubjectRulesReview:ControllerRevision "
    "SubjectAccessReview:ControllerRevision",
    "@authorization.k8s.io/v1beta1 "
    "LocalSubjectAccessReview:ControllerRevision "
    "SelfSubjectAccessReview:ControllerRevision "
    "SelfSubjectRulesReview:ControllerRevision "
    "SubjectAccessReview:ControllerRevision",
    "@autoscaling/v1 HorizontalPodAutoscaler:ControllerRevision "
    "Scale:ControllerRevision",
    "@autoscaling/v2beta1 HorizontalPodAutoscaler",
    "@autoscaling/v2beta2 "
    "HorizontalPodAutoscaler:autoscalingv2beta2HorizontalPodAutoscaler",
    "@batch/v1 CronJob Job:DaemonSet",
    "@batch/v1beta1 CronJob",
    "@certificates.k8s.io/v1 CertificateSigningRequest:ControllerRevision",
    "@certificates.k8s.io/v1beta1 "
    "CertificateSigningRequest:ControllerRevision",
    "@coordination.k8s.io/v1 Lease:ControllerRevision",
    "@coordination.k8s.io/v1beta1 Lease:ControllerRevision",
    "@discovery.k8s.io/v1 EndpointSlice:ControllerRevision",
    "@discovery.k8s.io/v1beta1 EndpointSlice:ControllerRevision",
    "@events.k8s.io/v1 Event:ControllerRevision",
    "@events.k8s.io/v1beta1 Event:ControllerRevision",
    "@extensions/v1beta1 Ingress:ControllerRevision",
    "@flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema:ControllerRevision "
    "PriorityLevelConfiguration:ControllerRevision",
    "@kustomize.config.k8s.io/v1beta1 Kustomization",
    "@networking.k8s.io/v1 Ingress:ControllerRevision "
    "IngressClass:ControllerRevision NetworkPolicy",
    "@networking.k8s.io/v1beta1 Ingress:ControllerRevision "
    "IngressClass:ControllerRevision",
    "@node.k8s.io/v1 RuntimeClass:ControllerRevision",
    "@node.k8s.io/v1beta1 RuntimeClass:ControllerRevision",
    "@policy/v1 PodDisruptionBudget:PersistentVolumeClaim",
    "@policy/v1beta1 Eviction:ControllerRevision "
    "PodDisruptionBudget:PersistentVolumeClaim "
    "PodSecurityPolicy:ControllerRevision",
    "@rbac.authorization.k8s.io/v1 ClusterRole "
    "ClusterRoleBinding:ControllerRevision Role:ControllerRevision "
    "RoleBinding:ControllerRevision",
    "@rbac.authorization.k8s.io/v1beta1 ClusterRole "
    "ClusterRoleBinding:ControllerRevision Role:ControllerRevision "
    "RoleBinding:ControllerRevision",
    "@scheduling.k8s.io/v1 PriorityClass:ControllerRevision",
    "@scheduling.k8s.io/v1beta1 PriorityClass:ControllerRevision",
    "@storage.k8s.io/v1 CSIDriver:ControllerRevision CSINode "
    "StorageClass:ControllerRevision VolumeAttachment:ControllerRevision",
    "@storage.k8s.io/v1beta1 CSIDriver:ControllerRevision CSINode "
    "CSIStorageCapacity StorageClass:ControllerRevision "
    "VolumeAttachment:ControllerRevision",
    "@v1 Binding:ControllerRevision ComponentStatus "
    "ConfigMap:ControllerRevision Endpoints:ControllerRevision "
    "Event:ControllerRevision LimitRange:ControllerRevision Namespace Node "
    "PersistentVolume:ControllerRevision PersistentVolumeClaim Pod "
    "PodTemplate ReplicationController ResourceQuota:ControllerRevision "
    "Secret:ControllerRevision Service ServiceAccount",
    nullptr};

const char* const kScopeLines[] = {
    "-admissionregistration.k8s.io/v1 MutatingWebhookConfiguration "
    "ValidatingWebhookConfiguration",
    "-admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration "
    "ValidatingWebhookConfiguration",
    "-apiextensions.k8s.io/v1 CustomResourceDefinition",
    "-apiextensions.k8s.io/v1beta1 CustomResourceDefinition",
    "-apiregistration.k8s.io/v1 APIService",
    "-apiregistration.k8s.io/v1beta1 APIService",
    "+apps/v1 ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "+autoscaling/v1 HorizontalPodAutoscaler Scale",
    "+autoscaling/v2beta1 HorizontalPodAutoscaler",
    "+autoscaling/v2beta2 HorizontalPodAutoscaler",
    "+batch/v1 CronJob Job",
    "+batch/v1beta1 CronJob",
    "-certificates.k8s.io/v1 CertificateSigningRequest",
    "-certificates.k8s.io/v1beta1 CertificateSigningRequest",
    "+coordination.k8s.io/v1 Lease",
    "+coordination.k8s.io/v1beta1 Lease",
    "+discovery.k8s.io/v1 EndpointSlice",
    "+discovery.k8s.io/v1beta1 EndpointSlice",
    "+events.k8s.io/v1 Event",
    "+events.k8s.io/v1beta1 Event",
    "+extensions/v1beta1 Ingress",
    "-flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema "
    "PriorityLevelConfiguration",
    "-networking.k8s.io/v1 IngressClass",
    "+networking.k8s.io/v1 Ingress NetworkPolicy",
    "-networking.k8s.io/v1beta1 IngressClass",
    "+networking.k8s.io/v1beta1 Ingress",
    "-node.k8s.io/v1 RuntimeClass",
    "-node.k8s.io/v1beta1 RuntimeClass",
    "+policy/v1 PodDisruptionBudget",
    "-policy/v1beta1 PodSecurityPolicy",
    "+policy/v1beta1 PodDisruptionBudget",
    "-rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding",
    "+rbac.authorization.k8s.io/v1 Role RoleBinding",
    "-rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding",
    "+rbac.authorization.k8s.io/v1beta1 Role RoleBinding",
    "-scheduling.k8s.io/v1 PriorityClass",
    "-scheduling.k8s.io/v1beta1 PriorityClass",
    "-storage.k8s.io/v1 CSIDriver CSINode StorageClass VolumeAttachment",
    "-storage.k8s.io/v1beta1 CSIDriver CSINode StorageClass VolumeAttachment",
    "+storage.k8s.io/v1beta1 CSIStorageCapacity",
    "-v1 ComponentStatus Namespace Node NodeProxyOptions PersistentVolume",
    "+v1 ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod "
    "PodAttachOptions PodExecOptions PodPortForwardOptions PodProxyOptions "
    "PodTemplate ReplicationController ResourceQuota Secret Service "
    "ServiceAccount ServiceProxyOptions",
    nullptr};

}  // namespace skerry::chart::kustomize
