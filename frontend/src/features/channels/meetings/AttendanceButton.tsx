import { useMediaQuery } from '@mantine/hooks';
import { ClipboardList } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Role, teaches } from '@/components/roles';
import type { MeetingTimes } from './attendance';
import { AttendanceTable } from './AttendanceTable';
import { DialogButton } from './DialogButton';
import { MyAttendance } from './MyAttendance';

/** Who was there: for teachers of everybody, for students their own. */
export function AttendanceButton({ meeting, myRole }: { meeting: MeetingTimes; myRole: Role }) {
  const { t } = useTranslation('channels');
  const narrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  const icon = <ClipboardList size={16} aria-hidden="true" />;
  if (!teaches(myRole)) {
    return (
      <DialogButton title={t('attendance.mine')} icon={icon} size="md">
        <MyAttendance meeting={meeting} />
      </DialogButton>
    );
  }
  return (
    <DialogButton title={t('attendance.title')} icon={icon} size={860} fullScreen={narrow}>
      <AttendanceTable meetingId={meeting.id} />
    </DialogButton>
  );
}
