import { describe, expect, it } from 'vitest';
import pages from '../src/pages.json';
import { match, to } from '../src/router';

describe('match', () => {
  it.each([
    ['/runs', '/runs', {}],
    ['/runs', '/runs/', {}],
    ['/projects/:p', '/projects/a%2Fb', { p: 'a/b' }],
    ['/projects/:p', '/projects', null],
    ['/projects/:p', '/projects/', null],
    ['/projects/:p', '/projects/%zz', null],
    ['/projects/:p/runs/:n', '/projects/demo/runs/7', { p: 'demo', n: '7' }],
    ['/', '/', {}],
    ['/images/:i+', '/images/a', { i: 'a' }],
    ['/images/:i+', '/images/a/b:v1', { i: 'a/b:v1' }],
    ['/images/:i+', '/images', null],
  ])('%s with %s', (pattern, path, params) => {
    expect(match(pattern, path)).toEqual(params);
  });
});

// The server answers the page at these addresses; the rest is 404.
it('links only to addresses that the server knows', () => {
  const run = { project: 'demo', repo: 'hello', number: 7 };
  const served = pages.map(
    (page) => new RegExp(`^${page.replace('{page+}', '.+')}$`),
  );
  const links = [
    to.overview,
    to.runs,
    to.applications,
    to.projects,
    to.account,
    to.admin('audit'),
    to.project('demo', 'images'),
    to.image('demo', 'tools/app'),
    to.image('demo', 'tools/app', `sha256:${'a1'.repeat(32)}`),
    to.repo('demo', 'hello'),
    to.run(run),
    to.application('demo', 'hello', 'diff'),
  ];
  for (const link of links) {
    const path = link.split('?')[0]!;
    expect(served.some((page) => page.test(path)), link).toBe(true);
  }
});
