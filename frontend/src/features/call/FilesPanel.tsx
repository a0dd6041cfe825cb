import { Button, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Download, FileUp } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '@/components/saveAs';
import { isLive, MAX_FILE_SIZE, type Transfer } from '@/media/callFiles';
import { useFormats } from '@/i18n/format';
import { useCallSession, usePeerName } from './context';
import { PanelHead } from './PanelHead';
import classes from './panel.module.css';
import { useTransfers } from './useTransfers';

/** Files that go from one side to the other without the server. */
export function FilesPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('call');
  const { files } = useCallSession();
  const { transfers } = useTransfers();
  const { size } = useFormats();
  const name = usePeerName();
  const input = useRef<HTMLInputElement>(null);
  const limit = size(MAX_FILE_SIZE);
  const offer = (chosen: FileList | null) => {
    for (const file of chosen ?? []) {
      if (!files.offer(file)) notifications.show({ color: 'orange', withBorder: true, message: t('files.tooLarge', { name: file.name, size: limit }) });
    }
    if (input.current) input.current.value = '';
  };
  return (
    <section className={classes.panel} aria-label={t('controls.filesTitle')}>
      <PanelHead title={t('controls.filesTitle')} closeLabel={t('files.close')} onClose={onClose} />
      <div className={classes.scroll}>
        <input ref={input} type="file" multiple hidden data-testid="call-file" onChange={({ currentTarget }) => offer(currentTarget.files)} />
        <Button leftSection={<FileUp size={16} aria-hidden />} onClick={() => input.current?.click()}>
          {t('files.choose')}
        </Button>
        <p className={classes.hint}>{t('files.hint', { name, size: limit })}</p>
        {transfers.length === 0 ? (
          <p className={classes.hint}>{t('files.none')}</p>
        ) : (
          <ul className={classes.files}>
            {transfers.map((transfer) => (
              <FileRow key={transfer.id} transfer={transfer} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function FileRow({ transfer }: { transfer: Transfer }) {
  const { t, i18n } = useTranslation('call');
  const { files } = useCallSession();
  const { size: sizeText } = useFormats();
  const peer = usePeerName();
  const { id, name, size, state, moved, outgoing, file } = transfer;
  const share = size > 0 ? moved / size : 1;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(share);
  const asks = state === 'offered' && !outgoing;
  return (
    <li className={classes.file}>
      <span className={classes.fileName}>{name}</span>
      <span className={classes.fileState}>{asks ? t('files.offered', { name: peer, file: name, size: sizeText(size) }) : t(`files.state.${state}`, { percent, size: sizeText(size) })}</span>
      {state === 'moving' && <Progress value={share * 100} aria-label={t('files.progress', { file: name })} />}
      <div className={classes.actions}>
        {asks && (
          <Button size="compact-sm" onClick={() => files.accept(id)}>
            {t('files.accept')}
          </Button>
        )}
        {isLive(transfer) && (
          <Button size="compact-sm" variant="default" onClick={() => files.cancel(id)}>
            {t(asks ? 'files.decline' : 'files.cancel')}
          </Button>
        )}
        {file && (
          <Button size="compact-sm" leftSection={<Download size={14} aria-hidden />} onClick={() => saveAs(name, file)}>
            {t('files.save')}
          </Button>
        )}
      </div>
    </li>
  );
}
