import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakePeerConnection } from '@/testing/fakePeers';
import { Recovery } from './recovery';

let told: string[];
let recovery: Recovery;
let publisher: FakePeerConnection;
let subscriber: FakePeerConnection;

class Network extends EventTarget {
  type = 'wifi';
}
let network: Network;

beforeEach(() => {
  vi.useFakeTimers();
  network = new Network();
  vi.stubGlobal('navigator', { connection: network });
  told = [];
  recovery = new Recovery({
    restart: () => told.push('restart'),
    interrupted: (interrupted) => told.push(interrupted ? 'interrupted' : 'recovered'),
    failed: () => told.push('failed'),
  });
  publisher = new FakePeerConnection();
  subscriber = new FakePeerConnection();
  for (const peer of [publisher, subscriber]) recovery.watch(peer as unknown as RTCPeerConnection);
});

afterEach(() => {
  recovery.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function connect(): void {
  publisher.becomes('connected');
  subscriber.becomes('connected');
}

test('a dead path: both connections look for a new one, and say when they have it', () => {
  connect();
  publisher.becomes('disconnected');
  subscriber.becomes('disconnected');
  expect(told).toEqual(['interrupted', 'restart']);
  publisher.becomes('connecting');
  publisher.becomes('connected');
  expect(told).toHaveLength(2);
  subscriber.becomes('connected');
  expect(told).toEqual(['interrupted', 'restart', 'recovered']);
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(3);
});

test('a first connection that finds no path is given up before browsers do', () => {
  subscriber.becomes('connecting');
  publisher.becomes('connecting');
  vi.advanceTimersByTime(7_999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['failed']);
});

test('one that finds a path is not', () => {
  subscriber.becomes('connecting');
  vi.advanceTimersByTime(7_000);
  subscriber.becomes('connected');
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

test('a second try after four seconds, new connections after eight', () => {
  connect();
  subscriber.becomes('disconnected');
  vi.advanceTimersByTime(4_000);
  expect(told).toEqual(['interrupted', 'restart', 'restart']);
  vi.advanceTimersByTime(4_000);
  expect(told.at(-1)).toBe('failed');
});

test('somebody who only listens has a publisher that was never used', () => {
  subscriber.becomes('connected');
  subscriber.becomes('disconnected');
  subscriber.becomes('connected');
  expect(told).toEqual(['interrupted', 'restart', 'recovered']);
});

test('a connection that never came about is not mended', () => {
  publisher.becomes('connecting');
  publisher.becomes('failed');
  expect(told).toEqual(['failed']);
});

test('another network: a new path before the old one is missed', () => {
  window.dispatchEvent(new Event('online'));
  expect(told).toEqual([]);
  connect();
  window.dispatchEvent(new Event('online'));
  expect(told).toEqual(['restart']);
  network.dispatchEvent(new Event('change'));
  expect(told).toEqual(['restart']);
  network.type = 'none';
  network.dispatchEvent(new Event('change'));
  expect(told).toEqual(['restart']);
  network.type = 'cellular';
  network.dispatchEvent(new Event('change'));
  expect(told).toEqual(['restart', 'restart']);
});

test('nothing after close', () => {
  connect();
  publisher.becomes('disconnected');
  told.length = 0;
  recovery.close();
  window.dispatchEvent(new Event('online'));
  publisher.becomes('failed');
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});
