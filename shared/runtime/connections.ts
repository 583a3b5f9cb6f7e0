import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { arrivesSlowly } from './long-requests'

const incompleteForMs = 1_000
const unansweredForMs = 10_500

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** How often had been looked when it began: a clock would cost every request. */
  readonly look: number
}

/** The open connections of a server and the requests on them that have no answer yet. */
export class Connections {
  readonly #calls = new Map<Socket, Call[]>()
  #looks = 0

  opened(socket: Socket): void {
    this.#calls.set(socket, [])
    socket.once('close', () => this.#calls.delete(socket))
  }

  begun(request: IncomingMessage, response: ServerResponse): void {
    const calls = this.#calls.get(request.socket)
    if (calls === undefined) return
    // Those that were answered meanwhile go here, in the order in which they came (RFC 9112, 9.3.2): hearing of each
    // answer would cost every request a listener.
    while (calls[0] !== undefined && !isUnanswered(calls[0]) && calls[0].request.complete) calls.shift()
    calls.push({ request, response, look: this.#looks })
  }

  /** Whether a request waits for its answer that has arrived whole, or is worked at while it arrives. */
  hasWorkFor(socket: Socket): boolean {
    return this.#unanswered(socket).some(({ request }) => request.complete || arrivesSlowly(request))
  }

  /** Whether an earlier request on the same connection takes the connection with it (RFC 9112, 9.6): this one is not done. */
  isBehindTheLast(request: IncomingMessage): boolean {
    const calls = this.#calls.get(request.socket) ?? []
    return calls.some((call) => call.request !== request && arrivesSlowly(call.request))
  }

  /**
   * Asked once in a while: the connections with a request that had begun more than so many looks ago and is not whole yet,
   * answered or not, but for those that may take their time and are worked at.
   */
  late(looks: number): readonly Socket[] {
    this.#looks++
    const isLate = (call: Call) =>
      !call.request.complete && !(arrivesSlowly(call.request) && isUnanswered(call)) && this.#looks - call.look > looks
    return [...this.#calls].filter(([, calls]) => calls.some(isLate)).map(([socket]) => socket)
  }

  /**
   * For a server that closes: answers at work say that their connection ends with them, which Node leaves open until
   * its idle timeout. A second later, ends the connections on which nothing whole has arrived, and after the
   * time that an answer may take those that are left. Node's own timeouts end with the listening, so that one silent
   * connection would hold the close up for ever.
   */
  endSoon(): void {
    for (const socket of this.#calls.keys())
      for (const { response } of this.#unanswered(socket))
        if (!response.headersSent) response.setHeader('connection', 'close')
    this.#endAfter(incompleteForMs, (socket) => !this.hasWorkFor(socket))
    this.#endAfter(unansweredForMs, () => true)
  }

  #unanswered(socket: Socket): readonly Call[] {
    return (this.#calls.get(socket) ?? []).filter(isUnanswered)
  }

  #endAfter(ms: number, isDue: (socket: Socket) => boolean): void {
    const end = () => {
      for (const socket of this.#calls.keys()) if (isDue(socket)) socket.destroy()
    }
    setTimeout(end, ms).unref()
  }
}

function isUnanswered({ response }: Call): boolean {
  return !response.writableFinished
}
