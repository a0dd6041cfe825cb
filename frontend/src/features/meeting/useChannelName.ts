import { useChannelsQuery } from '@/api/channels';
import type { MeetingPlace } from './place';

export function useChannelName({ channelId, channelName }: MeetingPlace): string {
  const { data: channels } = useChannelsQuery();
  return channelName ?? channels?.find((channel) => channel.id === channelId)?.name ?? '';
}
