import { renderHook } from '@testing-library/react';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '@/api/problem';
import { i18next } from '.';
import zh from './locales/zh-TW/common.json';
import { useProblemWords } from './problems';

const before = i18next.language;
beforeAll(async () => {
  i18next.addResourceBundle('zh-TW', 'common', zh);
  await i18next.changeLanguage('zh-TW');
});
afterAll(() => i18next.changeLanguage(before));

const problem = (part: Partial<Problem>): Problem => ({ status: 409, code: 'conflict', detail: '', errors: {}, ...part });
const words = () => renderHook(useProblemWords).result.current;

test.each([
  [{ status: 429, code: 'rate_limited', retryAfter: 61 }, '嘗試次數太多，請在 2 分鐘後再試。'],
  [{ detail: 'You are the only administrator: make somebody else one first.' }, '你是唯一的系統管理員，請先指定另一位管理員。'],
  [
    { detail: 'These channels need another owner first: 代數, Biology. Make somebody an owner, or delete them.' },
    '以下頻道需要先有另一位擁有者：代數, Biology。請先指定新的擁有者，或刪除頻道。',
  ],
  [{ status: 403, code: 'forbidden', detail: 'An administrator has disabled this account.' }, '這個帳號已被系統管理員停用。'],
  [{ detail: 'Something else.' }, '目前的狀態無法執行這個動作。'],
  [{ status: 503, code: 'unavailable' }, '目前無法使用，請稍後再試。'],
])('%j in Chinese', (part, sentence) => {
  expect(words().sentence(problem(part))).toBe(sentence);
});

test('fields at fault', () => {
  const fields = problem({
    status: 403,
    code: 'sign_up_refused',
    errors: {
      email: 'Only addresses of school.edu.tw can sign up here.',
      invite_code: 'One signs up here with an invite. Ask your teacher for its link or code.',
      current_password: 'This is not your password.',
      odd: 'Nobody has translated this.',
    },
  });
  expect(words().field(fields, 'email')).toBe('只有 school.edu.tw 的電子郵件可以在此註冊。');
  expect(words().field(fields, 'invite_code')).toContain('需要邀請');
  expect(words().field(fields, 'current_password')).toBe('密碼不正確。');
  expect(words().field(fields, 'odd')).toBe('這個值無效。');
  expect(words().field(fields, 'name')).toBeUndefined();
});
