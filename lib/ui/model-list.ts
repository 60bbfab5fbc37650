import type { FilterField } from './filters'

/** What the matrix of models is looked at for; each keeps rows, columns and sizes. */
export const modelLenses = ['present', 'loaded', 'speed', 'use'] as const
export type ModelLens = (typeof modelLenses)[number]

export const modelStates = ['loaded', 'differs', 'everywhere', 'pulling'] as const
export const modelUses = ['30d', 'earlier', 'never'] as const
export type ModelUse = (typeof modelUses)[number]

export const modelFilterFields = [
  { id: 'name', label: 'Name', kind: 'text' },
  { id: 'server', label: 'Server' },
  {
    id: 'state',
    label: 'State',
    words: {
      loaded: 'loaded',
      differs: 'copies differ',
      everywhere: 'on every server',
      pulling: 'being pulled',
    },
  },
  {
    id: 'use',
    label: 'Use',
    words: { '30d': 'in 30 d', earlier: 'earlier only', never: 'never' },
  },
  { id: 'capability', label: 'Capability' },
  { id: 'family', label: 'Family' },
  { id: 'quantisation', label: 'Quantisation' },
] as const satisfies readonly FilterField[]

export const modelSortColumns = ['name', 'size', 'context', 'use'] as const

export const modelsPageSize = 100
export const modelRowsMax = 1000
