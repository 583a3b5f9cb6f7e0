import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type ChannelModel } from 'amqplib'

/** What a broker said to a login; `why` is one line for a person and never holds the password. */
export type LoginResult = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly why: string }

/**
 * Whether a real AMQP handshake and login succeed at this URL. Closes the connection at once and never rejects; the
 * answer comes at the latest after `timeoutMs` milliseconds.
 */
export async function tryLogin(url: string, timeoutMs: number): Promise<LoginResult> {
  const controller = new AbortController()
  try {
    // amqplib's timeout is one of idleness: a peer that trickles bytes would hold us for ever without a deadline.
    return await Promise.race([login(url, timeoutMs), tooLate(timeoutMs, controller.signal)])
  } finally {
    controller.abort()
  }
}

async function tooLate(afterMs: number, signal: AbortSignal): Promise<LoginResult> {
  await pause(afterMs, undefined, { signal }).catch(() => {})
  return { ok: false, why: `no answer within ${afterMs} ms` }
}

async function login(url: string, timeoutMs: number): Promise<LoginResult> {
  try {
    const connection = await connect(url, { timeout: timeoutMs })
    connection.on('error', () => {})
    await leave(connection, timeoutMs)
    return { ok: true, version: String(connection.connection.serverProperties.version) }
  } catch (error) {
    return { ok: false, why: reasonOf(error, url) }
  }
}

// A polite close may never be answered, and `end()` alone leaves a half-open socket behind: the socket is destroyed.
async function leave(connection: ChannelModel, timeoutMs: number): Promise<void> {
  const { stream } = connection.connection as unknown as { readonly stream: Socket }
  const timer = setTimeout(() => stream.destroy(), timeoutMs)
  await connection.close().catch(() => {})
  clearTimeout(timer)
  stream.destroy()
}

function reasonOf(error: unknown, url: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)'
  if (message.includes('ACCESS_REFUSED')) return 'the broker refuses this user and password'
  if (message.startsWith('Expected ConnectionOpenOk')) return 'the virtual host is missing or closed to this user'
  if (message.startsWith('Expected amqp:')) return 'the URL is not one of amqp:// or amqps:// that can be read'
  // When both addresses of a name fail, the message is empty and only the code tells.
  const words = (message === '' ? code : message.split('\n', 1)[0]) ?? 'no reason given'
  return secretsOf(url).reduce((text, secret) => text.replaceAll(secret, '***'), words)
}

function secretsOf(url: string): string[] {
  const written = URL.canParse(url) ? new URL(url).password : (/:([^:@/]+)@/.exec(url)?.[1] ?? '')
  return written === '' ? [] : [written, unescape(written)]
}
