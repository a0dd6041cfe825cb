import type { TFunction } from 'i18next';
import { afterEach, expect, test, vi } from 'vitest';
import { localNoticeText } from './localNotice';

const keys = ((key: string) => key) as unknown as TFunction<'media'>;

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['Chrome, which can share a tab with its sound', { suppressLocalAudioPlayback: true }, 'notice.screenSilent'],
  ['Firefox and Safari, which share no sound', {}, 'notice.screenNoSound'],
])('a silent screen in %s', (_, supported, key) => {
  vi.stubGlobal('navigator', { mediaDevices: { getSupportedConstraints: () => supported } });
  expect(localNoticeText(keys, { kind: 'screen_silent' })).toBe(key);
});
