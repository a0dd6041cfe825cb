/** How the sound of a media line is wanted: "speech" in mono and next to nothing in silence, "music" in stereo all the time. */
export type Sound = 'speech' | 'music';

const OPUS: Record<Sound, string> = {
  speech: 'useinbandfec=1;usedtx=1;stereo=0',
  music: 'useinbandfec=1;usedtx=0;stereo=1;sprop-stereo=1;maxaveragebitrate=128000',
};

/**
 * Says in a description how its Opus lines are wanted, by their mid or their place among the lines. A browser's encoder goes by
 * what the other side wants, and has no other switch for silence and stereo.
 */
export function withSounds(sdp: string, sounds: ReadonlyMap<string | number, Sound>): string {
  return eachLine(sdp, (lines, place) => {
    const sound = sounds.get(place) ?? sounds.get(midOf(lines));
    return sound ? withOpus(lines, OPUS[sound]) : lines;
  });
}

/** Takes what comes in stereo as such, on every line with sound; what comes in mono stays so. */
export function heardInStereo(sdp: string): string {
  return eachLine(sdp, (lines) => withOpus(lines, 'stereo=1'));
}

function eachLine(sdp: string, change: (lines: string, place: number) => string): string {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  return session + media.map(change).join('');
}

function midOf(lines: string): string {
  return /^a=mid:(\S+)/m.exec(lines)?.[1] ?? '';
}

function withOpus(lines: string, wanted: string): string {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(lines)?.[1];
  if (!opus) return lines;
  const settings = new Set(wanted.split(';').map((setting) => setting.split('=')[0]));
  return lines.replace(new RegExp(`^a=fmtp:${opus} (.*?)(\r?)$`, 'm'), (_, given: string, end: string) => {
    const kept = given.split(';').filter((setting) => !settings.has(setting.trim().split('=')[0]));
    return `a=fmtp:${opus} ${[...kept, wanted].join(';')}${end}`;
  });
}
