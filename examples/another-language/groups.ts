import { group } from '../../shared/messages/group'
import { labelPrinted, printLabel } from './messages'

/** What `CONSUMER_GROUPS` of our consumers names: the groups that they have handlers for. */
export const ours = [group('tracking', [labelPrinted])]

/** The group in Python stands here like any other, so that its queues are declared by whoever starts first. */
export const groups = [...ours, group('labels', [printLabel])]
