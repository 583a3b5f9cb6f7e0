import type { BrokerState } from './broker-state'
import { Confirms } from './confirms'
import type { Content, Fields } from './protocol'
import { methods } from './protocol'
import type { Consumer, Queue, QueuedMessage } from './queue'

/** How a channel speaks to its client. */
export interface ChannelLine {
  method(id: number, fields: Fields): void
  content(id: number, fields: Fields, content: Content): void
}

interface Unacked {
  readonly queue: Queue
  readonly consumer: Consumer
  readonly message: QueuedMessage
}

const notFound = 404
const preconditionFailed = 406
const noRoute = 312

/** One channel as the broker sees it. */
export class Channel {
  /** The broker has closed it and waits for the client to agree; what comes meanwhile is not heard. */
  isClosing = false
  readonly #broker: BrokerState
  readonly #line: ChannelLine
  readonly #unacked = new Map<number, Unacked>()
  readonly #consumers = new Map<string, { readonly consumer: Consumer; readonly queue: Queue }>()
  #prefetch = 0
  #lastTag = 0
  /** Undefined until the client asks for confirms. */
  #confirms: Confirms | undefined
  #isEnded = false

  constructor(broker: BrokerState, line: ChannelLine) {
    this.#broker = broker
    this.#line = line
  }

  /** The tags of its consumers. */
  get consumerTags(): readonly string[] {
    return [...this.#consumers.keys()]
  }

  handle(id: number, fields: Fields): void {
    if (this.isClosing) return
    const answer = Channel.#answers[id]
    if (answer === undefined) throw new Error(`the simulated broker does not know method ${id}`)
    answer(this, fields)
  }

  publish({ exchange, routingKey, mandatory }: Fields, content: Content): void {
    if (this.isClosing) return
    const [to, key] = [String(exchange), String(routingKey)]
    if (!this.#broker.exchanges.has(to)) return this.fail(notFound, `NOT_FOUND - no exchange '${to}'`)
    const tag = this.#confirms?.next() ?? 0
    const queues = this.#broker.routed(to, key)
    if (queues.length === 0) {
      if (mandatory === true) {
        const facts = { replyCode: noRoute, replyText: 'NO_ROUTE', exchange: to, routingKey: key }
        this.#line.content(methods.BasicReturn, facts, content)
      }
      return this.#confirms?.confirm(tag)
    }
    const willing = queues.filter(({ isFull }) => !isFull)
    let left = willing.length
    const committed = () => {
      if (--left > 0) return
      if (willing.length === queues.length) this.#confirms?.confirm(tag)
      else this.#confirms?.refuse(tag)
    }
    for (const queue of willing) {
      queue.put(content, { exchange: to, routingKey: key }, committed)
      for (let copy = 1; copy < this.#broker.copies; copy++)
        queue.put(content, { exchange: to, routingKey: key }, () => {})
    }
    if (willing.length === 0) this.#confirms?.refuse(tag)
  }

  /** Ends it as the broker ends a channel that did something wrong. */
  fail(replyCode: number, replyText: string): void {
    if (this.isClosing || this.#isEnded) return
    this.isClosing = true
    this.#line.method(methods.ChannelClose, { replyCode, replyText, classId: 0, methodId: 0 })
    this.end()
  }

  /** As when its queue is deleted or held for too long. */
  cancel(consumerTag: string): void {
    const found = this.#consumers.get(consumerTag)
    if (found === undefined) return
    found.queue.forget(found.consumer)
    this.#consumers.delete(consumerTag)
    this.#line.method(methods.BasicCancel, { consumerTag, nowait: true })
  }

  /** Gives back what is not acked. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#confirms?.end()
    for (const { queue, consumer } of this.#consumers.values()) queue.forget(consumer)
    this.#consumers.clear()
    const unacked = [...this.#unacked.values()]
    this.#unacked.clear()
    for (const { queue, message } of unacked.reverse()) queue.returned(message)
  }

  static readonly #answers: Readonly<Record<number, (channel: Channel, fields: Fields) => void>> = {
    [methods.ChannelClose]: (channel) => {
      channel.end()
      channel.#line.method(methods.ChannelCloseOk, {})
    },
    [methods.ConfirmSelect]: (channel) => channel.#selectConfirms(),
    [methods.BasicQos]: (channel, { prefetchCount }) => {
      channel.#prefetch = Number(prefetchCount)
      channel.#line.method(methods.BasicQosOk, {})
    },
    [methods.ExchangeDeclare]: (channel, fields) => channel.#declareExchange(fields),
    [methods.QueueDeclare]: (channel, fields) => channel.#declareQueue(fields),
    [methods.QueueBind]: (channel, { queue, exchange, routingKey }) => {
      channel.#broker.exchanges.bind(String(exchange), String(queue), String(routingKey))
      channel.#line.method(methods.QueueBindOk, {})
    },
    [methods.BasicConsume]: (channel, fields) => channel.#consume(fields),
    [methods.BasicCancel]: (channel, { consumerTag }) => {
      const found = channel.#consumers.get(String(consumerTag))
      if (found !== undefined) found.queue.forget(found.consumer)
      channel.#consumers.delete(String(consumerTag))
      channel.#line.method(methods.BasicCancelOk, { consumerTag })
    },
    [methods.BasicAck]: (channel, { deliveryTag, multiple }) => {
      for (const { queue, consumer } of channel.#settle(Number(deliveryTag), multiple === true)) {
        consumer.unacked--
        queue.settled()
        queue.pump()
      }
    },
    [methods.BasicReject]: (channel, { deliveryTag }) => channel.#giveBack(Number(deliveryTag), false),
    [methods.BasicNack]: (channel, { deliveryTag, multiple }) =>
      channel.#giveBack(Number(deliveryTag), multiple === true),
  }

  #selectConfirms(): void {
    this.#confirms = new Confirms({
      method: (id, fields) => this.#line.method(id, fields),
      soon: (run) => this.#broker.soon(run),
    })
    this.#line.method(methods.ConfirmSelectOk, {})
  }

  #declareExchange({ exchange, type, passive, arguments: args }: Fields): void {
    const name = String(exchange)
    const { exchanges } = this.#broker
    if (passive === true && !exchanges.has(name)) return this.fail(notFound, `NOT_FOUND - no exchange '${name}'`)
    const { 'alternate-exchange': alternate } = (args ?? {}) as { 'alternate-exchange'?: string }
    if (passive !== true) exchanges.declare(name, String(type), alternate)
    this.#line.method(methods.ExchangeDeclareOk, {})
  }

  #declareQueue({ queue, passive, arguments: args }: Fields): void {
    const name = String(queue)
    if (passive === true && this.#broker.queues.get(name) === undefined)
      return this.fail(notFound, `NOT_FOUND - no queue '${name}'`)
    const found = this.#broker.declareQueue(name, args as Fields)
    const counts = { messageCount: found.ready.length, consumerCount: found.consumers.length }
    this.#line.method(methods.QueueDeclareOk, { queue: name, ...counts })
  }

  #consume({ queue: name }: Fields): void {
    const queue = this.#broker.queues.get(String(name))
    if (queue === undefined) return this.fail(notFound, `NOT_FOUND - no queue '${String(name)}'`)
    const consumerTag = this.#broker.nextConsumerTag()
    const consumer: Consumer = {
      prefetch: this.#prefetch,
      unacked: 0,
      deliver: (message) => this.#deliver(consumerTag, { queue, consumer, message }),
      cancelled: () => this.cancel(consumerTag),
    }
    this.#consumers.set(consumerTag, { consumer, queue })
    this.#line.method(methods.BasicConsumeOk, { consumerTag })
    queue.consume(consumer)
  }

  #deliver(consumerTag: string, unacked: Unacked): void {
    const { message } = unacked
    const { exchange, routingKey, deliveryCount, body } = message
    const deliveryTag = ++this.#lastTag
    this.#unacked.set(deliveryTag, unacked)
    const headers = { ...(message.properties['headers'] as Fields | undefined) }
    if (deliveryCount > 0) headers['x-delivery-count'] = deliveryCount
    const properties = { ...message.properties, headers }
    const facts = { consumerTag, deliveryTag, redelivered: deliveryCount > 0, exchange, routingKey }
    this.#line.content(methods.BasicDeliver, facts, { properties, body })
  }

  #giveBack(deliveryTag: number, multiple: boolean): void {
    for (const { queue, consumer, message } of this.#settle(deliveryTag, multiple)) {
      consumer.unacked--
      queue.returned(message)
    }
  }

  #settle(deliveryTag: number, multiple: boolean): readonly Unacked[] {
    const tags = multiple ? [...this.#unacked.keys()].filter((tag) => tag <= deliveryTag) : [deliveryTag]
    const found = tags.map((tag) => this.#unacked.get(tag)).filter((each) => each !== undefined)
    for (const tag of tags) this.#unacked.delete(tag)
    if (found.length > 0) return found
    this.#broker.wrongs.push(`settled delivery tag ${deliveryTag}, which is not open on its channel`)
    this.fail(preconditionFailed, `PRECONDITION_FAILED - unknown delivery tag ${deliveryTag}`)
    return []
  }
}
