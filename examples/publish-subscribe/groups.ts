import { group } from '../../shared/messages/group'
import { rule } from '../../shared/messages/rule'
import { articlePublished } from './messages'

/** Each has a queue of its own, and its own copy of every event. */
export const groupsAtFirst = [
  group('search', [articlePublished]),
  group('newsletter', [rule('science', [articlePublished], { when: 'event.data.section == "science"' })]),
  group('preview', [articlePublished]),
]

/** One more, added when the others had been at work for long. */
export const groups = [...groupsAtFirst, group('archive', [articlePublished])]
