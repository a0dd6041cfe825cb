import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '@/components/saveAs';
import { useReport } from '@/components/useReport';

export interface DownloadButtonProps {
  filename: string;
  fetch: () => Promise<Blob>;
  /** Of what, where a page has several. */
  of?: string;
}

/** Saves a table for a spreadsheet. */
export function DownloadButton({ filename, fetch, of }: DownloadButtonProps) {
  const { t } = useTranslation('channels');
  const report = useReport();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      saveAs(filename, await fetch());
    } catch (error) {
      report({ error });
    }
    setBusy(false);
  };
  return (
    <Button
      aria-label={of && `${t('attendance.download')}: ${of}`}
      variant="default"
      loading={busy}
      leftSection={<Download size={16} aria-hidden="true" />}
      onClick={() => void download()}
    >
      {t('attendance.download')}
    </Button>
  );
}
