import type { DetailedError, HttpResponse } from 'tus-js-client';
import { currentAccessToken, http, refreshAccessToken } from './http';
import { abortedProblem, type Problem, problemFrom } from './problem';
import type { File as StoredFile } from './wire.gen';

/** How much goes in one request: what a lost connection costs at most. */
const CHUNK_BYTES = 4 << 20;
/** How soon a lost connection is tried again when the browser does not tell that it is back. */
const AGAIN_MS = 5000;

export interface ResumableOptions {
  signal: AbortSignal;
  voice?: boolean;
  /** In seconds, where it is known better than the bytes tell. */
  duration?: number | undefined;
  /** Where an earlier attempt has got to. */
  url?: string | null;
  /** Where to go on after a reload. */
  onUrl?: (url: string) => void;
  /** From 0 to 1. */
  onProgress: (part: number) => void;
  /** Whether it waits for a connection. */
  onWaiting?: (waiting: boolean) => void;
}

/**
 * Uploads a file by the tus protocol: whatever breaks the connection, it goes on where it stopped. Giving up by the signal
 * also lets the server forget the part that it has. Rejects with a Problem.
 */
export async function uploadResumable(file: File, options: ResumableOptions): Promise<StoredFile> {
  const { Upload } = await import('tus-js-client');
  const { signal } = options;
  return await new Promise<StoredFile>((resolve, reject) => {
    let fileId: string | undefined;
    let timer = 0;
    const again = () => {
      clearTimeout(timer);
      window.removeEventListener('online', again);
      if (!signal.aborted) upload.start();
    };
    const upload = new Upload(file, {
      endpoint: '/api/v1/uploads',
      uploadUrl: options.url ?? null,
      metadata: { filename: file.name || 'file', filetype: file.type || 'application/octet-stream', ...(options.voice && { voice: 'true' }), ...(options.duration && { duration: options.duration.toFixed(2) }) },
      chunkSize: CHUNK_BYTES,
      retryDelays: [0, 1000, 3000],
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => upload.url && options.onUrl?.(upload.url),
      onProgress: (sent, total) => options.onProgress(total > 0 ? sent / total : 0),
      onChunkComplete: () => options.onWaiting?.(false),
      onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${currentAccessToken() ?? ''}`),
      onAfterResponse: async (_, response) => {
        fileId = response.getHeader('Upload-File-Id') || fileId;
        if (response.getStatus() === 401) await refreshAccessToken();
      },
      onShouldRetry: (error) => isPassing(statusOf(error)),
      onSuccess: () => {
        signal.removeEventListener('abort', stop);
        http<StoredFile>({ path: `/files/${fileId ?? ''}` }).then(resolve, reject);
      },
      onError: (error) => {
        if (signal.aborted) return;
        if (statusOf(error) > 0 || !('originalRequest' in error)) return reject(problemOf(error));
        options.onWaiting?.(true);
        window.addEventListener('online', again);
        timer = window.setTimeout(again, AGAIN_MS);
      },
    });
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener('online', again);
      upload.abort(true).catch(() => undefined); // what cannot be told the server, it forgets by itself
      reject(abortedProblem);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    upload.start();
  });
}

/** A refused token is renewed before the next attempt; the server keeps one request per upload at a time (409, 423). */
function isPassing(status: number): boolean {
  return status === 0 || status === 401 || status === 409 || status === 423 || status >= 500;
}

function responseOf(error: Error | DetailedError): HttpResponse | null {
  return 'originalResponse' in error ? error.originalResponse : null;
}

function statusOf(error: Error | DetailedError): number {
  return responseOf(error)?.getStatus() ?? 0;
}

function problemOf(error: Error | DetailedError): Problem {
  const response = responseOf(error);
  let body: unknown;
  try {
    body = JSON.parse(response?.getBody() ?? '');
  } catch {
    body = undefined;
  }
  return problemFrom(statusOf(error), body, response?.getHeader('Retry-After') ?? null);
}
