import { Button } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/problem';
import { useProblemWords } from '@/i18n/problems';
import classes from './ProblemNote.module.css';

interface ProblemNoteProps {
  problem: Problem | null | undefined;
  /** What did not work, before the reason. */
  title?: string;
  /** Words that fit the place better than the general ones for this problem. */
  text?: string;
  onRetry?: () => void;
}

/** A failed request in words, where it happened. Renders nothing without a problem. */
export function ProblemNote({ problem, title, text, onRetry }: ProblemNoteProps) {
  const { t } = useTranslation();
  const { sentence } = useProblemWords();
  if (!problem || problem.code === 'aborted') return null;
  return (
    <div className={classes.note} role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <span>
        {title && <strong>{title} </strong>}
        {text ?? sentence(problem)}
      </span>
      {onRetry && (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
