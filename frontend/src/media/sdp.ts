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
