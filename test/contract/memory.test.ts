import { MemoryTransport } from '../../shared/messaging/memory/memory-transport'
import { delayContract } from './delay-contract'
import { transportContract, type OpenTransport } from './transport-contract'

const open: OpenTransport = (groups) => Promise.resolve(new MemoryTransport(groups))

transportContract('the memory transport', { durable: false }, open)
delayContract('the memory transport', open)
