// Resources of an application: names and a tree by kind.

import type { Resource, ResourceKey } from '../types';

export function resource_id(of: ResourceKey): string {
  return [of.group ?? '', of.kind, of.namespace ?? '', of.name].join('/');
}

export interface ResourceGroup {
  kind: string; // with its group: "Deployment · apps"
  resources: Resource[];
}

// By kind, in the order in which they are applied.
export function group_resources(resources: readonly Resource[]) {
  const groups = new Map<string, Resource[]>();
  const by_wave = [...resources].sort((a, b) => (a.wave || 0) - (b.wave || 0));
  for (const resource of by_wave) {
    const kind = resource.group
      ? `${resource.kind} · ${resource.group}`
      : resource.kind;
    groups.set(kind, [...(groups.get(kind) ?? []), resource]);
  }
  return [...groups].map(
    ([kind, members]): ResourceGroup => ({ kind, resources: members }),
  );
}
