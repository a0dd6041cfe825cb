/** An immutable snapshot that others may watch; fits useSyncExternalStore. */
export class Store<T extends object> {
  private readonly watchers = new Set<() => void>();

  constructor(private current: T) {}

  readonly get = (): T => this.current;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Replaces fields; watchers hear of it only when one really differs. */
  patch(fields: Partial<T>): void {
    const keys = Object.keys(fields) as (keyof T)[];
    if (keys.every((key) => Object.is(this.current[key], fields[key]))) return;
    this.current = { ...this.current, ...fields };
    for (const watcher of [...this.watchers]) watcher();
  }
}
