// Names, kinds and commands of images. Pure.

import type { ImageManifest } from '../types';

// "tools/app:v1", "tools/app@sha256:..." or "tools/app", as addresses of the
// page have them.
export function split_image(image: string): {
  repository: string;
  reference: string;
} {
  const end = image.search(/[:@]/);
  if (end < 0) return { repository: image, reference: '' };
  return { repository: image.slice(0, end), reference: image.slice(end + 1) };
}

export const is_digest = (reference: string) => reference.includes(':');

export type ImageKind = 'image' | 'index' | 'chart' | 'artifact';

const chart_config = 'application/vnd.cncf.helm.config.v1+json';
const chart_content = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

export function kind_of(manifest: {
  media_type: string;
  artifact_type: string;
  layers?: ImageManifest['layers'];
}): ImageKind {
  const { media_type, artifact_type, layers } = manifest;
  if (/image\.index|manifest\.list/.test(media_type)) return 'index';
  const is_chart =
    artifact_type === chart_config ||
    layers?.some((layer) => layer.media_type === chart_content);
  if (is_chart) return 'chart';
  const is_image =
    !artifact_type ||
    /^application\/vnd\.(oci\.image\.config|docker\.container\.image)/.test(
      artifact_type,
    );
  return is_image ? 'image' : 'artifact';
}

// "demo/app:v1" or "demo/app@sha256:...".
export function full_name(project: string, repository: string, ref = '') {
  const name = `${project}/${repository}`;
  return ref ? `${name}${is_digest(ref) ? '@' : ':'}${ref}` : name;
}

export interface PullCommand {
  tool: string;
  command: string;
}

// What gets `name` ("demo/app:v1") from the server at `origin`.
export function pull_commands(
  origin: string,
  name: string,
  kind: ImageKind,
): PullCommand[] {
  const { host, protocol } = new URL(origin);
  const plain = (flag: string) => (protocol === 'http:' ? ` ${flag}` : '');
  const image = `${host}/${name}`;
  const oras = {
    tool: 'oras',
    command: `oras pull${plain('--plain-http')} ${image}`,
  };
  const skopeo = {
    tool: 'skopeo',
    command: `skopeo copy${kind === 'index' ? ' --all' : ''}${plain(
      '--src-tls-verify=false',
    )} docker://${image} oci:DIR`,
  };
  if (kind === 'artifact') return [oras, skopeo];
  if (kind === 'chart') {
    const [chart = '', version] = image.split(/:(?=[^/:]*$)/);
    const pull = version && !image.includes('@')
      ? `helm pull${plain('--plain-http')} oci://${chart} --version ${version.replaceAll('_', '+')}`
      : `helm pull${plain('--plain-http')} oci://${image}`;
    return [{ tool: 'helm', command: pull }, oras];
  }
  return [
    { tool: 'docker', command: `docker pull ${image}` },
    {
      tool: 'podman',
      command: `podman pull${plain('--tls-verify=false')} ${image}`,
    },
    { tool: 'crane', command: `crane pull${plain('--insecure')} ${image} FILE` },
    skopeo,
  ];
}

// The command of a build step as its author wrote it: without the shell that
// docker and BuildKit put around it.
export function step_command(created_by: string): string {
  const text = created_by.replace(/\s*# buildkit$/, '').trim();
  const plain = /^\/bin\/sh -c #\(nop\)\s*([\s\S]*)$/.exec(text);
  if (plain) return plain[1]!.trim();
  const run = /^(?:RUN )?(?:\|\d+ .*? )?\/bin\/sh -c ([\s\S]*)$/.exec(text);
  return run ? `RUN ${run[1]!.trim()}` : text;
}

export type ReferrerKind = 'signature' | 'sbom' | 'attestation' | 'other';

export function referrer_kind(referrer: {
  signature: boolean;
  artifact_type: string;
  annotations: Record<string, string>;
}): ReferrerKind {
  if (referrer.signature) return 'signature';
  const about = [
    referrer.artifact_type,
    referrer.annotations['dev.sigstore.bundle.predicateType'] ?? '',
  ].join(' ');
  if (/spdx|cyclonedx|syft|sbom/i.test(about)) return 'sbom';
  if (/in-toto|attest|slsa|sigstore\.bundle/i.test(about)) return 'attestation';
  return 'other';
}
