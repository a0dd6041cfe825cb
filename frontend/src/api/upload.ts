import { currentAccessToken, refreshAccessToken } from './http';
import { abortedProblem, networkProblem, problemFrom } from './problem';
import { type ResumableOptions, uploadResumable } from './resumable';
import type { File as StoredFile, Me } from './wire.gen';

interface UploadOptions {
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (part: number) => void;
}

/** Up to here a file goes in one request. */
const SMALL_BYTES = 1 << 20;

/** Uploads one file for an entry: a large one, or a voice note, so that it can go on after a break. Rejects with a Problem. */
export function uploadFile(file: File, options: UploadOptions & Partial<ResumableOptions>): Promise<StoredFile> {
  if (file.size <= SMALL_BYTES && !options.voice) return upload<StoredFile>('POST', '/files', file, options);
  return uploadResumable(file, options);
}

/** Makes a picture one's own photo. Rejects with a Problem. */
export function uploadAvatar(file: File, options: UploadOptions): Promise<Me> {
  return upload<Me>('PUT', '/me/avatar', file, options);
}

/** fetch() cannot tell progress, so this is XMLHttpRequest. */
async function upload<T>(method: string, path: string, file: File, options: UploadOptions): Promise<T> {
  const answer = await attempt(method, path, file, options);
  if (answer.status !== 401) return settle<T>(answer);
  await refreshAccessToken();
  return settle<T>(await attempt(method, path, file, options));
}

function attempt(method: string, path: string, file: File, { signal, onProgress }: UploadOptions): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortedProblem);
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    signal.addEventListener('abort', abort);
    xhr.onloadend = () => signal.removeEventListener('abort', abort);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    xhr.onload = () => resolve(xhr);
    xhr.onerror = () => reject(networkProblem);
    xhr.onabort = () => reject(abortedProblem);
    xhr.open(method, `/api/v1${path}`);
    xhr.setRequestHeader('Authorization', `Bearer ${currentAccessToken() ?? ''}`);
    const form = new FormData();
    form.append('file', file, file.name || 'file');
    xhr.send(form);
  });
}

function settle<T>(xhr: XMLHttpRequest): T {
  let body: unknown;
  try {
    body = JSON.parse(xhr.responseText);
  } catch {
    body = undefined;
  }
  if (xhr.status < 200 || xhr.status > 299) throw problemFrom(xhr.status, body, xhr.getResponseHeader('Retry-After'));
  return body as T;
}
