import { useMediaQuery } from '@mantine/hooks';
import { ChartBar } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MeetingTimes } from './attendance';
import { DialogButton } from './DialogButton';
import { Review } from './Review';

interface ReviewButtonProps {
  meeting: MeetingTimes;
  channelId: string;
}

/** For teachers, after a meeting: what was asked in it, and answered. */
export function ReviewButton({ meeting, channelId }: ReviewButtonProps) {
  const { t } = useTranslation('channels');
  const narrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  return (
    <DialogButton title={t('review.title')} icon={<ChartBar size={16} aria-hidden="true" />} size={640} fullScreen={narrow}>
      <Review meeting={meeting} channelId={channelId} />
    </DialogButton>
  );
}
