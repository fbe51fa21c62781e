import { describe, expect, it } from 'vitest';
import { ApiError, error_from, unreachable } from '../src/api_error';
import { explain } from '../src/lib/explain';

describe('error_from', () => {
  it.each([
    [404, '{"error":{"code":"not_found","message":"no run #9"}}', 'not_found', 'no run #9'],
    [400, '{"error":"chart is invalid"}', 'http_400', 'chart is invalid'],
    [502, '<html>bad gateway</html>', 'http_502', ''],
    [500, '', 'http_500', ''],
    [500, '{"error":{"code":7}}', 'http_500', ''],
    [500, 'null', 'http_500', ''],
  ])('%d %s', (status, body, code, message) => {
    expect(error_from(status, body)).toMatchObject({ status, code, message });
  });
});

describe('explain', () => {
  it("says the server's sentence", () => {
    const error = new ApiError(409, 'conflict', 'the ref moved');
    expect(explain(error)).toBe('the ref moved');
  });
  it('has a sentence of its own for a bare code', () => {
    expect(explain(new ApiError(403, 'denied', ''))).toMatch(/may not/);
    expect(explain(new ApiError(418, 'http_418', ''))).toMatch(/418/);
  });
  it('says what to look at when nothing answers', () => {
    expect(explain(unreachable())).toMatch(/does not answer/);
  });
});
