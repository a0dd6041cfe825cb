import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** A server between the tests and the network; a request without an answer fails the test. */
export function mockServer(...handlers: Parameters<typeof setupServer>) {
  const server = setupServer(...handlers);
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

export const url = (path: string) => `*/api/v1${path}`;

export const problem = (status: number, code: string, errors?: Record<string, string>) =>
  HttpResponse.json({ type: 'about:blank', title: code, status, code, detail: `It is ${code}.`, errors, request_id: 'r' }, { status });

export { http, HttpResponse };
