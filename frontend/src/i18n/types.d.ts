import 'i18next';
import type auth from './locales/en/auth.json';
import type call from './locales/en/call.json';
import type classroom from './locales/en/classroom.json';
import type groups from './locales/en/groups.json';
import type channels from './locales/en/channels.json';
import type chat from './locales/en/chat.json';
import type conversations from './locales/en/conversations.json';
import type common from './locales/en/common.json';
import type lesson from './locales/en/lesson.json';
import type media from './locales/en/media.json';
import type meeting from './locales/en/meeting.json';
import type notifications from './locales/en/notifications.json';
import type search from './locales/en/search.json';
import type admin from './locales/en/admin.json';
import type settings from './locales/en/settings.json';
import type sidebar from './locales/en/sidebar.json';
import type stream from './locales/en/stream.json';
import type watch from './locales/en/watch.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      auth: typeof auth;
      call: typeof call;
      classroom: typeof classroom;
      groups: typeof groups;
      channels: typeof channels;
      chat: typeof chat;
      common: typeof common;
      conversations: typeof conversations;
      lesson: typeof lesson;
      media: typeof media;
      meeting: typeof meeting;
      notifications: typeof notifications;
      search: typeof search;
      admin: typeof admin;
      settings: typeof settings;
      sidebar: typeof sidebar;
      stream: typeof stream;
      watch: typeof watch;
    };
  }
}
