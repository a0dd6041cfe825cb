import { ActionIcon, Tooltip } from '@mantine/core';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './SearchButton.module.css';

const shortcut = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ K' : 'Ctrl K';

/** Opens the search: looks like its field in the side bar, an icon elsewhere. */
export function SearchButton({ look, onClick }: { look: 'field' | 'icon'; onClick: () => void }) {
  const { t } = useTranslation('search');
  if (look === 'icon') {
    return (
      <Tooltip label={t('search')}>
        <ActionIcon variant="subtle" color="gray" size={44} onClick={onClick} aria-label={t('search')}>
          <Search size={20} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <button type="button" className={classes.field} onClick={onClick} aria-keyshortcuts="Control+K Meta+K">
      <Search size={16} aria-hidden="true" />
      <span className={classes.word}>{t('search')}</span>
      <kbd className={classes.keys} aria-hidden="true">
        {shortcut}
      </kbd>
    </button>
  );
}
