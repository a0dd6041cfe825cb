import { Button, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ClipboardList } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeetingSummary } from '@/api/wire.gen';
import { type Role, teaches } from '@/components/roles';
import { AttendanceTable } from './AttendanceTable';
import { MyAttendance } from './MyAttendance';

export type MeetingTimes = Pick<MeetingSummary, 'id' | 'started_at' | 'ended_at'>;

/** Who was there: for teachers of everybody, for students their own. */
export function AttendanceButton({ meeting, myRole }: { meeting: MeetingTimes; myRole: Role }) {
  const { t } = useTranslation(['channels', 'common']);
  const narrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  const [made, setMade] = useState(false);
  const [opened, setOpened] = useState(false);
  // A list has one for every row: it is made at the first press, and opened then.
  useEffect(() => {
    if (made) setOpened(true);
  }, [made]);
  const teacher = teaches(myRole);
  const title = t(teacher ? 'attendance.title' : 'attendance.mine');
  const open = () => (made ? setOpened(true) : setMade(true));
  return (
    <>
      <Button variant="default" leftSection={<ClipboardList size={16} aria-hidden="true" />} onClick={open}>
        {title}
      </Button>
      {made && (
        <Modal
          opened={opened}
          onClose={() => setOpened(false)}
          title={title}
          size={teacher ? 860 : 'md'}
          fullScreen={teacher && narrow}
          closeButtonProps={{ 'aria-label': t('common:close') }}
        >
          {teacher ? <AttendanceTable meetingId={meeting.id} /> : <MyAttendance meeting={meeting} />}
        </Modal>
      )}
    </>
  );
}
