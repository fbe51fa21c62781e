// Of applications.

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';
export interface ApplicationSource {
  repoURL?: string;
  path?: string;
  chart?: string;
  targetRevision?: string;
}
export interface Application {
  name: string;
  project: string;
  spec: {
    source?: ApplicationSource;
    sources?: ApplicationSource[];
    destination?: { server?: string; name?: string; namespace?: string };
    syncPolicy?: {
      automated?: { prune?: boolean; selfHeal?: boolean; enabled?: boolean };
    };
  };
  status: {
    sync: SyncStatus;
    health: HealthStatus;
    revision: string;
    message: string;
    // What the application asks for and does not get on its target.
    notices?: string[];
    operation: Operation | null;
    last_reconciled: number | null;
    // The entry of the history that a rollback brought back and holds.
    rolled_back_to?: number;
    deleting?: boolean;
  };
}
export interface Operation {
  phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded' | '';
  message: string;
  started: number | null;
  finished: number | null;
}
export interface Deployment {
  id: number;
  revision: string;
  deployed: number;
  initiated_by: string;
  source: ApplicationSource | ApplicationSource[] | null;
}
export interface ResourceKey {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
}
export interface Resource extends ResourceKey {
  sync: SyncStatus;
  health: HealthStatus | '' | null;
  message: string;
  wave: number;
  hook: string | boolean | null;
}
export interface ResourceDiff extends ResourceKey {
  live: unknown;
  desired: unknown;
  diff: string; // unified; empty when both are the same
}

export interface Manifest extends ResourceKey {
  manifest: string;
}
// What a sync would do, or did, to one resource.
export interface SyncStep extends ResourceKey {
  action: string;
  phase: string;
  wave: number;
  state: string;
  message: string;
}
