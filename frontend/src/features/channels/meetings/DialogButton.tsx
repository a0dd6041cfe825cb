import { Button, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogButtonProps {
  title: string;
  icon: ReactNode;
  size: number | string;
  fullScreen?: boolean;
  children: ReactNode;
}

/** A button that opens a dialog of the same name. */
export function DialogButton({ title, icon, size, fullScreen = false, children }: DialogButtonProps) {
  const { t } = useTranslation();
  const [made, setMade] = useState(false);
  const [opened, setOpened] = useState(false);
  // A list has one for every row: it is made at the first press, and opened then.
  useEffect(() => {
    if (made) setOpened(true);
  }, [made]);
  return (
    <>
      <Button variant="default" leftSection={icon} onClick={() => (made ? setOpened(true) : setMade(true))}>
        {title}
      </Button>
      {made && (
        <Modal opened={opened} onClose={() => setOpened(false)} title={title} size={size} fullScreen={fullScreen} closeButtonProps={{ 'aria-label': t('close') }}>
          {children}
        </Modal>
      )}
    </>
  );
}
