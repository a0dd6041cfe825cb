import type { AuthAck, ErrorFrame, Time } from '@/api/wire.gen';

/** What may arrive in one text frame. */
export type Frame =
  | { kind: 'ack'; id: string; data: unknown }
  | { kind: 'error'; id: string | null; error: ErrorFrame }
  | { kind: 'event'; type: string; data: unknown; at: Time; scope: string | null; seq: number | null };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads one frame; null when it is not an envelope of the protocol. */
export function parseFrame(text: unknown): Frame | null {
  if (typeof text !== 'string') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value.type !== 'string') return null;
  const id = typeof value.id === 'string' ? value.id : null;
  if (value.type === 'ack') return id === null ? null : { kind: 'ack', id, data: value.data };
  if (value.type === 'error') {
    const error = value.error;
    if (!isRecord(error) || typeof error.code !== 'string' || typeof error.message !== 'string') return null;
    const status = typeof error.status === 'number' ? error.status : 0;
    return { kind: 'error', id, error: { ...(error as unknown as ErrorFrame), status } };
  }
  return {
    kind: 'event',
    type: value.type,
    data: value.data ?? {},
    at: typeof value.at === 'string' ? value.at : '',
    scope: typeof value.scope === 'string' ? value.scope : null,
    seq: typeof value.seq === 'number' ? value.seq : null,
  };
}

export function isAuthAck(data: unknown): data is AuthAck {
  return isRecord(data) && typeof data.session_id === 'string' && typeof data.heartbeat_s === 'number';
}
