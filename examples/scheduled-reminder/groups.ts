import { group } from '../../shared/messages/group'
import { sendReminder, writeDigest } from './messages'

export const groups = [group('reminders', [sendReminder]), group('digests', [writeDigest])]
