import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm as syntax } from 'micromark-extension-gfm';

interface Parser {
  data(): { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: unknown[] };
}

/** Tables, task lists, strikethrough and bare links. remark-gfm also brings what writes Markdown; nothing here does. */
export function gfm(this: unknown): void {
  const data = (this as Parser).data();
  (data.micromarkExtensions ??= []).push(syntax());
  (data.fromMarkdownExtensions ??= []).push(gfmFromMarkdown());
}
