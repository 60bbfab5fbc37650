import { expect, it } from 'vitest'
import { findNodeProblem } from '@/scripts/check-node.mjs'

it.each(['v20.19.0', 'v20.20.2', 'v22.12.0', 'v22.20.1', 'v24.0.0', 'v26.1.0'])(
  'Node %s fits',
  (version) => {
    expect(findNodeProblem(version)).toBeNull()
  },
)

it.each(['v14.21.3', 'v18.20.8', 'v20.18.3', 'v21.7.3', 'v22.11.0', 'v23.11.1'])(
  'Node %s is refused in one sentence',
  (version) => {
    expect(findNodeProblem(version)).toBe(
      `Corral needs Node 20.19+, 22.12+ or 24+; this is ${version}.`,
    )
  },
)
