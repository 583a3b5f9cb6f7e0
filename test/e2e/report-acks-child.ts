import { connect, type Channel, type ChannelModel, type Message } from 'amqplib'

/** Acks on two channels, whose delivery tags are the same: on one not in order and not all, on the other all at once. */
async function main(brokerUrl: string, [inPart = '', whole = '']: readonly string[]): Promise<void> {
  const connection = await connect(brokerUrl)
  process.send?.('ready')
  const { channel, take } = await taken(connection, inPart, 8)
  channel.ack(take(2))
  channel.ack(take(4), true)
  channel.ack(take(7))
  channel.reject(take(8))
  channel.ack(take(6))
  const other = await taken(connection, whole, 5)
  other.channel.ackAll()
}

interface Taken {
  readonly channel: Channel
  /** The message that came as the first, second and so on. */
  readonly take: (place: number) => Message
}

async function taken(connection: ChannelModel, queue: string, count: number): Promise<Taken> {
  const channel = await connection.createChannel()
  const messages: Message[] = []
  await new Promise<void>((resolve) => {
    const keep = (message: Message | null) => {
      if (message !== null && messages.push(message) === count) resolve()
    }
    void channel.consume(queue, keep)
  })
  return { channel, take: (place) => messages[place - 1] as Message }
}

void main(process.argv[2] ?? '', process.argv.slice(3))
