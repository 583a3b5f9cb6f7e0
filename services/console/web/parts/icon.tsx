/** Strokes on a field of 24 by 24. */
const paths = {
  overview: 'M3 13h4l3 7 4-16 3 9h4',
  timeline: 'M4 6h16M4 12h10M4 18h13',
  topology: 'M5 5h5v5H5zM14 14h5v5h-5zM7.5 10v4a3 3 0 0 0 3 3H14',
  dead: 'M12 3 2.5 20h19zM12 10v4M12 17v.5',
  send: 'M21 3 10 14M21 3l-7 18-4-7-7-4z',
  contracts: 'M6 3h9l4 4v14H6zM9 12h7M9 16h5',
  check: 'M5 12.5 10 17.5 19 7',
  cross: 'M6 6l12 12M18 6 6 18',
  clock: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  play: 'M8 5v14l11-7z',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  route: 'M5 19h8a4 4 0 0 0 0-8h-2a4 4 0 0 1 0-8h8M16 1l3 2-3 2',
  in: 'M4 12h12M11 7l5 5-5 5M20 4v16',
  skip: 'M5 12h14M5 7h14M5 17h14',
  again: 'M4 12a8 8 0 1 1 2.5 5.8M4 19v-5h5',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  hourglass: 'M7 3h10M7 21h10M8 3c0 5 8 6 8 9s-8 4-8 9M16 3c0 5-8 6-8 9s8 4 8 9',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  screen: 'M3 4h18v12H3zM9 20h6M12 16v4',
  info: 'M12 11v6M12 7.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  keys: 'M2 6h20v12H2zM6 10h.5M10 10h.5M14 10h.5M18 10h.5M7 14h10',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  pause: 'M8 5v14M16 5v14',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  faults: 'M13 2 5 14h6l-1 8 9-12h-6z',
  dot: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
} as const

export type IconName = keyof typeof paths

/** Beside words that say the same: a reader does not hear it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
