import { describe, expect, it } from 'vitest';
import {
  kind_of,
  pull_commands,
  referrer_kind,
  split_image,
  step_command,
} from '../src/lib/images';

const digest = `sha256:${'a1'.repeat(32)}`;

describe('split_image', () => {
  it.each([
    ['app', 'app', ''],
    ['tools/app', 'tools/app', ''],
    ['tools/app:v1', 'tools/app', 'v1'],
    [`tools/app@${digest}`, 'tools/app', digest],
  ])('%s', (image, repository, reference) => {
    expect(split_image(image)).toEqual({ repository, reference });
  });
});

describe('kind_of', () => {
  const oci = 'application/vnd.oci.image.';
  it.each([
    ['image', `${oci}manifest.v1+json`, `${oci}config.v1+json`],
    ['image', `${oci}manifest.v1+json`, ''],
    [
      'image',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.docker.container.image.v1+json',
    ],
    ['index', `${oci}index.v1+json`, ''],
    ['index', 'application/vnd.docker.distribution.manifest.list.v2+json', ''],
    ['chart', `${oci}manifest.v1+json`, 'application/vnd.cncf.helm.config.v1+json'],
    ['artifact', `${oci}manifest.v1+json`, 'application/spdx+json'],
  ])('%s of %s with %s', (kind, media_type, artifact_type) => {
    expect(kind_of({ media_type, artifact_type })).toBe(kind);
  });
});

describe('pull_commands', () => {
  const commands = (origin: string, name: string, kind: Parameters<typeof pull_commands>[2]) =>
    pull_commands(origin, name, kind).map(({ command }) => command);

  it('name an image for every client', () => {
    expect(commands('https://skerry:8443', 'demo/app:v1', 'image')).toEqual([
      'docker pull skerry:8443/demo/app:v1',
      'podman pull skerry:8443/demo/app:v1',
      'crane pull skerry:8443/demo/app:v1 FILE',
      'skopeo copy docker://skerry:8443/demo/app:v1 oci:DIR',
    ]);
  });
  it('allow plain HTTP where the page came by it', () => {
    const all = commands('http://127.0.0.1:80', 'demo/app:v1', 'index').join();
    expect(all).toContain('podman pull --tls-verify=false 127.0.0.1/demo');
    expect(all).toContain('skopeo copy --all --src-tls-verify=false docker://');
  });
  it('get a chart with helm, its version being the tag', () => {
    const [helm] = commands('http://h:8080', 'demo/charts/web:1.0.0_b1', 'chart');
    expect(helm).toBe(
      'helm pull --plain-http oci://h:8080/demo/charts/web --version 1.0.0+b1',
    );
    const [exact] = commands('https://h', `demo/charts/web@${digest}`, 'chart');
    expect(exact).toBe(`helm pull oci://h/demo/charts/web@${digest}`);
  });
  it('get an artifact with oras', () => {
    const [oras] = commands('https://h', `demo/app@${digest}`, 'artifact');
    expect(oras).toBe(`oras pull h/demo/app@${digest}`);
  });
});

describe('step_command', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['RUN /bin/sh -c make # buildkit', 'RUN make'],
    ['RUN |1 VERSION=3 /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY a b # buildkit', 'COPY a b'],
    ['', ''],
  ])('%s', (created_by, command) => {
    expect(step_command(created_by)).toBe(command);
  });
});

describe('referrer_kind', () => {
  const of = (artifact_type: string, predicate = '', signature = false) =>
    referrer_kind({
      signature,
      artifact_type,
      annotations: predicate
        ? { 'dev.sigstore.bundle.predicateType': predicate }
        : {},
    });
  it.each([
    ['signature', 'application/vnd.cncf.notary.signature', '', true],
    ['sbom', 'application/spdx+json', '', false],
    ['sbom', 'application/vnd.dev.sigstore.bundle.v0.3+json', 'https://cyclonedx.org/bom', false],
    ['attestation', 'application/vnd.in-toto+json', '', false],
    ['attestation', 'application/vnd.dev.sigstore.bundle.v0.3+json', 'https://slsa.dev/provenance/v1', false],
    ['other', 'text/plain', '', false],
  ])('%s is %s %s', (kind, type, predicate, signature) => {
    expect(of(type, predicate, signature)).toBe(kind);
  });
});
