import { MemoryReplies } from '../../shared/messaging/memory/memory-replies'
import { repliesContract } from './replies-contract'

repliesContract('the way back in memory', () => {
  const line = new MemoryReplies()
  return Promise.resolve([line, line])
})
