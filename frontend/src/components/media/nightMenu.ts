import night from './night.module.css';

/** For menus of a dark stage: they lie outside of it, and would take the page's colours. */
export const nightMenu = {
  classNames: { dropdown: night.menu },
  attributes: { dropdown: { 'data-mantine-color-scheme': 'dark' } },
} as const;
