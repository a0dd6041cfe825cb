import { render, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { SessionProvider, type Sessions } from './sessions';
import { useRoomKeys } from './useRoomKeys';
import type { RoomActions } from './useRoomUi';

const share = vi.fn();
const actions = { openDialog: vi.fn(), toggleStatistics: vi.fn() };
let muted: boolean;
let open: (() => void) | null;
const meeting = {
  snapshot: () => ({ muted, handRaised: false }),
  local: { snapshot: () => ({ camera: { track: null } }) },
  setMuted: vi.fn((now: boolean) => {
    muted = now;
    return open ? new Promise<void>((done) => (open = done)) : Promise.resolve();
  }),
  setCamera: vi.fn(),
  raiseHand: vi.fn(),
};

function keys({ teacher = false, watching = false } = {}) {
  const wrapper = ({ children }: { children: ReactNode }) => <SessionProvider value={{ meeting } as unknown as Sessions}>{children}</SessionProvider>;
  return renderHook(() => useRoomKeys({ teacher, watching, actions: actions as unknown as RoomActions, share }), { wrapper });
}

function press(key: string, more: KeyboardEventInit & { keyCode?: number } = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

const letGo = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true }));
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  vi.clearAllMocks();
  muted = true;
  open = null;
});

test('M, V, S, H and ? do what the list says', () => {
  keys();
  press('m');
  expect(meeting.setMuted).toHaveBeenCalledWith(false);
  press('v');
  expect(meeting.setCamera).toHaveBeenCalledWith(true);
  press('s');
  expect(share).toHaveBeenCalledOnce();
  press('h');
  expect(meeting.raiseHand).toHaveBeenCalledWith(true);
  press('?', { shiftKey: true });
  expect(actions.openDialog).toHaveBeenCalledWith('shortcuts');
});

test.each([['ctrlKey'], ['metaKey'], ['altKey']] as const)('a key with %s is the browser’s', (modifier) => {
  keys();
  expect(press('s', { [modifier]: true }).defaultPrevented).toBe(false);
  expect(share).not.toHaveBeenCalled();
});

test.each(['input', 'textarea', 'select'])('nothing inside a field (%s)', (name) => {
  keys();
  const field = document.body.appendChild(document.createElement(name));
  for (const key of ['m', 'v', 's', 'h', '?', ' ']) press(key, {}, field);
  field.remove();
  expect(meeting.setMuted).not.toHaveBeenCalled();
  expect(share).not.toHaveBeenCalled();
  expect(actions.openDialog).not.toHaveBeenCalled();
});

test('nothing inside what can be written in', () => {
  keys();
  const { container } = render(<p contentEditable suppressContentEditableWarning />);
  const paragraph = container.querySelector('p');
  // jsdom does not know what may be edited.
  Object.defineProperty(paragraph, 'isContentEditable', { value: true });
  press('m', {}, paragraph ?? document.body);
  expect(meeting.setMuted).not.toHaveBeenCalled();
});

test('nothing while a word is being composed', () => {
  keys();
  press('m', { isComposing: true });
  press(' ', { isComposing: true });
  const old = new KeyboardEvent('keydown', { key: 'm', bubbles: true });
  Object.defineProperty(old, 'keyCode', { value: 229 });
  document.body.dispatchEvent(old);
  expect(meeting.setMuted).not.toHaveBeenCalled();
});

test('Space held opens a muted microphone for as long', async () => {
  keys();
  press(' ');
  press(' ', { repeat: true });
  expect(meeting.setMuted.mock.calls).toEqual([[false]]);
  await settle();
  letGo(' ');
  expect(meeting.setMuted.mock.calls).toEqual([[false], [true]]);
});

test('Space does nothing to a microphone that is open', () => {
  muted = false;
  keys();
  press(' ');
  letGo(' ');
  expect(meeting.setMuted).not.toHaveBeenCalled();
});

test('a window that loses the focus closes a held microphone', async () => {
  keys();
  press(' ');
  await settle();
  window.dispatchEvent(new Event('blur'));
  expect(meeting.setMuted.mock.calls).toEqual([[false], [true]]);
  letGo(' ');
  expect(meeting.setMuted).toHaveBeenCalledTimes(2);
});

test('a key let go before the device has opened leaves it closed', async () => {
  open = () => undefined;
  keys();
  press(' ');
  letGo(' ');
  open();
  await settle();
  expect(muted).toBe(true);
  expect(meeting.setMuted.mock.lastCall).toEqual([true]);
});

test('leaving the room closes a held microphone', async () => {
  const { unmount } = keys();
  press(' ');
  await settle();
  unmount();
  expect(muted).toBe(true);
});

test('while a teacher drives a video, Space is the video’s; a student still talks with it', () => {
  const { unmount } = keys({ teacher: true, watching: true });
  press(' ');
  expect(meeting.setMuted).not.toHaveBeenCalled();
  unmount();
  keys({ teacher: false, watching: true });
  press(' ');
  expect(meeting.setMuted).toHaveBeenCalledWith(false);
});
