import { Button } from '@mantine/core';
import { Video } from 'lucide-react';
import { Link } from 'react-router';

/** The way into the lesson. */
export function MeetingLink({ meetingId, children }: { meetingId: string; children: string }) {
  return (
    <Button component={Link} to={`/meeting/${meetingId}`} leftSection={<Video size={18} aria-hidden="true" />}>
      {children}
    </Button>
  );
}
