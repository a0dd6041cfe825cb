import { Modal, NativeSelect, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { captionLanguages } from '@/classroom/captionChoice';
import { useCaptionsState, useSession } from '../sessions';
import classes from './captions.module.css';

interface CaptionsDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** One's own switches: to read captions, and to have one's speech written down. */
export function CaptionsDialog({ opened, onClose }: CaptionsDialogProps) {
  const { t } = useTranslation(['groups', 'meeting']);
  const { captions } = useSession();
  const { read, write, lang, able, problem } = useCaptionsState();
  return (
    <Modal opened={opened} onClose={onClose} title={t('captions.title')} closeButtonProps={{ 'aria-label': t('meeting:close') }}>
      <Stack gap="lg">
        <Switch label={t('captions.read')} description={t('captions.readHint')} checked={read} onChange={(event) => captions.show(event.currentTarget.checked)} />
        <Switch
          label={t('captions.write')}
          description={able ? t('captions.writeHint') : t('captions.unable')}
          disabled={!able}
          checked={able && write === true}
          onChange={(event) => captions.write(event.currentTarget.checked)}
        />
        {problem && write && (
          <p className={classes.problem} role="alert">
            {t(`captions.${problem}`)}
          </p>
        )}
        {able && (
          <NativeSelect
            label={t('captions.lang')}
            data={captionLanguages.map((value) => ({ value, label: t(`captions.langs.${value}`) }))}
            value={lang}
            onChange={(event) => captions.speak(event.currentTarget.value)}
          />
        )}
      </Stack>
    </Modal>
  );
}
