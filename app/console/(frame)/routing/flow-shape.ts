import type { FlowNode, TrafficFlow } from '@/lib/admin/routing-page'

export type PlacedNode = FlowNode & { y: number }
export type PlacedFlow = TrafficFlow['flows'][number] & {
  from: number
  to: number
  /** px */
  width: number
}
export type FlowShape = {
  height: number
  models: PlacedNode[]
  servers: PlacedNode[]
  flows: PlacedFlow[]
}

const rowHeight = 44
const widthMax = 18
const widthMin = 1.5

/** Where the two columns and the bands between them are: rows of one height, both centred. */
export function shapeFlow({ models, servers, flows }: TrafficFlow): FlowShape {
  const height = Math.max(models.length, servers.length, 1) * rowHeight
  const place = (nodes: readonly FlowNode[]): PlacedNode[] => {
    const top = (height - nodes.length * rowHeight) / 2
    return nodes.map((node, index) => ({ ...node, y: top + (index + 0.5) * rowHeight }))
  }
  const [left, right] = [place(models), place(servers)]
  const most = Math.max(1, ...flows.map(weightOf))
  const sized = flows.flatMap((flow) => {
    const from = left.find(({ id }) => id === flow.model)
    const to = right.find(({ id }) => id === flow.serverId)
    if (from === undefined || to === undefined) return []
    const width = Math.max(widthMin, (weightOf(flow) / most) * widthMax)
    return [{ ...flow, fromY: from.y, toY: to.y, width }]
  })
  return {
    height,
    models: left,
    servers: right,
    flows: sized.map(({ fromY, toY, ...flow }) => ({
      ...flow,
      from:
        fromY +
        offsetIn(
          sized.filter((one) => one.model === flow.model).sort((a, b) => a.toY - b.toY),
          (one) => one.serverId === flow.serverId,
        ),
      to:
        toY +
        offsetIn(
          sized.filter((one) => one.serverId === flow.serverId).sort((a, b) => a.fromY - b.fromY),
          (one) => one.model === flow.model,
        ),
    })),
  }
}

/** Bands of one node lie side by side, in the order of their other ends, around its middle. */
function offsetIn<Band extends { width: number }>(
  bands: readonly Band[],
  isOwn: (band: Band) => boolean,
): number {
  const total = bands.reduce((sum, { width }) => sum + width, 0)
  const index = bands.findIndex(isOwn)
  const before = bands.slice(0, index).reduce((sum, { width }) => sum + width, 0)
  const scale = Math.min(1, (rowHeight - 12) / Math.max(1, total))
  return (before + (bands[index]?.width ?? 0) / 2 - total / 2) * scale
}

function weightOf({ requests, inFlight }: { requests: number; inFlight: number }): number {
  return requests + inFlight
}
