import { MantineProvider } from '@mantine/core';
import { act, render, waitFor } from '@testing-library/react';
import { Profiler } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingJoined } from '@/api/wire.gen';
import '@/i18n';
import { type Socket, SocketProvider } from '@/realtime';
import { FakeMediaDevices, FakePeerConnection } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import { joined, person } from '@/testing/meeting';
import { RoomStage } from './RoomStage';
import { RoomView, RoomViewProvider } from './roomView';
import { SessionProvider, type Sessions, useSessions } from './sessions';

let socket: FakeSocket;
let sessions: Sessions;
let view: RoomView;
let drawn = 0;

const names = Array.from({ length: 11 }, (_, i) => `p${i}`);
const noActions = { openSide: vi.fn(), closeSide: vi.fn(), toggleSide: vi.fn(), openDialog: vi.fn(), closeDialog: vi.fn(), toggleStatistics: vi.fn(), toggleTheatre: vi.fn() };
const silent = () => {};

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('navigator', { mediaDevices: new FakeMediaDevices(), language: 'en' });
  vi.stubGlobal('IntersectionObserver', window.ResizeObserver);
  vi.stubGlobal('ResizeObserver', Laptop);
  socket = new FakeSocket();
  view = new RoomView();
});

afterEach(() => vi.unstubAllGlobals());

/** A floor of a laptop's size. */
class Laptop {
  constructor(private readonly tell: (entries: unknown[]) => void) {}
  observe(): void {
    this.tell([{ contentRect: { left: 0, top: 0, width: 1248, height: 640 } }]);
  }
  unobserve(): void {}
  disconnect(): void {}
}

function Stay() {
  const made = useSessions('m', 0, silent);
  if (!made) return null;
  sessions = made;
  const watchRoom = { session: made.watch, lesson: made.lesson, channelId: 'c', participants: [], me: 'me', teacher: true };
  return (
    <SessionProvider value={made}>
      <RoomViewProvider value={view}>
        <Profiler id="stage" onRender={() => (drawn += 1)}>
          <RoomStage watchRoom={watchRoom} watching={false} VideoStage={() => null} theatre={false} lessonOpen={false} tilesHidden={false} actions={noActions} />
        </Profiler>
      </RoomViewProvider>
    </SessionProvider>
  );
}

async function room(more: Partial<MeetingJoined> = {}): Promise<void> {
  socket.answer('meeting.join', () => joined({ participants: [...names.map((name) => person(name)), person('me', { role: 'owner' })], ...more }));
  render(
    <MantineProvider>
      <SocketProvider socket={socket as unknown as Socket}>
        <Stay />
      </SocketProvider>
    </MantineProvider>,
  );
  await act(async () => sessions.meeting.join());
  await waitFor(() => expect(tiles()).toHaveLength(12));
  await act(async () => {}); // the effects of that, which take seats, are over
}

// By role it takes seconds with so many of them.
const tiles = () => [...document.querySelectorAll<HTMLElement>('[role="listitem"]')];
const tile = (name: string) => tiles().find((item) => item.getAttribute('aria-label') === name) as HTMLElement;
const speak = (...participant_ids: string[]) => socket.emit('meeting.speakers', { meeting_id: 'm', room_id: '', participant_ids });

test('who speaks is marked, and nothing is drawn again for it', async () => {
  await room();
  drawn = 0;
  const says = async (...speaking: string[]) => {
    await act(async () => speak(...speaking));
    for (const name of names) expect(tile(name).hasAttribute('data-speaking'), name).toBe(speaking.includes(name));
  };
  await says('p3');
  await says('p5', 'p3');
  await says('p5');
  await says();
  expect(drawn).toBe(0);
});

test('a pin, a spotlight and another layout move tiles without making them anew', async () => {
  await room();
  const shown = () => new Map(tiles().map((item) => [item.getAttribute('aria-label'), item]));
  const width = (name: string) => parseInt(tile(name).style.width);
  const step = (change: () => void) => {
    const before = shown();
    act(change);
    const after = [...shown()].filter(([name]) => before.has(name));
    expect(after.length).toBeGreaterThan(3);
    for (const [name, element] of after) expect(element === before.get(name), name ?? '').toBe(true);
  };
  const pin = () => view.togglePin({ kind: 'camera', id: 'p2' });
  const small = width('p2');
  step(pin);
  expect(width('p2')).toBeGreaterThan(small);
  step(() => socket.emit('meeting.state', { meeting_id: 'm', state: { spotlight: 'p1', broadcasting: '', breakouts: null } }));
  expect(width('p2')).toBeGreaterThan(width('p1'));
  step(pin);
  expect(width('p1')).toBeGreaterThan(width('p2'));
  step(() => view.setLayout('grid'));
  step(() => socket.emit('meeting.participant_left', { meeting_id: 'm', participant_id: 'p0', reason: 'left' }));
});

test('whoever is pinned may speak without moving anybody', async () => {
  await room();
  act(() => view.togglePin({ kind: 'camera', id: 'p9' }));
  const places = () => tiles().map((item) => item.style.cssText);
  const before = places();
  await act(async () => speak('p9'));
  act(() => view.setLayout('sidebar'));
  await act(async () => speak('p9', 'p2'));
  expect(places()).toEqual(before);
});

test('only people of one’s own room have tiles', async () => {
  await room();
  act(() => {
    for (const name of ['me', 'p1', 'p2']) socket.emit('meeting.participant_updated', { ...person(name, { room_id: 'r1' }), meeting_id: 'm' } as never);
  });
  expect(tiles().map((item) => item.getAttribute('aria-label'))).toEqual(['p1', 'p2', 'me']);
});

test('one’s own tile may be hidden, and that is remembered', async () => {
  await room();
  act(() => view.hideSelf(true));
  expect(tiles()).toHaveLength(11);
  expect(new RoomView().snapshot().selfHidden).toBe(true);
});
