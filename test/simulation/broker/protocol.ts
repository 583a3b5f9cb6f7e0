/** AMQP 0-9-1 as bytes, by amqplib's own tables, which know both directions. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type Fields = Readonly<Record<string, unknown>>

/** A frame, taken apart: a method or a content header bears an id, a body its content, a heartbeat neither. */
export interface Frame {
  readonly channel: number
  readonly id?: number
  readonly fields?: Fields
  readonly size?: number
  readonly content?: Buffer
}

interface Raw {
  readonly rest: Buffer
}

interface FrameModule {
  parseFrame(bytes: Buffer, max: number): Raw | false
  decodeFrame(raw: Raw): Frame
  makeBodyFrame(channel: number, payload: Buffer): Buffer
  readonly HEARTBEAT_BUF: Buffer
}

type Ids = Readonly<
  Record<
    | 'BasicAck'
    | 'BasicCancel'
    | 'BasicCancelOk'
    | 'BasicConsume'
    | 'BasicConsumeOk'
    | 'BasicDeliver'
    | 'BasicNack'
    | 'BasicProperties'
    | 'BasicPublish'
    | 'BasicQos'
    | 'BasicQosOk'
    | 'BasicReject'
    | 'BasicReturn'
    | 'ChannelClose'
    | 'ChannelCloseOk'
    | 'ChannelOpen'
    | 'ChannelOpenOk'
    | 'ConfirmSelect'
    | 'ConfirmSelectOk'
    | 'ConnectionBlocked'
    | 'ConnectionClose'
    | 'ConnectionCloseOk'
    | 'ConnectionOpen'
    | 'ConnectionOpenOk'
    | 'ConnectionStart'
    | 'ConnectionStartOk'
    | 'ConnectionTune'
    | 'ConnectionTuneOk'
    | 'ConnectionUnblocked'
    | 'ExchangeDeclare'
    | 'ExchangeDeclareOk'
    | 'QueueBind'
    | 'QueueBindOk'
    | 'QueueDeclare'
    | 'QueueDeclareOk',
    number
  >
>

interface Definitions extends Ids {
  encodeMethod(id: number, channel: number, fields: Fields): Buffer
  encodeProperties(id: number, channel: number, size: number, fields: Fields): Buffer
}

// The package shows only its client; by the full path its other files can be had.
const load = createRequire(__filename)
const folder = dirname(load.resolve('amqplib'))
const frames = load(join(folder, 'lib', 'frame.js')) as FrameModule

export const methods = load(join(folder, 'lib', 'defs.js')) as Definitions

export const heartbeat = frames.HEARTBEAT_BUF

export const protocolHeader = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')

/** The first frame, and what follows it; undefined when it has not come whole. */
export function takeFrame(bytes: Buffer): { readonly frame: Frame; readonly rest: Buffer } | undefined {
  const raw = frames.parseFrame(bytes, 0)
  return raw === false ? undefined : { frame: frames.decodeFrame(raw), rest: raw.rest }
}

export function methodFrame(id: number, channel: number, fields: Fields): Buffer {
  return methods.encodeMethod(id, channel, fields)
}

/** A method with content: its frame, the properties' and the body's. */
export function contentFrames(id: number, channel: number, fields: Fields, content: Content): Buffer {
  const header = methods.encodeProperties(methods.BasicProperties, channel, content.body.length, content.properties)
  const body = content.body.length === 0 ? [] : [frames.makeBodyFrame(channel, content.body)]
  return Buffer.concat([methodFrame(id, channel, fields), header, ...body])
}

export interface Content {
  readonly properties: Fields
  readonly body: Buffer
}
