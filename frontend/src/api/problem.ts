/** A failed request, plain so that it may live in the store. `status` 0 and code `network` mean that no answer came. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: Record<string, string>;
  /** Seconds to wait, where the server said so. */
  retryAfter?: number;
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'status' in value;
}

export const networkProblem: Problem = { status: 0, code: 'network', detail: 'The server cannot be reached.', errors: {} };

export const abortedProblem: Problem = { status: 0, code: 'aborted', detail: 'The request was given up.', errors: {} };

/** Reads an answer that is not 2xx; proxies in between may answer without a problem document. */
export function problemFrom(status: number, body: unknown, retryAfter: string | null): Problem {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return {
    status,
    code: typeof given.code === 'string' ? given.code : status >= 500 ? 'internal' : 'unexpected',
    detail: typeof given.detail === 'string' ? given.detail : '',
    errors: typeof given.errors === 'object' && given.errors !== null ? (given.errors as Record<string, string>) : {},
    ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }),
  };
}

/** Any thrown value as a Problem, for places that only show it. */
export function asProblem(value: unknown): Problem {
  if (isProblem(value)) return { ...value, errors: value.errors ?? {} };
  if (!(value instanceof Error)) return { status: 0, code: 'internal', detail: '', errors: {} };
  // What the socket refuses says as much as an answer to a request.
  const { code, status, fields } = value as { code?: unknown; status?: number; fields?: Record<string, string> };
  return { status: status ?? 0, code: typeof code === 'string' ? code : 'internal', detail: value.message, errors: fields ?? {} };
}

/** Worth trying again later without a change by the person. */
export function isTransient(problem: Problem): boolean {
  return problem.code === 'network' || problem.status === 429 || problem.status >= 500;
}
