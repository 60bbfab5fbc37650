import { constants, setPriority } from 'node:os'
import { commandLineOperator } from '@/lib/admin/actor'
import { openControlPlane } from '@/lib/admin/open-control-plane'
import { fillDatabase } from '@/seed/fill-database'

/** `npm run seed` without its question whether there are records: those of streams are there. */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const context = await openControlPlane(commandLineOperator)
await fillDatabase(context, { records: 5_000_000, seed: 1 })
await context.close()
