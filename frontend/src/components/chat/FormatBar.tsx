import { ActionIcon } from '@mantine/core';
import { Bold, Code, Eye, Italic, Link2, Pencil, Strikethrough } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './Composer.module.css';
import type { Mark } from './formatting';

interface FormatBarProps {
  onFormat: (mark: Mark | 'link') => void;
  previewing: boolean;
  onPreview: (on: boolean) => void;
  empty: boolean;
}

const marks = [
  { mark: '**', name: 'bold', Icon: Bold },
  { mark: '_', name: 'italic', Icon: Italic },
  { mark: '~~', name: 'strike', Icon: Strikethrough },
  { mark: '`', name: 'code', Icon: Code },
  { mark: 'link', name: 'link', Icon: Link2 },
] as const;

/** What the formatting keys do, for the pointer; and how it will look. */
export function FormatBar({ onFormat, previewing, onPreview, empty }: FormatBarProps) {
  const { t } = useTranslation('chat');
  return (
    <span className={classes.format} role="group" aria-label={t('format.bar')}>
      {marks.map(({ mark, name, Icon }) => (
        <ActionIcon
          key={name}
          variant="subtle"
          color="gray"
          size={32}
          disabled={previewing}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onFormat(mark)}
          aria-label={t(`format.${name}`)}
          title={t(`format.${name}`)}
        >
          <Icon size={16} aria-hidden="true" />
        </ActionIcon>
      ))}
      <ActionIcon
        variant="subtle"
        color={previewing ? 'accent' : 'gray'}
        size={32}
        disabled={empty && !previewing}
        onClick={() => onPreview(!previewing)}
        aria-pressed={previewing}
        aria-label={t('format.preview')}
        title={t(previewing ? 'format.write' : 'format.preview')}
      >
        {previewing ? <Pencil size={16} aria-hidden="true" /> : <Eye size={17} aria-hidden="true" />}
      </ActionIcon>
    </span>
  );
}
