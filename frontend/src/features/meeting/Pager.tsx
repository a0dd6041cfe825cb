import { UnstyledButton } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './floor.module.css';
import { PAGER_HEIGHT, type Rect } from './tiles';

interface PagerProps {
  /** The tiles' place; the buttons stand at its lower edge. */
  area: Rect;
  page: number;
  pages: number;
  onTurn: (page: number) => void;
}

export function Pager({ area, page, pages, onTurn }: PagerProps) {
  const { t } = useTranslation('meeting');
  const style: CSSProperties = { left: area.left, top: area.top + area.height - PAGER_HEIGHT, width: area.width, height: PAGER_HEIGHT };
  return (
    <nav className={classes.pager} style={style} aria-label={t('pages.label')}>
      <UnstyledButton className={classes.turn} aria-label={t('pages.previous')} aria-keyshortcuts="PageUp" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        <ChevronLeft size={20} aria-hidden />
      </UnstyledButton>
      <span aria-live="polite">
        <span aria-hidden>
          {page + 1} / {pages}
        </span>
        <span className="visually-hidden">{t('pages.page', { page: page + 1, pages })}</span>
      </span>
      <UnstyledButton
        className={classes.turn}
        aria-label={t('pages.next')}
        aria-keyshortcuts="PageDown"
        disabled={page >= pages - 1}
        onClick={() => onTurn(page + 1)}
      >
        <ChevronRight size={20} aria-hidden />
      </UnstyledButton>
    </nav>
  );
}
