// A made-up daemon for `npm run dev`: enough of the API to see every screen,
// with a run that goes on and an application that changes. Never embedded.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { answers, body_of, start_world, type World } from './world.ts';

function send_json(response: ServerResponse, status: number, value: unknown) {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(value === undefined ? '' : JSON.stringify(value));
}

function open_stream(response: ServerResponse) {
  response.setHeader('Content-Type', 'text/event-stream');
  response.setHeader('Cache-Control', 'no-store');
  response.write(': open\n\n');
  return (event: string, data: unknown) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function stream_events(world: World, response: ServerResponse) {
  const write = open_stream(response);
  const stop = world.on_event((event) => write(event.topic, event));
  response.on('close', stop);
}

function stream_log(world: World, url: URL, response: ServerResponse) {
  const write = open_stream(response);
  let offset = Number(url.searchParams.get('offset') ?? 0);
  const timer = setInterval(() => {
    const log = world.log();
    const more = log.subarray(offset);
    if (more.length) write('log', { offset, text: more.toString('utf8') });
    offset = log.length;
    write('run', world.live_run());
    if (world.live_run().state === 'finished') {
      write('end', {});
      clearInterval(timer);
      response.end();
    }
  }, 300);
  response.on('close', () => clearInterval(timer));
}

function send_log(world: World, url: URL, response: ServerResponse) {
  const offset = Number(url.searchParams.get('offset') ?? 0);
  const done = world.live_run().state === 'finished';
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('X-Skerry-Log-Complete', String(done));
  response.end(world.log().subarray(offset));
}

async function serve(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = new URL(request.url ?? '/', 'http://mock');
  const path = url.pathname.replace(/^\/api\/v1/, '');
  if (path === '/events') return stream_events(world, response);
  if (path.endsWith('/log/stream')) return stream_log(world, url, response);
  if (path.endsWith('/log')) return send_log(world, url, response);
  const method = request.method ?? 'GET';
  const body = method === 'GET' ? {} : await body_of(request);
  for (const [wanted, pattern, answer] of answers) {
    const found = pattern.exec(path);
    if (wanted !== method || !found) continue;
    try {
      return send_json(response, 200, answer(world, found.slice(1), body));
    } catch (reason) {
      const { status = 500, code = 'internal' } = reason as {
        status?: number;
        code?: string;
      };
      const message = reason instanceof Error ? reason.message : '';
      return send_json(response, status, { error: { code, message } });
    }
  }
  const message = `the mock has no ${method} ${path}`;
  return send_json(response, 404, { error: { code: 'not_found', message } });
}

export function mock_daemon(): Plugin {
  return {
    name: 'mock-daemon',
    configureServer(server) {
      const world = start_world();
      server.middlewares.use((request, response, next) => {
        if (!request.url?.startsWith('/api/v1/')) return next();
        void serve(world, request, response);
      });
    },
  };
}
