import { currentAccessToken, refreshAccessToken } from './http';
import { abortedProblem, networkProblem, problemFrom } from './problem';
import type { File as StoredFile } from './wire.gen';

interface UploadOptions {
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (part: number) => void;
}

/** Uploads one file; fetch() cannot tell progress, so this is XMLHttpRequest. Rejects with a Problem. */
export async function uploadFile(file: File, options: UploadOptions): Promise<StoredFile> {
  const answer = await attempt(file, options);
  if (answer.status !== 401) return settle(answer);
  await refreshAccessToken();
  return settle(await attempt(file, options));
}

function attempt(file: File, { signal, onProgress }: UploadOptions): Promise<XMLHttpRequest> {
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
    xhr.open('POST', '/api/v1/files');
    xhr.setRequestHeader('Authorization', `Bearer ${currentAccessToken() ?? ''}`);
    const form = new FormData();
    form.append('file', file, file.name || 'file');
    xhr.send(form);
  });
}

function settle(xhr: XMLHttpRequest): StoredFile {
  let body: unknown;
  try {
    body = JSON.parse(xhr.responseText);
  } catch {
    body = undefined;
  }
  if (xhr.status < 200 || xhr.status > 299) throw problemFrom(xhr.status, body, xhr.getResponseHeader('Retry-After'));
  return body as StoredFile;
}
