import { beforeEach, expect, test, vi } from 'vitest';
import type { MeetingSession } from '@/media/meetingSession';
import { EmbedBridge } from './bridge';

const school = 'https://moodle.school.example';

let told: { message: Record<string, unknown>; origin: string }[];
let frame: ReturnType<typeof makeFrame>;
let session: ReturnType<typeof makeSession>;

function makeFrame(around: string | null) {
  const target = new EventTarget();
  const parent = { postMessage: (message: Record<string, unknown>, origin: string) => told.push({ message, origin }) };
  const location = { origin: 'https://lectern.school.example', ancestorOrigins: around ? [around] : [] };
  return Object.assign(target, { parent, location, document: { referrer: '' } });
}

function makeSession() {
  const watchers = new Set<() => void>();
  const state = { phase: 'preview', muted: false, handRaised: false, participants: [{}, {}] };
  return {
    snapshot: () => state,
    subscribe: (watcher: () => void) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    local: { snapshot: () => ({ microphone: { track: {} }, camera: { track: null }, screen: null }), subscribe: () => () => undefined },
    setMuted: vi.fn((muted: boolean) => become({ muted })),
    setCamera: vi.fn(),
    raiseHand: vi.fn(),
    join: vi.fn(),
    leave: vi.fn(),
    watchers,
  };
  function become(change: Partial<typeof state>) {
    Object.assign(state, change);
    for (const watcher of watchers) watcher();
  }
}

function says(data: unknown, origin = school, source: unknown = frame.parent): void {
  frame.dispatchEvent(Object.assign(new Event('message'), { source, origin, data }));
}

function begin(around: string | null = school): EmbedBridge {
  frame = makeFrame(around);
  const bridge = new EmbedBridge([school], frame as unknown as Window);
  bridge.attach(session as unknown as MeetingSession);
  return bridge;
}

beforeEach(() => {
  told = [];
  session = makeSession();
});

test('says that it is ready, then how things stand, and each change once', () => {
  begin();
  const state = { phase: 'preview', muted: false, camera: false, screen: false, hand: false, participants: 2 };
  expect(told).toEqual([
    { message: { source: 'lectern', type: 'ready', version: 1 }, origin: school },
    { message: { source: 'lectern', type: 'state', state }, origin: school },
  ]);
  for (const watcher of session.watchers) watcher();
  expect(told).toHaveLength(2);
  says({ target: 'lectern', type: 'setMuted', value: true });
  expect(told.at(-1)?.message).toEqual({ source: 'lectern', type: 'state', state: { ...state, muted: true } });
});

test('does what it is told, and answers what carries an id', () => {
  begin();
  says({ target: 'lectern', type: 'setCamera', value: true, id: 7 });
  expect(session.setCamera).toHaveBeenCalledWith(true);
  expect(told.at(-1)?.message).toEqual({ source: 'lectern', type: 'answer', id: 7, ok: true });
  says({ target: 'lectern', type: 'leave' });
  expect(session.leave).toHaveBeenCalledOnce();
});

test.each([
  [{ type: 'setMuted', value: 'yes' }, 'invalid_input'],
  [{ type: 'setMuted' }, 'invalid_input'],
  [{ type: 'toString', value: true }, 'unknown_command'],
  [{ type: 'end' }, 'unknown_command'],
])('%j is answered with what is wrong (%s)', (command, error) => {
  begin();
  says({ target: 'lectern', id: 'a', ...command });
  expect(told.at(-1)?.message).toEqual({ source: 'lectern', type: 'answer', id: 'a', ok: false, error });
  expect(session.setMuted).not.toHaveBeenCalled();
});

test('without a stay there is nothing to drive', () => {
  const bridge = begin();
  bridge.attach(null);
  says({ target: 'lectern', type: 'join', id: 1 });
  expect(told.at(-1)?.message).toMatchObject({ ok: false, error: 'not_in_meeting' });
});

test('a page that is not allowed is not heard and told nothing', () => {
  begin('https://evil.example');
  says({ target: 'lectern', type: 'setCamera', value: true, id: 1 }, 'https://evil.example');
  says({ target: 'lectern', type: 'setCamera', value: true, id: 1 }, `${school}.evil.example`);
  expect(told).toEqual([]);
  expect(session.setCamera).not.toHaveBeenCalled();
});

test('other windows of an allowed origin, and messages for others, are not meant', () => {
  begin();
  says({ target: 'lectern', type: 'leave' }, school, {});
  says({ type: 'leave' });
  says('leave');
  says(null);
  expect(session.leave).not.toHaveBeenCalled();
});

test('where the browser does not say whose page it is, that page speaks first', () => {
  begin(null);
  expect(told).toEqual([]);
  says({ target: 'lectern', type: 'getState' });
  expect(told.map(({ message }) => message.type)).toEqual(['state']);
});

test('nothing after close', () => {
  begin().close();
  const before = told.length;
  says({ target: 'lectern', type: 'leave', id: 1 });
  expect(told).toHaveLength(before);
  expect(session.watchers.size).toBe(0);
});
