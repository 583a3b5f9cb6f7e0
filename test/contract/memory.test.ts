import { MemoryTransport } from '../../shared/messaging/memory/memory-transport'
import { transportContract } from './transport-contract'

transportContract('the memory transport', { durable: false }, (groups) => Promise.resolve(new MemoryTransport(groups)))
