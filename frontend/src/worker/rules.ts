/** What is the server's own: the worker never touches it, so that nothing of an account is kept and ranges and sockets work. */
const serverPaths = ['/api', '/ws', '/swagger', '/metrics', '/healthz', '/readyz', '/worker.js'];

export function bypassed(pathname: string): boolean {
  return serverPaths.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** The files of the app, the same for everybody. */
export function kept(pathname: string): boolean {
  return pathname.startsWith('/assets/') || /^\/[\w.-]+\.(js|svg|png|webmanifest)$/.test(pathname);
}

/** The place that an address of the app shows: "channel:<id>" or "conversation:<id>"; null elsewhere. */
export function placeOf(path: string): string | null {
  const [, kind, id] = /^\/(channel|conversation)s\/([^/?#]+)/.exec(path) ?? [];
  return kind && id ? `${kind}:${id}` : null;
}
