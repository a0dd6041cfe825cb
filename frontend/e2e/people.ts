import { expect, type APIResponse, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Channel, File as LecternFile, Invite, Me, Meeting, Post, Session } from '../src/api/wire.gen';

export const password = 'a long enough passphrase';
let accounts = 0;

/** A new address for an account, never used before in this run. */
export function newEmail(): string {
  return `person-${process.pid}-${++accounts}@school.test`;
}

/** Somebody with an account and a browser. The API is used for what a story does not tell; `open` for what it does. */
export class Person {
  private shown: Page | null = null;

  constructor(
    readonly context: BrowserContext,
    readonly user: Me,
    readonly token: string,
  ) {}

  get name(): string {
    return this.user.name;
  }

  get page(): Page {
    if (!this.shown) throw new Error(`${this.name} has not opened a page`);
    return this.shown;
  }

  /** Opens a place of the app in this person's one window. */
  async open(path: string): Promise<Page> {
    this.shown ??= await this.context.newPage();
    await this.shown.goto(path);
    return this.shown;
  }

  /** Closes the window as a person does, without leaving anything first. */
  async closeTab(): Promise<void> {
    await this.page.close();
    this.shown = null;
  }

  async post<T>(path: string, data: unknown = {}): Promise<T> {
    return await answer<T>(await this.context.request.post(`/api/v1${path}`, { data, headers: this.headers }));
  }

  async patch<T>(path: string, data: unknown): Promise<T> {
    return await answer<T>(await this.context.request.patch(`/api/v1${path}`, { data, headers: this.headers }));
  }

  async get<T>(path: string): Promise<T> {
    return await answer<T>(await this.context.request.get(`/api/v1${path}`, { headers: this.headers }));
  }

  async remove(path: string): Promise<void> {
    const response = await this.context.request.delete(`/api/v1${path}`, { headers: this.headers });
    if (!response.ok()) throw new Error(`${response.status()} ${response.url()}`);
  }

  async upload(name: string, mimeType: string, buffer: Buffer): Promise<LecternFile> {
    const multipart = { file: { name, mimeType, buffer } };
    return await answer(await this.context.request.post('/api/v1/files', { multipart, headers: this.headers }));
  }

  async createChannel(name: string): Promise<Channel> {
    return await this.post<Channel>('/channels', { name });
  }

  /** Adds others to a channel of one's own, as students. */
  async invite(channel: Channel, ...others: Person[]): Promise<void> {
    const invite = await this.post<Invite>(`/channels/${channel.id}/invites`);
    for (const other of others) await other.post(`/invites/${invite.code}/accept`);
  }

  /** Makes a member of a channel of one's own an assistant. */
  async makeAssistant(channel: Channel, other: Person): Promise<void> {
    const path = `/api/v1/channels/${channel.id}/members/${other.user.id}`;
    await answer(await this.context.request.patch(path, { data: { role: 'assistant' }, headers: this.headers }));
  }

  async write(channel: Channel, body: string): Promise<Post> {
    return await this.post<Post>(`/channels/${channel.id}/posts`, { body });
  }

  async startMeeting(channel: Channel): Promise<Meeting> {
    return await this.post<Meeting>(`/channels/${channel.id}/meetings`);
  }

  private get headers() {
    return { Authorization: `Bearer ${this.token}` };
  }
}

async function answer<T>(response: APIResponse): Promise<T> {
  if (!response.ok()) throw new Error(`${response.status()} ${response.url()}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Opens an account through the API; the refresh cookie stays in the context, so that its pages open signed in. */
export async function register(context: BrowserContext, name: string, locale: 'en' | 'zh-TW'): Promise<Person> {
  const data = { email: newEmail(), password, name, locale };
  const session = await answer<Session>(await context.request.post('/api/v1/auth/register', { data }));
  return new Person(context, session.user, session.access_token);
}

/** Opens an account as people do, on the page that is shown. */
export async function signUp(page: Page, name: string, email = newEmail()): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('button', { name: 'Create account' })).toBeHidden();
}

/** Goes through the page before a meeting; without camera or microphone where the story does not need them. */
export async function join(person: Person, meeting: Meeting, { camera = true, microphone = true } = {}): Promise<Page> {
  const page = await person.open(`/meeting/${meeting.id}`);
  const enter = page.getByRole('button', { name: 'Join now' });
  await expect(enter).toBeEnabled();
  if (!microphone) await page.getByRole('button', { name: 'Mute', exact: true }).click();
  if (!camera) await page.getByRole('button', { name: 'Turn camera off' }).click();
  await enter.click();
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  return page;
}

/** Somebody's tile on a page. */
export function tile(page: Page, name: string): Locator {
  return page.locator('[role="listitem"][data-participant-id]').filter({ hasText: name });
}

/** The participant id behind somebody's tile. */
export async function participant(page: Page, name: string): Promise<string> {
  const id = await tile(page, name).first().getAttribute('data-participant-id');
  if (!id) throw new Error(`no tile of ${name}`);
  return id;
}
