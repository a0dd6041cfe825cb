/**
 * Has the microphones among the media lines of an answer sent with DTX: next to nothing while nobody speaks. Browsers do
 * so only when the other side asks for it, and have no other switch.
 */
export function withSilenceUnsent(sdp: string, mids: ReadonlySet<string>): string {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  return session + media.map((lines) => (mids.has(midOf(lines)) ? withDtx(lines) : lines)).join('');
}

function midOf(lines: string): string {
  return /^a=mid:(\S+)/m.exec(lines)?.[1] ?? '';
}

function withDtx(lines: string): string {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(lines)?.[1];
  if (!opus) return lines;
  return lines.replace(new RegExp(`^(a=fmtp:${opus} )(?!.*usedtx)`, 'm'), '$1usedtx=1;');
}

/** How the sound of a media line is wanted: "speech" in mono and next to nothing in silence, "music" in stereo all the time. */
export type Sound = 'speech' | 'music';

const OPUS: Record<Sound, string> = {
  speech: 'useinbandfec=1;usedtx=1;stereo=0',
  music: 'useinbandfec=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=128000',
};

/** Says in an own description how its Opus lines are wanted, by their place; the other side's encoder goes by it. */
export function withSounds(sdp: string, sounds: ReadonlyMap<number, Sound>): string {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  return (
    session +
    media
      .map((lines, place) => {
        const sound = sounds.get(place);
        const opus = /^a=rtpmap:(\d+) opus\//im.exec(lines)?.[1];
        if (!sound || !opus) return lines;
        const settings = new Set(OPUS[sound].split(';').map((setting) => setting.split('=')[0]));
        return lines.replace(new RegExp(`^a=fmtp:${opus} (.*?)(\r?)$`, 'm'), (_, given: string, end: string) => {
          const kept = given.split(';').filter((setting) => !settings.has(setting.trim().split('=')[0]));
          return `a=fmtp:${opus} ${[...kept, OPUS[sound]].join(';')}${end}`;
        });
      })
      .join('')
  );
}
