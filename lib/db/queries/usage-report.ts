import type { Cellar } from '../cellar'
import type { UsageGroup, UsageTotals } from '../contract'
import type { UsageBucket } from '../contract-reads'
import { readUsageBuckets } from './usage-buckets'

/**
 * Totals by group, most requests first. The range is widened to whole minutes (to quarter hours
 * where minutes were pruned) and covered by as few roll-ups as it can be: days in the middle,
 * quarter hours and minutes at its ends.
 */
export async function reportUsage(
  cellar: Cellar,
  filter: { by: UsageGroup; sinceMs: number; untilMs: number },
): Promise<UsageTotals[]> {
  const buckets = await readUsageBuckets(cellar, {
    dimensions: [filter.by],
    stretches: [{ index: 0, fromMs: filter.sinceMs, untilMs: filter.untilMs }],
    quantiles: true,
  })
  return buckets
    .map(renderTotals)
    .sort((a, b) => b.requests - a.requests || a.label.localeCompare(b.label))
}

function renderTotals(bucket: UsageBucket): UsageTotals {
  const { quantiles } = bucket
  return {
    group: bucket.value,
    label: bucket.label,
    requests: bucket.requests,
    failed: bucket.failed,
    refused: bucket.refused,
    left: bucket.left,
    promptTokens: bucket.promptTokens,
    completionTokens: bucket.completionTokens,
    estimatedRequests: bucket.estimated,
    totalMsP50: quantiles?.totalMs.p50 ?? null,
    totalMsP95: quantiles?.totalMs.p95 ?? null,
    timeToFirstTokenMsP50: quantiles?.timeToFirstTokenMs.p50 ?? null,
    timeToFirstTokenMsP95: quantiles?.timeToFirstTokenMs.p95 ?? null,
    tokensPerSecondP50: quantiles?.tokensPerSecond.p50 ?? null,
  }
}
