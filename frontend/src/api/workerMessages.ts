/** What the service worker tells a window: to show a page of the app. */
export interface ToPage {
  kind: 'open';
  url: string;
}

/** What a window tells the service worker: that the version which waits may take over. */
export interface ToWorker {
  kind: 'activate';
}

/** What the push service brings: wire.PushPayload, whose file knows more of a page than a worker does. */
export interface Push {
  id: string;
  title: string;
  body: string;
  /** The page that a click opens. */
  url: string;
  tag: string;
}
