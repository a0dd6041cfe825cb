import { expect, type Page } from '@playwright/test';

/** Waits until the app would open without a connection. */
export async function workerKeeps(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
  // What was seen is kept a few seconds after it has changed.
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<number>((done) => {
            const opened = indexedDB.open('lectern');
            opened.onsuccess = () => {
              const count = opened.result.transaction('snapshots').objectStore('snapshots').count();
              count.onsuccess = () => {
                opened.result.close();
                done(count.result);
              };
            };
          }),
      ),
    )
    .toBe(1);
}
