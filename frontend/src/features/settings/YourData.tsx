import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchExport } from '@/api/account';
import { asProblem, type Problem } from '@/api/problem';
import { ProblemNote } from '@/components/ProblemNote';
import { DeleteAccountDialog } from './DeleteAccountDialog';
import { saveAs } from '@/components/saveAs';
import classes from './SettingsPage.module.css';

export function YourData() {
  const { t } = useTranslation('settings');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [deleting, { open, close }] = useDisclosure(false);

  const download = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const all = JSON.stringify(await fetchExport(), null, 2);
      saveAs('lectern-export.json', new Blob([all], { type: 'application/json' }));
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };

  return (
    <>
      <ProblemNote problem={problem} />
      <div className={classes.deed}>
        <p>{t('data.exportText')}</p>
        <Button variant="default" loading={busy} onClick={() => void download()}>
          {t('data.export')}
        </Button>
      </div>
      <div className={classes.deed}>
        <p>{t('data.deleteText')}</p>
        <Button variant="light" color="red" onClick={open}>
          {t('data.delete')}
        </Button>
      </div>
      <DeleteAccountDialog opened={deleting} onClose={close} />
    </>
  );
}
