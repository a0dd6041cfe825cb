import 'i18next';
import type auth from './locales/en/auth.json';
import type channels from './locales/en/channels.json';
import type chat from './locales/en/chat.json';
import type common from './locales/en/common.json';
import type lesson from './locales/en/lesson.json';
import type media from './locales/en/media.json';
import type meeting from './locales/en/meeting.json';
import type admin from './locales/en/admin.json';
import type settings from './locales/en/settings.json';
import type watch from './locales/en/watch.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      auth: typeof auth;
      channels: typeof channels;
      chat: typeof chat;
      common: typeof common;
      lesson: typeof lesson;
      media: typeof media;
      meeting: typeof meeting;
      admin: typeof admin;
      settings: typeof settings;
      watch: typeof watch;
    };
  }
}
