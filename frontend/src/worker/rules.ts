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

/** A window of the app, as much of it as decides: a WindowClient. */
interface View {
  url: string;
  focused: boolean;
}

const pathOf = ({ url }: View): string => new URL(url).pathname;

/** Whether somebody is just looking at the place that an address is about. */
export function isLookedAt(url: string, windows: readonly View[]): boolean {
  const place = placeOf(url);
  return place !== null && windows.some((window) => window.focused && placeOf(pathOf(window)) === place);
}

/**
 * The window that a notification opens its page in: the focused one, one that shows the place already, or any. Never one that
 * is in a meeting: nobody is to leave a lesson by a click on a message. Undefined: a new one.
 */
export function windowFor<V extends View>(url: string, windows: readonly V[]): V | undefined {
  const free = windows.filter((window) => !/^\/(embed\/)?meeting\//.test(pathOf(window)));
  return free.find(({ focused }) => focused) ?? free.find((window) => placeOf(pathOf(window)) === placeOf(url)) ?? free[0];
}
