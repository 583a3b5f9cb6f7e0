import type { Reply, ReplyFate, ReplyLine } from '../reply-line'

/** The way back inside the process: whatever is sent to its address is heard in a later turn. */
export class MemoryReplies implements ReplyLine {
  /** Whether there is a place to reply to. */
  isOpen = true
  #onReply: (reply: Reply) => void = () => {}

  address(): Promise<string | undefined> {
    return Promise.resolve(this.isOpen ? ownAddress : undefined)
  }

  listen(onReply: (reply: Reply) => void): void {
    this.#onReply = onReply
  }

  send(address: string, reply: Reply): Promise<ReplyFate> {
    if (address !== ownAddress || !this.isOpen) return Promise.resolve('unroutable')
    setImmediate(() => this.#onReply(reply))
    return Promise.resolve('sent')
  }
}

const ownAddress = 'memory.replies'
