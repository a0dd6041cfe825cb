import { expect, test } from 'vitest';
import { heardInStereo, withSounds } from './sdp';

const fmtp = (sdp: string) => sdp.split('\r\n').filter((line) => line.startsWith('a=fmtp:111'));

const answer = [
  'v=0',
  's=-',
  'm=audio 9 UDP/TLS/RTP/SAVPF 63 111',
  'a=mid:0',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:1',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  '',
].join('\r\n');

test('only the lines that are named keep silent in silence, and only once', () => {
  const once = withSounds(answer, new Map([['0', 'speech']]));
  expect(fmtp(once)).toEqual(['a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=0', 'a=fmtp:111 minptime=10;useinbandfec=1']);
  expect(once.replace(';usedtx=1;stereo=0', '')).toBe(answer);
  expect(withSounds(once, new Map([['0', 'speech']]))).toBe(once);
});

test('a line goes from speech to music and back', () => {
  const music = withSounds(withSounds(answer, new Map([['1', 'speech']])), new Map([['1', 'music']]));
  expect(fmtp(music)[1]).toBe('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=128000');
});

test('every line with sound is heard in stereo', () => {
  expect(fmtp(heardInStereo(answer))).toEqual(Array(2).fill('a=fmtp:111 minptime=10;useinbandfec=1;stereo=1'));
});

test('what has no sound stays as it is', () => {
  expect(withSounds('', new Map([['0', 'speech']]))).toBe('');
  expect(withSounds('v=0\r\nm=video 9 X 96\r\na=mid:0\r\n', new Map([['0', 'speech']]))).toBe('v=0\r\nm=video 9 X 96\r\na=mid:0\r\n');
});

test('each Opus line says how its sound is wanted, and says it once', () => {
  const line = (kind: string, mid: number) => `m=${kind} 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:${mid}\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n`;
  const sounds = new Map([
    [0, 'speech'],
    [2, 'music'],
  ] as const);
  const once = withSounds(`v=0\r\n${line('audio', 0)}${line('video', 1)}${line('audio', 2)}`, sounds);
  expect(once.split('\r\n').filter((text) => text.startsWith('a=fmtp'))).toEqual([
    'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=0',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=128000',
  ]);
  expect(withSounds(once, sounds)).toBe(once);
});
