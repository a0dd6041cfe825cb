import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Tile } from '@/api/wire.gen';
import { ViewTracker } from './viewTracker';

let said: Tile[];
let see: (entries: { target: Element; isIntersecting: boolean }[]) => void;
let tracker: ViewTracker;

beforeEach(() => {
  said = [];
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: typeof see) {
        see = tell;
      }
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  tracker = new ViewTracker((tiles) => (said = tiles));
});

afterEach(() => {
  tracker.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function tile(id: string, width: number, height: number): Element {
  const element = document.createElement('div');
  vi.spyOn(element, 'clientWidth', 'get').mockReturnValue(width);
  vi.spyOn(element, 'clientHeight', 'get').mockReturnValue(height);
  tracker.observe(element, id, 'camera');
  see([{ target: element, isIntersecting: true }]);
  return element;
}

function hide(): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
}

test('what is on screen is asked for at its size, what has gone no more', () => {
  const element = tile('ann', 320, 176);
  expect(said).toEqual([{ participant_id: 'ann', source: 'camera', width: 320, height: 192 }]);
  see([{ target: element, isIntersecting: false }]);
  expect(said).toEqual([]);
});

test('of a hidden page nothing is seen but the small window', () => {
  tile('ann', 320, 176);
  tracker.float({ participantId: 'ben', source: 'camera', box: { width: 256, height: 144 } });
  expect(said.map((one) => one.participant_id)).toEqual(['ann', 'ben']);
  hide();
  expect(said).toEqual([{ participant_id: 'ben', source: 'camera', width: 256, height: 144 }]);
  tracker.float(null);
  expect(said).toEqual([]);
});

test('a picture that is on the page and in the small window is asked for once, at the larger size', () => {
  tile('ann', 640, 360);
  tracker.float({ participantId: 'ann', source: 'camera', box: { width: 256, height: 144 } });
  expect(said).toEqual([{ participant_id: 'ann', source: 'camera', width: 640, height: 368 }]);
  hide();
  expect(said).toEqual([{ participant_id: 'ann', source: 'camera', width: 256, height: 144 }]);
});
