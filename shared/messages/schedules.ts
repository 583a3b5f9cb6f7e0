import type { Schedule } from './schedule'

/** What is sent by the clock. Every producer keeps them all; each planned time is fired once. */
export const schedules: readonly Schedule[] = []
