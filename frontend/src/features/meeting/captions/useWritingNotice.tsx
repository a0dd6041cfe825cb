import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '@/components/media/controls.module.css';
import { useCaptionsState, useSession } from '../sessions';

const ID = 'captions-writing';

/** Says once in a stay that one's speech is being written down: the consent may be of another day. And says when that fails. */
export function useWritingNotice(): void {
  const { t } = useTranslation('groups');
  const { captions } = useSession();
  const { writing, problem } = useCaptionsState();
  const said = useRef(false);
  useEffect(() => {
    if (!writing || said.current) return;
    said.current = true;
    const stop = () => {
      notifications.hide(ID);
      captions.write(false);
    };
    notifications.show({
      id: ID,
      withBorder: true,
      autoClose: 8_000,
      message: (
        <span className={controls.toast}>
          {t('captions.writing')}
          <Button size="compact-sm" variant="default" onClick={stop}>
            {t('captions.stop')}
          </Button>
        </span>
      ),
    });
  }, [writing, captions, t]);
  useEffect(() => {
    if (problem) notifications.show({ id: 'captions-problem', color: 'orange', withBorder: true, autoClose: 8_000, message: t(`captions.${problem}`) });
  }, [problem, t]);
}
