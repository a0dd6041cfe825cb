/** How long a file can be fetched from this page, in milliseconds: Firefox begins a download some time after the click. */
const KEPT_MS = 60_000;

/** Hands a file to the browser as a download. */
export function saveAs(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
