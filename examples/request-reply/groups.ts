import { group } from '../../shared/messages/group'
import { makeQuote } from './messages'

/** Nothing here is about replies: whether somebody waits is a matter of each message. */
export const groups = [group('quotes', [makeQuote])]
