import { abortedProblem, networkProblem, type Problem, problemFrom } from './problem';
import type { Token } from './wire.gen';

/** How long a renewed token may take; everything else waits for it. */
const REFRESH_TIMEOUT_MS = 10_000;

const base = `${location.origin}/api/v1`;

export interface HttpRequest {
  method?: string;
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

let accessToken: string | null = null;
let refreshing: Promise<string | null> | null = null;
let onSignedOut: () => void = () => undefined;

/** The access token lives in memory only; the refresh cookie is out of any script's reach. */
export function setAccessToken(token: string | null): void {
  accessToken = token;
}

export function currentAccessToken(): string | null {
  return accessToken;
}

/** Called when the server no longer renews the session. */
export function setSignedOutListener(listener: () => void): void {
  onSignedOut = listener;
}

function url({ path, query }: HttpRequest): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return base + path + (text ? `?${text}` : '');
}

async function exchange(request: HttpRequest): Promise<Response> {
  const headers: Record<string, string> = {};
  if (accessToken) headers.Authorization = `Bearer ${accessToken}`;
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(url(request), {
      method: request.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: request.signal ?? null,
    });
  } catch (error) {
    throw request.signal?.aborted || (error instanceof DOMException && error.name === 'AbortError') ? abortedProblem : networkProblem;
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text().catch(() => '');
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!response.ok) throw problemFrom(response.status, body, response.headers.get('Retry-After'));
  return body as T;
}

/**
 * Exchanges the refresh cookie for an access token, once for however many ask. Null: there is no session any more.
 * Throws a Problem when the server could not be asked.
 */
export function refreshAccessToken(): Promise<string | null> {
  refreshing ??= (async () => {
    try {
      const token = await read<Token>(await exchange({ method: 'POST', path: '/auth/refresh', signal: AbortSignal.timeout(REFRESH_TIMEOUT_MS) }));
      accessToken = token.access_token;
      return accessToken;
    } catch (error) {
      if ((error as Problem).status !== 401) throw error;
      accessToken = null;
      return null;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

/** Asks with the session's token, renewing it once when refused. */
async function ask(request: HttpRequest): Promise<Response> {
  const used = accessToken;
  const response = await exchange(request);
  if (response.status !== 401 || request.path.startsWith('/auth/')) return response;
  const renewed = accessToken !== used && accessToken !== null ? accessToken : await refreshAccessToken();
  if (renewed !== null) return await exchange(request);
  onSignedOut();
  return response;
}

/** Asks the API. Throws a Problem. */
export async function http<T>(request: HttpRequest): Promise<T> {
  return await read<T>(await ask(request));
}

/** Fetches what the API gives as a file. Throws a Problem. */
export async function download(request: HttpRequest): Promise<Blob> {
  const response = await ask(request);
  return response.ok ? await response.blob() : await read<never>(response);
}

/** The token for the socket's first frame. */
export function socketToken(refresh: boolean): Promise<string | null> {
  if (accessToken !== null && !refresh) return Promise.resolve(accessToken);
  return refreshAccessToken().then((token) => {
    if (token === null) onSignedOut();
    return token;
  });
}
