import { group } from '../../shared/messages/group'
import { resizeImage } from './messages'

/** One group, one queue: every consumer that runs the group competes for it. */
export const groups = [group('resizers', [resizeImage])]
