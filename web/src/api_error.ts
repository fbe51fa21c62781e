// What the API says when it refuses: {"error":{"code","message"}}, or
// whatever else stands between it and us.

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer at all
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
  get is_signed_out() {
    return this.status === 401;
  }
}

// What was thrown; a fault of the page itself becomes one, too.
export function as_api_error(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  return new ApiError(0, 'internal', String(reason));
}

function message_of(body: unknown): { code?: string; message?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const error = (body as { error?: unknown }).error;
  if (typeof error === 'string') return { message: error };
  if (typeof error !== 'object' || error === null) return {};
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message : undefined,
  };
}

// `text` is the body of an answer whose status is not 2xx.
export function error_from(status: number, text: string): ApiError {
  let parsed: { code?: string; message?: string } = {};
  try {
    parsed = message_of(JSON.parse(text));
  } catch {
    // Not JSON: a proxy's page, perhaps. The status says enough.
  }
  return new ApiError(
    status,
    parsed.code ?? `http_${status}`,
    parsed.message ?? '',
  );
}

export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', '');
}
