import { useEffect } from 'react';

let page = 'Lectern';
let waiting = 0;

function show(): void {
  document.title = waiting > 0 ? `(${waiting > 99 ? '99+' : waiting}) ${page}` : page;
}

/** Names the window's tab, most specific word first. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    page = title ? `${title} · Lectern` : 'Lectern';
    show();
  }, [title]);
}

/** Puts how many things wait for the person before the title, whatever the page. */
export function setTitleCount(count: number): void {
  waiting = count;
  show();
}
