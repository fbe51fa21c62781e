// What the made-up daemon knows, and its answers.

import type { IncomingMessage } from 'node:http';
import type { Application, Run, ServerEvent, Stage } from '../src/types';
import * as sample from './sample.ts';

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export async function body_of(request: IncomingMessage) {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return JSON.parse(text || '{}') as Record<string, unknown>;
  } catch {
    return { text };
  }
}

export class World {
  signed_in = true;
  readonly runs: Run[] = sample.runs();
  readonly apps: Application[] = sample.applications();
  private log_bytes = Buffer.alloc(0);
  private listeners = new Set<(event: ServerEvent) => void>();
  private last_event = 0;

  on_event(listener: (event: ServerEvent) => void) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  tell(topic: string, subject: string, version = '') {
    const event = {
      id: ++this.last_event,
      time: Date.now(),
      topic,
      subject,
      version,
    };
    this.listeners.forEach((listener) => listener(event));
  }
  log() {
    return this.log_bytes;
  }
  live_run() {
    return this.runs[0]!;
  }
  write(text: string) {
    this.log_bytes = Buffer.concat([this.log_bytes, Buffer.from(text)]);
  }

  // Lets the newest run live through its stages, again and again.
  async live() {
    const run = this.live_run();
    this.log_bytes = Buffer.alloc(0);
    Object.assign(run, sample.fresh_run(run));
    this.tell('RunQueued', sample.subject_of(run));
    await sample.pause(500);
    run.state = 'running';
    run.started = Date.now();
    for (const stage of run.stages ?? []) await this.live_stage(stage);
    run.state = 'finished';
    run.result = 'SUCCESS';
    run.finished = Date.now();
    this.tell('RunFinished', sample.subject_of(run), 'SUCCESS');
  }

  private async live_stage(stage: Stage) {
    stage.state = 'running';
    stage.started = Date.now();
    stage.log_start = this.log_bytes.length;
    for (let line = 0; line < 60; line++) {
      this.write(sample.log_line(stage.name, line));
      await sample.pause(80);
    }
    stage.state = 'finished';
    stage.result = 'SUCCESS';
    stage.finished = Date.now();
    stage.log_end = this.log_bytes.length;
  }

  app(name: string) {
    const app = this.apps.find((known) => known.name === name);
    if (!app) throw new Refusal(404, 'not_found', `no application '${name}'`);
    return app;
  }
  run(number: string) {
    const run = this.runs.find((known) => known.number === Number(number));
    if (!run) throw new Refusal(404, 'not_found', `no run #${number}`);
    return run;
  }
  sync(name: string) {
    const { status } = this.app(name);
    status.operation = sample.operation('Running', 'applying');
    setTimeout(() => {
      status.sync = 'Synced';
      status.health = 'Healthy';
      status.operation = sample.operation('Succeeded', 'all applied');
      this.tell('SyncFinished', name, status.revision);
    }, 1500);
  }
}

export function start_world() {
  const world = new World();
  const again = () => void world.live().then(() => setTimeout(again, 15_000));
  again();
  return world;
}

type Body = Record<string, unknown>;
type Answer = (world: World, params: string[], body: Body) => unknown;
const one = '([^/]+)';
const at = (path: string) =>
  new RegExp(`^${path.replaceAll('{}', one)}$`);
const repo = '/projects/{}/repos/{}';
const app = '/projects/{}/applications/{}';

export const answers: readonly (readonly [string, RegExp, Answer])[] = [
  ['GET', at('/session'), (world) => {
    if (!world.signed_in) throw new Refusal(401, 'denied', 'not signed in');
    return sample.session;
  }],
  ['POST', at('/session'), (world, _, body) => {
    if (body.password !== 'skerry') {
      throw new Refusal(401, 'denied', 'wrong user name or password');
    }
    world.signed_in = true;
    return sample.session;
  }],
  ['DELETE', at('/session'), (world) => void (world.signed_in = false)],
  ['GET', at('/health'), () => sample.health],
  ['GET', at('/runs'), (world) => ({ runs: world.runs })],
  ['GET', at('/applications'), (world) => ({ applications: world.apps })],
  ['GET', at('/projects'), () => ({ projects: sample.projects })],
  ['GET', at('/projects/{}'), () => sample.projects[0]],
  ['GET', at('/projects/{}/repos'), () => ({ repos: sample.repos })],
  ['GET', at('/projects/{}/images'), () => ({ repositories: sample.images })],
  ['GET', at('/projects/{}/images/tags'), () => ({ tags: sample.tags })],
  ['GET', at('/projects/{}/images/usage'), () => sample.image_usage],
  ['GET', at('/projects/{}/images/deleted'), () => ({ deleted: [] })],
  ['GET', at('/projects/{}/webhooks'), () => ({ webhooks: sample.webhooks })],
  ['GET', at('/projects/{}/webhooks/{}/deliveries'), () => ({
    deliveries: sample.webhooks.map((webhook) => webhook.last_delivery),
  })],
  ['POST', at('/projects/{}/webhooks/{}/test'), () =>
    sample.webhooks[0]!.last_delivery],
  ['GET', at('/projects/{}/upstream'), () => sample.upstream],
  ['GET', at('/projects/{}/upstream/nodes'), () => ({ snippets: [] })],
  ['GET', at('/projects/{}/applications'), (world) => ({
    applications: world.apps,
  })],
  ['GET', at('/projects/{}/charts'), () => ({ charts: sample.charts })],
  ['GET', at('/projects/{}/members'), () => ({ members: sample.members })],
  ['GET', at('/projects/{}/tokens'), () => ({ tokens: [] })],
  ['GET', at('/projects/{}/credentials'), () => ({ credentials: [] })],
  ['GET', at('/projects/{}/pipeline-defaults'), () => ({ text: '' })],
  ['GET', at('/pipeline-defaults'), () => ({ text: '' })],
  ['GET', at(repo), () => sample.repos[0]],
  ['GET', at(`${repo}/refs`), () => ({ refs: sample.refs })],
  ['GET', at(`${repo}/commits`), () => ({ commits: sample.commits })],
  ['GET', at(`${repo}/runs`), (world) => ({ runs: world.runs })],
  ['GET', at(`${repo}/runs/{}`), (world, params) => world.run(params[2]!)],
  ['POST', at(`${repo}/runs`), (world) => world.live_run()],
  ['POST', at(`${repo}/runs/{}/rerun`), (world) => world.live_run()],
  ['POST', at(`${repo}/runs/{}/cancel`), () => undefined],
  ['GET', at(`${repo}/runs/{}/tests`), () => ({ suites: sample.suites })],
  ['GET', at(`${repo}/runs/{}/artifacts`), () => ({
    artifacts: sample.artifacts,
  })],
  ['GET', at(app), (world, params) => world.app(params[1]!)],
  ['GET', at(`${app}/resources`), () => ({ resources: sample.resources })],
  ['GET', at(`${app}/diff`), () => ({ resources: sample.diffs })],
  ['GET', at(`${app}/manifests`), () => ({ manifests: sample.manifests })],
  ['GET', at(`${app}/history`), () => ({ history: sample.history })],
  ['POST', at(`${app}/sync`), (world, params, body) =>
    body.dry_run ? { steps: sample.steps } : world.sync(params[1]!)],
  ['POST', at(`${app}/rollback`), (world, params) => world.sync(params[1]!)],
  ['POST', at(`${app}/refresh`), () => undefined],
  ['GET', at('/tokens'), () => ({ tokens: sample.tokens })],
  ['POST', at('/tokens'), () => ({
    token: sample.tokens[0],
    secret: 'skp_4uQn1nqUe3pYw8pXl0SxJr2c',
  })],
  ['GET', at('/users'), () => ({ users: sample.users })],
  ['GET', at('/audit'), () => ({ entries: sample.audit })],
  ['GET', at('/settings'), () => ({ settings: sample.settings })],
];
