import type { Cellar } from '../cellar'
import { parseColumn } from '../columns'
import type { CatalogueModel } from '../contract'

/** Of two nodes that looked, the later look stays; that of a backend just removed is dropped. */
export async function replaceCatalogue(
  { prisma }: Cellar,
  backendId: string,
  models: CatalogueModel[],
  observedAtMs: number,
): Promise<void> {
  const text = JSON.stringify(models)
  await prisma.$executeRaw`INSERT INTO catalogue (backend_id, observed_at_ms, models)
    SELECT id, ${observedAtMs}, ${text} FROM backends WHERE id = ${backendId}
    ON CONFLICT (backend_id) DO UPDATE
    SET observed_at_ms = excluded.observed_at_ms, models = excluded.models
    WHERE catalogue.observed_at_ms <= excluded.observed_at_ms`
}

export async function listCatalogue({
  prisma,
}: Cellar): Promise<{ backendId: string; observedAtMs: number; models: CatalogueModel[] }[]> {
  const rows = await prisma.catalogue.findMany({ orderBy: { backendId: 'asc' } })
  return rows.map((row) => ({
    backendId: row.backendId,
    observedAtMs: Number(row.observedAtMs),
    models: parseColumn<CatalogueModel[]>(row.models),
  }))
}
