import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeTrack } from '@/testing/fakePeers';
import { FloatingPicture } from './floatingPicture';

let video: HTMLVideoElement;
let small: EventTarget & { width: number; height: number };
let floating: FloatingPicture;

const track = () => new FakeTrack('video') as unknown as MediaStreamTrack;

beforeEach(() => {
  vi.stubGlobal(
    'MediaStream',
    class extends EventTarget {
      constructor(readonly tracks: MediaStreamTrack[]) {
        super();
      }
    },
  );
  video = document.createElement('video');
  small = Object.assign(new EventTarget(), { width: 320, height: 180 });
  const told = (type: string) => video.dispatchEvent(Object.assign(new Event(type), { pictureInPictureWindow: small }));
  video.requestPictureInPicture = vi.fn(async () => (told('enterpictureinpicture'), small as unknown as PictureInPictureWindow));
  document.exitPictureInPicture = vi.fn(async () => void told('leavepictureinpicture'));
  Object.defineProperty(video, 'srcObject', { value: null, writable: true });
  vi.spyOn(document, 'createElement').mockReturnValue(video);
  floating = new FloatingPicture();
  vi.restoreAllMocks();
});

afterEach(() => vi.unstubAllGlobals());

const shown = () => (video.srcObject as unknown as { tracks: MediaStreamTrack[] } | null)?.tracks[0];

test('opens with the picture that matters, follows it, and knows its size', () => {
  const [ann, ben] = [track(), track()];
  floating.follow(ann);
  video.dispatchEvent(new Event('loadedmetadata'));
  expect(floating.snapshot()).toEqual({ box: null, ready: true });
  floating.toggle();
  expect(floating.snapshot().box).toEqual({ width: 320, height: 180 });
  Object.assign(small, { width: 640, height: 360 });
  small.dispatchEvent(new Event('resize'));
  expect(floating.snapshot().box).toEqual({ width: 640, height: 360 });
  floating.follow(ben);
  expect(shown()).toBe(ben);
});

test('the last picture stays in the open window while there is no other', () => {
  const ann = track();
  floating.follow(ann);
  floating.toggle();
  floating.follow(null);
  expect(shown()).toBe(ann);
  floating.toggle();
  expect(floating.snapshot().box).toBeNull();
});

test('without a picture there is nothing to float', () => {
  floating.follow(track());
  video.dispatchEvent(new Event('loadedmetadata'));
  floating.follow(null);
  expect(floating.snapshot().ready).toBe(false);
});

test('leaving the room closes the window', () => {
  floating.follow(track());
  floating.toggle();
  floating.close();
  expect(document.exitPictureInPicture).toHaveBeenCalled();
  expect(floating.snapshot().box).toBeNull();
  expect(shown()).toBeUndefined();
});
