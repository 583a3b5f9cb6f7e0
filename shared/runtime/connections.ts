import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

const incompleteForMs = 1_000
const unansweredForMs = 10_500

/** The open connections of a server and the requests on them that have no answer yet. */
export class Connections {
  readonly #requests = new Map<Socket, Set<IncomingMessage>>()

  opened(socket: Socket): void {
    this.#requests.set(socket, new Set())
    socket.once('close', () => this.#requests.delete(socket))
  }

  begun(request: IncomingMessage): void {
    this.#requests.get(request.socket)?.add(request)
  }

  answered(request: IncomingMessage): void {
    this.#requests.get(request.socket)?.delete(request)
  }

  /** Whether a request that has arrived whole waits for its answer. */
  hasWorkFor(socket: Socket): boolean {
    return [...(this.#requests.get(socket) ?? [])].some(({ complete }) => complete)
  }

  /**
   * For a server that closes: a second later, ends the connections on which nothing whole has arrived, and after the
   * time that an answer may take those that are left. Node's own timeouts end with the listening, so that one silent
   * connection would hold the close up for ever.
   */
  endSoon(): void {
    this.#endAfter(incompleteForMs, (socket) => !this.hasWorkFor(socket))
    this.#endAfter(unansweredForMs, () => true)
  }

  #endAfter(ms: number, isDue: (socket: Socket) => boolean): void {
    const end = () => {
      for (const socket of this.#requests.keys()) if (isDue(socket)) socket.destroy()
    }
    setTimeout(end, ms).unref()
  }
}
