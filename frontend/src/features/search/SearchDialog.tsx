import { Modal } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchPanel } from './SearchPanel';
import classes from './SearchDialog.module.css';

/** The search dialog, which Ctrl K or ⌘ K opens from anywhere. `dialog` is rendered by the caller. */
export function useSearchDialog(): { open: () => void; dialog: ReactNode } {
  const { t } = useTranslation(['search', 'common']);
  const narrow = useMediaQuery('(max-width: 640px)');
  const [opened, { open, close, toggle }] = useDisclosure(false);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [toggle]);

  const dialog = (
    <Modal
      opened={opened}
      onClose={close}
      centered={false}
      yOffset="10dvh"
      size={640}
      padding={0}
      fullScreen={narrow ?? false}
      withCloseButton={false}
      classNames={{ body: classes.body, content: classes.content }}
      attributes={{ content: { 'aria-label': t('search') } }}
    >
      <SearchPanel onClose={close}>
        {narrow && (
          <button type="button" className={classes.cancel} onClick={close}>
            {t('common:cancel')}
          </button>
        )}
      </SearchPanel>
    </Modal>
  );
  return { open, dialog };
}
