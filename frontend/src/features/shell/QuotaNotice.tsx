import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useFormats } from '@/i18n/format';
import { useSocketEvent } from '@/realtime';

/** Tells somebody that an upload has nearly used up their space, until they have read it. Renders nothing. */
export function QuotaNotice() {
  const { t } = useTranslation();
  const { size } = useFormats();
  useSocketEvent('storage.quota_near', ({ used_bytes: used, quota_bytes: quota }) => {
    notifications.show({
      id: 'quota-near',
      color: 'yellow',
      title: t('quotaNear.title'),
      message: t('quotaNear.text', { used: size(used), quota: size(quota) }),
      autoClose: false,
      closeButtonProps: { 'aria-label': t('close') },
    });
  });
  return null;
}
