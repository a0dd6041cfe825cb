import { act, render } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RemoteMedia } from '@/media/subscriber';
import { Store } from '@/media/store';
import { RemoteAudio } from './RemoteAudio';
import { RoomView, RoomViewProvider } from './roomView';
import { SessionProvider, type Sessions } from './sessions';

let store: Store<{ remote: RemoteMedia[] }>;
let container: HTMLElement;

const sound = (mid: string, participantId: string, track: MediaStreamTrack): RemoteMedia => ({ mid, participantId, source: 'microphone', track, muted: false, paused: false });
const elements = () => [...container.querySelectorAll('audio')];

beforeEach(() => {
  vi.stubGlobal('MediaStream', Object);
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  store = new Store<{ remote: RemoteMedia[] }>({ remote: [] });
  const meeting = { subscribe: store.subscribe, snapshot: store.get };
  ({ container } = render(
    <SessionProvider value={{ meeting } as unknown as Sessions}>
      <RoomViewProvider value={new RoomView()}>
        <RemoteAudio attempt={0} onBlocked={() => {}} />
      </RoomViewProvider>
    </SessionProvider>,
  ));
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

test('a line that is passed on to somebody else plays on: nothing of what they begin to say is lost', () => {
  const [first, second] = [{} as MediaStreamTrack, {} as MediaStreamTrack];
  act(() => store.patch({ remote: [sound('0', 'ann', first), sound('1', 'bob', second)] }));
  const before = elements();
  const played = vi.mocked(HTMLMediaElement.prototype.play).mock.calls.length;
  act(() => store.patch({ remote: [sound('0', 'ann', first), sound('1', 'eve', second)] }));
  expect(elements()).toEqual(before);
  expect(elements().map((element) => element.dataset.participantId)).toEqual(['ann', 'eve']);
  expect(HTMLMediaElement.prototype.play).toHaveBeenCalledTimes(played);
  act(() => store.patch({ remote: [sound('1', 'eve', second)] }));
  expect(elements()).toEqual([before[1]]);
});
