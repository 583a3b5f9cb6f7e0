/** Sabotage: a repeat with the same key is another message. */
import { createRequire } from 'node:module'

const ids = createRequire(import.meta.url)('../../../dist/services/producer/message-id.js')

ids.keyedMessageId = () => ids.newMessageId(Date.now())
