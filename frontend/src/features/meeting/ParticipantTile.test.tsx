import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Participant } from '@/api/wire.gen';
import '@/i18n';
import { FakeTrack } from '@/testing/fakePeers';
import { ParticipantTile, type ParticipantTileProps } from './ParticipantTile';

const ann: Participant = {
  participant_id: 'ann',
  user: { id: 'u', name: 'Ann', avatar_url: null, presence: 'online' },
  role: 'student',
  muted: false,
  video_on: true,
  screen_sharing: false,
  hand_raised: false,
  hand_raised_at: null,
  may_speak: false,
  captioned: false,
  room_id: '',
  connection: 'connected',
  joined_at: '2026-01-01T00:00:00.000Z',
};
const track = new FakeTrack('video') as unknown as MediaStreamTrack;

beforeEach(() => {
  vi.stubGlobal('MediaStream', EventTarget);
});

function tile(more: Partial<ParticipantTileProps>) {
  const place = { left: 0, top: 0, width: 320, height: 180 };
  const watched = { tracker: null, marks: null, onPin: () => {}, onSpotlight: null };
  return (
    <MantineProvider>
      <ParticipantTile participant={ann} track={track} self={false} paused={false} quality={null} pinned={false} spotlit={false} {...watched} {...place} {...more} />
    </MantineProvider>
  );
}

test('a paused picture says why, and its video stays for when it goes on', () => {
  const { container, rerender } = render(tile({}));
  const video = container.querySelector('video');
  rerender(tile({ paused: true }));
  expect(screen.getByText('Paused: weak connection')).toBeVisible();
  expect(container.querySelector('video')).toBe(video);
  rerender(tile({}));
  expect(screen.queryByText('Paused: weak connection')).toBeNull();
  expect(container.querySelector('video')).toBe(video);
});

test('a camera that is off is not called paused', () => {
  render(tile({ track: null, paused: true }));
  expect(screen.queryByText('Paused: weak connection')).toBeNull();
});

test.each([
  ['good', 'Good connection', 3],
  ['fair', 'Fair connection', 2],
  ['poor', 'Poor connection', 1],
  ['lost', 'No connection', 0],
] as const)('bars of a %s connection have a name', (quality, name, lit) => {
  render(tile({ quality }));
  expect(screen.getByRole('img', { name }).querySelectorAll('[data-on]')).toHaveLength(lit);
});
