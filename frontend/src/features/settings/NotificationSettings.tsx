import { Button, Skeleton, Stack, Switch } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferencesQuery, useUpdatePreferencesMutation } from '@/api/preferences';
import { asProblem, type Problem } from '@/api/problem';
import { type PushState, pushState, startPush, stopPush } from '@/api/push';
import { ProblemNote } from '@/components/ProblemNote';
import classes from './SettingsPage.module.css';

/** How one hears of things: by sound, pop-up or push; and what others learn of one's reading. */
export function NotificationSettings() {
  const { t } = useTranslation('settings');
  const { data: mine, error: unknown, refetch } = usePreferencesQuery();
  const [update, { error }] = useUpdatePreferencesMutation();
  if (unknown && !mine) return <ProblemNote problem={asProblem(unknown)} onRetry={() => void refetch()} />;
  if (!mine) return <Skeleton height={120} />;
  return (
    <Stack>
      <ProblemNote problem={error ? asProblem(error) : null} />
      <Switch
        label={t('notifications.sounds')}
        description={t('notifications.soundsText')}
        checked={mine.sounds}
        onChange={(event) => void update({ sounds: event.currentTarget.checked })}
      />
      <Switch
        label={t('notifications.receipts')}
        description={t('notifications.receiptsText')}
        checked={mine.read_receipts}
        onChange={(event) => void update({ read_receipts: event.currentTarget.checked })}
      />
      <Switch
        label={t('notifications.pushEverywhere')}
        description={t('notifications.pushEverywhereText')}
        checked={mine.push}
        onChange={(event) => void update({ push: event.currentTarget.checked })}
      />
      <PopUps />
      <Push />
      <p className={classes.hint}>{t('notifications.levels')}</p>
    </Stack>
  );
}

function PopUps() {
  const { t } = useTranslation('settings');
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : null));
  const text = permission === null ? t('notifications.missing') : permission === 'denied' ? t('notifications.denied') : t('notifications.popUpsText');
  return (
    <Offer title={t('notifications.popUps')} text={text}>
      {permission === 'granted' && (
        <span className={classes.state} data-good>
          {t('notifications.allowed')}
        </span>
      )}
      {permission === 'default' && (
        <Button variant="default" onClick={() => void Notification.requestPermission().then(setPermission)}>
          {t('notifications.allow')}
        </Button>
      )}
    </Offer>
  );
}

function Push() {
  const { t } = useTranslation('settings');
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    void pushState().then(setState);
  }, []);

  const change = async (to: () => Promise<PushState>) => {
    setBusy(true);
    setProblem(null);
    try {
      setState(await to());
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const text = state === 'unsupported' || state === 'blocked' ? t(`notifications.${state}`) : t('notifications.pushText');
  return (
    <>
      <Offer title={t('notifications.push')} text={text}>
        {state === 'off' && (
          <Button variant="default" loading={busy} onClick={() => void change(startPush)}>
            {t('notifications.start')}
          </Button>
        )}
        {state === 'on' && (
          <Button variant="default" loading={busy} onClick={() => void change(stopPush)}>
            {t('notifications.stop')}
          </Button>
        )}
      </Offer>
      <ProblemNote problem={problem} />
    </>
  );
}

function Offer({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className={classes.offer}>
      <div>
        <div className={classes.offerTitle}>{title}</div>
        <div className={classes.hint}>{text}</div>
      </div>
      {children}
    </div>
  );
}
