import { skipToken } from '@reduxjs/toolkit/query/react';
import { useCallback } from 'react';
import { useChannelsQuery, useMarkReadMutation } from '@/api/channels';
import { useMeetingQuery } from '@/api/meetings';
import { useCommentsQuery } from '@/api/posts';
import { useMe } from '@/components/hooks';
import { useClassroomState, useSession } from '../sessions';
import { chatMarks } from './chatMarks';

interface Chat {
  /** Entries of others that were not seen. */
  unread: number;
  /** The newest entry that was seen. */
  seenId: string | null;
  newestId: string | null;
  /** Marks everything up to an entry as seen. */
  saw: (upTo: string) => void;
}

/** How far the chat has been read: in the channel before, or in the room. */
export function useChat(channelId: string): Chat {
  const me = useMe();
  const { classroom } = useSession();
  const { postId, chatSeen } = useClassroomState();
  const { data: stream } = useCommentsQuery(postId ?? skipToken);
  const { data: meeting } = useMeetingQuery(classroom.meetingId);
  const { data: channels } = useChannelsQuery();
  const [markRead] = useMarkReadMutation();
  const channel = channels?.find(({ id }) => id === channelId);
  const { unread, seenId, newestId, allUnread } = chatMarks({
    comments: stream?.items ?? [],
    postId: meeting?.host.id === me.id ? null : postId,
    myId: me.id,
    readInChannel: channel?.last_read_id ?? null,
    seenHere: chatSeen,
  });
  // The channel's mark passes over everything before it: only when nothing else is unread there may the chat move it.
  const onlyChat = channel !== undefined && channel.unread_count > 0 && channel.unread_count <= allUnread;
  const saw = useCallback(
    (upTo: string) => {
      classroom.sawChat(upTo);
      if (onlyChat) void markRead({ channelId, upTo });
    },
    [classroom, onlyChat, markRead, channelId],
  );
  return { unread, seenId, newestId, saw };
}
