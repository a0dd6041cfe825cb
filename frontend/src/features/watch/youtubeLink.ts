const HOSTS = /^(?:www\.|m\.|music\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be)$/;

/** A pasted YouTube address with its scheme, or null when it is none. The server reads the video's id and start from it. */
export function youtubeLink(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  try {
    const url = new URL(/^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    return HOSTS.test(url.hostname) && url.pathname !== '/' ? url.href : null;
  } catch {
    return null;
  }
}
